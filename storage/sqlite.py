"""How both sides open SQLite (DESIGN, section 3): WAL, synchronous FULL, BEGIN IMMEDIATE for every write.

Nothing is opened here: a configured SQLAlchemy engine is returned, and opens on first use. Its errors name statements,
never their parameters: those are what people typed, and secrets.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "cache_size=-16000", "temp_store=MEMORY")

LOWERED = "lowered"
"""The function that gives a text in small letters; SQLite's own `lower` knows only those of ASCII."""


def _lowered(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _configure(engine: Engine, pragmas: tuple[str, ...], begin: str) -> Engine:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        connection.create_function(LOWERED, 1, _lowered, deterministic=True)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def writer_engine(path: Path, *extra: str, wait_s: float = 30.0) -> Engine:
    """The one writing connection of a data folder; every transaction takes the write lock first.

    `extra` are further PRAGMAs, such as `foreign_keys=ON` on the server; `wait_s`: how long a thread waits for its
    turn before it gets a TimeoutError.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=wait_s,
        connect_args={"check_same_thread": False},
    )
    return _configure(engine, PRAGMAS + extra, "BEGIN IMMEDIATE")


def reader_engine(path: Path) -> Engine:
    """Read-only connections, a few of them kept open; a write through them fails."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=40,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )
    return _configure(engine, ("busy_timeout=10000", "query_only=ON"), "BEGIN")
