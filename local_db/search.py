"""The full-text index, kept in step with the rows: set by set, never row by row."""

import sqlite3
from collections.abc import Iterable

from domain.base.row import ReadRow
from domain.search import INDEXED, SEARCHED, SHOWN_BY
from storage.search import fill

_STALE = "SELECT rid FROM {tabla} WHERE id IN (SELECT id FROM temp.tocada)"


def stale(tabla: str, before: ReadRow | None, after: ReadRow) -> bool:
    """Does this change of a row make its search entry stale?"""
    columns = SEARCHED.get(tabla)
    if columns is None:
        return False
    return before is None or any(before.get(c) != after.get(c) for c in columns)


def _touch(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS tocada (id TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM temp.tocada")
    db.executemany("INSERT OR IGNORE INTO temp.tocada VALUES (?)", [(key,) for key in keys])


def _forget(db: sqlite3.Connection, tabla: str) -> None:
    db.execute(f"DELETE FROM busqueda_{tabla} WHERE rowid IN ({_STALE.format(tabla=tabla)})")  # noqa: S608


def forget(db: sqlite3.Connection, tabla: str, keys: Iterable[str]) -> None:
    """Drop the entries of rows that are about to be removed."""
    if tabla in INDEXED:
        _touch(db, keys)
        _forget(db, tabla)


def refresh(db: sqlite3.Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Rewrite the entries of these (table, id) rows, and of the rows whose entries show them."""
    keys: dict[str, list[str]] = {}
    for tabla, key in touched:
        keys.setdefault(tabla, []).append(key)
    for tabla in INDEXED:
        shown = [(via, keys[of]) for of in keys for shower, via in SHOWN_BY[of] if shower == tabla]
        if tabla not in keys and not shown:
            continue
        _touch(db, keys.get(tabla, []))
        for via, parents in shown:
            db.executemany(
                f"INSERT OR IGNORE INTO temp.tocada SELECT id FROM {tabla} WHERE {via} = ?",  # noqa: S608
                [(key,) for key in parents],
            )
        _forget(db, tabla)
        db.execute(fill(tabla) + " WHERE t.id IN (SELECT id FROM temp.tocada)")  # noqa: S608


def rebuild(db: sqlite3.Connection) -> None:
    """Write the whole index anew: deleted text stays in FTS5's segments until then."""
    for tabla in INDEXED:
        db.execute(f"INSERT INTO busqueda_{tabla} (busqueda_{tabla}) VALUES ('rebuild')")  # noqa: S608
