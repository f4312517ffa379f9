"""One full cycle: the outbox out, the changes in. No threads, no clock, no network of its own."""

from dataclasses import dataclass

from domain.wire import Cursor
from local_db import queries, server_door, state
from local_db.replica import Replica
from sync.errors import BootstrapNeeded, TooLarge
from sync.transport import Transport

BATCH = 500


@dataclass(frozen=True, slots=True)
class CycleResult:
    """Counts of one cycle. `up_to_date`: at the head, and nothing pending, refused or in conflict."""

    pushed: int
    pulled: int
    rejected: int
    conflicts: int
    cursor: Cursor
    up_to_date: bool


class SyncEngine:
    """Reconciles a replica with its server. One cycle at a time."""

    def __init__(self, replica: Replica, transport: Transport) -> None:
        self._replica = replica
        self._transport = transport
        self._pushed = self._pulled = self._rejected = self._conflicts = 0

    def cycle(self) -> CycleResult:
        """Push until the outbox is empty, then pull to the head; a new replica pulls first.

        Raises:
            ServerUnreachable, SignInNeeded, StationRefused, SchemaRefused: what was done until then stays done.
        """
        self._pushed = self._pulled = self._rejected = self._conflicts = 0
        try:
            if self._state().cursor_version == 0:
                self._pull()
            self._push()
            self._pull()
        except BootstrapNeeded as needed:
            known = self._state()
            server_id = needed.server_id or known.server_id
            server_door.start_bootstrap(self._replica, server_id, needed.epoch or known.epoch, None)
            self._pull()
            self._push()
            self._pull()
        with self._replica.writing() as writing:
            state.write(writing, last_sync=self._replica.ambient.instant())
        with self._replica.reading() as connection:
            cursor, clear = state.read(connection).cursor, queries.resumen(connection).clear
        return CycleResult(self._pushed, self._pulled, self._rejected, self._conflicts, cursor, clear)

    def _state(self) -> state.State:
        with self._replica.reading() as connection:
            return state.read(connection)

    def _head(self) -> dict[str, str | None]:
        known = self._state()
        return {"server_id": known.server_id, "epoch": known.epoch, "scope": known.scope}

    def _push(self) -> None:
        """Until nothing waits, or a whole batch only waits for something else."""
        size = BATCH
        while True:
            bodies = server_door.next_batch(self._replica, max_cambios=size)
            if not bodies:
                return
            try:
                reply = self._transport.push(self._head(), bodies)
            except TooLarge:
                if len(bodies) == 1:
                    raise
                size = max(1, len(bodies) // 2)
                continue
            effect = server_door.apply_answers(self._replica, reply.answers, reply.server_time)
            self._pushed += effect.pushed
            self._rejected += effect.rejected
            self._conflicts += effect.conflicts
            if not effect.pushed and not effect.rejected:
                return

    def _pull(self) -> None:
        """Chunk by chunk, up to the head that the first one fixed."""
        hasta: int | None = None
        while True:
            known = self._state()
            reply = self._transport.changes(self._head(), known.cursor, hasta, known.bootstrapping)
            self._pulled += server_door.apply_chunk(self._replica, reply)
            if reply.last:
                return
            hasta = reply.hasta
