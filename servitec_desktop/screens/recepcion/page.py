"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Key, Page

if TYPE_CHECKING:
    from servitec_desktop.screens.recepcion import pantalla
else:
    pantalla = later("servitec_desktop.screens.recepcion.pantalla")

PAGE = Page(
    "recepcion",
    QT_TR_NOOP("Nueva orden"),
    "plus",
    lambda station: pantalla.Recepcion(station),
    "F4",
    QT_TR_NOOP("nueva orden"),
    back=False,
    keys=(Key(QT_TR_NOOP("Ctrl+Intro"), QT_TR_NOOP("guardar la orden nueva e imprimir su etiqueta")),),
)
