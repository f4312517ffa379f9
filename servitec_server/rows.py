"""Rows of the central database, by statements that are built once."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.tables import TABLES, ReadRow, Row
from servitec_server.tables import metadata

_T = {name: metadata.tables[name] for name in TABLES}
_GET = {name: select(t).where(t.c.id == bindparam("key")) for name, t in _T.items()}
_INSERT = {name: insert(t) for name, t in _T.items()}
_UPDATE = {
    name: update(t).where(t.c.id == bindparam("key")).values({c.name: bindparam(f"v_{c.name}") for c in t.c})
    for name, t in _T.items()
}
_DELETE = {name: delete(t).where(t.c.id == bindparam("key")) for name, t in _T.items()}
_EXISTS = {
    name: {col.name: select(t.c.id).where(col == bindparam("value")).limit(1) for col in t.c} for name, t in _T.items()
}


def get(connection: Connection, tabla: str, key: str) -> Row | None:
    """The whole row with this id, or None."""
    found = connection.execute(_GET[tabla], {"key": key}).mappings().first()
    return None if found is None else dict(found)


def add(connection: Connection, tabla: str, row: ReadRow) -> None:
    """Insert a whole row."""
    connection.execute(_INSERT[tabla], dict(row))


def change(connection: Connection, tabla: str, row: ReadRow) -> None:
    """Replace a whole row."""
    values: dict[str, Any] = {f"v_{name}": value for name, value in row.items()}
    connection.execute(_UPDATE[tabla], {"key": row["id"], **values})


def drop(connection: Connection, tabla: str, key: str) -> None:
    """Delete a row."""
    connection.execute(_DELETE[tabla], {"key": key})


def find(connection: Connection, tabla: str, column: str, value: object) -> str | None:
    """The id of some row with this value in `column`, or None."""
    found: str | None = connection.execute(_EXISTS[tabla][column], {"value": value}).scalar()
    return found
