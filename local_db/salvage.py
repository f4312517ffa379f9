"""What can be saved from a damaged replica: the station's own tables, row by row. What can't be is told."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.base.ambient import Ambient
from local_db import unreadable
from local_db.outbox import index_waiting
from local_db.present import read_only
from storage.station import MOVED

log = logging.getLogger(__name__)

MAX_GAP = 20_000
"""So many numbers in a row without a readable Cambio are the end."""
MAX_LISTED = 200
"""So many lost Cambios are told one by one."""
OTHERS = tuple(name for name in MOVED if name != "outbox")


@dataclass(slots=True)
class _Outbox:
    """What was read of the queue: numbers that were there, numbers where nothing can be read."""

    saved: set[int] = field(default_factory=set)
    spoiled: dict[int, tuple[str, str, bytes]] = field(default_factory=dict)
    dark: list[int] = field(default_factory=list)
    blind: bool = False
    """Not even the list of its tables could be read."""


def salvage(damaged: Path, fresh: Path, ambient: Ambient) -> int:
    """Copy what is readable into a new, empty replica; gives the number of Cambios saved.

    What isn't stands there among the refused changes, for a person to see. The station has lost its counters
    (DESIGN, Data rules): it enrols anew before it makes anything, and takes a snapshot.
    """
    source = read_only(damaged)
    target = sqlite3.connect(fresh, isolation_level=None)
    try:
        target.execute("BEGIN IMMEDIATE")
        found = _outbox(source, target)
        if found.blind:
            message = f"No se pudo leer nada de la base dañada {damaged.name}: sus cambios sin enviar siguen sólo ahí."
            _notice(target, ambient, f"{message} Avise a soporte antes de descartar este aviso.")
        partly = [table for table in OTHERS if not found.blind and not _table(source, target, table)]
        newest = _state(source, target)
        _tell_lost(source, target, found, newest, ambient)
        for table in partly:
            message = f"Una parte de «{table}» se dañó en el disco y no se pudo leer. Descarte este aviso al verlo."
            _notice(target, ambient, message)
        target.execute("COMMIT")
    finally:
        source.close()
        target.close()
    return len(found.saved)


def _outbox(source: sqlite3.Connection, target: sqlite3.Connection) -> _Outbox:
    found = _Outbox()
    try:
        names = _names(source, target, "outbox")
    except sqlite3.DatabaseError as error:
        log.error("outbox: %s", error)
        found.blind = True
        return found
    marks = ", ".join("?" * len(names))
    for n, values in _by_number(source, names, found.dark):
        row = dict(zip(names, values, strict=True))
        body = row["cuerpo"]
        if not isinstance(body, bytes) or not unreadable.readable(body):
            if row.get("acusado_en") is None:
                texts = [str(row[name].decode(errors="replace")) for name in ("id", "usuario_id")]
                found.spoiled[n] = (texts[0], texts[1], body)
            continue
        plain = [value.decode(errors="replace") if isinstance(value, bytes) else value for value in values]
        target.execute(f"INSERT OR IGNORE INTO outbox ({', '.join(names)}) VALUES ({marks})", plain)  # noqa: S608
        found.saved.add(n)
    index_waiting(target)
    return found


def _by_number(source: sqlite3.Connection, names: list[str], dark: list[int]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The readable rows in the order of their number, texts as bytes; over what isn't readable (`dark`)."""
    at, gap = 0, 0
    sql = f"SELECT n, {', '.join(names)} FROM outbox WHERE n > ? ORDER BY n LIMIT 1"  # noqa: S608
    reader = source.cursor()
    factory, source.text_factory = source.text_factory, bytes
    try:
        while gap < MAX_GAP:
            try:
                row = reader.execute(sql, (at,)).fetchone()
            except sqlite3.DatabaseError:
                at, gap = at + 1, gap + 1
                dark.append(at)
                continue
            if row is None:
                return
            at, gap = row[0], 0
            yield row[0], row[1:]
    finally:
        source.text_factory = factory


