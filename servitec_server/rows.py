"""Rows of the central database, read and written set by set through the driver's own `executemany`."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult

from domain.base.row import ReadRow, Row
from domain.model import TABLES
from storage.schema import server as schema

COLUMNS: dict[str, tuple[str, ...]] = {name: tuple(str(c.name) for c in schema.tables[name].c) for name in TABLES}
_BOOLS = {name: tuple(c for c in cols if TABLES[name].by_name[c].kind == "bool") for name, cols in COLUMNS.items()}
CHUNK = 500


def mark(connection: Connection) -> str:
    """The driver's placeholder."""
    return "?" if connection.dialect.name == "sqlite" else "%s"


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Lists of at most `size`: SQLite bounds the parameters of a statement."""
    found = list(values)
    return (found[i : i + size] for i in range(0, len(found), size))


def first(connection: Connection, sql: str, *values: object) -> tuple[Any, ...] | None:
    """The first row of a plain SELECT with `?` for values, of any table: what every request asks, uncompiled."""
    cursor = connection.exec_driver_sql(sql.replace("?", mark(connection)), values).cursor
    found = None if cursor is None else cursor.fetchone()
    return None if found is None else tuple(found)


def select(connection: Connection, sql: str, keys: Sequence[Any], *values: object) -> list[tuple[Any, ...]]:
    """All rows of a plain SELECT that ends in `IN`; `?` stands for `values` before it."""
    marks = ", ".join("?" * len(keys))
    written = f"{sql} ({marks})".replace("?", mark(connection))
    return fetched(connection.exec_driver_sql(written, (*values, *keys)))


@lru_cache(maxsize=2000)
def _select(tabla: str, by: str, sign: str, count: int) -> str:
    marks = ", ".join([sign] * count)
    return f"SELECT {', '.join(COLUMNS[tabla])} FROM {tabla} WHERE {by} IN ({marks})"  # noqa: S608


def get_many(connection: Connection, tabla: str, keys: Iterable[object], by: str = "id") -> Iterator[Row]:
    """The rows whose column `by` is one of `keys`, in no order."""
    sign = mark(connection)
    for part in chunks(keys):
        found = connection.exec_driver_sql(_select(tabla, by, sign, len(part)), tuple(part))
        yield from (as_row(tabla, values) for values in fetched(found))


def ids(connection: Connection, tabla: str, keys: Iterable[object], by: str, most: int) -> list[str]:
    """The ids of the rows whose column `by` is one of `keys`; of more than `most`, some that are more than `most`."""
    found: list[str] = []
    for part in chunks(keys):
        marks = ", ".join([mark(connection)] * len(part))
        sql = f"SELECT id FROM {tabla} WHERE {by} IN ({marks}) LIMIT {most + 1}"  # noqa: S608
        found += (str(key) for (key,) in fetched(connection.exec_driver_sql(sql, tuple(part))))
        if len(found) > most:
            break
    return found


def fetched(result: CursorResult[Any]) -> list[tuple[Any, ...]]:
    """All rows of a plain SELECT, as the driver gives them: a third of the time that Row objects take."""
    cursor = result.cursor
    return [] if cursor is None else list(cursor.fetchall())


def as_row(tabla: str, values: Sequence[Any]) -> Row:
    """A row from its values in the order of COLUMNS."""
    row: Row = dict(zip(COLUMNS[tabla], values, strict=True))
    for name in _BOOLS[tabla]:
        if row[name] is not None:
            row[name] = bool(row[name])
    return row


def differing(before: ReadRow, after: ReadRow) -> list[str]:
    """The columns of a row that aren't what they were."""
    return [n for n, v in after.items() if before[n] is not v and before[n] != v]


def get(connection: Connection, tabla: str, key: str) -> Row | None:
    """The whole row with this id, or None."""
    return next(get_many(connection, tabla, [key]), None)


def insert(connection: Connection, tabla: str, names: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as values of `names`."""
    if values:
        marks = ", ".join([mark(connection)] * len(names))
        sql = f"INSERT INTO {tabla} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        connection.exec_driver_sql(sql, [tuple(v) for v in values])


def add(connection: Connection, tabla: str, rows: Iterable[ReadRow]) -> None:
    """Insert whole rows."""
    names = COLUMNS[tabla]
    insert(connection, tabla, names, [[row[n] for n in names] for row in rows])


def change(connection: Connection, tabla: str, names: Sequence[str], rows: Iterable[ReadRow]) -> None:
    """Write these columns of rows that are there."""
    sign = mark(connection)
    sets = ", ".join(f"{n} = {sign}" for n in names)
    values = [(*(row[n] for n in names), row["id"]) for row in rows]
    if values:
        connection.exec_driver_sql(f"UPDATE {tabla} SET {sets} WHERE id = {sign}", values)  # noqa: S608


def drop(connection: Connection, tabla: str, keys: Iterable[str]) -> None:
    """Delete rows."""
    values = [(key,) for key in keys]
    if values:
        connection.exec_driver_sql(f"DELETE FROM {tabla} WHERE id = {mark(connection)}", values)  # noqa: S608


def exists(connection: Connection, tabla: str, column: str, value: object) -> bool:
    """Is there a row with this value in `column`?"""
    sql = f"SELECT 1 FROM {tabla} WHERE {column} = {mark(connection)} LIMIT 1"  # noqa: S608
    return connection.exec_driver_sql(sql, (value,)).first() is not None
