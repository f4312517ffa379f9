"""The one write path: sync pushes, REST and administration all go through `Batch.take`.

A Batch is one write transaction. Each Cambio in it is applied whole or not at all, and has one version, without
gaps. Rows are worked on in memory and written set by set by `finish`.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from domain.base.actor import SISTEMA, Actor
from domain.base.ambient import Ambient, instant_of_id
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.base.values import good_instant
from domain.model import TABLES
from domain.proofs import Prover
from domain.rules import Applying
from domain.scope import Scope
from domain.sums import adds
from domain.upgrade import SCHEMA
from domain.wire import Answer, Cambio, Op, canonical
from servitec_server import rows
from servitec_server.announcement import Announcement
from servitec_server.answers import Answers
from servitec_server.authors import FOR_A_SUPERVISOR, FULL, KEPT, UNSIGNED, Authors
from servitec_server.conflicts import Conflicts
from servitec_server.consequences import follow_up
from servitec_server.epochs import closed_to_reoffers, epoch_of, holds, newest
from servitec_server.lookup import ServerLookup
from servitec_server.operating import Operating
from servitec_server.origin import Station
from servitec_server.past import actor_then, as_then
from servitec_server.people import actor_of, settle
from servitec_server.reoffer import numbers_given
from servitec_server.reply import RowsReply
from servitec_server.sessions import end_all
from servitec_server.step import Step, Touch
from servitec_server.tables import bitacora, cambio, cambio_fila, respuesta
from servitec_server.working_set import Key, WorkingSet

CHANGED = "permiso_cambiado"

FAULT = "El servidor no pudo procesar este cambio por un error del programa; quedó guardado para el supervisor."
MAX_MESSAGE = 1000

log = logging.getLogger(__name__)


class ClonedStation(KnownError):
    """The server knows another Cambio under this station's `n`: two copies of one station are alive."""


