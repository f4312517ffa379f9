"""The way out: what waits goes in batches, in its order, and what comes back is taken."""

from collections.abc import Callable
from functools import partial

from domain.base import causes
from domain.wire import Cursor, PushReply
from local_db import aside, server_door, state
from local_db.replica import Replica
from sync.counterpart import Counterpart, asked
from sync.done import Done
from sync.errors import StationRevoked, TooLarge
from sync.transport import Transport

Going = tuple[server_door.Outgoing, Callable[[], PushReply]]
"""A batch on its way, and what waits for its answers."""


class Pushing:
    """One run through the outbox."""

    def __init__(self, replica: Replica, transport: Transport, server: Counterpart, did: Done, batch: int) -> None:
        """`batch` bounds the Cambios of one push; `did` counts."""
        self._replica = replica
        self._transport = transport
        self._server = server
        self._did = did
        self._batch = batch

    def run(self) -> Cursor | None:
        """Until nothing waits, or what waits only waits for something else; the server's head, where it was told.

        A batch is sent once every Cambio of the one before has its answer: order is never lost.
        """
        size, after, progress, waiting = self._batch, 0, False, False
        going: Going | None = None
        head: Cursor | None = None
        while True:
            going = going or self._send(server_door.next_batch(self._replica, after, size))
            if going is None:
                if not (waiting and progress):
                    return head
                after, progress, waiting = 0, False, False
                continue
            batch, answers = going
            following = server_door.next_batch(self._replica, batch.numbers[-1], size) if batch.more else None
            going = None
            try:
                reply = answers()
            except TooLarge:
                if len(batch.bodies) == 1:
                    self._did.rejected += aside.set_aside(self._replica, batch.numbers[0]).rejected
                    continue
                size = max(1, len(batch.bodies) // 2)
                continue
            if not reply.answers:
                return None
            if following is not None and len(reply.answers) == len(batch.bodies):
                going = self._send(following)
            after = batch.numbers[len(reply.answers) - 1]
            effect, head = self._take(reply), reply.head
            if reply.revocada and going is None and not batch.more:
                raise StationRevoked.of(causes.ESTACION_REVOCADA)
            progress, waiting = progress or effect.pushed > 0, waiting or effect.waiting > 0

    def _send(self, batch: server_door.Outgoing) -> Going | None:
        """Start a push, behind which another may go; None: there is nothing to send."""
        if not batch.bodies:
            return None
        push = partial(self._transport.push, asked(self._state()), batch.bodies)
        return batch, self._transport.ahead(push) if batch.more else push

    def _take(self, reply: PushReply) -> server_door.PushEffect:
        self._server.hear(self._state(), reply)
        effect = server_door.apply_answers(self._replica, reply)
        self._did.pushed += effect.pushed
        self._did.rejected += effect.rejected
        self._did.conflicts += effect.conflicts
        return effect

    def _state(self) -> state.State:
        with self._replica.reading() as connection:
            return state.read(connection)
