"""Push and pull, without HTTP: a simulation drives the same code."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, or_, select

from domain.errors import KnownError
from domain.schema import SCHEMA
from domain.scope import Scope
from domain.tables import SPECS, TABLES, Row, TableSpec
from domain.wire import PROTOCOL, Answer, Baja, ChangesReply, Cursor, Fila, Head, PushReply, PushRequest
from servitec_server.apply import Announcement, Batch, Station, head
from servitec_server.central import Central
from servitec_server.tables import cambio, lapida, metadata

TRANSACTION_S = 0.2
REQUEST_S = 2.0
CHUNK_ROWS = 2000


class Refusal(KnownError):
    """A request that the station has to react to; `error` is one of the codes of docs/protocol.md."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True)
class _Source:
    """A table as the feed reads it."""

    spec: TableSpec
    table: Table
    names: tuple[str, ...]


def _source(spec: TableSpec) -> _Source:
    table = metadata.tables[spec.name]
    return _Source(spec, table, tuple(c.name for c in table.c if not spec.by_name[c.name].server_only))


_SOURCES = tuple(_source(spec) for spec in SPECS)


class SyncHandler:
    """Answers stations. `clock` gives seconds, for the bounds of a push."""

    def __init__(self, central: Central, clock: Callable[[], float] = time.monotonic) -> None:
        self._central = central
        self._clock = clock

    def head(self, scope: str | None = None) -> dict[str, Any]:
        """What every reply carries."""
        identity = self._central.identity
        return {
            "protocol": PROTOCOL,
            "schema": SCHEMA,
            "server_id": identity.server_id,
            "epoch": identity.epoch,
            "scope": scope,
        }

    def check(self, request: Head, scope: Scope | None = None) -> None:
        """Refuse a caller of another protocol, schema, history or scope, before anything is accepted.

        Raises:
            Refusal: esquema (426); epoca, otra_historia, alcance (409).
        """
        if request.protocol != PROTOCOL or request.schema_ != SCHEMA:
            raise Refusal(426, "esquema", "Este programa y el servidor son de versiones distintas: actualícelo.")
        identity = self._central.identity
        if request.server_id not in (None, identity.server_id):
            raise Refusal(409, "otra_historia", "Este servidor es otro.")
        if request.epoch not in (None, identity.epoch):
            raise Refusal(409, "epoca", "La base central se restauró o se creó de nuevo.")
        if scope is not None and request.scope not in (None, scope.hash):
            raise Refusal(409, "alcance", "Lo que esta estación puede ver cambió.")

    def push(self, request: PushRequest, station: Station, ip: str | None = None) -> PushReply:
        """Apply Cambios in order, in transactions of at most TRANSACTION_S each.

        Raises:
            Refusal: nothing of the request was accepted, or (`clonada`) only its first transactions.
        """
        self.check(request)
        answers: list[Answer] = []
        started = self._clock()
        while len(answers) < len(request.cambios) and (not answers or self._clock() - started < REQUEST_S):
            announcements: list[Announcement] = []
            with self._central.store.writing() as connection:
                batch = Batch(connection, self._central.ambient, ip)
                rest = request.cambios[len(answers) :]
                batch.prefetch(rest, station)
                taken: list[Answer] = []
                begun = self._clock()
                for item in rest:
                    taken.append(batch.take(item, station))
                    if self._clock() - begun > TRANSACTION_S:
                        break
                announcements = batch.finish()
                version, cambio_id = head(connection)
            answers += taken
            self._central.publish(announcements)
        if not request.cambios:
            with self._central.store.reading() as connection:
                version, cambio_id = head(connection)
        return PushReply(
            **self.head(request.scope),
            answers=answers,
            head=Cursor(version=version, cambio_id=cambio_id),
            server_time=self._central.ambient.instant(),
        )

    def changes(
        self,
        request: Head,
        desde: Cursor,
        hasta: int | None,
        scope: Scope,
        station: Station,
        limit: int = CHUNK_ROWS,
        *,
        propias: bool = True,
    ) -> ChangesReply:
        """One bounded chunk of what changed after `desde`, up to `hasta` or the head of now.

        Without `propias`, rows whose newest change is the caller's own are left out: its push replies had them.

        Raises:
            Refusal: the cursor isn't of this history, or the caller's head isn't.
        """
        self.check(request, scope)
        with self._central.store.reading() as connection:
            version, cambio_id = head(connection)
            self._check_cursor(connection, desde, version)
            goal = version if hasta is None else min(hasta, version)
            reply = ChangesReply(
                **self.head(scope.hash),
                desde=desde,
                cursor=desde,
                hasta=goal,
                last=True,
                server_time=self._central.ambient.instant(),
            )
            if goal <= desde.version:
                return reply
            sources = [(source, _in_scope(source, scope, station, desde.version, propias)) for source in _SOURCES]
            bound = self._fill(connection, reply, sources, limit)
            self._fill_gone(connection, reply, scope, station, bound)
            reply.last = bound == goal
            found = connection.execute(select(cambio.c.cambio_id).where(cambio.c.version == bound)).scalar_one()
            reply.cursor = Cursor(version=bound, cambio_id=found)
            return reply

    def _check_cursor(self, connection: Connection, desde: Cursor, newest: int) -> None:
        if desde.version == 0 and desde.cambio_id is None:
            return
        found = connection.execute(select(cambio.c.cambio_id).where(cambio.c.version == desde.version)).scalar()
        if desde.version > newest or found != desde.cambio_id:
            raise Refusal(409, "otra_historia", "El servidor no conoce el punto en que quedó esta estación.")

    def _fill(
        self, connection: Connection, reply: ChangesReply, sources: list[tuple[_Source, Select[Any] | None]], limit: int
    ) -> int:
        """Put the rows of a chunk into `reply`; gives the version up to which they are complete."""
        found: list[tuple[TableSpec, list[Row]]] = []
        bound = reply.hasta
        for source, query in sources:
            if query is not None:
                rows, bound = _read(connection, source, query, reply.desde.version, bound, limit)
                found.append((source.spec, rows))
        for spec, rows in found:
            reply.filas += [
                Fila.model_construct(tabla=spec.name, id=str(row["id"]), fila=row)
                for row in rows
                if int(row["version"] or 0) <= bound
            ]
        return bound

    def _fill_gone(
        self, connection: Connection, reply: ChangesReply, scope: Scope, station: Station, bound: int
    ) -> None:
        """Put the deleted rows of a chunk into `reply`."""
        version = lapida.c.version
        gone = select(lapida).where(version > reply.desde.version, version <= bound).order_by(version)
        reply.bajas = [
            Baja(tabla=row["tabla"], id=row["registro_id"], version=row["version"])
            for row in connection.execute(gone).mappings()
            if scope.includes(TABLES[row["tabla"]], {**row, "id": row["registro_id"]}, station.id)
        ]


