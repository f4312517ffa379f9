"""The server at the other end: is it the one that this station knows, of which history, and what time is it there?"""

from domain.base.ambient import from_instant
from domain.wire import ChangesReply, PushReply
from local_db import state
from local_db.replica import Replica
from sync.errors import BootstrapNeeded, OtherServer
from sync.transport import Asked


class Counterpart:
    """What it said of itself last."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self.clock_diff_s: float | None = None
        """How far this machine's clock is ahead of the server's."""
        self.version: str | None = None

    def check(self, server_id: str | None) -> None:
        """Whoever answers is the server that this station knows.

        Raises:
            OtherServer: it isn't; nothing of its reply is taken.
        """
        with self._replica.reading() as connection:
            known = state.read(connection).server_id
        if server_id is not None and known not in (None, server_id):
            raise OtherServer

    def hear(self, now: state.State, reply: PushReply | ChangesReply) -> None:
        """Before anything of a reply is taken: who says it, of which history, and what time it is there.

        Raises:
            OtherServer, BootstrapNeeded: nothing of it is taken.
        """
        if reply.server_id not in (None, now.server_id or reply.server_id):
            raise OtherServer
        told_off = isinstance(reply, PushReply) and reply.revocada
        if now.epoch not in (None, reply.epoch) and not told_off:
            raise BootstrapNeeded("epoca", "El servidor está en otra época.", reply.server_id, reply.epoch)
        if reply.server_time:
            apart = self._replica.ambient.now() - from_instant(reply.server_time)
            self.clock_diff_s = apart.total_seconds()
        self.version = reply.server_version


def asked(now: state.State) -> Asked:
    """What a request says of where the replica stands."""
    return Asked(now.server_id, now.epoch, now.scope, now.n, now.cursor, now.beyond)
