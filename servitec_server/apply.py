"""The one write path: sync pushes, REST and administration all go through `Batch.take`.

A Batch is one write transaction. Each Cambio in it is applied whole or not at all, and has one version, without
gaps. Rows are worked on in memory and written set by set by `finish`.
"""

import logging
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from domain.ambient import Ambient, instant_of_id
from domain.errors import KnownError, Rejection
from domain.permissions import Actor
from domain.proofs import Prover
from domain.rules import Applying
from domain.schema import SCHEMA
from domain.scope import Scope
from domain.tables import TABLES, Row
from domain.values import good_instant
from domain.wire import Answer, Cambio, Op, Recibo, canonical
from servitec_server import rows
from servitec_server.conflicts import Conflicts
from servitec_server.epochs import Tree, closed_to_reoffers, epoch_of, tree
from servitec_server.people import actor_of, actor_then, settle
from servitec_server.reoffer import lost_before, reoffered
from servitec_server.reply import RowsReply
from servitec_server.sessions import end_all
from servitec_server.tables import bitacora, cambio, cambio_fila, metadata, respuesta
from servitec_server.work import Announcement, Station, Touch, Work
from servitec_server.working import Key, WorkingSet

HAPPENED = frozenset({"movimiento_stock"})
"""Facts: a Cambio of nothing else is accepted although its author has lost the right, and flagged."""


FAULT = "El servidor no pudo procesar este cambio por un error del programa; quedó guardado para el supervisor."
MAX_MESSAGE = 1000

log = logging.getLogger(__name__)


class ClonedStation(KnownError):
    """The server knows another Cambio under this station's `n`: two copies of one station are alive."""


class ServerLookup:
    """Where the rules read on the server."""

    def __init__(self, working: WorkingSet) -> None:
        self._working = working

    def row(self, tabla: str, key: str) -> Row | None:
        """The row of now."""
        return self._working.get(tabla, key)

    def next_number(self, serie: str) -> str | None:
        """The next number of a server series."""
        return str(self._working.next_number(serie))


