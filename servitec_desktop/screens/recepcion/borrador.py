"""What is being typed in a form, kept every two seconds and at the end."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from domain.base.errors import KnownError
from domain.base.row import Row
from servitec_desktop.borradores import Borradores
from servitec_desktop.ui.parts import tell

DRAFT_MS = 2000


class Borrador:
    """The draft of one form; that it can't be kept is said once, in the form's line for errors."""

    def __init__(self, kept: Borradores, name: str, typed: Callable[[], Row], error: QLabel, parent: QWidget) -> None:
        self._kept, self._name, self._typed, self._error = kept, name, typed, error
        self._last: Row | None = None
        """What was kept last; None when it couldn't be, which is tried again."""
        self._trouble = ""
        timer = QTimer(parent, interval=DRAFT_MS)
        timer.timeout.connect(self.keep)
        timer.start()

    def read(self) -> Row:
        """What was being typed when the program ended."""
        return self._kept.read(self._name)

    def keep(self) -> None:
        """Keep what is typed now."""
        values = self._typed()
        if values != self._last:
            self._keep(values)

    def forget(self) -> None:
        """It was saved."""
        self._keep({})

    def _keep(self, values: Row) -> None:
        try:
            self._kept.keep(self._name, values)
        except KnownError as error:
            if self._trouble != str(error):
                tell(self._error, str(error))
            self._last, self._trouble = None, str(error)
            return
        if self._trouble and self._error.text() == self._trouble:
            tell(self._error, "")
        self._last, self._trouble = values, ""
