"""The bar of pages: a button for each that is listed and for whom it is, and the keys of the window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolBar, QWidget

from servitec_desktop.i18n import tr
from servitec_desktop.ui.page import Page


class Barra(QToolBar):
    """`chosen` tells the page's name."""

    chosen = Signal(str)

    def __init__(self, pages: tuple[Page, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Principal"))
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._pages = tuple(page for page in pages if page.listed)
        self.botones: dict[str, QAction] = {}
        for page in self._pages:
            self.botones[page.name] = self.add(_title(page), page.key, partial(self.chosen.emit, page.name))

    def add(self, text: str, key: str, action: Callable[[], None]) -> QAction:
        """One more button, at the end."""
        made = key_action(self, text, key, action)
        self.addAction(made)
        return made

    def show_for(self, rol: str | None) -> None:
        """The pages of a role; nothing at all when nobody is signed in."""
        self.setVisible(rol is not None)
        for page in self._pages:
            self.botones[page.name].setVisible(page.roles is None or rol in page.roles)

    def count(self, page: Page, count: int) -> None:
        """Say beside a page's name how many questions wait there."""
        text = _title(page)
        self.botones[page.name].setText(self.tr("{0} · {1} por confirmar").format(text, count) if count else text)


def key_action(parent: QWidget, text: str, key: str, action: Callable[[], None]) -> QAction:
    """What a key does."""
    made = QAction(text, parent)
    if key:
        made.setShortcut(QKeySequence(key))
    made.triggered.connect(lambda: action())
    return made


def _title(page: Page) -> str:
    return f"{tr(page.title)} ({page.key})" if page.key else tr(page.title)
