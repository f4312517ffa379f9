"""What is being typed in a form, kept beside the replica: a program that ends in the middle costs nobody his words."""

import contextlib
import json
import os
from pathlib import Path

from domain.base.row import Row
from local_db.failures import DiskTrouble
from servitec_desktop.i18n import QT_TR_NOOP, tr
from storage.causes import cause

HINT = QT_TR_NOOP(
    "Lo escrito sigue en la pantalla: guárdelo antes de cerrar el programa. Libere espacio o revise su carpeta."
)


class Borradores:
    """The drafts of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> Row:
        """What was being typed in a form when the program ended."""
        try:
            found: Row = json.loads(self._path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def keep(self, name: str, values: Row) -> None:
        """Keep what is being typed; nothing typed removes it. What can't be written leaves what was kept before.

        Raises:
            DiskTrouble: it can't be kept.
        """
        path = self._path(name)
        fresh = path.with_name(f"borrador-{name}-nuevo.json")
        try:
            if any(values.values()):
                fresh.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
                os.replace(fresh, path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            text = tr("El borrador no se está guardando: {0}.").format(cause(error))
            raise DiskTrouble(text, tr(HINT)) from error

    def _path(self, name: str) -> Path:
        return self._folder / f"borrador-{name}.json"
