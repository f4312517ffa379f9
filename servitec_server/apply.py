"""The one write path: sync pushes, REST and administration all go through `Batch.take`.

A Batch is one write transaction; each Cambio in it has a savepoint of its own and, when it is applied, one
version, without gaps.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.ambient import Ambient, instant_of_id
from domain.errors import KnownError, Rejection
from domain.events import event_of
from domain.permissions import SISTEMA, Actor
from domain.rules import Applying
from domain.scope import visible
from domain.tables import CHILDREN, TABLES, ReadRow, Row
from domain.wire import Answer, Cambio, Fila, Op, Perdido, canonical, fingerprint
from servitec_server import rows
from servitec_server.conflicts import record_conflict
from servitec_server.tables import bitacora, cambio, lapida, respuesta, serie

log = logging.getLogger(__name__)


class ClonedStation(KnownError):
    """The server knows another Cambio under this station's `n`: two copies of one station are alive."""


@dataclass(frozen=True, slots=True)
class Station:
    """The station that a Cambio comes from."""

    id: str
    codigo: str
    sucursal_id: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event to publish after the commit; `row` decides who may hear it."""

    event: str
    tabla: str
    row: Row
    version: int
    estacion_id: str


@dataclass(slots=True)
class _Work:
    """What one Cambio does inside its savepoint."""

    cambio: Cambio
    station: Station
    applying: Applying
    version: int
    instant: str
    filas: dict[tuple[str, str], Row | None] = field(default_factory=dict)
    perdidos: list[Perdido] = field(default_factory=list)
    trail: list[dict[str, Any]] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)


def actor_of(connection: Connection, usuario_id: str) -> Actor | None:
    """The person behind an account that may work, with his role of now."""
    if usuario_id == SISTEMA.usuario_id:
        return SISTEMA
    row = rows.get(connection, "usuario", usuario_id)
    if row is None or not row["activo"]:
        return None
    names = ("sucursal_id", "empleado_id", "cliente_id")
    branch, employee, client = (None if row[n] is None else str(row[n]) for n in names)
    return Actor(usuario_id, str(row["rol"]), branch, employee, client, str(row["username"]))


def next_number(connection: Connection, nombre: str) -> int:
    """The next number of a series, from 1."""
    found = connection.execute(
        update(serie).where(serie.c.nombre == nombre).values(ultimo=serie.c.ultimo + 1).returning(serie.c.ultimo)
    ).scalar()
    if found is None:
        connection.execute(insert(serie), {"nombre": nombre, "ultimo": 1})
        return 1
    return int(found)


class ServerLookup:
    """Where the rules read on the server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def row(self, tabla: str, key: str) -> Row | None:
        """The row of now."""
        return rows.get(self._connection, tabla, key)

    def next_number(self, serie: str) -> str | None:
        """The next number of a server series."""
        return str(next_number(self._connection, serie))


