"""The keys, told."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from servitec_desktop.i18n import tr
from servitec_desktop.ui.page import Page


def page_text(text: str) -> str:
    """A text of a page's declaration, translated."""
    return QCoreApplication.translate("pages", text)


def show_help(parent: QWidget, pages: Iterable[Page]) -> None:
    """The keys of the window and of its pages."""
    keys = [("F5", tr("sincronizar ahora")), ("Esc", tr("volver a la lista"))]
    for page in pages:
        keys += [(page.key, page_text(page.words))] if page.key else []
        keys += [(tr(k.key), page_text(k.words)) for k in page.keys]
    keys.sort(key=lambda pair: (pair[0][0] != "F", pair[0]))
    text = "\n".join(f"{key}:  {what}" for key, what in keys)
    box = QMessageBox(QMessageBox.Icon.Information, tr("Teclas"), text, parent=parent)
    box.open()
