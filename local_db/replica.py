"""The replica: one SQLite file, one writing connection, one owner of the folder.

The file is `replica-<n>.db`, named by the small file `actual`.
"""

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from domain.ambient import Ambient
from domain.errors import KnownError
from domain.schema import MIGRATIONS
from domain.sqlite import reader_engine, writer_engine

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write touched: (table, id) pairs. Screens decide by it what to reload."""

    rows: frozenset[tuple[str, str]] = frozenset()

    @property
    def tables(self) -> frozenset[str]:
        """The tables touched."""
        return frozenset(tabla for tabla, _ in self.rows)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.rows | other.rows)


@dataclass(slots=True)
class Writing:
    """A write in progress: its connection, and what it touched so far."""

    connection: Connection
    touched: set[tuple[str, str]] = field(default_factory=set)

    def touch(self, tabla: str, key: str) -> None:
        """Note that a row changes."""
        self.touched.add((tabla, key))

    @property
    def changes(self) -> Changes:
        """What was touched so far."""
        return Changes(frozenset(self.touched))


class Replica:
    """The station's database. Made by `Replica.open`."""

    def __init__(self, data_dir: Path, path: Path, lock: FileLock | None, ambient: Ambient) -> None:
        self.data_dir = data_dir
        self.path = path
        self.ambient = ambient
        self._lock = lock
        self._writer: Engine | None = writer_engine(path) if lock is not None else None
        self._reader = reader_engine(path)
        self._turn = threading.Lock()
        self._listeners: list[Callable[[Changes], None]] = []

    @classmethod
    def open(
        cls, data_dir: Path, *, owner: str = "servitec", write: bool = True, ambient: Ambient | None = None
    ) -> "Replica":
        """Open the replica of a data folder; with `write`, make what is missing and own the folder.

        Raises:
            KnownError: another process owns the folder, nothing is there to read, the disk refuses, the
                file is damaged or was made by a newer program.
        """
        ambient = ambient or Ambient()
        if not write:
            return cls(data_dir, _current(data_dir), None, ambient)
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            lock = _own(data_dir, owner)
        except OSError as error:
            raise KnownError(
                f"No se puede escribir en la carpeta {data_dir}: {error.strerror}.",
                "Revise los permisos y el espacio en disco.",
            ) from error
        try:
            pointer = data_dir / "actual"
            if not pointer.exists():
                pointer.write_text("replica-1.db", encoding="utf-8")
            path = data_dir / pointer.read_text(encoding="utf-8").strip()
            _check(path, unclean=(data_dir / "abierta").exists())
            _migrate(path)
            (data_dir / "abierta").touch()
        except BaseException:
            lock.release()
            raise
        return cls(data_dir, path, lock, ambient)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One write transaction, one at a time; subscribers are told after its commit, in this thread.

        Raises:
            KnownError: the replica was opened for reading, or the disk is full.
        """
        if self._writer is None:
            raise KnownError("La base de datos está abierta sólo para leer.")
        with self._turn:
            try:
                with self._writer.begin() as connection:
                    writing = Writing(connection)
                    yield writing
            except OperationalError as error:
                raise _disk_error(error.orig or error) from error
            except sqlite3.OperationalError as error:
                raise _disk_error(error) from error
        if writing.touched:
            self._notify(writing.changes)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view, in any thread; writing through it fails."""
        with self._reader.begin() as connection:
            yield connection

    def subscribe(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        """Call back after each commit, in the committing thread; gives the function that ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def close(self) -> None:
        """Close the file cleanly and give the folder up."""
        self._reader.dispose()
        if self._writer is not None and self._lock is not None:
            with self._turn:
                self._writer.dispose()
            (self.data_dir / "abierta").unlink(missing_ok=True)
            self._lock.release()

    def _notify(self, changes: Changes) -> None:
        for callback in tuple(self._listeners):
            callback(changes)


def _current(data_dir: Path) -> Path:
    try:
        path = data_dir / (data_dir / "actual").read_text(encoding="utf-8").strip()
    except OSError:
        path = data_dir / "replica-1.db"
    if not path.exists():
        raise KnownError(f"No hay ninguna estación en la carpeta {data_dir}.", "Inscríbala con «servitec enroll».")
    return path


def _own(data_dir: Path, owner: str) -> FileLock:
    """Take the folder's lock, which the system frees when the process dies, and say who has it."""
    lock = FileLock(data_dir / "candado")
    note = data_dir / "candado.quien"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = _read_note(note)
        raise KnownError(
            f"La carpeta {data_dir} la está usando {who}.", "Cierre ese programa, o hágalo desde él."
        ) from None
    note.write_text(json.dumps({"owner": owner, "pid": os.getpid()}), encoding="utf-8")
    return lock


def _read_note(note: Path) -> str:
    try:
        who = json.loads(note.read_text(encoding="utf-8"))
        return f"{who['owner']} (proceso {who['pid']})"
    except (OSError, ValueError, KeyError):
        return "otro programa"


def _check(path: Path, *, unclean: bool) -> None:
    """After an unclean end, look whether the file is whole."""
    if not path.exists() or not unclean:
        return
    db = sqlite3.connect(path)
    try:
        result = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        result = str(error)
    finally:
        db.close()
    if result != "ok":
        raise KnownError(
            f"La base de datos {path.name} está dañada ({result}).",
            "No la borre: guarda cambios sin enviar. Avise a soporte.",
        )


def _migrate(path: Path) -> None:
    """Bring the file to the newest schema, each migration in a transaction of its own."""
    scripts = sorted(MIGRATIONS.glob("[0-9]*.sql"))
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        done = db.execute("PRAGMA user_version").fetchone()[0]
        if done > len(scripts):
            raise KnownError(
                "La base de datos es de una versión más nueva del programa.", "Instale la versión más reciente."
            )
        for number, script in enumerate(scripts[done:], start=done + 1):
            sql = script.read_text(encoding="utf-8")
            db.executescript(f"BEGIN IMMEDIATE; {sql}; PRAGMA user_version={number}; COMMIT;")
    except sqlite3.DatabaseError as error:
        raise KnownError(f"La base de datos {path.name} no se puede abrir: {error}.", "Avise a soporte.") from error
    finally:
        db.close()


def _disk_error(error: BaseException) -> KnownError:
    return KnownError(f"No se pudo guardar: {error}.", "Revise el espacio en disco y los permisos de la carpeta.")
