"""One full cycle: the outbox out, the changes in. No threads, no clock, no network of its own.

While a reply is taken the next request is on its way, where there is one: server and station work at the same time.
`sync.push` has the way out.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from domain.base import causes
from domain.base.ambient import from_instant
from domain.base.errors import KnownError
from domain.upgrade import SCHEMA
from domain.wire import PROTOCOL, ChangesReply, Cursor
from local_db import fallback, install, open_items, outbox, server_door, state, upkeep, wipe
from local_db.failures import explained
from local_db.replica import Replica
from local_db.settling import WholeRowsNeeded
from sync.counterpart import Counterpart, asked
from sync.done import CycleResult, Done
from sync.errors import (
    BootstrapNeeded,
    Cancelled,
    OtherServer,
    SchemaRefused,
    SignInNeeded,
    StationCloned,
    StationRefused,
    StationRevoked,
    StationUnknown,
)
from sync.push import Pushing
from sync.transport import Transport

log = logging.getLogger(__name__)

BATCH = 1000
WORLDS = 2
"""How many snapshots one cycle takes at most."""
DIGEST_EVERY = timedelta(days=1)

Progress = Callable[[int, int], None]
"""Called with bytes received and bytes in all (0: not known yet)."""


class SyncEngine:
    """Reconciles a replica with its server. One cycle at a time."""

    def __init__(
        self, replica: Replica, transport: Transport, progress: Progress = lambda *_: None, batch: int = BATCH
    ) -> None:
        """`progress` hears of a snapshot on its way; what it raises ends the cycle and leaves the replica as it is.

        `batch` bounds the Cambios of one push.
        """
        self._replica = replica
        self._transport = transport
        self.progress = progress
        self._batch = batch
        self.did = Done()
        self._verified = self._fresh = self._differs = False
        self.server = Counterpart(replica)

    def cycle(self) -> CycleResult:
        """Push until the outbox is empty, then pull to the head; a replica without a place in history is fetched first.

        Raises:
            ServerUnreachable, SignInNeeded, StationRefused, SchemaRefused, Damaged: what was done until then
                stays done.
        """
        self.did = Done()
        self._fresh = self._differs = False
        now = self._state()
        if now.estacion_id is None:
            if now.ended is not None:
                raise StationRevoked(now.ended)
            raise StationRefused.of(causes.NO_ES_ESTACION)
        try:
            self._reconcile_anew(now, WORLDS)
        except (StationCloned, StationUnknown) as refused:
            self.server.check(refused.server_id)
            self._must_enrol("clonada" if isinstance(refused, StationCloned) else "credencial")
            raise
        except SignInNeeded as needed:
            self.server.check(needed.server_id)
            raise
        except StationRevoked as refused:
            self.server.check(refused.server_id)
            raise self._hand_over() from None
        with self._replica.reading() as connection:
            now, clear = state.read(connection), open_items.resumen(connection).clear
        upkeep.prune(self._replica, now)
        self._note_success(now)
        if now.evicted:
            upkeep.purge(self._replica)
        self._replica.checkpoint()
        did = self.did
        did.phase = "end"
        return CycleResult(did.pushed, did.pulled, did.rejected, did.conflicts, now.cursor, clear)

    def _reconcile_anew(self, now: state.State, times: int) -> None:
        """Reconcile; where the server's history isn't ours, with a snapshot of it. What is offered again there may
        show the server that it was put back, which begins one more.
        """
        try:
            self._reconcile(now)
        except BootstrapNeeded as needed:
            if times == 0:
                raise
            self.server.check(needed.server_id)
            self._bootstrap(needed.error)
            self._reconcile_anew(self._state(), times - 1)

    def take(self, chunk: ChangesReply) -> bool:
        """Changes that came by themselves, taken at once if they follow what is here; True: known, or taken.

        Never while something sent has no answer: its own changes may be among them. What isn't taken is left to a
        cycle, which asks for it.
        """
        with self._replica.reading() as connection:
            now, unanswered = state.read(connection), outbox.unanswered(connection)
        mine = (PROTOCOL, SCHEMA, now.server_id, now.epoch, now.scope)
        if (chunk.protocol, chunk.schema_, chunk.server_id, chunk.epoch, chunk.scope) != mine:
            return False
        if chunk.cursor.arranque == now.cursor_arranque and chunk.cursor.version <= now.cursor_version:
            return True
        if unanswered or now.propias or now.rebuild or chunk.desde.place != now.cursor.place or chunk.salidas:
            return False
        try:
            server_door.apply_chunk(self._replica, chunk, now)
        except WholeRowsNeeded:
            return False
        return True

    def doubt(self) -> None:
        """Something failed that nobody expected: the next cycle looks at the file again."""
        self._verified = False

    def _note_success(self, now: state.State) -> None:
        """Remember when; a cycle that found nothing to do is written down once a minute."""
        instant = self._replica.ambient.instant()
        if not self.did.anything and now.last_sync is not None and instant[:16] == now.last_sync[:16]:
            return
        with self._replica.writing() as writing:
            state.write(writing, last_sync=instant)

    def _reconcile(self, now: state.State) -> None:
        """`now`: where the replica stands; what is written here is read again."""
        try:
            if now.rebuild or now.cursor_version == 0:
                self._bootstrap("rebuild")
                now = self._state()
            if now.propias:
                self._pull(now)
                now = self._state()
        except SchemaRefused:  # an old program gets nothing any more; what was made with it is taken
            self._push()
            raise
        head = self._push()
        if head is not None:
            now = self._state()
        if head is None or now.cursor.place != head.place or now.propias or _due(now):
            self._pull(now)
        if self._differs:
            self._bootstrap("digest")
            self._pull(self._state())

    def _state(self) -> state.State:
        with self._replica.reading() as connection:
            return state.read(connection)

    def _must_enrol(self, why: str) -> None:
        with self._replica.writing() as writing:
            state.write(writing, reenrol=why)

    def _bootstrap(self, reason: str) -> None:
        """Fetch a snapshot and put it in the replica's place; the outbox stays."""
        self.did.phase = "bootstrap"
        log.info("bootstrap: %s", reason)
        self._verify()
        with explained(self._replica.path, files_too=True):
            fresh = self._transport.snapshot(asked(self._state()), self._replica.data_dir, self.progress)
        try:
            install.install(self._replica, fresh, whole=self._catch_up(fresh))
        except install.AnotherServer:
            raise OtherServer from None
        self._verified = self._fresh = True

    def _nearer(self) -> bool:
        """A snapshot instead of very many chunks, once a cycle; False: there is none to be had."""
        self._fresh = True
        try:
            self._bootstrap("lejos")
        except (Cancelled, OtherServer):
            raise
        except KnownError as failing:
            log.warning("bootstrap: %s", failing)
            return False
        return True

    def _catch_up(self, fresh: Path) -> bool:
        """No older world takes the replica's place: a snapshot of before its cursor is pulled up first. True: it was.

        Raises:
            OlderWorld: the server has less than what is here.
        """
        now, world = self._state(), install.look(fresh)
        if world.epoch != now.epoch or world.server_id != now.server_id or world.version >= now.cursor_version:
            return False
        log.info("bootstrap: the snapshot is of version %s, the replica of %s", world.version, now.cursor_version)
        with install.opened(self._replica, fresh) as replica:
            try:
                there = SyncEngine(replica, self._transport)
                there._fresh = True
                there._pull(there._state())  # noqa: SLF001  (the same, on another file)
            except BootstrapNeeded as needed:
                raise install.OlderWorld.of(causes.SERVIDOR_ATRAS) from needed
        return True

    def _hand_over(self) -> StationRevoked:
        """Give what waits to the supervisor; once all of it has an answer, nothing stays here. What to tell the person.

        Without a good proof of its author a change can't be taken from here any more, whoever asks.
        """
        with suppress(StationRevoked):
            self._push()
        with self._replica.reading() as connection:
            handed, left = wipe.handed_over(connection)
        if left:
            return StationRevoked.of(causes.REVOCADA_POR_ENTREGAR, left=left)
        ended = StationRevoked.of(causes.REVOCADA_ENTREGADA if handed else causes.REVOCADA_BORRADA, handed=handed)
        wipe.wipe(self._replica, str(ended))
        self._transport.forget()
        log.warning("revoked: %s changes handed over, everything wiped", handed)
        return ended

    def _push(self) -> Cursor | None:
        """Until nothing waits, or what waits only waits for something else; the server's head, where it was told."""
        self.did.phase = "push"
        if not self._verified and self._anything_waits():
            self._verify()
        return Pushing(self._replica, self._transport, self.server, self.did, self._batch).run()

    def _anything_waits(self) -> bool:
        with self._replica.reading() as connection:
            return open_items.resumen(connection).pending > 0

    def _verify(self) -> None:
        """Before anything is sent or put in its place, once: is the file whole, and can all that waits be read?"""
        if not self._verified:
            self._replica.verify()
            fallback.set_aside_unreadable(self._replica)
            self._verified = True

    def _pull(self, now: state.State) -> None:
        """Chunk by chunk, up to the head that the first one fixed."""
        self.did.phase = "pull"
        hasta: int | None = None
        whole = False
        with self._replica.reading() as connection:
            missing = outbox.unanswered(connection)  # what those Cambios feed comes with them, or it would be off
        going: tuple[Cursor, Callable[[], ChangesReply]] | None = None
        while True:
            ask = partial(self._transport.changes, propias=now.propias or missing, digest=not self._fresh and _due(now))
            if going is not None and going[0].place == now.cursor.place:
                reply = going[1]()
            else:
                reply = ask(asked(now), hasta, enteras=whole)
            going = None
            if reply.far and not self._fresh and self._nearer():
                now = self._state()
                continue
            if not reply.last:
                then = replace(asked(now), cursor=reply.cursor)
                following = partial(ask, then, reply.hasta, enteras=False)
                going = reply.cursor, self._transport.ahead(following)
            self.server.hear(now, reply)
            try:
                self.did.pulled += server_door.apply_chunk(self._replica, reply, now)
            except WholeRowsNeeded:
                if whole:
                    raise BootstrapNeeded("filas", "El servidor no mandó filas enteras.", None, None) from None
                whole = True
                continue
            whole = False
            if reply.digest is not None:
                self._compare(reply)
            if reply.last:
                return
            hasta, now = reply.hasta, self._state()

    def _compare(self, reply: ChangesReply) -> None:
        """Are the rows here those of the server? If not, fetch them all, at most once a day."""
        own = server_door.own_digest(self._replica, reply)
        if own is None or reply.digest is None:
            return
        same = (own.filas, own.suma) == (reply.digest.filas, reply.digest.suma)
        now = self._state()
        repair = not same and _older(now.repaired_en, reply.server_time)
        if not same:
            log.warning("digest: %s rows here, %s there", own.filas, reply.digest.filas)
        with self._replica.writing() as writing:
            state.write(writing, digest_en=reply.server_time)
            if repair:
                state.write(writing, rebuild=True, repaired_en=reply.server_time)
        self._differs = repair


def _due(now: state.State) -> bool:
    """Daily, and in the cycle after a bootstrap."""
    return now.server_time is not None and _older(now.digest_en, now.server_time)


def _older(then: str | None, now: str) -> bool:
    return then is None or abs(from_instant(now) - from_instant(then)) >= DIGEST_EVERY
