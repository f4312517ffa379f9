"""The keys, told."""

from collections.abc import Iterable

from PySide6.QtWidgets import QMessageBox, QWidget

from servitec_desktop.i18n import tr
from servitec_desktop.ui.page import Page


def show_help(parent: QWidget, pages: Iterable[Page]) -> None:
    """The keys of the window and of its pages."""
    keys = [("F5", tr("sincronizar ahora")), ("Esc", tr("volver a la lista"))]
    for page in pages:
        keys += [(page.key, tr(page.words))] if page.key else []
        keys += [(tr(k.key), tr(k.words)) for k in page.keys]
    keys.sort(key=lambda pair: (pair[0][0] != "F", pair[0]))
    text = "\n".join(f"{key}:  {what}" for key, what in keys)
    box = QMessageBox(QMessageBox.Icon.Information, tr("Teclas"), text, parent=parent)
    box.open()
