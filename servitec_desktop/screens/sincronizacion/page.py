"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.ui.page import QT_TRANSLATE_NOOP, Page

if TYPE_CHECKING:
    from servitec_desktop.screens.sincronizacion import pantalla
else:
    pantalla = later("servitec_desktop.screens.sincronizacion.pantalla")

PAGE = Page(
    "sincronizacion",
    QT_TRANSLATE_NOOP("pages", "Sincronización"),
    "refresh-cw",
    lambda station: pantalla.Sincronizacion(station),
)
