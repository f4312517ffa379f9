"""The door of the server: batches out, answers and changes in. Only the sync engine uses it."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.tables import TABLES, ReadRow, Row
from domain.wire import Answer, Baja, ChangesReply, EnrolReply, Fila
from local_db import overlay, rows, search, state
from local_db.replica import Replica, Writing

REFUSED = ("rechazado", "dependencia")


@dataclass(frozen=True, slots=True)
class PushEffect:
    """What the answers of one push did here."""

    pushed: int = 0
    rejected: int = 0
    conflicts: int = 0
    waiting: int = 0


def next_batch(replica: Replica, max_cambios: int = 500, max_bytes: int = 1_000_000) -> list[str]:
    """The first waiting Cambios, each byte for byte as it has to be sent; at least one when any waits."""
    with replica.reading() as connection:
        found = rows.raw(connection).execute("SELECT n, cuerpo, enviado FROM outbox ORDER BY n LIMIT ?", (max_cambios,))
        batch: list[tuple[int, str, bool]] = []
        size = 0
        for n, cuerpo, enviado in found:
            size += len(cuerpo.encode())
            if batch and size > max_bytes:
                break
            batch.append((n, cuerpo, bool(enviado)))
    unsent = [(n,) for n, _, enviado in batch if not enviado]
    if unsent:
        with replica.writing() as writing:
            rows.raw(writing.connection).executemany("UPDATE outbox SET enviado = 1 WHERE n = ?", unsent)
    return [cuerpo for _, cuerpo, _ in batch]


def apply_answers(replica: Replica, answers: list[Answer], server_time: str) -> PushEffect:
    """Take the answers of one push, in one commit. An answer to what is no longer waiting does nothing."""
    pushed = rejected = conflicts = waiting = 0
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        settled: dict[tuple[str, str], Row | None] = {}
        for answer in answers:
            entry = db.execute("SELECT n, usuario_id, cuerpo FROM outbox WHERE id = ?", (answer.id,)).fetchone()
            if entry is None:
                continue
            if answer.resultado == "espera":
                waiting += 1
                continue
            n, usuario_id, cuerpo = entry
            if answer.resultado in REFUSED or answer.original in REFUSED:
                rejected += 1
                refusal = (answer.motivo or answer.resultado, answer.mensaje or "El servidor no aceptó el cambio.")
                db.execute(
                    "INSERT OR REPLACE INTO rechazo VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (answer.id, n, usuario_id, *refusal, cuerpo, server_time),
                )
                writing.touch("rechazo", answer.id)
            else:
                pushed += 1
                conflicts += len(answer.perdidos)
            _forget_waiting(db, n, cuerpo, settled)
            settled |= {(fila.tabla, fila.id): fila.fila for fila in answer.filas if fila.tabla in TABLES}
            writing.touch("outbox", answer.id)
        _settle(writing, db, settled)
        state.write(writing, server_time=server_time)
    return PushEffect(pushed, rejected, conflicts, waiting)


def _forget_waiting(db: sqlite3.Connection, n: int, cuerpo: str, settled: dict[tuple[str, str], Row | None]) -> None:
    """Take a Cambio off the outbox; its rows fall back to their image unless the answer brings them."""
    db.execute("DELETE FROM outbox WHERE n = ?", (n,))
    for op in json.loads(cuerpo)["ops"]:
        key = (op["tabla"], op["id"])
        if key not in settled:
            settled[key] = overlay.image(db, *key)
        db.execute("DELETE FROM outbox_fila WHERE tabla = ? AND registro_id = ? AND n = ?", (*key, n))


def apply_chunk(replica: Replica, reply: ChangesReply) -> int:
    """Take one chunk of changes and its cursor in one commit; gives the rows taken.

    A chunk that doesn't start where this replica stands changes nothing and gives 0.
    """
    with replica.writing() as writing:
        now = state.read(writing.connection)
        if (reply.desde.version, reply.desde.cambio_id) != (now.cursor_version, now.cursor_cambio):
            return 0
        db = rows.raw(writing.connection)
        taken = _take(writing, db, reply.filas)
        taken += _remove(writing, db, [*reply.bajas, *reply.salidas])
        if reply.last and now.bootstrapping:
            _sweep(writing, db)
        state.write(
            writing,
            cursor_version=reply.cursor.version,
            cursor_cambio=reply.cursor.cambio_id,
            server_id=reply.server_id,
            epoch=reply.epoch,
            scope=reply.scope,
            server_time=reply.server_time or now.server_time,
            bootstrapping=now.bootstrapping and not reply.last,
        )
    return taken


def _take(writing: Writing, db: sqlite3.Connection, filas: Iterable[Fila]) -> int:
    settled: dict[tuple[str, str], Row | None] = {
        (fila.tabla, fila.id): fila.fila for fila in filas if fila.tabla in TABLES and fila.fila is not None
    }
    _settle(writing, db, settled)
    return len(settled)


def _settle(writing: Writing, db: sqlite3.Connection, settled: dict[tuple[str, str], Row | None]) -> None:
    """Bring rows to what the server holds, under the operations that still wait for an answer."""
    puts: dict[str, list[ReadRow]] = {}
    removes: dict[str, list[str]] = {}
    stale: list[tuple[str, str]] = []
    for (tabla, key), fila in settled.items():
        shown = rows.get(db, tabla, key)
        known = overlay.image(db, tabla, key)
        row = fila if known is None or _version(fila) >= _version(known) else known
        if overlay.is_pending(db, tabla, key):
            overlay.keep_image(db, tabla, key, row)
            row = overlay.visible(db, tabla, key)
        else:
            if known is not None:
                overlay.keep_image(db, tabla, key, None)
            elif shown is not None and row is not None and _version(row) < _version(shown):
                continue
        if row is None:
            if shown is not None:
                removes.setdefault(tabla, []).append(key)
                writing.touch(tabla, key)
            continue
        puts.setdefault(tabla, []).append(row)
        if search.stale(tabla, shown, row):
            stale.append((tabla, key))
        writing.touch(tabla, key)
    for tabla, keys in removes.items():
        search.forget(db, tabla, keys)
        rows.remove(db, tabla, keys)
    for tabla, new in puts.items():
        rows.put(db, tabla, new)
    search.refresh(db, stale)


def _version(row: ReadRow | None) -> int:
    return int(row["version"] or 0) if row is not None else 0


def _remove(writing: Writing, db: sqlite3.Connection, gone: list[Baja]) -> int:
    """Rows that were deleted or left the scope. What a person has changed and not sent stays on the screen."""
    taken = 0
    for item in gone:
        if item.tabla not in TABLES:
            continue
        shown = rows.get(db, item.tabla, item.id)
        if shown is None or (_version(shown) > item.version):
            continue
        taken += 1
        if overlay.is_pending(db, item.tabla, item.id):
            continue
        search.forget(db, item.tabla, [item.id])
        rows.remove(db, item.tabla, [item.id])
        writing.touch(item.tabla, item.id)
    return taken


def start_bootstrap(replica: Replica, server_id: str | None, epoch: str | None, scope: str | None) -> None:
    """Pull everything anew: the cursor goes to 0 and every row counts as older than whatever comes.

    Nobody's screen goes empty meanwhile; rows that don't come again are swept at the end. The outbox stays.
    """
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        for tabla in TABLES:
            db.execute(f"UPDATE {tabla} SET version = -1 WHERE version > 0")  # noqa: S608
        images = db.execute("SELECT tabla, registro_id, fila FROM imagen").fetchall()
        for tabla, key, fila in images:
            overlay.keep_image(db, tabla, key, json.loads(fila) | {"version": -1})
        state.write(
            writing,
            cursor_version=0,
            cursor_cambio=None,
            server_id=server_id,
            epoch=epoch,
            scope=scope,
            bootstrapping=True,
        )


def _sweep(writing: Writing, db: sqlite3.Connection) -> None:
    """Remove the rows that a bootstrap didn't bring again."""
    for tabla in TABLES:
        found = db.execute(f"SELECT id FROM {tabla} WHERE version = -1").fetchall()  # noqa: S608
        keys = [key for (key,) in found if not overlay.is_pending(db, tabla, key)]
        search.forget(db, tabla, keys)
        rows.remove(db, tabla, keys)
        for key in keys:
            writing.touch(tabla, key)


def finish_enrolment(replica: Replica, url: str, reply: EnrolReply) -> None:
    """Become the station that the server made. Folios start anew under its code; the outbox stays."""
    values: dict[str, Any] = {
        "server_url": url,
        "estacion_id": reply.estacion_id,
        "codigo": reply.codigo,
        "estacion_nombre": reply.nombre,
        "sucursal_id": reply.sucursal_id,
        "folio": 0,
        "bootstrapping": True,
    }
    with replica.writing() as writing:
        state.write(writing, **values)
