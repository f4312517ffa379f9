"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from domain.impresion.permissions import IMPRIMEN
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Page

if TYPE_CHECKING:
    from servitec_desktop.screens.impresion import pantalla
else:
    pantalla = later("servitec_desktop.screens.impresion.pantalla")

PAGE = Page(
    "impresion",
    QT_TR_NOOP("Impresión"),
    "printer",
    lambda station: pantalla.PantallaImpresion(station),
    "F6",
    QT_TR_NOOP("impresoras, cola e historial de impresión"),
    counts=True,
    roles=IMPRIMEN,
)