def _tell_lost(
    source: sqlite3.Connection, target: sqlite3.Connection, found: _Outbox, newest: int, ambient: Ambient
) -> None:
    """Put what waited and couldn't be saved among the refused changes, with what other pages still say of it."""
    for n, (key, author, body) in found.spoiled.items():
        unreadable.keep(target, n, key, author, unreadable.rebuilt(source, n, body), ambient.instant())
    known, complete = _known_to_wait(source)
    lost = sorted(known - found.saved - found.spoiled.keys())
    ids = _ids(source)
    for n in lost[:MAX_LISTED]:
        left = unreadable.rebuilt(source, n)
        unreadable.keep(target, n, ids.get(n) or ambient.new_id(), "", left, ambient.instant())
    if lost[MAX_LISTED:]:
        _notice(target, ambient, f"Otros {len(lost) - MAX_LISTED} cambios sin enviar se dañaron y no se pudieron leer.")
    dark = [n for n in found.dark if n <= newest and n not in known]
    if dark and not complete:
        message = (
            f"Hasta {len(dark)} cambios (números {dark[0]} a {dark[-1]}) se dañaron en el disco y no se pudieron leer. "
            "Revise lo último que se anotó en esta estación, y descarte este aviso."
        )
        _notice(target, ambient, message)


def _known_to_wait(source: sqlite3.Connection) -> tuple[set[int], bool]:
    """The numbers of the Cambios that waited, as two indexes tell them; were both read to their end?"""
    waiting = "SELECT n FROM outbox INDEXED BY ix_outbox_espera WHERE acusado_en IS NULL ORDER BY n"
    rows = "SELECT n FROM outbox_fila INDEXED BY ix_outbox_fila_n ORDER BY n"
    known: set[int] = set()
    complete = False
    for sql in (waiting, rows):
        numbers, whole = _both_ways(source, sql)
        known |= numbers
        complete = complete or whole
    return known, complete


def _both_ways(source: sqlite3.Connection, sql: str) -> tuple[set[int], bool]:
    """The numbers of a query from its beginning, and from its end where it breaks off; and whether it didn't."""
    numbers: set[int] = set()
    for query in (sql, f"{sql} DESC"):
        try:
            for (n,) in source.execute(query):
                numbers.add(n)
        except sqlite3.DatabaseError as error:
            log.error("outbox: %s", error)
            continue
        return numbers, query == sql
    return numbers, False


def _ids(source: sqlite3.Connection) -> dict[int, str]:
    try:
        return dict(source.execute("SELECT n, id FROM outbox INDEXED BY sqlite_autoindex_outbox_1").fetchall())
    except sqlite3.DatabaseError:
        return {}


def _notice(target: sqlite3.Connection, ambient: Ambient, message: str) -> None:
    target.execute(
        "INSERT INTO rechazo (cambio_id, n, usuario_id, motivo, mensaje, cuerpo, rechazado_en) "
        "VALUES (?, 0, '', ?, ?, '{\"ops\": []}', ?)",
        (ambient.new_id(), unreadable.MOTIVO, message, ambient.instant()),
    )


def _table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> bool:
    """Copy a table from its beginning, and from its end where it breaks off; False: not all of it could be read."""
    whole = True
    for order in ("", " ORDER BY rowid DESC"):
        try:
            names = _names(source, target, table)
            if not names:
                return True  # of an older schema
            marks = ", ".join("?" * len(names))
            for row in source.execute(f"SELECT {', '.join(names)} FROM {table}{order}"):  # noqa: S608
                target.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})", row)  # noqa: S608
        except sqlite3.DatabaseError as error:
            log.error("%s: %s", table, error)
            whole = False
            continue
        break
    return whole


def _state(source: sqlite3.Connection, target: sqlite3.Connection) -> int:
    """Keep what the station knows of itself, but where it stood; gives the number of its last Cambio."""
    kept: dict[str, str] = {}
    try:
        kept.update(source.execute("SELECT clave, valor FROM sync_state").fetchall())
    except sqlite3.DatabaseError as error:
        log.error("sync_state: %s", error)
    kept = {clave: valor for clave, valor in kept.items() if not clave.startswith("cursor_") and clave != "scope"}
    newest: int = target.execute("SELECT max(n) FROM outbox").fetchone()[0] or 0
    try:
        newest = max(newest, int(json.loads(kept.get("n", "0"))))
    except ValueError:
        log.error("sync_state: n")
    kept |= {"n": json.dumps(newest), "rebuild": "true", "reenrol": '"danada"'}
    target.executemany("INSERT OR REPLACE INTO sync_state VALUES (?, ?)", list(kept.items()))
    return newest


def _names(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> list[str]:
    """The columns that both have."""
    there = {row[1] for row in source.execute(f"PRAGMA table_info({table})")}
    return [row[1] for row in target.execute(f"PRAGMA table_info({table})") if row[1] in there]
