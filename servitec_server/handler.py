"""Push and pull, without HTTP: a simulation drives the same code."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import InterfaceError, OperationalError

from domain.base.errors import KnownError
from domain.scope import Scope
from domain.upgrade import SCHEMA, SERVED, upgraded
from domain.wire import PROTOCOL, Answer, Cambio, ChangesReply, Cursor, Head, PushReply, PushRequest
from servitec_server import feed, rows
from servitec_server.authors import due, note_visit
from servitec_server.batch import FAULT, Batch
from servitec_server.central import Central
from servitec_server.epochs import epoch_of, holds, put_back
from servitec_server.history import head
from servitec_server.origin import Station
from servitec_server.reply import NOTHING, RowsReply
from servitec_server.snapshot import Snapshot, SnapshotFailed, Snapshots
from servitec_server.stations import revoked
from servitec_server.tables import cambio

log = logging.getLogger(__name__)

VERSION = "0.1.0"
TRANSACTION_S = 0.2
AHEAD = 250
"""For so many Cambios at a time what they can meet is read: time may run out before the others."""
REQUEST_S = 2.0
FAR, AS_MANY = 10_000, 4
"""From so many versions behind, a snapshot of at most AS_MANY rows for each is cheaper: a changed row costs a station
about 190 microseconds, a row of a snapshot that isn't built yet 46 (docs/performance.md).
"""
OLD = (
    "Este programa es demasiado antiguo para recibir lo que hacen los demás: actualícelo. "
    "Lo que se hace aquí se guarda y se entrega igual."
)
REVOKED = "Esta estación fue revocada."
RESTORED = "La base central se restauró o se creó de nuevo."


class Refusal(KnownError):
    """A request that the station has to react to; `error` is one of the codes of docs/protocol.md."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True)
class _Sender:
    """Where a push came from, the epoch that it was checked against, and which of its Cambios have to wait."""

    station: Station
    epoch: str
    ip: str | None
    request: Head
    waiting: set[str] = field(default_factory=set)


class _Unwritten(Exception):
    """Something of a transaction can't be written."""


class PutBack(Exception):
    """A sealed cursor of the present epoch isn't in the history: the database was put back."""

    def __init__(self, cursor: Cursor) -> None:
        super().__init__(f"version {cursor.version}")
        self.cursor = cursor


