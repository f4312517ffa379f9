"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Page

if TYPE_CHECKING:
    from servitec_desktop.screens.sincronizacion import pantalla
else:
    pantalla = later("servitec_desktop.screens.sincronizacion.pantalla")

PAGE = Page(
    "sincronizacion",
    QT_TR_NOOP("Sincronización"),
    "refresh-cw",
    lambda station: pantalla.Sincronizacion(station),
)
