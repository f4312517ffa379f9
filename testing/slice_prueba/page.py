"""The page of accounts."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.ui.page import QT_TRANSLATE_NOOP, Page

if TYPE_CHECKING:
    from testing.slice_prueba import screen
else:
    screen = later("testing.slice_prueba.screen")

PAGE = Page(
    "pruebas",
    QT_TRANSLATE_NOOP("pages", "Cuentas"),
    "wallet",
    lambda station: screen.Pruebas(station),
    "F11",
    QT_TRANSLATE_NOOP("pages", "cuentas y lo que se debe"),
    roles=frozenset({"administrador", "supervisor", "gestor"}),
)
