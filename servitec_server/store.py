"""The central database: SQLite in the data folder, or PostgreSQL. One writer at a time on both."""

import json
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.base.errors import KnownError
from storage.causes import cause
from storage.private import make_file, make_folder
from storage.sqlite import reader_engine, writer_engine

log = logging.getLogger(__name__)

REVISION = max(path.stem[:4] for path in (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*.py"))
"""The newest migration; asking alembic for it takes as long as opening the database."""
OURS = ("servidor.db*", "candado*", "clave*", "marcas*", "instantaneas", "instantaneas/*")
"""What this program keeps in its data folder, for its owner alone."""
STAGING = "restauracion"
"""Where in the data folder a restore makes the new database."""
WRITE_LOCK = 0x5EF17EC
"""Key of the advisory lock under which `apply` runs alone in a PostgreSQL database."""
WAIT_S = 8
"""How long somebody waits for a connection, and then for his turn to write, before he is told to try later."""
WAITING = 24
"""Who may wait to write at once in this process; the threads of the others are for reading."""
WRITE_S, WRITE_IDLE_S = 60, 20
"""PostgreSQL ends a writer's statement, or a writer that says nothing, after this: the next one is waiting."""
READ_S, READ_IDLE_S = 120, 600
"""The same for readers; a snapshot is packed between two statements."""
CLOSE_S = 10
"""How long the end of this process waits for who is still in the database: the folder is another's after it."""
UPGRADE_S = 600
"""How long a process waits for another that brings the database to the newest schema."""


class Crowded(KnownError):
    """Too many are waiting to write already."""


class Closing(KnownError):
    """The database is being closed, or was."""


class Store:
    """Where rows are kept. `close` gives the folder up."""

    def __init__(self, data_dir: Path, database_url: str | None = None) -> None:
        """Open the database and bring it to the newest schema.

        Raises:
            KnownError: another process owns the folder, or the database can't be reached.
        """
        self.data_dir = data_dir
        self._inside, self._left, self._closed = 0, threading.Condition(), False
        make_folder(data_dir, OURS)
        self._lock: FileLock | None = None
        if database_url is None:
            self._lock = own_folder(data_dir)
            shutil.rmtree(data_dir / STAGING, ignore_errors=True)  # of a restore that was killed
            path = data_dir / "servidor.db"
            make_file(path)
            self._writer = writer_engine(path, "foreign_keys=ON", f"busy_timeout={WAIT_S * 1000}", wait_s=WAIT_S)
            self._reader = reader_engine(path)
        else:
            url = database_url.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+psycopg://")
            self._writer = _postgresql(url, WRITE_S, WRITE_IDLE_S, pool_size=2, max_overflow=0)
            reader = _postgresql(url, READ_S, READ_IDLE_S, pool_size=8, max_overflow=8)
            self._reader = reader.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._waiting = threading.BoundedSemaphore(WAITING)
        self.is_sqlite = database_url is None
        try:
            with self._writer.begin() as connection:
                if not self.is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{UPGRADE_S}s'"))
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                    connection.execute(_TURN)
                _migrate(connection)
        except SQLAlchemyError as error:
            self.close()
            why = cause((error.orig if isinstance(error, DBAPIError) else None) or error)
            raise KnownError(
                f"La base de datos central no se puede abrir: {why}.",
                "Revise SERVITEC_DATABASE_URL, o los permisos de la carpeta.",
            ) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction, alone in the database from its first statement on.

        Raises:
            Crowded, Closing, SQLAlchemyError: it isn't our turn within WAIT_S, or the database can't be used.
        """
        if not self._waiting.acquire(blocking=False):
            raise Crowded("El servidor está ocupado.", "Intente de nuevo en unos segundos.")
        try:
            with self._entered(), self._writer.begin() as connection:
                if not self.is_sqlite:
                    connection.execute(_TURN)
                yield connection
        finally:
            self._waiting.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of one moment.

        Raises:
            Closing, SQLAlchemyError: the database can't be used.
        """
        with self._entered(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let nobody in, wait for those inside, close every connection and give the folder up."""
        with self._left:
            self._closed = True
            if not self._left.wait_for(lambda: self._inside == 0, CLOSE_S):
                log.warning("closed while %s are still in the database", self._inside)
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None:
            self._lock.release()

    @contextmanager
    def _entered(self) -> Iterator[None]:
        with self._left:
            if self._closed:
                raise Closing("El servidor se está deteniendo.", "Intente de nuevo en un momento.")
            self._inside += 1
        try:
            yield
        finally:
            with self._left:
                self._inside -= 1
                self._left.notify_all()

    @property
    def engine(self) -> Engine:
        """The writing engine, for inspection."""
        return self._writer


_TURN = text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def _postgresql(url: str, statement_s: int, idle_s: int, **pool: int) -> Engine:
    """Connections that end what takes too long, and notice a server that went away without a word."""
    limits = {
        "lock_timeout": WAIT_S,
        "statement_timeout": statement_s,
        "idle_in_transaction_session_timeout": idle_s,
    }
    options = " ".join(f"-c {name}={seconds * 1000}" for name, seconds in limits.items())
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
    return create_engine(
        url,
        pool_timeout=WAIT_S,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5, **alive},
        **pool,
    )


def own_folder(data_dir: Path) -> FileLock:
    """Take a data folder's lock, which the system frees when the process dies.

    Raises:
        KnownError: a server is running on it.
    """
    lock = FileLock(data_dir / "candado", mode=0o600)
    note = data_dir / "candado.quien"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        try:
            pid = json.loads(note.read_text(encoding="utf-8"))["pid"]
        except (OSError, ValueError, KeyError):
            pid = "?"
        raise KnownError(
            f"La carpeta {data_dir} la está usando un servidor en marcha (proceso {pid}).",
            "Deténgalo primero, o use otra carpeta.",
        ) from None
    note.write_text(json.dumps({"owner": "servitec-server", "pid": os.getpid()}), encoding="utf-8")
    return lock


def _migrate(connection: Connection) -> None:
    if inspect(connection).has_table("alembic_version"):
        newest = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if newest == REVISION:
            return
    import_module("servitec_server.upgrade").upgrade(connection)  # alembic is rarely needed and long in coming
