"""What open sockets hear of what was announced."""

import asyncio

from domain.scope import Scope
from servitec_server.live import Hub, Listener
from servitec_server.work import Announcement


def heard(announcements: list[Announcement], scopes: dict[str, Scope]) -> dict[str, list[str]]:
    """The messages that each of these gets, by name."""
    return asyncio.run(_heard(announcements, scopes)) if announcements else {}


async def _heard(announcements: list[Announcement], scopes: dict[str, Scope]) -> dict[str, list[str]]:
    hub = Hub()
    sockets = {name: Listener(scope, name, None) for name, scope in scopes.items()}
    for socket in sockets.values():
        hub.join(socket)
    hub.publish(announcements)
    for _ in range(3):
        await asyncio.sleep(0)
    return {
        name: [str(socket.queue.get_nowait()) for _ in range(socket.queue.qsize())] for name, socket in sockets.items()
    }
