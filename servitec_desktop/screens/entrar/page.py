"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Page

if TYPE_CHECKING:
    from servitec_desktop.screens.entrar import pantalla
else:
    pantalla = later("servitec_desktop.screens.entrar.pantalla")

PAGE = Page(
    "entrar",
    QT_TR_NOOP("Entrar"),
    "log-in",
    lambda station: pantalla.Entrar(station),
    listed=False,
    back=False,
)
