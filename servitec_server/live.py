"""Announcements to open WebSockets, by scope, after the commit. Nothing depends on their arrival."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from domain.scope import Scope, visible
from domain.tables import TABLES
from domain.wire import LiveEvent
from servitec_server.work import Announcement

QUEUE = 200


@dataclass(eq=False, slots=True)
class Listener:
    """An open socket: what it may hear, and what it has still to be told."""

    scope: Scope
    estacion_id: str | None
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(QUEUE))


class Hub:
    """The open sockets of this process. `publish` may be called from any thread."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def join(self, listener: Listener) -> None:
        """Add a socket; from the event loop."""
        self._loop = asyncio.get_running_loop()
        self._listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        """Remove a socket."""
        self._listeners.discard(listener)

    def publish(self, announcements: list[Announcement]) -> None:
        """Tell everybody who may hear it; a station isn't told of its own changes."""
        loop = self._loop
        if loop is not None and self._listeners:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._spread, announcements)

    def _spread(self, announcements: list[Announcement]) -> None:
        for listener in tuple(self._listeners):
            for item in announcements:
                if item.estacion_id == listener.estacion_id and item.tabla != "conflicto":
                    continue
                if listener.scope.includes(TABLES[item.tabla], item.row, listener.estacion_id or ""):
                    self._tell(listener, item)

    def _tell(self, listener: Listener, item: Announcement) -> None:
        event = LiveEvent(event=item.event, data=visible(TABLES[item.tabla], item.row), version=item.version)
        if listener.queue.full():
            while not listener.queue.empty():
                listener.queue.get_nowait()
            event = LiveEvent(event="sincronizar", version=item.version)
        listener.queue.put_nowait(event.model_dump_json())
