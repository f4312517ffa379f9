"""What live sockets of stations are told: the change itself, as the chunk that a pull would have brought.

Rendered once for all stations of a scope. A chunk begins where that scope was told last, so that a station which took
that one can take this one; what is far from it, or large, is a nudge.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from domain.scope import Scope
from domain.upgrade import SCHEMA
from domain.wire import ChangesReply, Cursor, LiveEvent
from servitec_server.central import Central
from servitec_server.epochs import epoch_of, holds
from servitec_server.feed import Feed, Options
from servitec_server.handler import SyncHandler
from servitec_server.history import head

log = logging.getLogger(__name__)

MAX_VERSIONS = 50
MAX_BYTES = 32_768
"""A chunk of more versions, or a longer message, isn't sent by itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message for the stations of one scope. `maker`: the one station whose changes alone are in it, if only one.

    `to_look`: stations whose own row changed, which no shared chunk carries: they are to pull.
    """

    message: str
    maker: str | None = None
    to_look: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Place:
    """Where a scope was told last, and up to where nothing has happened for it since."""

    told: Cursor
    silent: Cursor


def nudge(version: int) -> str:
    """The message that says: pull."""
    return LiveEvent(event="sincronizar", version=version).model_dump_json(exclude={"cambios"})


class Chunks:
    """What each scope was told; one call at a time, so that chunks follow each other."""

    def __init__(self, central: Central, handler: SyncHandler) -> None:
        self._central = central
        self._handler = handler
        self._places: dict[Scope, _Place] = {}

    def since_last(self, scopes: Iterable[Scope]) -> dict[Scope, Told]:
        """A message for each of these scopes for which something happened since its last; the others are forgotten."""
        wanted = set(scopes)
        self._places = {scope: place for scope, place in self._places.items() if scope in wanted}
        if not wanted:
            return {}
        try:
            with self._central.store.reading() as connection:
                return self._read(connection, wanted)
        except SQLAlchemyError:
            log.exception("live: what changed can't be read")
            self._places.clear()
            return {scope: Told(nudge(0)) for scope in wanted}

    def _read(self, connection: Connection, scopes: set[Scope]) -> dict[Scope, Told]:
        epoch = epoch_of(connection)
        now = self._central.prover.cursor(epoch, *head(connection))
        found = {scope: self._of(connection, scope, epoch, now) for scope in scopes}
        return {scope: told for scope, told in found.items() if told is not None}

    def _of(self, connection: Connection, scope: Scope, epoch: str, now: Cursor) -> Told | None:
        place = self._places.get(scope)
        if place is not None and place.silent.place == now.place and place.told.epoca == epoch:
            return None
        if place is None or not _follows(connection, place, now):
            self._places[scope] = _Place(now, now)
            return Told(nudge(now.version))
        reply = ChangesReply(
            **self._handler.head(scope.hash, SCHEMA, epoch),
            desde=place.told,
            cursor=now,
            hasta=now.version,
            last=True,
            server_time=self._central.ambient.instant(),
        )
        feed = Feed(connection, scope, "", SCHEMA, Options())
        bound = feed.fill(reply, place.silent.version)
        place.silent = now
        if not (reply.grupos or reply.bajas or reply.salidas or feed.passed_over):
            return None
        place.told = now
        event = LiveEvent(event="sincronizar", version=now.version, cambios=reply)
        message = event.model_dump_json(by_alias=True, exclude_none=True)
        maker = feed.maker
        if bound < now.version or len(message) > MAX_BYTES:
            message = nudge(now.version)
        return Told(message, maker, frozenset(feed.passed_over))


def _follows(connection: Connection, place: _Place, now: Cursor) -> bool:
    """May a chunk go from there to here? Only in one history: the database may have been put back meanwhile."""
    near = place.told.epoca == now.epoca and 0 < now.version - place.silent.version <= MAX_VERSIONS
    return near and all(holds(connection, p.version, p.cambio_id) for p in (place.told, place.silent))
