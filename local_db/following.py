"""Rows that are added up from others, here: the server's image, plus what waiting children add to it as they are shown
less what they add as the server has them. Never a sum over the children that happen to be here.
"""

import sqlite3
from collections.abc import Callable

from domain.base.row import ReadRow, Row
from domain.model import TABLES
from domain.sums import FEEDERS, Target, added, adds, difference, made
from local_db import images, rows


def fed(db: sqlite3.Connection, tabla: str, key: str) -> set[Target]:
    """The rows that a row feeds, as it is shown and as the server has it, up the chain."""
    found: set[Target] = set()
    if tabla not in TABLES or not TABLES[tabla].regla.sums:
        return found
    for row in (rows.get(db, tabla, key), images.get(db, tabla, key)):
        for target in adds(TABLES[tabla], row):
            found |= {target} | fed(db, *target)
    return found


def with_waiting(db: sqlite3.Connection, target: Target, image: Row | None) -> Row | None:
    """A row as the server has it with its own waiting operations, plus what waits of its children."""
    row = image
    for tabla, key in _waiting_children(db, target):
        spec = TABLES[tabla]
        shown, taken = rows.get(db, tabla, key), images.get(db, tabla, key)
        if row is None and shown is not None:
            row = made(spec, shown, target)
        amounts = difference(spec, taken, shown).get(target)
        if row is not None and amounts:
            row = added(target[0], row, amounts)
    return row


def each(
    db: sqlite3.Connection,
    tabla: str,
    before: ReadRow | None,
    after: ReadRow | None,
    keep: Callable[[Target, Row | None, Row], None],
) -> None:
    """What a change of a row makes of the rows that it feeds, up the chain; `keep` is given each, before and after."""
    for target, amounts in difference(TABLES[tabla], before, after).items():
        there = rows.get(db, *target)
        row = there if there is not None or after is None else made(TABLES[tabla], after, target)
        if row is not None:
            summed = added(target[0], row, amounts)
            keep(target, there, summed)
            each(db, target[0], there, summed, keep)


def advance(db: sqlite3.Connection, tabla: str, before: ReadRow | None, after: ReadRow | None) -> None:
    """The images of the rows that a row feeds, where its own was brought forward without the server's rows."""
    for target, amounts in difference(TABLES[tabla], before, after).items():
        there = images.get(db, *target)
        row = there if there is not None or after is None else made(TABLES[tabla], after, target)
        if row is not None:
            summed = added(target[0], row, amounts)
            images.keep(db, *target, summed)
            advance(db, target[0], there, summed)


def _waiting_children(db: sqlite3.Connection, target: Target) -> list[Target]:
    feeders = FEEDERS[target[0]]
    if not feeders:
        return []
    listed = ", ".join("?" * len(feeders))
    return db.execute(
        "SELECT DISTINCT c.tabla, c.registro_id FROM outbox_fila f JOIN outbox_fila c ON c.n = f.n "  # noqa: S608
        f"WHERE f.tabla = ? AND f.registro_id = ? AND c.tabla IN ({listed}) ORDER BY c.registro_id",
        (*target, *feeders),
    ).fetchall()
