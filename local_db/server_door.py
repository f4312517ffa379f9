"""The door of the server: batches out, answers and changes in. Only the sync engine uses it."""

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson

from domain.model import TABLES
from domain.wire import Answer, Baja, ChangesReply, Digest, PushReply, canonical, row_hash
from local_db import following, images, overlay, rows, state
from local_db.outbox import chunks, marks, note_waiting, pending_rows
from local_db.replica import Replica, Writing
from local_db.settling import Settling, stands_at

_KEY = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REFUSED = ("rechazado", "dependencia")


@dataclass(frozen=True, slots=True)
class PushEffect:
    """What the answers of one push did here."""

    pushed: int = 0
    rejected: int = 0
    conflicts: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Cambios on their way: their bodies and their numbers. `more`: others may wait behind them."""

    bodies: list[str]
    numbers: list[int]
    more: bool = False


def next_batch(replica: Replica, after_n: int = 0, max_cambios: int = 500, max_bytes: int = 1_000_000) -> Outgoing:
    """The first waiting Cambios after a number, each byte for byte as it has to be sent; at least one if any waits."""
    with replica.reading() as connection:
        found = rows.raw(connection).execute(
            "SELECT n, cuerpo, enviado, firma, reoferta, recibos FROM outbox "
            "WHERE acusado_en IS NULL AND n > ? ORDER BY n LIMIT ?",
            (after_n, max_cambios),
        )
        bodies: list[str] = []
        numbers: list[int] = []
        unsent = more = False
        size = 0
        for n, cuerpo, enviado, firma, reoferta, recibos in found:
            body = cuerpo if firma is None else f'{cuerpo[:-1]},"firma":{firma}}}'
            if reoferta:
                body = f'{body[:-1]},"reoferta":{recibos or "[]"}}}'
            size += len(body)
            if bodies and size > max_bytes:
                more = True
                break
            bodies.append(body)
            numbers.append(n)
            unsent = unsent or not enviado
    if unsent:
        with replica.writing() as writing:
            sql = "UPDATE outbox SET enviado = 1 WHERE n BETWEEN ? AND ? AND NOT enviado"
            rows.raw(writing.connection).execute(sql, (numbers[0], numbers[-1]))
    return Outgoing(bodies, numbers, more or len(numbers) == max_cambios)


def apply_answers(replica: Replica, reply: PushReply) -> PushEffect:
    """Take the answers of one push, in one commit. An answer to what is no longer waiting does nothing.

    The cursor moves to the reply's head where only these Cambios lie between. A reply without a scope (nobody was
    signed in) has no rows: what was accepted stays as it is shown, and the next pull brings it.
    """
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        waiting = _waiting(db, [a.id for a in reply.answers])
        final = [a for a in reply.answers if a.id in waiting and a.resultado != "espera"]
        refused = [a for a in final if a.resultado in REFUSED or a.original in REFUSED]
        taken = [a for a in final if a.resultado not in REFUSED and a.original not in REFUSED]
        _keep_refused(db, refused, waiting, reply.server_time)
        db.executemany(
            "UPDATE outbox SET acusado_en = ?, reoferta = 0, espera = NULL, espera_motivo = NULL, recibos = ? "
            "WHERE n = ?",
            [(reply.server_time, _receipts(db, a), waiting[a.id][0]) for a in taken],
        )
        if reply.scope is None:
            _advance(db, taken, waiting)
        for key in note_waiting(db, [a for a in reply.answers if a.id in waiting and a.resultado == "espera"]):
            writing.touch("outbox", key)
        unsure = _forget_waiting(
            db, final, waiting, {a.id for a in taken if a.resultado == "aplicado" and not _lost(a)}
        )
        for answer in final:
            writing.touch("outbox", answer.id)
        for answer in refused:
            writing.touch("rechazo", answer.id)
        Settling(writing, db, unsure).settle(reply.grupos, [(t, k) for t, k in reply.ausentes], lenient=True)
        state.write(writing, server_time=reply.server_time)
        if reply.head.version > 0:
            state.write(writing, furthest=reply.head.model_dump(exclude_none=True))
        now = state.read(writing.connection)
        if reply.scope != now.scope:
            state.write(writing, propias=True)  # some of these rows may not have come
        elif not now.propias and _only_own(now.cursor_version, reply):
            state.write(writing, **state.of_cursor(reply.head))
        lost = sum(_lost(a) for a in taken if a.resultado == "aplicado")
        return PushEffect(len(taken), len(refused), lost, len(reply.answers) - len(final))


def _advance(db: sqlite3.Connection, taken: list[Answer], waiting: dict[str, tuple[int, str, str]]) -> None:
    """The rows of these Cambios didn't come, as nobody is signed in: until they do, their images are what was taken."""
    for answer in sorted(taken, key=lambda a: waiting[a.id][0]):
        cambio = orjson.loads(waiting[answer.id][2])
        lost = {(t, k, campo) for t, k, campo in (answer.recibo.perdidos if answer.recibo else ())}
        for op in cambio["ops"]:
            tabla, key = op["tabla"], op["id"]
            op["campos"] = {n: v for n, v in op["campos"].items() if (tabla, key, n) not in lost}
            before = images.get(db, tabla, key)
            image = overlay.applied(db, cambio, op, before)
            images.keep(db, tabla, key, image)
            following.advance(db, tabla, before, image)


