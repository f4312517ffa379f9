"""Changes that leave the outbox without an answer, and their rows: shown as the server has them, under what waits."""

import json
import sqlite3
from collections.abc import Iterable

from domain.base.errors import KnownError
from domain.sums import children_first
from local_db import images, overlay, rows, unreadable
from local_db.replica import Replica, Writing

_WAITING = (
    "SELECT n, CAST(id AS BLOB), CAST(usuario_id AS BLOB), CAST(cuerpo AS BLOB) FROM outbox "
    "WHERE acusado_en IS NULL ORDER BY n"
)


def fall_back(writing: Writing, db: sqlite3.Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Show these (table, id) rows without what no longer waits; `outbox_fila` must say so already."""
    for tabla, key in children_first(touched):
        overlay.show(db, {(tabla, key): overlay.visible(db, tabla, key)})
        if not overlay.is_pending(db, tabla, key):
            images.keep(db, tabla, key, None)
        writing.touch(tabla, key)


def set_aside_unreadable(replica: Replica) -> int:
    """Move what waits and can't be read to the refused changes; gives how many."""
    with replica.reading() as connection:
        found = rows.raw(connection).execute(_WAITING)
        bad = [item for item in found if not unreadable.readable(item[3])]
        proofs = unreadable.broken_proofs(rows.raw(connection))
    if not bad and not proofs:
        return 0
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        unreadable.forget_broken_proofs(db)
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


def count_dependents(replica: Replica, cambio_id: str) -> int:
    """How many Cambios `discard` would forget; raises as it does."""
    with replica.reading() as connection:
        return len(with_dependents(rows.raw(connection), cambio_id))


def with_dependents(db: sqlite3.Connection, cambio_id: str) -> list[tuple[int, str]]:
    """The number and id of a waiting Cambio, and of those that wait and build on it.

    Raises:
        KnownError: the server may still apply one of them by itself, or its author has to say whether he made it.
    """
    sql = "SELECT n, id, cuerpo, enviado, espera, espera_motivo FROM outbox WHERE acusado_en IS NULL ORDER BY n"
    found: list[tuple[int, str]] = []
    ids = {cambio_id}
    for n, key, cuerpo, enviado, espera, motivo in db.execute(sql):
        first = key == cambio_id
        if not first and ids.isdisjoint(json.loads(cuerpo)["depende"]):
            continue
        if espera is None and (first or enviado):
            raise KnownError("Ese cambio no se puede descartar: el servidor aún puede aplicarlo.", "Sincronice antes.")
        if motivo == "firma":
            told = "Ese cambio" if first else "Un cambio que depende de ese"
            told += " espera que su autor diga si lo hizo."
            raise KnownError(told, "Su autor inicia sesión y lo confirma o descarta en «Por confirmar».")
        found.append((n, key))
        ids.add(key)
    if not found:
        raise KnownError("Ese cambio ya no espera.")
    return found


def discard(replica: Replica, cambio_id: str) -> int:
    """Forget a Cambio that the server only waits with, and what builds on it; gives how many. It recorded nothing.

    Raises:
        KnownError: the server may still apply it by itself, or its author has to say whether he made it.
    """
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        gone = with_dependents(db, cambio_id)
        touched: set[tuple[str, str]] = set()
        for n, key in gone:
            touched.update(db.execute("SELECT tabla, registro_id FROM outbox_fila WHERE n = ?", (n,)).fetchall())
            db.execute("DELETE FROM outbox_fila WHERE n = ?", (n,))
            db.execute("DELETE FROM outbox WHERE n = ?", (n,))
            writing.touch("outbox", key)
        fall_back(writing, db, touched)
    return len(gone)
