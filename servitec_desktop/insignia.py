"""The state of sync in the status bar: asked of the replica by the pool, told once a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton

from servitec_desktop.ui.status import status_words

if TYPE_CHECKING:
    from servitec_desktop.station import Station
    from sync.service import Status

TELL_MS = 50


class Insignia(QPushButton):
    """`told`: its words, and the status that they say."""

    told = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setFlat(True)
        self.status: Status | None = None
        self._ask: Callable[[], None] = lambda: None
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self.ask)

    def attach(self, station: Station) -> None:
        """Tell how this station's sync is."""
        self._ask = station.tasks.again(self, station.sync.status, self._show)
        station.sync.status_changed.connect(self._heard)

    def detach(self) -> None:
        """The station closes: ask it nothing any more."""
        self._telling.stop()
        self._ask = lambda: None

    def ask(self) -> None:
        """Say what is so now: statuses of several threads may arrive in another order than they arose."""
        self._ask()

    def _heard(self, status: Status) -> None:
        """Many statuses in a moment are one; the end of "up to date" is told at once."""
        if self.status is not None and self.status.kind == "al_dia" and status.kind != "al_dia":
            self.ask()
        elif not self._telling.isActive():
            self._telling.start()

    def _show(self, status: Status | None) -> None:
        self.status = status
        text, detail = status_words(status)
        self.setText(text)
        self.setToolTip(detail)
        self.setAccessibleName(self.tr("Estado de la sincronización: {0}").format(text))
        self.told.emit(text, status)
