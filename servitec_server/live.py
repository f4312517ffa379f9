"""Announcements to open WebSockets, by scope, after the commit. Nothing depends on their arrival."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import orjson
import redis
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from domain.base.row import Row
from domain.model import TABLES
from domain.scope import Scope, keys_of, stored_keys, visible
from domain.upgrade import SCHEMA
from domain.wire import LiveEvent
from servitec_server.announcement import Announcement
from servitec_server.chunks import Chunks, Told, nudge

log = logging.getLogger(__name__)

QUEUE = 200
REVOKED, SIGN_IN_AGAIN = 4403, 4401
"""Close codes: the station was revoked; the person's session ended."""
RETRY_S = 2.0
REDIS_S, AWAY_S = 1.0, 10.0
"""So long Redis is waited for, and left alone once it didn't answer: nobody's push waits behind each announcement."""


@dataclass(eq=False, slots=True)
class Listener:
    """An open socket: what it may hear, and what it has still to be told. An int in the queue closes it."""

    scope: Scope
    familia: str
    estacion_id: str | None
    queue: asyncio.Queue[str | int] = field(default_factory=lambda: asyncio.Queue(QUEUE))


class Hub:
    """The open sockets of this process. `publish` and `spread` may be called from any thread but the event loop's."""

    def __init__(self, chunks: Chunks) -> None:
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._chunks = chunks
        self._in_order = threading.Lock()

    def join(self, listener: Listener) -> None:
        """Add a socket; from the event loop."""
        self._loop = asyncio.get_running_loop()
        self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        """Remove a socket."""
        self._listeners.discard(listener)

    def families(self) -> set[str]:
        """The sessions that have an open socket here; from the event loop."""
        return {listener.familia for listener in self._listeners}

    def stations(self) -> set[str]:
        """The stations that have an open socket here; from the event loop."""
        return {listener.estacion_id for listener in self._listeners if listener.estacion_id is not None}

    def publish(self, announcements: list[Announcement]) -> None:
        """Tell everybody who may hear it; a station isn't told of its own changes."""
        if not self._listeners:
            return
        self.spread([_packed(item) for item in announcements])

    def spread(self, items: list[dict[str, Any]]) -> None:
        """The same for announcements that may come from another process."""
        with self._in_order:
            loop, listeners = self._loop, tuple(self._listeners)
            if loop is None or not listeners:
                return
            told = self._chunks.since_last(item.scope for item in listeners if item.estacion_id is not None)
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._spread, items, told)

    def _spread(self, items: list[dict[str, Any]], told: dict[Scope, Told]) -> None:
        for listener in tuple(self._listeners):
            code = next(filter(None, (_closes(listener, item["tabla"], item["row"]) for item in items)), None)
            if code is not None:
                self.leave(listener)
                _put(listener, code)
            elif listener.estacion_id is None:
                for item in items:
                    _tell_event(listener, item)
            else:
                _tell_station(listener, listener.estacion_id, told.get(listener.scope))


def _tell_event(listener: Listener, item: dict[str, Any]) -> None:
    """An event with its row, for a listener that holds none."""
    spec, row = TABLES.get(item["tabla"]), item["row"]
    if spec is None:
        return
    if listener.scope.includes(spec, row, ""):
        allowed = listener.scope.columns(spec, SCHEMA)
        data: Row = {name: row[name] for name in allowed if name in row}
        event = LiveEvent(event=item["event"], data=data, version=item["version"])
        _put(listener, event.model_dump_json(exclude={"cambios"}))
    elif listener.scope.includes(spec, row | keys_of(spec, item["claves_antes"]), ""):
        _put(listener, nudge(item["version"]))


def _tell_station(listener: Listener, estacion_id: str, told: Told | None) -> None:
    """The chunk of its scope, unless nothing but its own changes is in it; to pull, where its own row changed."""
    if told is None:
        return
    if estacion_id in told.to_look:
        _put(listener, nudge(0))
    elif told.maker != estacion_id:
        _put(listener, told.message)


def _packed(item: Announcement) -> dict[str, Any]:
    if item.tabla not in TABLES:
        return {"tabla": item.tabla, "row": item.row}
    return {
        "event": item.event,
        "tabla": item.tabla,
        "row": visible(TABLES[item.tabla], item.row),
        "version": item.version,
        "estacion_id": item.estacion_id,
        "claves_antes": item.claves_antes or stored_keys(TABLES[item.tabla], item.row),
    }


def _closes(listener: Listener, tabla: str, row: Row) -> int | None:
    """Does this change end the socket? With which code?"""
    if tabla == "estacion" and row["id"] == listener.estacion_id and row["estado"] != "activo":
        return REVOKED
    return SIGN_IN_AGAIN if tabla == "sesion" and row["familia"] == listener.familia else None


def _put(listener: Listener, message: str | int) -> None:
    """Queue a message; a listener that doesn't keep up is told to pull, once."""
    if listener.queue.full():
        while not listener.queue.empty():
            listener.queue.get_nowait()
        if isinstance(message, str):
            message = nudge(0)
    listener.queue.put_nowait(message)


class _Told(BaseModel):
    """An announcement as it travels between processes. Redis is nobody's proof: whatever can write there can say it."""

    model_config = ConfigDict(strict=True)
    tabla: Annotated[str, StringConstraints(max_length=40)]
    row: dict[str, Any]
    event: Annotated[str, StringConstraints(max_length=80)] = ""
    version: Annotated[int, Field(ge=0, lt=2**63)] = 0
    estacion_id: str | None = None
    claves_antes: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> "_Told":
        spec = TABLES.get(self.tabla)
        if spec is None and self.tabla != "sesion":
            raise ValueError("a table that nobody announces")
        needed = {"familia"} if spec is None else {"id", *spec.claves} | ({"estado"} & spec.by_name.keys())
        if not needed <= self.row.keys():
            raise ValueError("a row that isn't whole")
        return self


_TOLD = TypeAdapter(list[_Told])


class Relay:
    """Announcements between the server processes of one database, through Redis; every process hears its own too."""

    def __init__(self, url: str, server_id: str, spread: Callable[[list[dict[str, Any]]], None]) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=REDIS_S, socket_connect_timeout=REDIS_S)
        self._channel = f"servitec:{server_id}"
        self._spread = spread
        self._complained = False
        self._away_until = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="servitec-relay", daemon=True)
        self._thread.start()

    def publish(self, announcements: list[Announcement]) -> None:
        """Tell every process; where Redis is away, only this one."""
        items = [_packed(item) for item in announcements]
        if time.monotonic() >= self._away_until:
            try:
                self._client.publish(self._channel, orjson.dumps(items))
            except redis.RedisError as error:
                self._away_until = time.monotonic() + AWAY_S
                log.warning("redis: %s; announced in this process only", error)
            else:
                return
        self._spread(items)

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(5)
        self._client.close()

    def _hear(self, content: bytes) -> None:
        """Pass on what another process said; what has not that form is skipped, and logged the first time."""
        try:
            items = _TOLD.validate_json(content)
        except ValidationError as error:
            if not self._complained:
                log.error("redis: %s on %s isn't ours: skipped", error.errors()[0]["msg"], self._channel)
            self._complained = True
        else:
            self._spread([item.model_dump() for item in items])

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._client.pubsub(ignore_subscribe_messages=True) as heard:  # type: ignore[no-untyped-call]
                    heard.subscribe(self._channel)
                    while not self._stop.is_set():
                        message = heard.get_message(timeout=1.0)
                        if message is not None:
                            self._hear(message["data"])
            except redis.RedisError as error:
                log.warning("redis: %s", error)
                self._stop.wait(RETRY_S)
