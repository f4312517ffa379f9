"""The replica: one SQLite file, one writing connection, one owner of the folder (local_db.files)."""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine

from domain.base import causes
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.model import TABLES
from domain.wire import Firmante
from local_db import files, present
from local_db.failures import Damaged, damaged, explained
from local_db.salvage import salvage
from storage import schema, station
from storage.private import make_file, make_folder
from storage.sqlite import reader_engine, writer_engine

log = logging.getLogger(__name__)

WRITER_PRAGMAS = ("secure_delete=ON", "wal_autocheckpoint=20000")
"""Deleted content is overwritten. Checkpoints are made by `checkpoint`, off the path of a save; the bound holds
where nobody calls it."""
CHECKPOINT_BYTES = 4_000_000
DAMAGED = "danada"
"""In the file `abierta`: damage was noticed while the program ran."""


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


EVERYTHING = Changes(frozenset((tabla, "*") for tabla in (*TABLES, "outbox", "rechazo", "sync_state")))


@dataclass(slots=True)
class Writing:
    """A write in progress: its connection, who can sign what he makes in it (by usuario_id), and what it touched."""

    connection: Connection
    firmantes: Mapping[str, Firmante] = field(default_factory=dict)
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
        self.firmantes: dict[str, Firmante] = {}
        """What people who are signed in sign with, by usuario_id; in memory only."""
        self._lock = lock
        self._turn = threading.Lock()
        self._listeners: list[Callable[[Changes], None]] = []
        self._whole = True
        self._open_engines()

    def _open_engines(self) -> None:
        self._writer: Engine | None = writer_engine(self.path, *WRITER_PRAGMAS) if self._lock is not None else None
        self._reader = reader_engine(self.path)

    @classmethod
    def open(
        cls, data_dir: Path, *, owner: str = "servitec", write: bool = True, ambient: Ambient | None = None
    ) -> "Replica":
        """Open the replica of a data folder; with `write`, make what is missing and own the folder.

        A damaged file is set aside and a new one begun with its outbox; only a snapshot brings the rest back.

        Raises:
            KnownError: another process owns the folder, nothing is there to read, the disk refuses, or the
                file was made by a newer program.
        """
        ambient = ambient or Ambient()
        lock = None
        with explained(data_dir / "replica", files_too=True):
            if not write:
                return cls(data_dir, files.current(data_dir), None, ambient)
            make_folder(data_dir, files.OURS)
            lock = files.own(data_dir, owner)
            try:
                path = _prepare(data_dir, ambient)
            except BaseException:
                lock.release()
                raise
        return cls(data_dir, path, lock, ambient)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One write transaction, one at a time; subscribers are told after its commit, in this thread.

        Raises:
            KnownError: the replica was opened for reading.
            DiskTrouble: the disk is full or refuses otherwise; nothing was saved.
            Damaged: the file isn't whole.
        """
        if self._writer is None:
            raise KnownError("La base de datos está abierta sólo para leer.")
        with self._turn, self._explained(), self._writer.begin() as connection:
            writing = Writing(connection, self.firmantes)
            yield writing
        if writing.touched:
            self._notify(writing.changes)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view, in any thread; writing through it fails.

        Raises:
            DiskTrouble: the disk refuses.
            Damaged: the file isn't whole.
        """
        with self._explained(), self._reader.begin() as connection:
            yield connection

    def subscribe(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        """Call back after each commit, in the committing thread; gives the function that ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def verify(self) -> None:
        """Look whether the file is whole.

        Raises:
            Damaged: it isn't.
        """
        with self.reading() as connection:
            result = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if result != "ok":
            self._note_damage()
            raise damaged(self.path, result)

    def checkpoint(self, *, wipe: bool = False) -> None:
        """Move the write-ahead log into the file once it is long; with `wipe` always, and leave nothing in it."""
        wal = self.path.with_name(self.path.name + "-wal")
        if self._writer is None or (not wipe and (not wal.exists() or wal.stat().st_size < CHECKPOINT_BYTES)):
            return
        with self._turn, self._explained(), self._writer.connect() as connection:
            raw = connection.connection.driver_connection
            if isinstance(raw, sqlite3.Connection):
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def replace(self, fresh: Path, fill: Callable[[sqlite3.Connection], None], *, keep: int | None) -> None:
        """Swap a ready database in. Saves wait meanwhile; nothing is lost if the power goes at any moment.

        It gets the name of a replica only once it is one, with all that is the station's own.
        `fill` copies what is the station's own from the attached database `vieja`. With `keep`, the
        restore point of the server, the old file stays for 30 days.
        """
        if self._writer is None:
            raise KnownError("La base de datos está abierta sólo para leer.")
        with self._turn, self._explained(files_too=True):
            try:
                _migrate(fresh)
                _fill(fresh, self.path, fill)
            except BaseException:
                files.remove_replica(fresh)
                raise
            target, old = files.next_replica(self.data_dir), self.path
            os.replace(fresh, target)
            self._writer.dispose()
            self._reader.dispose()
            if keep is not None:
                files.keep_replica(old, keep)
            files.point_to(self.data_dir, target.name)
            self.path = target
            self._open_engines()
        if keep is None:
            files.remove_replica(old)
        self._notify(EVERYTHING)

    @contextmanager
    def beside(self, path: Path) -> Iterator["Replica"]:
        """Another file of this folder, brought to the newest schema and opened like this one for a while."""
        _migrate(path)
        other = Replica(self.data_dir, path, self._lock, self.ambient)
        try:
            yield other
        finally:
            for engine in (other._reader, other._writer):
                if engine is not None:
                    engine.dispose()

    def close(self) -> None:
        """Close the file cleanly and give the folder up."""
        self._reader.dispose()
        if self._writer is not None and self._lock is not None:
            with self._turn:
                self._writer.dispose()
            if self._whole:
                (self.data_dir / "abierta").unlink(missing_ok=True)
            self._lock.release()

    def _notify(self, changes: Changes) -> None:
        for callback in tuple(self._listeners):
            callback(changes)

    @contextmanager
    def _explained(self, *, files_too: bool = False) -> Iterator[None]:
        try:
            with explained(self.path, files_too=files_too):
                yield
        except Damaged:
            self._note_damage()
            raise

    def _note_damage(self) -> None:
        """The next start looks at every page and every index."""
        if self._lock is not None and self._whole:
            self._whole = False
            with suppress(OSError):
                (self.data_dir / "abierta").write_text(DAMAGED, encoding="ascii")


def _prepare(data_dir: Path, ambient: Ambient) -> Path:
    """The present replica, whole and of the newest schema."""
    mark = data_dir / "abierta"
    noted = mark.exists() and mark.read_bytes() == DAMAGED.encode()
    unclean = mark.exists()
    chosen = present.choose(data_dir)
    path = chosen.path if chosen is not None else data_dir / "replica-1.db"
    make_file(path)
    if chosen is not None and not chosen.sure:
        log.warning("the file «actual» was lost or wrong: the present replica is %s", path.name)
    mark.touch(mode=0o600)
    problem = _problem(path, look_closely=unclean or (chosen is not None and not chosen.sure), every_index=noted)
    if problem is not None:
        log.error("%s is damaged (%s); its outbox is saved", path.name, problem)
        fresh = data_dir / "rescate.db"
        files.remove_replica(fresh)
        make_file(fresh)
        _migrate(fresh)
        salvage(path, fresh, ambient)
        files.keep_replica(path)
        path = files.next_replica(data_dir)
        os.replace(fresh, path)
    _migrate(path)
    if chosen is None or problem is not None or not chosen.sure:
        files.point_to(data_dir, path.name)
    if noted:
        mark.write_bytes(b"")
    files.unkeep(path)
    files.tidy(data_dir, path)
    files.make_reserve(data_dir)
    return path


def _problem(path: Path, *, look_closely: bool, every_index: bool) -> str | None:
    """Why this file can't be the replica; None: it can."""
    if present.look(path).kind == "junk":
        return "it can't be read"
    return present.problem(path, every_index=every_index) if look_closely else None


def _migrate(path: Path) -> None:
    """Bring the file to the newest schema, each migration in a transaction of its own.

    Where what travels rose, a station lacks rows or columns that only a snapshot brings.
    """
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        _run(db, schema.MIGRATIONS, "user_version", REBUILD)
        _run(db, station.MIGRATIONS, "application_id")
    finally:
        db.close()


REBUILD = "INSERT OR REPLACE INTO sync_state SELECT 'rebuild', 'true' FROM sync_state WHERE clave = 'estacion_id'"


def _run(db: sqlite3.Connection, folder: Path, counter: str, risen: str = "") -> None:
    """Run the scripts that the file lacks; `risen` is done with each but the first.

    Raises:
        KnownError: the file has more of them than this program.
    """
    scripts = sorted(folder.glob("[0-9]*.sql"))
    done = db.execute(f"PRAGMA {counter}").fetchone()[0]
    if done > len(scripts):
        raise KnownError.of(causes.BASE_NUEVA)
    for number, script in enumerate(scripts[done:], start=done + 1):
        sql = script.read_text(encoding="utf-8")
        then = risen if done else ""
        db.executescript(f"BEGIN IMMEDIATE; {sql}; {then}; PRAGMA {counter}={number}; COMMIT;")


def _fill(target: Path, old: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Let `fill` work on the new file beside the old, and make the result durable."""
    db = sqlite3.connect(target, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("ATTACH DATABASE ? AS vieja", (str(old),))
        db.execute("BEGIN IMMEDIATE")
        fill(db)
        db.execute("COMMIT")
        db.execute("DETACH DATABASE vieja")
        db.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
