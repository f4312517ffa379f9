"""The desktop application: window and station, wired by hand, stopped in reverse order."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from domain.base.errors import KnownError
from domain.base.later import later
from servitec_desktop.bugs import bug_text
from servitec_desktop.context import Context
from servitec_desktop.i18n import speak
from servitec_desktop.i18n.causas import say
from servitec_desktop.logs import start_logging
from servitec_desktop.theme import apply_theme
from servitec_desktop.window import MainWindow

if TYPE_CHECKING:
    from servitec_desktop import folder, station
else:
    folder, station = later("servitec_desktop.folder"), later("servitec_desktop.station")

log = logging.getLogger(__name__)

PATIENCE_MS = 500
"""A window that the system doesn't show by then (it was opened minimised) gets its station nevertheless."""

READY_MS = 2000
"""Printing and sync don't wait longer than this for the first page."""


class App:
    """A station with its window, on a running QApplication."""

    def __init__(self, opened: folder.Folder, window: MainWindow | None = None) -> None:
        """`window`: one that is shown already, whose caller starts the station."""
        self.station = station.Station(opened)
        self.window = window or MainWindow()
        self.window.attach(self.station)
        if window is None:
            self.station.start()

    def close(self) -> None:
        """Stop the workers, then the window."""
        self.window.hide()
        self.window.detach()
        self.station.close()
        self.window.deleteLater()


class Opening(QObject):
    """From a window that can be seen to one that works: its folder is opened once it is painted, in a thread."""

    _opened = Signal(object, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.app: App | None = None
        self.opened: Callable[[App], None] = lambda _: None
        """Called with the application, once."""
        self.window = MainWindow()
        self._context = context
        self._started = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self.window, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(self._open)
        self._starting = QTimer(self.window, singleShot=True, interval=READY_MS)
        self._starting.timeout.connect(self._start)
        self._opened.connect(self._attach, Qt.ConnectionType.QueuedConnection)

    def show(self) -> None:
        """Show the window; the rest follows in the running loop."""
        self.window.painted.connect(self._painted)
        self._timer.start()
        self.window.show()

    def _painted(self) -> None:
        self.window.painted.disconnect(self._painted)
        if self._timer.isActive():
            self._timer.start(0)

    def _open(self) -> None:
        self._thread = threading.Thread(target=self._read, name="servitec-open")
        self._thread.start()

    def _read(self) -> None:
        """In a thread: a folder after an unclean end is looked through, which takes long."""
        found: folder.Folder | KnownError
        detail = ""
        try:
            found = folder.open_folder(self._context)
        except KnownError as error:
            found = error
        except Exception:
            log.exception("open")
            found, detail = KnownError(bug_text()), traceback.format_exc()
        self._opened.emit(found, detail)

    def _attach(self, found: folder.Folder | KnownError, detail: str) -> None:
        if self._closed:
            if not isinstance(found, KnownError):
                found.replica.close()
            return
        if isinstance(found, KnownError):
            print(f"servitec: {found}", file=sys.stderr)
            self.window.show_bug(str(say(found)), detail).finished.connect(lambda _: QApplication.exit(1))
            return
        self.app = App(found, self.window)
        self.window.ready.connect(self._start)
        self._starting.start()
        self.opened(self.app)

    def _start(self) -> None:
        """Printing and sync begin once there is something to work with on the screen."""
        if self.app is not None and not self._started:
            self._started = True
            self.app.station.start()

    def close(self) -> None:
        """End what was begun."""
        self._timer.stop()
        self._starting.stop()
        self._started = self._closed = True
        if self._thread is not None:
            self._thread.join()
        if self.app is not None:
            self.app.close()
        else:
            QApplication.sendPostedEvents(self)  # a folder that was opened meanwhile is closed


def qt_application(idioma: str = "es") -> QApplication:
    """The one QApplication, with its looks and its language."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Servitec")
    apply_theme(app)
    speak(app, idioma)
    return app


def run(context: Context) -> int:
    """Open the desktop; returns when its window is closed."""
    start_logging(context.data_dir)
    qt = qt_application(context.config.idioma)
    opening = Opening(context)

    def bug(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        window = opening.window
        if isinstance(value, KnownError):
            log.warning("%s", value)
            window.show_bug(str(say(value)))
            return
        log.error("bug", exc_info=(kind, value, trace))
        detail = "".join(traceback.format_exception(kind, value, trace))
        window.show_bug(bug_text(), detail)

    sys.excepthook = bug
    opening.show()
    try:
        return qt.exec()
    finally:
        opening.close()
