"""The page of accounts."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Page

if TYPE_CHECKING:
    from testing.slice_prueba import screen
else:
    screen = later("testing.slice_prueba.screen")

PAGE = Page(
    "pruebas",
    QT_TR_NOOP("Cuentas"),
    "wallet",
    lambda station: screen.Pruebas(station),
    "F11",
    QT_TR_NOOP("cuentas y lo que se debe"),
    roles=frozenset({"administrador", "supervisor", "gestor"}),
)