class Batch:
    """One write transaction of `apply`. Call `finish` before its commit."""

    def __init__(
        self,
        connection: Connection,
        ambient: Ambient,
        prover: Prover,
        ip: str | None = None,
        waiting: Iterable[str] = (),
    ) -> None:
        """`waiting`: ids of earlier Cambios of the same request that wait."""
        self._connection = connection
        self._ambient = ambient
        self.epoch = epoch_of(connection)
        self._now = ambient.instant()
        self._ip = ip
        self._last = newest(connection)
        self._rows = WorkingSet(connection)
        self._lookup = ServerLookup(self._rows, ambient)
        self._lost = Conflicts(self._rows)
        self._operating = Operating(self._rows, self._lost)
        self._answers = Answers(connection, prover, self.epoch, self._now)
        self._written: dict[Any, list[dict[str, Any]]] = {t: [] for t in (cambio, cambio_fila, bitacora)}
        self._written[respuesta] = self._answers.unwritten
        self._actors: dict[str, Actor | None] = {}
        self._announcements: list[Announcement] = []
        self._touched: dict[Key, Touch] = {}
        self.waiting = set(waiting)
        self._signed_out: set[str] = set()
        self._authors = Authors(connection, prover, self._rows, self._now)

    def prefetch(self, cambios: Iterable[Cambio], station: Station) -> None:
        """Read what these Cambios can meet, set by set: recorded answers, rows, parents, unique values."""
        wanted = list(cambios)
        self._answers.load(wanted, station)
        keys: set[Key] = set()
        unique: set[tuple[str, str, Any]] = set()
        for op in (op for item in wanted for op in item.ops if op.tabla in TABLES):
            keys.add((op.tabla, op.id))
            spec = TABLES[op.tabla]
            for name, value in op.campos.items():
                col = spec.by_name.get(name)
                if col is None or not isinstance(value, str) or "\x00" in value:
                    continue
                if col.ref is not None:
                    keys.add((col.ref, value))
                if name in spec.unique:
                    unique.add((op.tabla, name, value))
        self._rows.load(keys)
        self._rows.load_unique(unique)

    def take(self, item: Cambio, station: Station, *, trusted: bool = False) -> Answer:
        """Apply one Cambio, prefetched, or say why not.

        Raises:
            ClonedStation: nothing of the batch may be committed.
        """
        recorded = self._answers.known.get(item.id)
        if recorded is not None:
            self._touch_whole(item)
            return self._answers.repeat(item, recorded)
        if item.problem is not None and not (item.id and item.n):
            told = item.problem
            return Answer(id=told.id, resultado="rechazado", motivo=told.motivo, mensaje=told.mensaje)
        if self._answers.numbers.get((station.id, item.n), item.id) != item.id:
            raise ClonedStation(
                f"La estación {station.codigo} está duplicada: su cambio {item.n} ya llegó con otro contenido.",
                "Inscriba esta estación de nuevo.",
            )
        if item.problem is not None and not station.revocada:
            return self.refuse(item, station, item.problem.motivo, item.problem.mensaje)
        verdict = self._authors.judge(item, station)
        item = verdict.item
        if verdict.motivo is not None:
            return self._unproved(item, station, verdict.motivo)
        if item.content_hash() != item.huella:
            return self.refuse(item, station, "huella", "El contenido del cambio no corresponde a su huella.")
        if item.reoferta is not None and closed_to_reoffers(self._connection):
            reason = "La base central se puso atrás a propósito: un supervisor decide sobre este cambio."
            return self.refuse(item, station, "restaurado", reason)
        for key in item.depende:
            parent = self._answers.known.get(key)
            if parent is not None and parent["resultado"] != "aplicado":
                reason = "Depende de un cambio que no se aceptó."
                decided = parent["motivo"] in FOR_A_SUPERVISOR and parent["cuerpo"] is not None
                motivo = parent["motivo"] if decided else "dependencia"
                return self.refuse(item, station, motivo, reason, resultado="dependencia")
        if self.waiting.intersection(item.depende):
            return self._wait(item, "Depende de un cambio que espera a otro.")
        try:
            return self._decide(item, station, trusted=trusted)
        except SQLAlchemyError:
            raise  # of the transaction, not of this Cambio alone: the caller finds out whose it is
        except Exception:
            log.exception("cambio %s", item.id)
            return self.refuse(item, station, "error", FAULT)

    def approve(self, item: Cambio, station: Station, supervisor: Actor) -> Answer:
        """Take a refused Cambio, prefetched, in its author's name, by the right of a supervisor.

        Raises:
            Rejection: it isn't his right either, or a rule is against it.
        """
        return self._apply(item, station, author=replace(supervisor, usuario_id=item.usuario_id), by=supervisor)

    def mend(self, item: Cambio, station: Station, right: Mapping[Key, Row]) -> None:
        """Put these columns of rows that are added up right, in the name of an empty Cambio, and what follows them."""
        applying = Applying(SISTEMA, self._lookup, [], self._now, None, frozenset())
        step = Step(item, station, applying, self._rows, self._ambient, self._last + 1, self._now, None, told=False)
        for (tabla, key), values in right.items():
            step.put_right(tabla, key, values)
        self._last += 1
        self._applied(step, None)

    def _unproved(self, item: Cambio, station: Station, motivo: str) -> Answer:
        """Its author isn't proved, or no longer: kept for a supervisor, or it waits and leaves nothing behind."""
        if motivo == "firma":
            return self._wait(item, UNSIGNED, motivo)
        if not self._authors.room(station):
            return self._wait(item, FULL, motivo)
        return self.refuse(item, station, motivo, KEPT[motivo])

    def _decide(self, item: Cambio, station: Station, *, trusted: bool) -> Answer:
        try:
            return self._apply(item, station, trusted=trusted)
        except Rejection as rejection:
            found = rejection
        if found.motivo == "permiso":
            author = self._who_could(item, station)
            if author is not None and (item.reoferta is not None or self._happened(item)):
                try:
                    return self._apply(item, station, author=author, observado=CHANGED)
                except Rejection as rejection:
                    found = rejection
            elif author is not None:
                return self.refuse(item, station, CHANGED, str(found))
        if found.motivo == "no_existe" and self._may_come(item):
            return self._wait(item, found.message)
        return self.refuse(item, station, found.motivo, str(found))

    def _who_could(self, item: Cambio, station: Station) -> Actor | None:
        """The author as he was when he had the right; what was accepted once, he had."""
        if item.reoferta is not None:
            return Actor(item.usuario_id, "administrador")
        usuario = self._rows.get("usuario", item.usuario_id)
        if usuario is None or not _saw(self._connection, item):
            return None
        self._flush()
        version = max(item.visto.version, self._authors.seen(item, station))
        author = actor_then(self._connection, usuario, version)
        return author if author is not None and self._could(item, station, author, version) else None

    def _happened(self, item: Cambio) -> bool:
        """Nothing but facts of somebody who still works here?"""
        return all(map(_is_fact, item.ops)) and self._actors.get(item.usuario_id) is not None

    def refuse(
        self, item: Cambio, station: Station, motivo: str, mensaje: str, *, resultado: str = "rechazado"
    ) -> Answer:
        """Record a refusal, with the content for the supervisor."""
        mensaje = mensaje.replace("\x00", "\ufffd")[:MAX_MESSAGE]
        record = {"resultado": resultado, "motivo": motivo, "mensaje": mensaje}
        record["cuerpo"] = item.problem.cuerpo if item.problem else canonical(item.model_dump(by_alias=True))
        self._answers.record(item, station, record)
        self._touch_whole(item)
        values: dict[str, Any] = {"id": item.id, "resultado": resultado, "motivo": motivo, "mensaje": mensaje}
        return Answer(**values)

    def finish(self) -> list[Announcement]:
        """Write everything; gives what to announce after the commit."""
        self._flush()
        return self._announcements + end_all(self._connection, self._signed_out, self._now)

    def reply_rows(self, scope: Scope, estacion_id: str, schema: int = SCHEMA) -> RowsReply:
        """The rows that these Cambios touched, as far as the station may see them."""
        reply = RowsReply(scope, estacion_id, schema)
        for (tabla, key), touch in self._touched.items():
            reply.add(tabla, key, self._rows.get(tabla, key), touch)
        return reply

    def _flush(self) -> None:
        self._rows.flush()
        for table, records in self._written.items():
            if records:
                names = tuple(records[0])
                rows.insert(self._connection, table.name, names, list(map(itemgetter(*names), records)))
                records.clear()
        self._lost.written()

    def _apply(
        self,
        item: Cambio,
        station: Station,
        *,
        trusted: bool = False,
        author: Actor | None = None,
        observado: str | None = None,
        by: Actor | None = None,
    ) -> Answer:
        actor = author or self._actor(item.usuario_id)
        instant = _instant(item)
        if item.reoferta is not None or any(_needs_written(op) for op in item.ops):
            self._flush()
        with self._rows.step():
            happened = item.reoferta is not None
            codes = station.codigos | {station.codigo}
            given = numbers_given(self._rows, item.reoferta or [])
            applying = Applying(actor, self._lookup, item.ops, instant, station.id, codes, trusted, happened, given)
            step = Step(
                item,
                station,
                applying,
                self._rows,
                self._ambient,
                self._last + 1,
                instant,
                self._ip,
                observado,
                told=by is None,
            )
            people = {op.id: self._rows.get("usuario", op.id) for op in item.ops if op.tabla == "usuario"}
            for op in item.ops:
                self._operating.do(step, op)
            follow_up(step, self._operating, self._lookup)
            signed_out = settle(self._rows, people)
        self._last += 1
        if people:
            self._actors.clear()
            self._signed_out |= signed_out
        return self._applied(step, by)

    def _applied(self, step: Step, by: Actor | None) -> Answer:
        """Write down what a Cambio did; its answer."""
        item, station, observado = step.cambio, step.station, step.observado
        places = [[r.epoca, r.version] for r in item.reoferta or ()]
        self._written[cambio].append(
            {
                "version": self._last,
                "cambio_id": item.id,
                "estacion_id": station.id,
                "usuario_id": item.usuario_id,
                "n": item.n,
                "aplicado_en": self._now,
                "epoca": self.epoch,
                "origen": canonical(places) if places else None,
                "aprobado_por": None if by is None else by.usuario_id,
            }
        )
        self._written[cambio_fila] += (entry.record() for entry in step.feed.values())
        self._written[bitacora] += step.trail
        self._lost.note(step.trail)
        self._announcements += step.announcements
        for key, touch in step.touched.items():
            earlier = self._touched.get(key)
            self._touched[key] = earlier.then(touch) if earlier else touch
        lost = canonical(sorted(step.perdidos)) if step.perdidos else None
        values = {"resultado": "aplicado", "version": self._last, "motivo": observado, "perdidos": lost}
        values["numeros"] = canonical(sorted(step.numeros)) if step.numeros else None
        record = self._answers.record(item, station, values)
        return Answer(
            id=item.id, resultado="aplicado", version=self._last, motivo=observado, recibo=self._answers.receipt(record)
        )

    def _actor(self, usuario_id: str) -> Actor:
        if usuario_id not in self._actors:
            self._actors[usuario_id] = actor_of(self._rows.get("usuario", usuario_id), usuario_id)
        actor = self._actors[usuario_id]
        if actor is None:
            raise Rejection("permiso", "El autor del cambio no existe o ya no está activo.")
        return actor

    def _could(self, item: Cambio, station: Station, author: Actor, version: int) -> bool:
        """Would this role have allowed it, where the rows were at this version?"""
        codes = station.codigos | {station.codigo}
        try:
            with self._rows.step():
                for op in item.ops:
                    as_then(self._rows, op, version)
                applying = Applying(author, self._lookup, item.ops, _instant(item), station.id, codes)
                step = Step(item, station, applying, self._rows, self._ambient, self._last + 1, "", None)
                for op in item.ops:
                    self._operating.do(step, op)
                raise _TrialOver
        except _TrialOver:
            return True
        except Rejection:
            return False

    def _may_come(self, item: Cambio) -> bool:
        """Can what it refers to still arrive: from a Cambio that wasn't answered, or from a lost history?"""
        if item.reoferta is not None or any(key not in self._answers.known for key in item.depende):
            return True
        return item.visto.version > 0 and not _saw(self._connection, item)

    def _wait(self, item: Cambio, mensaje: str, motivo: str = "no_existe") -> Answer:
        self.waiting.add(item.id)
        return Answer(id=item.id, resultado="espera", motivo=motivo, mensaje=mensaje)

    def _touch_whole(self, item: Cambio) -> None:
        """The reply carries the rows of this Cambio as they are now, and those that they feed."""
        keys = [(op.tabla, op.id) for op in item.ops if op.tabla in TABLES]
        while keys:
            tabla, key = keys.pop()
            self._touched[tabla, key] = Touch(None)
            if TABLES[tabla].regla.sums:
                keys += adds(TABLES[tabla], self._rows.get(tabla, key))


class _TrialOver(Exception):
    """Takes a trial step back."""


def _needs_written(op: Op) -> bool:
    """Does the operation ask the database about rows that refer to its own?"""
    keys = TABLES[op.tabla].claves if op.tabla in TABLES else ()
    return op.tipo == "baja" or (op.tipo == "cambio" and not op.campos.keys().isdisjoint(keys))


def _saw(connection: Connection, item: Cambio) -> bool:
    """Is the place where its author stood in this history?"""
    return item.visto.version > 0 and holds(connection, item.visto.version, item.visto.cambio_id)


def _is_fact(op: Op) -> bool:
    return op.tabla in TABLES and TABLES[op.tabla].hecho


def _instant(item: Cambio) -> str:
    try:
        found = instant_of_id(item.id)
    except (ValueError, OverflowError) as error:
        raise Rejection("campo", "El id del cambio no es un UUIDv7.") from error
    if not good_instant(found):
        raise Rejection("campo", f"El id del cambio dice que se hizo en {found[:4]}.", "Revise el reloj.")
    return found
