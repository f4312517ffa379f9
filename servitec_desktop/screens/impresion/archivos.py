"""Templates as files: read and written, where a person says."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from domain.base.errors import KnownError
from printing.labels.plantilla import Plantilla, escribir, leer
from servitec_desktop.i18n import tr
from servitec_desktop.ui.parts import show_error
from storage.causes import cause


def ask_file(parent: QWidget) -> Path | None:
    """The file to import; None: he thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, tr("Importar"), "", tr("Plantillas (*.json)"))
    return Path(name) if name else None


def ask_new_file(parent: QWidget, plantilla: Plantilla) -> Path | None:
    """Where to export a template to; None: he thought better of it."""
    begun = f"{plantilla.nombre}.json"
    name, _ = QFileDialog.getSaveFileName(parent, tr("Exportar"), begun, tr("Plantillas (*.json)"))
    return Path(name) if name else None


def read_template(parent: QWidget, path: Path) -> Plantilla | None:
    """A file's template; None: it has none, and the person was told."""
    try:
        return leer(path.read_bytes())
    except OSError as error:
        show_error(parent, KnownError(tr("No se puede leer {0}: {1}.").format(path, cause(error))))
    except KnownError as error:
        show_error(parent, error)
    return None


def write_template(parent: QWidget, plantilla: Plantilla, path: Path) -> bool:
    """Put a template into a file; False: it couldn't be, and the person was told."""
    try:
        path.write_text(escribir(plantilla) + "\n", encoding="utf-8")
    except OSError as error:
        show_error(parent, KnownError(tr("No se puede escribir {0}: {1}.").format(path, cause(error))))
        return False
    return True
