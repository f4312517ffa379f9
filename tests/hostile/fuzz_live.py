"""What open sockets hear of what was announced."""

import asyncio

from domain.base.actor import Actor
from domain.scope import scope_of
from servitec_server.announcement import Announcement
from servitec_server.central import Central
from servitec_server.chunks import Chunks
from servitec_server.handler import SyncHandler
from servitec_server.live import Hub, Listener

STATION = "escucha"
"""Where everybody also has a station's socket: it made none of the changes."""


class Ears:
    """The sockets of one server."""

    def __init__(self, central: Central, handler: SyncHandler) -> None:
        self._chunks = Chunks(central, handler)

    def heard(self, announcements: list[Announcement], people: dict[str, Actor]) -> dict[str, list[str]]:
        """The messages that each of these gets, by name: as an integrator, and as a station."""
        return asyncio.run(self._heard(announcements, people)) if announcements else {}

    async def _heard(self, announcements: list[Announcement], people: dict[str, Actor]) -> dict[str, list[str]]:
        hub = Hub(self._chunks)
        sockets = [
            (name, Listener(scope_of(actor), name, kind)) for name, actor in people.items() for kind in (None, STATION)
        ]
        for _, socket in sockets:
            hub.join(socket)
        hub.publish(announcements)
        for _ in range(3):
            await asyncio.sleep(0)
        found: dict[str, list[str]] = {name: [] for name in people}
        for name, socket in sockets:
            found[name] += [str(socket.queue.get_nowait()) for _ in range(socket.queue.qsize())]
        return found
