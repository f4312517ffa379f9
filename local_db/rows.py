"""Rows of the replicated tables, to and from SQLite, without the cost of a statement builder in every loop."""

import sqlite3
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from domain.base import causes
from domain.base.errors import KnownError
from domain.base.row import ReadRow, Row, Value
from domain.model import TABLES
from storage.schema import replica as schema

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(str(c.name) for c in schema.tables[name].columns if c.name != "rid") for name in TABLES
}
_BOOLS = {name: tuple(c for c in cols if TABLES[name].by_name[c].kind == "bool") for name, cols in COLUMNS.items()}
_GET = {name: f"SELECT {', '.join(cols)} FROM {name} WHERE id = ?" for name, cols in COLUMNS.items()}  # noqa: S608
_PUT = {
    name: f"INSERT INTO {name} ({', '.join(cols)}) VALUES ({', '.join('?' * len(cols))}) "  # noqa: S608
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in cols if c != 'id')}"
    for name, cols in COLUMNS.items()
}


def raw(connection: Connection) -> sqlite3.Connection:
    """The driver's connection inside a SQLAlchemy transaction."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError("not a SQLite connection")
    return driver


def get(db: sqlite3.Connection, tabla: str, key: str) -> Row | None:
    """The visible row with this id, or None."""
    values = db.execute(_GET[tabla], (key,)).fetchone()
    return None if values is None else as_row(tabla, values)


def newer(db: sqlite3.Connection, tabla: str, version: int, limit: int) -> list[Row]:
    """The first rows of later versions."""
    sql = f"SELECT {', '.join(COLUMNS[tabla])} FROM {tabla} WHERE version > ? ORDER BY version LIMIT ?"  # noqa: S608
    return [as_row(tabla, values) for values in db.execute(sql, (version, limit))]


def as_row(tabla: str, values: Sequence[Value]) -> Row:
    """A row from its values in the order of COLUMNS."""
    row: Row = dict(zip(COLUMNS[tabla], values, strict=True))
    for name in _BOOLS[tabla]:
        if row[name] is not None:
            row[name] = bool(row[name])
    return row


def put(db: sqlite3.Connection, tabla: str, rows: Iterable[ReadRow]) -> None:
    """Insert or replace whole rows."""
    cols = COLUMNS[tabla]
    db.executemany(_PUT[tabla], [[row.get(c) for c in cols] for row in rows])


def remove(db: sqlite3.Connection, tabla: str, keys: Iterable[str]) -> None:
    """Remove rows; one that isn't there is no error."""
    db.executemany(f"DELETE FROM {tabla} WHERE id = ?", [(key,) for key in keys])  # noqa: S608


_UPSERTS: dict[tuple[str, tuple[str, ...]], str] = {}


def upsert_newer(db: sqlite3.Connection, tabla: str, names: Sequence[str], values: Sequence[Sequence[Value]]) -> None:
    """Insert rows given as values of `names`, or replace these columns where the row isn't newer here."""
    key = (tabla, tuple(names))
    sql = _UPSERTS.get(key)
    if sql is None:
        sets = ", ".join(f"{n} = excluded.{n}" for n in names if n != "id")
        sql = (
            f"INSERT INTO {tabla} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
            f"ON CONFLICT (id) DO UPDATE SET {sets} WHERE excluded.version >= {tabla}.version"
        )
        _UPSERTS[key] = sql
    _many(db, sql, values)


def update_between(
    db: sqlite3.Connection, tabla: str, names: Sequence[str], values: Sequence[Sequence[Value]], bases: Sequence[int]
) -> int:
    """Set columns of rows that stand at their base or later, and before the new version; gives how many did.

    `names` begin with id and version, and each of `values` has as many.
    """
    sets = ", ".join(f"{n} = ?" for n in names[1:])
    sql = f"UPDATE {tabla} SET {sets} WHERE id = ? AND version >= ? AND version < ?"  # noqa: S608
    found = [(*row[1:], row[0], base, row[1]) for row, base in zip(values, bases, strict=True)]
    return _many(db, sql, found).rowcount


def _many(db: sqlite3.Connection, sql: str, values: Sequence[Sequence[Value]]) -> sqlite3.Cursor:
    """A statement for each of these rows of a server.

    Raises:
        KnownError: a value is of no kind that a column holds.
    """
    try:
        return db.executemany(sql, values)
    except (OverflowError, sqlite3.ProgrammingError, sqlite3.InterfaceError) as error:
        raise KnownError.of(causes.VALOR_IMPOSIBLE) from error
