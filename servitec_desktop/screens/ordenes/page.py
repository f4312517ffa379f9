"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Key, Page

if TYPE_CHECKING:
    from servitec_desktop.screens.ordenes import pantalla
else:
    pantalla = later("servitec_desktop.screens.ordenes.pantalla")

PAGE = Page(
    "ordenes",
    QT_TR_NOOP("Órdenes"),
    "clipboard-list",
    lambda station: pantalla.Ordenes(station),
    "F2",
    QT_TR_NOOP("lista y búsqueda de órdenes"),
    back=False,
    keys=(Key(QT_TR_NOOP("Intro"), QT_TR_NOOP("abrir la orden elegida")),),
)