def _only_own(version: int, reply: PushReply) -> bool:
    """Did nothing happen after this version but what the reply tells, with all its rows?

    A `repetido` has not all of them, and what is absent may have to be wiped: a pull sees to those.
    """
    own = [a.version for a in reply.answers if a.resultado == "aplicado"]
    whole = len(own) == reply.head.version - version and own == list(range(version + 1, version + 1 + len(own)))
    return whole and bool(own) and not reply.ausentes


def _waiting(db: sqlite3.Connection, ids: list[str]) -> dict[str, tuple[int, str, str]]:
    found: dict[str, tuple[int, str, str]] = {}
    for part in chunks(ids):
        sql = f"SELECT id, n, usuario_id, cuerpo FROM outbox WHERE acusado_en IS NULL AND id IN ({marks(part)})"  # noqa: S608
        found.update({key: (n, author, body) for key, n, author, body in db.execute(sql, part)})
    return found


def _lost(answer: Answer) -> int:
    """How many fields lost a conflict."""
    return len(answer.recibo.perdidos) if answer.recibo is not None else 0


def _receipts(db: sqlite3.Connection, answer: Answer) -> str | None:
    """The receipts of a Cambio, this answer's in the place of an earlier one of the same epoch."""
    known = db.execute("SELECT recibos FROM outbox WHERE id = ?", (answer.id,)).fetchone()[0]
    if answer.recibo is None:
        return None if known is None else str(known)
    fresh = answer.recibo.model_dump()
    kept = [r for r in orjson.loads(known or "[]") if r["epoca"] != fresh["epoca"]]
    return canonical([*kept, fresh])


def _keep_refused(
    db: sqlite3.Connection, refused: list[Answer], waiting: dict[str, tuple[int, str, str]], server_time: str
) -> None:
    for answer in refused:
        n, author, body = waiting[answer.id]
        reason = (answer.motivo or answer.resultado, answer.mensaje or "El servidor no aceptó el cambio.")
        db.execute(
            "INSERT OR REPLACE INTO rechazo (cambio_id, n, usuario_id, motivo, mensaje, cuerpo, rechazado_en) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (answer.id, n, author, *reason, body, server_time),
        )
        db.execute("DELETE FROM outbox WHERE n = ?", (n,))


def _forget_waiting(
    db: sqlite3.Connection, final: list[Answer], waiting: dict[str, tuple[int, str, str]], clean: set[str]
) -> set[tuple[str, str]]:
    """These Cambios touch no row any more; gives the rows that don't simply stay as they are shown."""
    dirty = [waiting[a.id][0] for a in final if a.id not in clean]
    unsure: set[tuple[str, str]] = set()
    for part in chunks(dirty):
        sql = f"SELECT tabla, registro_id FROM outbox_fila WHERE n IN ({marks(part)})"  # noqa: S608
        unsure.update(db.execute(sql, part).fetchall())
    db.executemany("DELETE FROM outbox_fila WHERE n = ?", [(waiting[a.id][0],) for a in final])
    return unsure