def _in_scope(source: _Source, scope: Scope, station: Station, after: int, propias: bool) -> Select[Any] | None:
    """The rows of a table that a station may see and doesn't have; None: not this table."""
    if source.spec.name not in scope.tables:
        return None
    columns = source.table.c
    query = select(*(columns[name] for name in source.names)).where(columns.version > after)
    if source.spec.reach == "propia":
        query = query.where(columns.id == station.id)
    elif source.spec.reach == "sucursal" and scope.sucursal_id is not None:
        query = query.where(or_(columns.sucursal_id == scope.sucursal_id, columns.sucursal_id.is_(None)))
    if not propias:
        query = query.where(or_(columns.estacion_id != station.id, columns.estacion_id.is_(None)))
    return query


def _read(
    connection: Connection, source: _Source, query: Select[Any], after: int, bound: int, limit: int
) -> tuple[list[Row], int]:
    """At most about `limit` rows up to `bound`; gives them and the version up to which they are complete."""
    version = source.table.c.version
    window = query.where(version <= bound).order_by(version)
    rows = _rows(connection, source, window.limit(limit + 1))
    if len(rows) <= limit:
        return rows, bound
    complete = int(rows[limit]["version"] or 0) - 1
    if complete > after:
        return rows, complete
    single = int(rows[limit]["version"] or 0)
    return _rows(connection, source, query.where(version == single)), single


def _rows(connection: Connection, source: _Source, query: Select[Any]) -> list[Row]:
    return [dict(zip(source.names, values, strict=True)) for values in connection.execute(query)]
