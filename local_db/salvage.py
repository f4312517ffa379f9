"""What can be saved from a damaged replica: the station's own tables, row by row."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from local_db.outbox import index_waiting
from local_db.present import read_only

log = logging.getLogger(__name__)

MAX_GAP = 20_000
"""So many numbers in a row without a readable Cambio are the end."""


def salvage(damaged: Path, fresh: Path) -> int:
    """Copy what is readable into a new, empty replica; gives the number of Cambios saved.

    The station has lost its counters (DESIGN, Data rules): it enrols anew before it makes anything, and takes
    a snapshot.
    """
    source = read_only(damaged)
    target = sqlite3.connect(fresh, isolation_level=None)
    try:
        target.execute("BEGIN IMMEDIATE")
        saved = _outbox(source, target)
        for table in ("rechazo", "impresora", "impresion_por_tipo", "trabajo_impresion"):
            _table(source, target, table)
        _state(source, target)
        target.execute("COMMIT")
    finally:
        source.close()
        target.close()
    return saved


def _outbox(source: sqlite3.Connection, target: sqlite3.Connection) -> int:
    saved = 0
    try:
        names = _names(source, target, "outbox")
    except sqlite3.DatabaseError as error:
        log.error("outbox: %s", error)
        return 0
    for row in _by_number(source, "outbox", names):
        target.execute(f"INSERT OR IGNORE INTO outbox ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", row)  # noqa: S608
        saved += 1
    index_waiting(target)
    return saved


def _by_number(source: sqlite3.Connection, table: str, names: list[str]) -> Iterator[tuple[object, ...]]:
    """The readable rows in the order of their integer key, over what isn't readable."""
    at, gap = 0, 0
    sql = f"SELECT n, {', '.join(names)} FROM {table} WHERE n > ? ORDER BY n LIMIT 1"  # noqa: S608
    while gap < MAX_GAP:
        try:
            row = source.execute(sql, (at,)).fetchone()
        except sqlite3.DatabaseError:
            at, gap = at + 1, gap + 1
            continue
        if row is None:
            return
        at, gap = row[0], 0
        yield row[1:]


def _table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    try:
        names = _names(source, target, table)
        for row in source.execute(f"SELECT {', '.join(names)} FROM {table}"):  # noqa: S608
            marks = ", ".join("?" * len(names))
            target.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})", row)  # noqa: S608
    except sqlite3.DatabaseError as error:
        log.error("%s: %s", table, error)


def _state(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    kept: dict[str, str] = {}
    try:
        kept.update(source.execute("SELECT clave, valor FROM sync_state").fetchall())
    except sqlite3.DatabaseError as error:
        log.error("sync_state: %s", error)
    for clave in ("cursor_version", "cursor_cambio", "cursor_epoca", "cursor_arranque", "cursor_sello", "scope"):
        kept.pop(clave, None)
    newest = target.execute("SELECT max(n) FROM outbox").fetchone()[0] or 0
    kept["n"] = json.dumps(max(newest, int(json.loads(kept.get("n", "0")))))
    kept |= {"rebuild": "true", "reenrol": '"danada"'}
    target.executemany("INSERT OR REPLACE INTO sync_state VALUES (?, ?)", list(kept.items()))


def _names(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> list[str]:
    """The columns that both have."""
    there = {row[1] for row in source.execute(f"PRAGMA table_info({table})")}
    return [row[1] for row in target.execute(f"PRAGMA table_info({table})") if row[1] in there]
