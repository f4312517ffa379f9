"""What SQLite and the disk can refuse, in words. Anything else is a bug, and is let through."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from domain.base import causes
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
    reason = getattr(error, "sqlite_errorname", "")
    known = _SQLITE.get(code)
    return None if known is None else DiskTrouble.of(known, path=path, reason=reason)


def of_system(error: OSError, folder: Path) -> DiskTrouble:
    """A failure of the system with a file of the data folder, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(folder)
    reason = cause(error)
    if error.errno == errno.EIO:
        return DiskTrouble.of(causes.DISCO, path=folder, reason=reason)
    return DiskTrouble.of(causes.CARPETA, path=folder, reason=reason)


def damaged(path: Path, problem: str) -> Damaged:
    """The file isn't whole."""
    return Damaged.of(causes.DANADA, name=path.name, problem=problem)


_SQLITE = {
    sqlite3.SQLITE_READONLY: causes.SOLO_LECTURA,
    sqlite3.SQLITE_PERM: causes.SIN_PERMISO,
    sqlite3.SQLITE_CANTOPEN: causes.NO_ABRE,
    sqlite3.SQLITE_BUSY: causes.OCUPADA,
    sqlite3.SQLITE_LOCKED: causes.OCUPADA,
    sqlite3.SQLITE_IOERR: causes.DISCO,
}
"""By primary result code."""


def _full(folder: Path) -> DiskTrouble:
    return DiskTrouble.of(causes.LLENO_CON_RESERVA if files.release_reserve(folder) else causes.LLENO)


def _free(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return FULL_BYTES