class Batch:
    """One write transaction of `apply`. Call `finish` before its commit."""

    def __init__(self, connection: Connection, ambient: Ambient, prover: Prover, ip: str | None = None) -> None:
        self._connection = connection
        self._ambient = ambient
        self._prover = prover
        self.epoch = epoch_of(connection)
        self._epochs: Tree | None = None
        self._now = ambient.instant()
        self._ip = ip
        self._last = int(connection.execute(select(func.max(cambio.c.version))).scalar() or 0)
        self._rows = WorkingSet(connection)
        self._lookup = ServerLookup(self._rows)
        self._lost = Conflicts(self._rows)
        self._answers: dict[str, dict[str, Any]] = {}
        self._numbers: dict[tuple[str, int], str] = {}
        self._written: dict[Any, list[dict[str, Any]]] = {t: [] for t in (cambio, respuesta, cambio_fila, bitacora)}
        self._actors: dict[str, Actor | None] = {}
        self._announcements: list[Announcement] = []
        self._touched: dict[Key, Touch] = {}
        self._waiting: set[str] = set()
        self._signed_out: set[str] = set()

    def prefetch(self, cambios: Iterable[Cambio], station: Station) -> None:
        """Read what these Cambios can meet, set by set: recorded answers, rows, parents, unique values."""
        wanted = list(cambios)
        for found in rows.chunks({c.id for c in wanted} | {d for c in wanted for d in c.depende}):
            for row in self._connection.execute(select(respuesta).where(respuesta.c.cambio_id.in_(found))).mappings():
                self._answers[row["cambio_id"]] = dict(row)
        for numbers in rows.chunks({c.n for c in wanted}):
            query = select(respuesta.c.n, respuesta.c.cambio_id).where(
                respuesta.c.estacion_id == station.id, respuesta.c.n.in_(numbers)
            )
            self._numbers.update({(station.id, n): key for n, key in self._connection.execute(query)})
        keys: set[Key] = set()
        unique: set[tuple[str, str, Any]] = set()
        for op in (op for item in wanted for op in item.ops if op.tabla in TABLES):
            keys.add((op.tabla, op.id))
            spec = TABLES[op.tabla]
            for name, value in op.campos.items():
                col = spec.by_name.get(name)
                if col is None or not isinstance(value, str):
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
        recorded = self._answers.get(item.id)
        if recorded is not None:
            return self._repeat(item, recorded)
        if item.problem is not None and not (item.id and item.n):
            told = item.problem
            return Answer(id=told.id, resultado="rechazado", motivo=told.motivo, mensaje=told.mensaje)
        if self._numbers.get((station.id, item.n), item.id) != item.id:
            raise ClonedStation(
                f"La estación {station.codigo} está duplicada: su cambio {item.n} ya llegó con otro contenido.",
                "Inscriba esta estación de nuevo.",
            )
        if item.problem is not None:
            return self.refuse(item, station, item.problem.motivo, item.problem.mensaje)
        if item.content_hash() != item.huella:
            return self.refuse(item, station, "huella", "El contenido del cambio no corresponde a su huella.")
        if item.reoferta is not None and closed_to_reoffers(self._connection):
            reason = "La base central se puso atrás a propósito: un supervisor decide sobre este cambio."
            return self.refuse(item, station, "restaurado", reason)
        for key in item.depende:
            parent = self._answers.get(key)
            if parent is not None and parent["resultado"] != "aplicado":
                reason = "Depende de un cambio que no se aceptó."
                return self.refuse(item, station, "dependencia", reason, resultado="dependencia")
        if self._waiting.intersection(item.depende):
            return self._wait(item, "Depende de un cambio que espera a otro.")
        try:
            return self._decide(item, station, trusted=trusted)
        except SQLAlchemyError:
            raise  # of the transaction, not of this Cambio alone: the caller finds out whose it is
        except Exception:
            log.exception("cambio %s", item.id)
            return self.refuse(item, station, "error", FAULT)

    def _decide(self, item: Cambio, station: Station, *, trusted: bool) -> Answer:
        try:
            return self._apply(item, station, trusted=trusted)
        except Rejection as rejection:
            if rejection.motivo == "no_existe" and self._may_come(item):
                return self._wait(item, rejection.message)
            motivo = "permiso_cambiado" if rejection.motivo == "permiso" and self._could(item, station) else None
            if motivo is not None and all(op.tabla in HAPPENED for op in item.ops):
                return self._apply(item, station, author=self._author_then(item), observado=motivo)
            return self.refuse(item, station, motivo or rejection.motivo, str(rejection))

    def refuse(
        self, item: Cambio, station: Station, motivo: str, mensaje: str, *, resultado: str = "rechazado"
    ) -> Answer:
        """Record a refusal, with the content for the supervisor."""
        mensaje = mensaje.replace("\x00", "\ufffd")[:MAX_MESSAGE]
        record = {"resultado": resultado, "motivo": motivo, "mensaje": mensaje}
        record["cuerpo"] = item.problem.cuerpo if item.problem else canonical(item.model_dump(by_alias=True))
        self._record(item, station, record)
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
    ) -> Answer:
        actor = author or self._actor(item.usuario_id)
        instant = _instant(item)
        if item.reoferta is not None or any(_needs_written(op) for op in item.ops):
            self._flush()
        with self._rows.step():
            happened = item.reoferta is not None
            codes = station.codigos | {station.codigo}
            applying = Applying(actor, self._lookup, item.ops, instant, station.id, codes, trusted, happened)
            work = Work(
                item, station, applying, self._rows, self._ambient, self._last + 1, instant, self._ip, observado
            )
            people = {op.id: self._rows.get("usuario", op.id) for op in item.ops if op.tabla == "usuario"}
            for op in item.ops:
                self._op(work, op)
            signed_out = settle(self._rows, people)
        self._last += 1
        if people:
            self._actors.clear()
            self._signed_out |= signed_out
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
                "aprobado_por": None,
            }
        )
        self._written[cambio_fila] += work.feed.values()
        self._written[bitacora] += work.trail
        self._lost.note(work.trail)
        self._announcements += work.announcements
        for key, touch in work.touched.items():
            earlier = self._touched.get(key)
            self._touched[key] = earlier.then(touch) if earlier else touch
        lost = canonical(sorted(work.perdidos)) if work.perdidos else None
        values = {"resultado": "aplicado", "version": self._last, "motivo": observado, "perdidos": lost}
        record = self._record(item, station, values)
        return Answer(
            id=item.id, resultado="aplicado", version=self._last, motivo=observado, recibo=self._receipt(record)
        )

    def _op(self, work: Work, op: Op) -> None:
        if op.tabla not in TABLES:
            raise Rejection("campo", f"No existe la tabla «{op.tabla}».")
        current = self._rows.get(op.tabla, op.id)
        again = work.cambio.reoferta
        if again is not None:
            work.applying.permit(op, current)
        if again is not None and not TABLES[op.tabla].append_only:
            rest = reoffered(work, self._tree(), op, current, again)
            work.touched[op.tabla, op.id] = Touch(None)  # the station shows what it offered, and that may not stand
            self._lost_again(work, op, current, lost_before(op, again))
            if rest is None:
                work.applying.unchanged(op, current)
                return
            if rest.tipo == "alta" and current is not None:
                self._merge(work, rest, current)
                return
            op = rest
        if op.tipo == "alta":
            work.alta(op)
            self._conflicts(work, op, current)
            return
        if current is None:
            raise Rejection("no_existe", f"Esa fila de {op.tabla} no existe en el servidor.")
        if op.tipo == "cambio":
            self._merge(work, op, current)
            return
        work.applying.permit(op, current)
        if int(current["version"] or 0) > op.base and current["estacion_id"] != work.station.id:
            raise Rejection("modificado", "Otra persona cambió esta fila después de que usted la viera.")
        work.baja(op, current)

    def _merge(self, work: Work, op: Op, current: Row) -> None:
        outcome = work.applying.cambio(op, current)
        work.store(op, outcome)
        for name in outcome.lost:
            self._lost.record(work, op, current, name)

    def _tree(self) -> Tree:
        if self._epochs is None:
            self._epochs = tree(self._connection)
        return self._epochs

    def _lost_again(self, work: Work, op: Op, current: Row | None, lost: set[str]) -> None:
        """The conflicts of a history that was lost are kept in this one too."""
        for name in sorted(lost & op.campos.keys()):
            if current is not None and current[name] != op.campos[name]:
                self._lost.record(work, op, current, name)

    def _conflicts(self, work: Work, op: Op, current: Row | None) -> None:
        """What an alta of a row that was there lost."""
        if current is None or current.get("borrado_en") is not None:
            return
        now = self._rows.get(op.tabla, op.id) or {}
        for name, value in op.campos.items():
            if not TABLES[op.tabla].by_name[name].fixed and now[name] != value:
                self._lost.record(work, op, current, name)

    def _actor(self, usuario_id: str) -> Actor:
        if usuario_id not in self._actors:
            self._actors[usuario_id] = actor_of(self._rows.get("usuario", usuario_id), usuario_id)
        actor = self._actors[usuario_id]
        if actor is None:
            raise Rejection("permiso", "El autor del cambio no existe o ya no está activo.")
        return actor

    def _author_then(self, item: Cambio) -> Actor | None:
        """The author with the role that he had when he made the change."""
        if item.visto.version == 0 or not self._knows(item.visto.version, item.visto.cambio_id):
            return None
        self._flush()
        usuario = self._rows.get("usuario", item.usuario_id)
        return actor_then(self._connection, usuario, item.visto.version) if usuario is not None else None

    def _could(self, item: Cambio, station: Station) -> bool:
        """Would his role at `visto` have allowed it?"""
        author = self._author_then(item)
        if author is None:
            return False
        codes = station.codigos | {station.codigo}
        try:
            with self._rows.step():
                applying = Applying(author, self._lookup, item.ops, _instant(item), station.id, codes)
                work = Work(item, station, applying, self._rows, self._ambient, self._last + 1, "", None)
                for op in item.ops:
                    self._op(work, op)
                raise _Enough
        except _Enough:
            return True
        except Rejection:
            return False

    def _may_come(self, item: Cambio) -> bool:
        """Can what it refers to still arrive: from a Cambio that wasn't answered, or from a lost history?"""
        if item.reoferta is not None or any(key not in self._answers for key in item.depende):
            return True
        return item.visto.version > 0 and not self._knows(item.visto.version, item.visto.cambio_id)

    def _knows(self, version: int, cambio_id: str | None) -> bool:
        query = select(cambio.c.cambio_id).where(cambio.c.version == version)
        return version > 0 and self._connection.execute(query).scalar() == cambio_id

    def _wait(self, item: Cambio, mensaje: str) -> Answer:
        self._waiting.add(item.id)
        return Answer(id=item.id, resultado="espera", motivo="no_existe", mensaje=mensaje)

    def _record(self, item: Cambio, station: Station, values: dict[str, Any]) -> dict[str, Any]:
        record = {
            "cambio_id": item.id,
            "estacion_id": station.id,
            "n": item.n,
            "huella": item.huella[:64],
            "resultado": values["resultado"],
            "version": values.get("version"),
            "epoca": self.epoch,
            "arranque": self._prover.start,
            "perdidos": values.get("perdidos"),
            "motivo": values.get("motivo"),
            "mensaje": values.get("mensaje"),
            "cuerpo": values.get("cuerpo"),
            "respondido_en": self._now,
        }
        self._answers[item.id] = record
        self._numbers[station.id, item.n] = item.id
        self._written[respuesta].append(record)
        return record

    def _receipt(self, record: dict[str, Any]) -> Recibo | None:
        """The proof of a recorded answer that took the Cambio."""
        if record["resultado"] != "aplicado":
            return None
        lost = [(tabla, key, campo) for tabla, key, campo in orjson.loads(record["perdidos"] or "[]")]
        return self._prover.receipt(
            record["cambio_id"], record["huella"], record["epoca"], record["arranque"], record["version"], lost
        )

    def _repeat(self, item: Cambio, recorded: dict[str, Any]) -> Answer:
        self._touch_whole(item)
        if recorded["huella"] != item.huella:
            mensaje = "Ya se respondió a otro contenido con este mismo id."
            return Answer(id=item.id, resultado="rechazado", motivo="huella", mensaje=mensaje)
        return Answer(
            id=item.id,
            resultado="repetido",
            original=recorded["resultado"],
            version=recorded["version"],
            motivo=recorded["motivo"],
            mensaje=recorded["mensaje"],
            recibo=self._receipt(recorded),
        )

    def _touch_whole(self, item: Cambio) -> None:
        """The reply carries the rows of this Cambio as they are now."""
        for op in item.ops:
            if op.tabla in TABLES:
                self._touched[op.tabla, op.id] = Touch(None)


