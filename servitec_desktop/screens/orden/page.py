"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.ui.page import QT_TRANSLATE_NOOP, Key, Page

if TYPE_CHECKING:
    from servitec_desktop.screens.orden import pantalla
else:
    pantalla = later("servitec_desktop.screens.orden.pantalla")

PAGE = Page(
    "orden",
    QT_TRANSLATE_NOOP("pages", "Orden"),
    "clipboard",
    lambda station: pantalla.Orden(station),
    listed=False,
    keys=(
        Key("F8", QT_TRANSLATE_NOOP("pages", "imprimir la etiqueta de la orden abierta"), "print_label"),
        Key("F9", QT_TRANSLATE_NOOP("pages", "cambiar el estado de la orden abierta"), "choose_estado"),
        Key("Ctrl+S", QT_TRANSLATE_NOOP("pages", "guardar los cambios de la orden")),
    ),
)
