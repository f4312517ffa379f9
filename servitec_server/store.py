"""The central database: SQLite in the data folder, or PostgreSQL. One writer at a time on both."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import KnownError
from domain.private import make_file, make_folder
from domain.sqlite import reader_engine, writer_engine

REVISION = "0003"
"""The newest migration; asking alembic for it takes as long as opening the database."""
OURS = ("servidor.db*", "candado*", "clave*", "marcas*", "instantaneas", "instantaneas/*")
"""What this program keeps in its data folder, for its owner alone."""
WRITE_LOCK = 0x5EF17EC
"""Key of the advisory lock under which `apply` runs alone in a PostgreSQL database."""


class Store:
    """Where rows are kept. `close` gives the folder up."""

    def __init__(self, data_dir: Path, database_url: str | None = None) -> None:
        """Open the database and bring it to the newest schema.

        Raises:
            KnownError: another process owns the folder, or the database can't be reached.
        """
        self.data_dir = data_dir
        make_folder(data_dir, OURS)
        self._lock: FileLock | None = None
        if database_url is None:
            self._lock = own_folder(data_dir)
            path = data_dir / "servidor.db"
            make_file(path)
            self._writer = writer_engine(path, "foreign_keys=ON")
            self._reader = reader_engine(path)
        else:
            url = database_url.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+psycopg://")
            self._writer = create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")
        self.is_sqlite = database_url is None
        try:
            with self._writer.begin() as connection:
                if not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
                _migrate(connection)
        except SQLAlchemyError as error:
            self.close()
            raise KnownError(
                f"La base de datos central no se puede abrir: {str(error).splitlines()[0]}",
                "Revise SERVITEC_DATABASE_URL, o los permisos de la carpeta.",
            ) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction, alone in the database from its first statement on."""
        with self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of one moment."""
        with self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection and give the folder up."""
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None:
            self._lock.release()

    @property
    def engine(self) -> Engine:
        """The writing engine, for inspection."""
        return self._writer


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
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
