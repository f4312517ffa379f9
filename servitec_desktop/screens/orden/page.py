"""The page of this screen."""

from typing import TYPE_CHECKING

from domain.base.later import later
from servitec_desktop.i18n import QT_TR_NOOP
from servitec_desktop.ui.page import Key, Page

if TYPE_CHECKING:
    from servitec_desktop.screens.orden import pantalla
else:
    pantalla = later("servitec_desktop.screens.orden.pantalla")

PAGE = Page(
    "orden",
    QT_TR_NOOP("Orden"),
    "clipboard",
    lambda station: pantalla.Orden(station),
    listed=False,
    keys=(
        Key("F8", QT_TR_NOOP("imprimir la etiqueta de la orden abierta"), "print_label"),
        Key("F9", QT_TR_NOOP("cambiar el estado de la orden abierta"), "choose_estado"),
        Key("Ctrl+S", QT_TR_NOOP("guardar los cambios de la orden")),
    ),
)