def apply_chunk(replica: Replica, reply: ChangesReply, known: state.State | None = None) -> int:
    """Take one chunk of changes and its cursor in one commit; gives the rows taken.

    A chunk that doesn't start where this replica stands changes nothing and gives 0. `known`: the state of just now,
    where the caller has it.

    Raises:
        WholeRowsNeeded: nothing was taken.
    """
    if known is None:
        with replica.reading() as connection:
            known = state.read(connection)
    if not _brings(reply, known):
        return 0
    with replica.writing() as writing:
        now = state.read(writing.connection)
        if reply.desde.place != now.cursor.place:
            return 0
        db = rows.raw(writing.connection)
        gone = _older(db, [*reply.bajas, *reply.salidas])
        taken = Settling(writing, db, set()).settle(reply.grupos, gone, lenient=False)
        if reply.salidas:
            _forget_traces(db, [(item.tabla, item.id) for item in reply.salidas])
        _move_cursor(writing, reply, now)
    return taken + len(gone)


def _brings(reply: ChangesReply, now: state.State) -> bool:
    """Is there anything in it, even if only its time?"""
    return bool(reply.grupos or reply.bajas or reply.salidas) or _moved(reply, now) != {}


def _move_cursor(writing: Writing, reply: ChangesReply, now: state.State) -> None:
    changed = _moved(reply, now)
    if changed:
        state.write(writing, **changed)


def _moved(reply: ChangesReply, now: state.State) -> dict[str, Any]:
    """What of the state a chunk changes; the server's time only with something else, or with the next minute."""
    values: dict[str, Any] = {
        **state.of_cursor(reply.cursor),
        "server_id": reply.server_id,
        "epoch": reply.epoch,
        "scope": reply.scope,
        "server_time": reply.server_time or now.server_time,
        "propias": now.propias and not reply.last,
        "evicted": now.evicted or bool(reply.salidas),
    }
    changed = {f: v for f, v in values.items() if v != getattr(now, f)}
    same_minute = now.server_time is not None and reply.server_time[:16] == now.server_time[:16]
    return {} if same_minute and changed.keys() == {"server_time"} else changed


def _older(db: sqlite3.Connection, gone: list[Baja]) -> list[tuple[str, str]]:
    """Those that are here, and not newer than their end."""
    found = []
    for item in gone:
        shown = rows.get(db, item.tabla, item.id) if item.tabla in TABLES else None
        image = images.get(db, item.tabla, item.id)
        if (shown is not None or image is not None) and stands_at(image or shown) <= item.version:
            found.append((item.tabla, item.id))
    return found


def _forget_traces(db: sqlite3.Connection, left: list[tuple[str, str]]) -> None:
    """What else a station keeps of rows that left its scope: acknowledged Cambios, print jobs."""
    keys = {key for _, key in left}
    taken = db.execute("SELECT n, cuerpo FROM outbox WHERE acusado_en IS NOT NULL")
    gone = [(n,) for n, cuerpo in taken if not keys.isdisjoint(_KEY.findall(cuerpo))]
    db.executemany("DELETE FROM outbox WHERE n = ?", gone)
    db.executemany("DELETE FROM trabajo_impresion WHERE registro_id = ?", [(key,) for key in keys])


def own_digest(replica: Replica, at: ChangesReply) -> Digest | None:
    """The digest of the server's rows as they stand here; None when the replica has moved on."""
    count = total = 0
    with replica.reading() as connection:
        now = state.read(connection)
        db = rows.raw(connection)
        if now.cursor.place != at.cursor.place:
            return None
        pending = pending_rows(db)
        for tabla in TABLES:
            for key, version in db.execute(f"SELECT id, version FROM {tabla} WHERE version > 0"):  # noqa: S608
                if not pending or (tabla, key) not in pending:
                    count, total = count + 1, total + row_hash(key, version)
        for tabla, key, fila in db.execute("SELECT tabla, registro_id, fila FROM imagen"):
            version = int(orjson.loads(fila)["version"] or 0)
            if (tabla, key) in pending and version > 0:
                count, total = count + 1, total + row_hash(key, version)
    return Digest(filas=count, suma=total % 2**64)