class Batch:
    """One write transaction of `apply`. Call `finish` before its commit."""

    def __init__(self, connection: Connection, ambient: Ambient, ip: str | None = None) -> None:
        self._connection = connection
        self._ambient = ambient
        self._ip = ip
        self._last = int(connection.execute(select(func.max(cambio.c.version))).scalar() or 0)
        self._lookup = ServerLookup(connection)
        self._answers: dict[str, dict[str, Any]] = {}
        self._numbers: dict[tuple[str, int], str] = {}
        self._history: list[dict[str, Any]] = []
        self._new_answers: list[dict[str, Any]] = []
        self._trail: list[dict[str, Any]] = []
        self._actors: dict[str, Actor | None] = {}
        self._announcements: list[Announcement] = []

    def prefetch(self, cambios: Iterable[Cambio], station: Station) -> None:
        """Read the recorded answers that these Cambios can meet, in two statements."""
        wanted = list(cambios)
        ids = {c.id for c in wanted} | {d for c in wanted for d in c.depende}
        for found in _chunks(sorted(ids)):
            for row in self._connection.execute(select(respuesta).where(respuesta.c.cambio_id.in_(found))).mappings():
                self._answers[row["cambio_id"]] = dict(row)
        for numbers in _chunks(sorted({c.n for c in wanted})):
            query = select(respuesta.c.n, respuesta.c.cambio_id).where(
                respuesta.c.estacion_id == station.id, respuesta.c.n.in_(numbers)
            )
            self._numbers.update({(station.id, n): key for n, key in self._connection.execute(query)})

    def take(self, item: Cambio, station: Station, *, trusted: bool = False) -> Answer:
        """Apply one Cambio, prefetched, or say why not.

        Raises:
            ClonedStation: nothing of the batch may be committed.
        """
        recorded = self._answers.get(item.id)
        if recorded is not None:
            return self._repeat(item, recorded)
        if self._numbers.get((station.id, item.n), item.id) != item.id:
            raise ClonedStation(
                f"La estación {station.codigo} está duplicada: su cambio {item.n} ya llegó con otro contenido.",
                "Inscriba esta estación de nuevo.",
            )
        if fingerprint(item.model_dump(by_alias=True)) != item.huella:
            return self._refuse(item, station, "huella", "El contenido del cambio no corresponde a su huella.")
        unanswered = False
        for key in item.depende:
            parent = self._answers.get(key)
            if parent is None:
                unanswered = True
            elif parent["resultado"] != "aplicado":
                text_ = "Depende de un cambio que no se aceptó."
                return self._refuse(item, station, "dependencia", text_, resultado="dependencia")
        try:
            return self._apply(item, station, trusted=trusted)
        except Rejection as rejection:
            if unanswered and rejection.motivo == "no_existe":
                return Answer(id=item.id, resultado="espera", motivo="no_existe", mensaje=rejection.message)
            return self._refuse(item, station, rejection.motivo, str(rejection))

    def finish(self) -> list[Announcement]:
        """Write what is written once a transaction; gives what to announce after the commit."""
        self._flush()
        return self._announcements

    def _flush(self) -> None:
        for table, records in ((cambio, self._history), (respuesta, self._new_answers), (bitacora, self._trail)):
            if records:
                self._connection.execute(insert(table), records)
                records.clear()

    def _apply(self, item: Cambio, station: Station, *, trusted: bool) -> Answer:
        actor = self._actor(item.usuario_id)
        instant = _instant(item)
        version = self._last + 1
        try:
            with self._connection.begin_nested():
                applying = Applying(actor, self._lookup, item.ops, instant, station.id, station.codigo, trusted=trusted)
                work = _Work(item, station, applying, version, instant)
                for op in item.ops:
                    self._op(work, op)
        except IntegrityError as error:
            raise self._explain(item, error) from error
        except DBAPIError as error:
            log.warning("cambio %s: %s", item.id, error.orig)
            raise Rejection("campo", "La base de datos central no admite un valor de este cambio.") from error
        self._last = version
        if any(op.tabla == "usuario" for op in item.ops):
            self._actors.clear()
        now = self._ambient.instant()
        self._history.append(
            {
                "version": version,
                "cambio_id": item.id,
                "estacion_id": station.id,
                "usuario_id": item.usuario_id,
                "n": item.n,
                "aplicado_en": now,
            }
        )
        self._trail += work.trail
        self._announcements += work.announcements
        self._record(item, station, {"resultado": "aplicado", "version": version})
        filas = [Fila(tabla=t, id=k, fila=row and _seen(t, row)) for (t, k), row in work.filas.items()]
        return Answer(id=item.id, resultado="aplicado", version=version, filas=filas, perdidos=work.perdidos)

    def _actor(self, usuario_id: str) -> Actor:
        if usuario_id not in self._actors:
            self._actors[usuario_id] = actor_of(self._connection, usuario_id)
        actor = self._actors[usuario_id]
        if actor is None:
            raise Rejection("permiso", "El autor del cambio no existe o ya no está activo.")
        return actor

    def _op(self, work: _Work, op: Op) -> None:
        if op.tipo == "alta":
            self._alta(work, op)
            return
        if op.tabla not in TABLES:
            raise Rejection("campo", f"No existe la tabla «{op.tabla}».")
        current = rows.get(self._connection, op.tabla, op.id)
        if current is None:
            raise Rejection("no_existe", f"Esa fila de {op.tabla} no existe en el servidor.")
        if op.tipo == "cambio":
            self._cambio(work, op, current)
        else:
            self._baja(work, op, current)

    def _alta(self, work: _Work, op: Op) -> None:
        row = work.applying.alta(op).after | {"version": work.version}
        if op.tabla == "comentario":
            self._check_entidad(row)
        rows.add(self._connection, op.tabla, row)
        self._note(work, op, row, None, dict(op.campos))

    def _check_entidad(self, row: ReadRow) -> None:
        """A comment's parent is no foreign key of the database."""
        entidad = str(row["entidad"])
        if entidad not in TABLES or rows.get(self._connection, entidad, str(row["entidad_id"])) is None:
            raise Rejection("no_existe", f"No existe la fila de {entidad} que se comenta.")

    def _cambio(self, work: _Work, op: Op, current: Row) -> None:
        outcome = work.applying.cambio(op, current)
        row = outcome.after | {"version": work.version}
        applied = [name for name in op.campos if name not in outcome.lost and current[name] != row[name]]
        if outcome.lost:
            self._flush()
        for name in outcome.lost:
            conflicto = record_conflict(self._connection, self._ambient, work, op, current, name)
            work.filas["conflicto", str(conflicto["id"])] = conflicto
            lost = Perdido(
                tabla=op.tabla,
                id=op.id,
                campo=name,
                valor_servidor=current[name],
                valor_tardio=op.campos[name],
                conflicto_id=str(conflicto["id"]),
            )
            work.perdidos.append(lost)
            work.announcements.append(
                Announcement("conflicto_creado", "conflicto", conflicto, work.version, work.station.id)
            )
        if not applied and outcome.lost:
            work.filas[op.tabla, op.id] = current
            return
        rows.change(self._connection, op.tabla, row)
        self._note(work, op, row, {n: current[n] for n in applied}, {n: row[n] for n in applied})

    def _baja(self, work: _Work, op: Op, current: Row) -> None:
        work.applying.permit_baja(op, current)
        if int(current["version"] or 0) > op.base and current["estacion_id"] != work.station.id:
            raise Rejection("modificado", "Otra persona cambió esta fila después de que usted la viera.")
        before = {k: v for k, v in _seen(op.tabla, current).items() if v is not None}
        if self._has_children(op):
            if "borrado_en" not in current:
                raise Rejection("en_uso", f"Esta fila de {op.tabla} está en uso.", "Desactívela en vez de borrarla.")
            row = current | {"borrado_en": work.instant, "version": work.version}
            row |= {"actualizado_por": work.cambio.usuario_id, "actualizado_en": work.instant}
            row["estacion_id"] = work.station.id
            rows.change(self._connection, op.tabla, row)
            self._note(work, op, row, before, None)
            return
        rows.drop(self._connection, op.tabla, op.id)
        self._connection.execute(
            insert(lapida),
            {
                "tabla": op.tabla,
                "registro_id": op.id,
                "version": work.version,
                "sucursal_id": current.get("sucursal_id"),
            },
        )
        self._note(work, op, current, before, None)
        work.filas[op.tabla, op.id] = None

    def _has_children(self, op: Op) -> bool:
        pairs = [*CHILDREN[op.tabla]]
        if op.tabla in ("orden", "cliente"):
            pairs.append(("comentario", "entidad_id"))
        return any(rows.find(self._connection, tabla, column, op.id) is not None for tabla, column in pairs)

    def _note(self, work: _Work, op: Op, row: Row, antes: ReadRow | None, despues: ReadRow | None) -> None:
        """Answer, audit trail and announcement of a row that changed."""
        work.filas[op.tabla, op.id] = row
        secret = {c.name for c in TABLES[op.tabla].cols if c.server_only}
        work.trail.append(
            {
                "version": work.version,
                "cambio_id": work.cambio.id,
                "ocurrio_en": work.instant,
                "usuario_id": work.cambio.usuario_id,
                "estacion_id": work.station.id,
                "accion": op.tipo,
                "entidad": op.tabla,
                "entidad_id": op.id,
                "antes": _without(antes, secret),
                "despues": _without(despues, secret),
                "ip": self._ip,
            }
        )
        event = Announcement(event_of(op), op.tabla, _seen(op.tabla, row), work.version, work.station.id)
        work.announcements.append(event)

    def _explain(self, item: Cambio, error: IntegrityError) -> Rejection:
        """What an integrity error of the database means in the words of the business."""
        made = {(op.tabla, op.id) for op in item.ops if op.tipo == "alta"}
        for op in item.ops:
            spec = TABLES[op.tabla]
            if op.tipo == "alta" and rows.get(self._connection, op.tabla, op.id) is not None:
                return Rejection("duplicado", f"Ya existe esa fila de {op.tabla}.")
            for name, value in op.campos.items():
                ref = spec.by_name[name].ref
                if value is None:
                    continue
                if ref and (ref, value) not in made and rows.get(self._connection, ref, str(value)) is None:
                    return Rejection("no_existe", f"«{op.tabla}.{name}» señala una fila que no existe.")
                if name in spec.unique:
                    other = rows.find(self._connection, op.tabla, name, value)
                    if other is not None and other != op.id:
                        return Rejection("duplicado", f"Ya existe {op.tabla} con {name} «{value}».")
        log.warning("cambio %s: %s", item.id, error.orig)
        return Rejection("duplicado", "El cambio choca con otra fila del servidor.")

    def _refuse(
        self, item: Cambio, station: Station, motivo: str, mensaje: str, *, resultado: str = "rechazado"
    ) -> Answer:
        record = {"resultado": resultado, "motivo": motivo, "mensaje": mensaje}
        record["cuerpo"] = canonical(item.model_dump(by_alias=True))
        self._record(item, station, record)
        values: dict[str, Any] = {"id": item.id, "resultado": resultado, "motivo": motivo, "mensaje": mensaje}
        return Answer(**values, filas=self._filas_now(item))

    def _record(self, item: Cambio, station: Station, values: dict[str, Any]) -> None:
        record: dict[str, Any] = {"version": None, "motivo": None, "mensaje": None, "cuerpo": None, **values}
        record |= {"cambio_id": item.id, "estacion_id": station.id, "n": item.n, "huella": item.huella[:64]}
        record["respondido_en"] = self._ambient.instant()
        self._answers[item.id] = record
        self._numbers[station.id, item.n] = item.id
        self._new_answers.append(record)

    def _repeat(self, item: Cambio, recorded: dict[str, Any]) -> Answer:
        if recorded["huella"] != item.huella:
            mensaje = "Ya se respondió a otro contenido con este mismo id."
            return Answer(
                id=item.id, resultado="rechazado", motivo="huella", mensaje=mensaje, filas=self._filas_now(item)
            )
        return Answer(
            id=item.id,
            resultado="repetido",
            original=recorded["resultado"],
            version=recorded["version"],
            motivo=recorded["motivo"],
            mensaje=recorded["mensaje"],
            filas=self._filas_now(item),
        )

    def _filas_now(self, item: Cambio) -> list[Fila]:
        """The rows of a Cambio as the server holds them now."""
        filas = []
        for tabla, key in dict.fromkeys((op.tabla, op.id) for op in item.ops if op.tabla in TABLES):
            row = rows.get(self._connection, tabla, key)
            filas.append(Fila(tabla=tabla, id=key, fila=None if row is None else _seen(tabla, row)))
        return filas


def _seen(tabla: str, row: ReadRow) -> Row:
    return visible(TABLES[tabla], row)


def _without(values: ReadRow | None, secret: set[str]) -> str | None:
    return None if values is None else canonical({k: v for k, v in values.items() if k not in secret})


def _instant(item: Cambio) -> str:
    try:
        return instant_of_id(item.id)
    except (ValueError, OverflowError) as error:
        raise Rejection("campo", "El id del cambio no es un UUIDv7.") from error


def _chunks(values: list[Any], size: int = 500) -> Iterable[list[Any]]:
    return (values[i : i + size] for i in range(0, len(values), size))


def head(connection: Connection) -> tuple[int, str | None]:
    """The newest version and the id of its Cambio; (0, None) in an empty history."""
    found = connection.execute(text("SELECT version, cambio_id FROM cambio ORDER BY version DESC LIMIT 1")).first()
    return (0, None) if found is None else (int(found[0]), str(found[1]))
