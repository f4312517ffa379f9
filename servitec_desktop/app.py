"""The desktop application: station and window, wired by hand, stopped in reverse order."""

import logging
import sys
import traceback
from types import TracebackType

from PySide6.QtWidgets import QApplication

from domain.base.errors import KnownError
from servitec_desktop.context import Context
from servitec_desktop.logs import start_logging
from servitec_desktop.station import Station
from servitec_desktop.theme import apply_theme
from servitec_desktop.window import MainWindow

log = logging.getLogger(__name__)


class App:
    """A station with its window, on a running QApplication."""

    def __init__(self, context: Context) -> None:
        """Open the data folder.

        Raises:
            KnownError: another program owns it, or it can't be opened.
        """
        self.station = Station(context)
        self.station.start()
        self.window = MainWindow(self.station)

    def close(self) -> None:
        """Stop the workers, then the window."""
        self.window.hide()
        self.station.close()
        self.window.deleteLater()


def qt_application() -> QApplication:
    """The one QApplication, with its looks."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Servitec")
    apply_theme(app)
    return app


def run(context: Context) -> int:
    """Open the desktop; returns when its window is closed."""
    start_logging(context.data_dir)
    qt = qt_application()
    try:
        app = App(context)
    except KnownError as error:
        print(f"servitec: {error}", file=sys.stderr)
        return 1

    def bug(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if isinstance(value, KnownError):
            log.warning("%s", value)
            app.window.show_bug(str(value))
            return
        log.error("bug", exc_info=(kind, value, trace))
        detail = "".join(traceback.format_exception(kind, value, trace))
        app.window.show_bug(app.window.tr("Error del programa. El detalle quedó en la carpeta logs."), detail)

    sys.excepthook = bug
    app.window.show()
    try:
        return qt.exec()
    finally:
        app.close()
