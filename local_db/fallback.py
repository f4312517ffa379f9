"""Changes that leave the outbox without an answer, and their rows: shown as the server has them, under what waits."""

import sqlite3
from collections.abc import Iterable

from local_db import overlay, rows, search, unreadable
from local_db.replica import Replica, Writing

_WAITING = (
    "SELECT n, CAST(id AS BLOB), CAST(usuario_id AS BLOB), CAST(cuerpo AS BLOB) FROM outbox "
    "WHERE acusado_en IS NULL ORDER BY n"
)


def fall_back(writing: Writing, db: sqlite3.Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Show these (table, id) rows without what no longer waits; `outbox_fila` must say so already."""
    stale = []
    for tabla, key in sorted(touched):
        row = overlay.visible(db, tabla, key)
        if not overlay.is_pending(db, tabla, key):
            overlay.keep_image(db, tabla, key, None)
        if row is None:
            search.forget(db, tabla, [key])
            rows.remove(db, tabla, [key])
        else:
            rows.put(db, tabla, [row])
            stale.append((tabla, key))
        writing.touch(tabla, key)
    search.refresh(db, stale)


def set_aside_unreadable(replica: Replica) -> int:
    """Move what waits and can't be read to the refused changes; gives how many."""
    with replica.reading() as connection:
        found = rows.raw(connection).execute(_WAITING)
        bad = [item for item in found if not unreadable.readable(item[3])]
    if not bad:
        return 0
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        touched: set[tuple[str, str]] = set()
        for n, *texts, body in bad:
            key, author = (text.decode(errors="replace") for text in texts)
            unreadable.keep(db, n, key, author, unreadable.rebuilt(db, n, body), replica.ambient.instant())
            touched.update(db.execute("SELECT tabla, registro_id FROM outbox_fila WHERE n = ?", (n,)).fetchall())
            db.execute("DELETE FROM outbox_fila WHERE n = ?", (n,))
            db.execute("DELETE FROM outbox WHERE n = ?", (n,))
            writing.touch("outbox", key)
            writing.touch("rechazo", key)
        fall_back(writing, db, touched)
    return len(bad)
