"""What SQLite and the disk can refuse, in words. Anything else is a bug, and is let through."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from domain.base.errors import KnownError
from local_db import files
from local_db.present import is_damage
from storage.causes import cause

FULL_BYTES = 1_000_000
"""With less than this on the disk, an I/O error is one of a full disk."""


class DiskTrouble(KnownError):
    """The disk, or its owner, refuses to keep or give what is on it; nothing is wrong with the program."""


class Damaged(KnownError):
    """The file isn't whole; opening it anew saves what can be saved."""


@contextmanager
def explained(path: Path, *, files_too: bool = False) -> Iterator[None]:
    """What the database refuses inside becomes a KnownError; `path` is its file.

    files_too: also what the system refuses of other files in its folder.

    Raises:
        DiskTrouble, Damaged.
    """
    try:
        yield
    except DatabaseError as error:
        known = of_sqlite(error.orig or error, path)
        if known is None:
            raise
        raise known from error
    except sqlite3.DatabaseError as error:
        known = of_sqlite(error, path)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        if not files_too:
            raise
        raise of_system(error, path.parent) from error


def of_sqlite(error: BaseException, path: Path) -> KnownError | None:
    """A failure of SQLite in words; None: a bug. A full disk gets the reserve back."""
    if is_damage(error):
        return damaged(path, str(error))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _free(path) < FULL_BYTES):
        return _full(path.parent)
    name = getattr(error, "sqlite_errorname", "")
    known = {
        sqlite3.SQLITE_READONLY: (f"No se puede escribir en la base de datos {path}: sólo se puede leer.", _RIGHTS),
        sqlite3.SQLITE_PERM: (f"El sistema no deja usar la base de datos {path}.", _RIGHTS),
        sqlite3.SQLITE_CANTOPEN: (f"El sistema no deja abrir la base de datos {path}.", _RIGHTS),
        sqlite3.SQLITE_BUSY: ("Otro programa tiene ocupada la base de datos.", _BUSY),
        sqlite3.SQLITE_LOCKED: ("Otro programa tiene ocupada la base de datos.", _BUSY),
        sqlite3.SQLITE_IOERR: (f"El disco falló al leer o escribir {path} ({name}).", _BROKEN),
    }.get(code)
    return DiskTrouble(*known) if known is not None else None


def of_system(error: OSError, folder: Path) -> DiskTrouble:
    """A failure of the system with a file of the data folder, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(folder)
    reason = cause(error)
    if error.errno == errno.EIO:
        return DiskTrouble(f"El disco falló al leer o escribir en {folder} ({reason}).", _BROKEN)
    return DiskTrouble(f"No se puede usar la carpeta {folder}: {reason}.", _RIGHTS)


def damaged(path: Path, problem: str) -> Damaged:
    """The file isn't whole."""
    return Damaged(
        f"La base de datos {path.name} está dañada ({problem}).",
        "Cierre el programa y ábralo de nuevo: se rescatan los cambios sin enviar y el resto se baja del servidor.",
    )


_RIGHTS = "Revise los permisos de la carpeta, y que el disco no esté montado sólo para leer."
_BUSY = "Repita en un momento. Si sigue, cierre lo que esté copiando o revisando esta carpeta (respaldos, antivirus)."
_BROKEN = "Repita. Si sigue, el disco puede estar fallando: haga revisar el equipo cuanto antes."


def _full(folder: Path) -> DiskTrouble:
    freed = files.release_reserve(folder)
    return DiskTrouble(
        "El disco está lleno y lo último no se guardó." + (" Se liberó la reserva del programa." if freed else ""),
        "Repita lo último y libere espacio en el disco cuanto antes." if freed else "Libere espacio y repita.",
    )


def _free(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return FULL_BYTES