class _Enough(Exception):
    """Takes a trial step back."""


def _needs_written(op: Op) -> bool:
    """Does the operation ask the database about rows that refer to its own?"""
    return op.tipo == "baja" or (op.tabla == "orden" and "sucursal_id" in op.campos and op.tipo == "cambio")


def _instant(item: Cambio) -> str:
    try:
        found = instant_of_id(item.id)
    except (ValueError, OverflowError) as error:
        raise Rejection("campo", "El id del cambio no es un UUIDv7.") from error
    if not good_instant(found):
        raise Rejection("campo", f"El id del cambio dice que se hizo en {found[:4]}.", "Revise el reloj.")
    return found


def head(connection: Connection) -> tuple[int, str | None]:
    """The newest version and the id of its Cambio; (0, None) in an empty history."""
    found = connection.execute(text("SELECT version, cambio_id FROM cambio ORDER BY version DESC LIMIT 1")).first()
    return (0, None) if found is None else (int(found[0]), str(found[1]))


def next_number(connection: Connection, nombre: str) -> int:
    """The next number of a series, from 1."""
    serie = metadata.tables["serie"]
    updated = serie.update().where(serie.c.nombre == nombre).values(ultimo=serie.c.ultimo + 1)
    found = connection.execute(updated.returning(serie.c.ultimo)).scalar()
    if found is None:
        connection.execute(insert(serie), {"nombre": nombre, "ultimo": 1})
        return 1
    return int(found)
