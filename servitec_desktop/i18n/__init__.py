"""The language of the window: texts are written in Spanish, the catalogues beside this file say them in another.

`self.tr("…")` in a widget, `tr("…")` elsewhere; a constant is marked `QT_TR_NOOP("…")` and shown by `tr(CONSTANT)`.
With a number: `tr("%n órdenes", "", count)`. What is not said so is not found (docs/texts.md).
"""

import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

HERE = Path(__file__).parent
"""servitec_*.ts, and the .qm that `python3 dev.py setup` and the build make of them."""

log = logging.getLogger(__name__)


def QT_TR_NOOP(text: str) -> str:
    """A text that is shown later, by `tr`."""
    return text


def tr(text: str, comment: str = "", n: int = -1) -> str:
    """A text in the language of the window; `n` stands for its %n and chooses its plural."""
    return QCoreApplication.translate("", text, comment, n)


def speak(app: QCoreApplication, idioma: str) -> None:
    """Let the window that is made from now on speak this language, and Qt's own dialogs with it."""
    for former in app.findChildren(QTranslator):
        app.removeTranslator(former)
        former.deleteLater()
    for name, folder in ((f"qtbase_{idioma}", _of_qt()), (f"servitec_{idioma}", HERE)):
        catalogue = QTranslator(app)
        if catalogue.load(name, str(folder)):
            app.installTranslator(catalogue)
        else:
            log.warning("no catalogue %s in %s", name, folder)


def _of_qt() -> Path:
    return Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