class SyncHandler:
    """Answers stations. `clock` gives seconds, for the bounds of a push."""

    def __init__(self, central: Central, clock: Callable[[], float] = time.monotonic) -> None:
        self._central = central
        self._clock = clock
        self.snapshots = Snapshots(central)

    def head(self, scope: str | None = None, schema: int = SCHEMA, epoch: str | None = None) -> dict[str, Any]:
        """What every reply carries; `epoch` as the transaction that the reply is from read it."""
        return {
            "protocol": PROTOCOL,
            "schema": schema,
            "server_id": self._central.identity.server_id,
            "epoch": epoch or self._central.epoch(),
            "scope": scope,
            "server_version": VERSION,
        }

    def check(self, connection: Connection, request: Head, station: Station, scope: Scope | None, oldest: int) -> None:
        """Refuse a caller of another protocol, history or scope, a schema that isn't from `oldest` on, or a clone,
        before anything is accepted.

        Raises:
            Refusal: esquema (426); epoca, otra_historia, alcance, clonada (409).
            PutBack: the caller was here in a history that is gone.
        """
        if request.protocol != PROTOCOL or request.schema_ > SCHEMA:
            raise Refusal(426, "esquema", "Este programa es más nuevo que el servidor: hay que actualizar el servidor.")
        if request.schema_ < oldest:
            raise Refusal(426, "esquema", OLD)
        if request.server_id not in (None, self._central.identity.server_id):
            raise Refusal(409, "otra_historia", "Este servidor es otro.")
        present = epoch_of(connection)
        if request.epoch not in (None, present):
            raise Refusal(409, "epoca", RESTORED)
        for place in (request.cursor, request.furthest):
            if place is not None and self._central.prover.sealed(place) and put_back(connection, place, present):
                raise PutBack(place)
        if scope is not None and request.scope not in (None, scope.hash):
            raise Refusal(409, "alcance", "Lo que esta estación puede ver cambió.")
        if request.n is not None:
            known = rows.first(connection, "SELECT max(n) FROM respuesta WHERE estacion_id = ?", station.id)
            if known is not None and (known[0] or 0) > request.n:
                raise Refusal(409, "clonada", "El servidor conoce cambios de esta estación que aquí no se hicieron.")

    @contextmanager
    def _visit(
        self, request: Head, station: Station, scope: Scope | None = None, oldest: int | None = None
    ) -> Iterator[Connection]:
        """A consistent view for a caller who passed `check`; one who shows that the database was put back opens an
        epoch, before anything is taken.

        Raises:
            Refusal: as `check`; epoca.
        """
        try:
            with self._central.store.reading() as connection:
                self.check(connection, request, station, scope, SCHEMA - SERVED if oldest is None else oldest)
                yield connection
        except PutBack as found:
            self._central.branch_off(found.cursor)
            raise Refusal(409, "epoca", RESTORED) from None

    def _check_receipts(self, connection: Connection, request: PushRequest) -> None:
        """A good receipt of the present epoch for a Cambio that isn't known shows the same as such a cursor."""
        epoch, prover = epoch_of(connection), self._central.prover
        for item in request.cambios:
            for r in item.reoferta or ():
                place = Cursor(version=r.version, cambio_id=item.id, epoca=r.epoca, arranque=r.arranque)
                known = r.epoca != epoch or not prover.accepted(r, item.id, item.content_hash())
                if not known and put_back(connection, place):
                    raise PutBack(place)

    def push(
        self, request: PushRequest, station: Station, scope: Scope | None = None, ip: str | None = None
    ) -> PushReply:
        """Apply Cambios in order, in transactions of at most TRANSACTION_S each.

        `scope` is that of the person who is signed in at the station; without one, or where the station holds another,
        the reply has only answers: what was made is taken whatever its maker may see now, also from an old program
        that can get no other scope.

        Raises:
            Refusal, ClonedStation: perhaps its first transactions were accepted.
        """
        if scope is not None and (station.revocada or request.scope not in (None, scope.hash)):
            scope = None
        known = _whatever_it_knows(request) if station.revocada else request
        with self._visit(known, station, scope, oldest=1) as connection:
            self._check_receipts(connection, request)
            reply = RowsReply(scope or NOTHING, station.id, request.schema_)
            told = self.head(scope.hash if scope else None, request.schema_, epoch_of(connection))
            version, cambio_id = head(connection)
        sender = _Sender(station, str(told["epoch"]), ip, request)
        answers: list[Answer] = []
        alone = False
        started = self._clock()
        while len(answers) < len(request.cambios) and (not answers or self._clock() - started < REQUEST_S):
            rest = request.cambios[len(answers) :]
            try:
                taken, (version, cambio_id) = self._transaction(rest[:1] if alone else rest, sender, reply)
            except _Unwritten as error:
                if not alone and len(rest) > 1:
                    alone = True
                    continue
                log.error("cambio %s", rest[0].id, exc_info=error.__cause__)
                taken, (version, cambio_id) = self._transaction(rest[:1], sender, reply, refused=True)
            answers += taken
        return PushReply(
            **told,
            answers=answers,
            grupos=reply.grupos(),
            ausentes=reply.ausentes,
            head=Cursor() if station.revocada else self._central.prover.cursor(sender.epoch, version, cambio_id),
            revocada=station.revocada,
            server_time=self._central.ambient.instant(),
        )

    def _transaction(
        self, items: Sequence[Cambio], sender: _Sender, reply: RowsReply, *, refused: bool = False
    ) -> tuple[list[Answer], tuple[int, str | None]]:
        """One transaction.

        Raises:
            _Unwritten: the database didn't take what one of these Cambios makes of its rows; nothing was kept.
        """
        station = sender.station
        answers: list[Answer] = []
        with self._central.store.writing() as connection:
            try:
                batch = Batch(connection, self._central.ambient, self._central.prover, sender.ip, sender.waiting)
                if batch.epoch != sender.epoch:
                    raise Refusal(409, "epoca", RESTORED)
                if not station.revocada and revoked(connection, station.id):
                    raise Refusal(403, "revocada", REVOKED)
                items = [upgraded(item) for item in items]
                begun = self._clock()
                for place, item in enumerate(items):
                    if place % AHEAD == 0:
                        batch.prefetch(items[place : place + AHEAD], station)
                    if refused:
                        answers.append(batch.refuse(item, station, "error", FAULT))
                    else:
                        answers.append(batch.take(item, station))
                    if self._clock() - begun > TRANSACTION_S:
                        break
                announcements = batch.finish()
                self._note(connection, sender.request, station)
                rows_reply = batch.reply_rows(reply.scope, station.id, reply.schema)
                newest = head(connection)
            except (KnownError, OperationalError, InterfaceError):
                raise
            except Exception as error:
                if refused:
                    raise
                raise _Unwritten from error
        reply.take(rows_reply)
        sender.waiting.update(batch.waiting)
        self._central.publish(announcements)
        return answers, newest

    def changes(
        self,
        request: Head,
        hasta: int | None,
        scope: Scope,
        station: Station,
        options: feed.Options = feed.Options(),  # noqa: B008  (frozen)
    ) -> ChangesReply:
        """One bounded chunk of what changed after the request's cursor, up to `hasta` or the head of now.

        Raises:
            Refusal: the cursor isn't of this history, or lies before what is kept, or the caller's head isn't good.
        """
        reply, unknown = self._chunk(request, hasta, scope, station, options)
        if unknown:
            with self._central.store.writing() as connection:
                self._note(connection, request, station)
        return reply

    def _chunk(
        self, request: Head, hasta: int | None, scope: Scope, station: Station, options: feed.Options
    ) -> tuple[ChangesReply, bool]:
        """And whether this visit is to be noted."""
        with self._visit(request, station, scope) as connection:
            version, cambio_id = head(connection)
            desde = request.cursor or Cursor()
            if desde.place != (version, cambio_id):
                self._check_cursor(connection, desde, version)
            unknown = due(connection, station.id, request.n, desde.version, self._central.ambient.instant())
            goal = version if hasta is None else min(hasta, version)
            epoch, prover = request.epoch or epoch_of(connection), self._central.prover
            reply = ChangesReply(
                **self.head(scope.hash, request.schema_, epoch),
                desde=desde,
                cursor=prover.cursor(epoch, desde.version, desde.cambio_id),
                hasta=goal,
                last=True,
                server_time=self._central.ambient.instant(),
            )
            source = feed.Feed(connection, scope, station.id, request.schema_, options)
            behind = goal - desde.version if hasta is None else 0
            reply.far = behind >= FAR and behind * AS_MANY >= source.held()
            if goal > desde.version:
                bound = source.fill(reply)
                reply.last = bound == goal
                found = connection.execute(select(cambio.c.cambio_id).where(cambio.c.version == bound)).scalar_one()
                reply.cursor = prover.cursor(epoch, bound, found)
            if options.propias and reply.last:
                source.add_own_row(reply)
            if options.digest and reply.last and goal == version:
                reply.digest = source.digest()
            return reply, unknown

    def _note(self, connection: Connection, request: Head, station: Station) -> None:
        """Remember from where the station asked: what it makes from now on has seen that."""
        cursor, now = request.cursor, self._central.ambient.instant()
        if cursor is None or request.n is None or not due(connection, station.id, request.n, cursor.version, now):
            return
        if holds(connection, cursor.version, cursor.cambio_id):
            note_visit(connection, station.id, request.n, cursor.version, now)

    def snapshot(self, request: Head, scope: Scope, station: Station, *, wait: bool) -> Snapshot | None:
        """A ready replica for this scope; None while one is being built and `wait` is false.

        Raises:
            Refusal: esquema, clonada or instantanea.
        """
        with self._visit(request.model_copy(update={"server_id": None, "epoch": None}), station):
            pass
        try:
            return self.snapshots.get(scope, request.schema_, wait=wait)
        except SnapshotFailed as failed:
            raise Refusal(503, "instantanea", failed.message) from failed

    def _check_cursor(self, connection: Connection, desde: Cursor, newest: int) -> None:
        floor = rows.first(connection, "SELECT valor FROM servidor WHERE clave = 'piso'")
        if floor is not None and desde.version < int(floor[0]):
            raise Refusal(409, "piso", "Esta estación estuvo demasiado tiempo sin sincronizar.")
        if desde.version == 0 and desde.cambio_id is None:
            return
        if desde.version > newest or not holds(connection, desde.version, desde.cambio_id):
            raise Refusal(409, "otra_historia", "El servidor no conoce el punto en que quedó esta estación.")


def _whatever_it_knows(request: PushRequest) -> Head:
    """Of a station that may only hand over what it has, neither its place nor its last number matters."""
    return Head(protocol=request.protocol, schema=request.schema_, server_id=request.server_id)
