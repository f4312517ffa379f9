"""12 seeds hold; and with any one rule taken out, the simulation finds it.

`pytest -m soak tests/simulation` runs 2,000; `python -m tests.simulation SEED` replays one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from domain import wire
from domain.base.row import Row
from domain.proofs import Prover
from domain.rules import Applying
from local_db import following, images, install, overlay, server_door, state
from local_db.replica import Replica
from servitec_server import batch, history, operating, recovery
from servitec_server.authors import Authors
from servitec_server.epochs import Tree
from servitec_server.feed import Feed
from servitec_server.handler import SyncHandler
from servitec_server.step import Step
from servitec_server.tables import respuesta
from sync.engine import SyncEngine
from tests.simulation.claims import Broken
from tests.simulation.simulator import run

Patch = pytest.MonkeyPatch
FOUND = [20024, 40181, 41003, 60355, 60467, 70298]
"""Where it broke: a reply beyond the cursor, what had lost before its row was there, two orders of two
histories, a conflict made again at the same place, a deletion that can't be made again,
what an epoch had that was put back whole while its station stood in the next."""
SEEDS = [*range(12), *FOUND, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(12, 2000))]


@pytest.mark.expects_log
@pytest.mark.parametrize("seed", SEEDS)
def test_the_claims_hold(seed: int) -> None:
    run(seed)


def without_idempotency(patch: Patch) -> None:
    """A Cambio that comes again is taken again."""
    real = batch.Batch.take

    def take(self: batch.Batch, item: wire.Cambio, *args: Any, **options: Any) -> wire.Answer:
        self._answers.known.pop(item.id, None)
        self._answers.numbers.clear()
        answer = real(self, item, *args, **options)
        self._written[respuesta].clear()
        return answer

    patch.setattr(batch.Batch, "take", take)


def without_commit_order(patch: Patch) -> None:
    """A reader sees a version before the one that was numbered first is committed."""
    real = Feed._read

    def read(self: Feed, after: int, until: int, limit: int | None) -> list[Any]:
        found = real(self, after, until, limit)
        newest = max((version for version, *_ in found), default=0)
        return [entry for entry in found if entry[0] % 5 or entry[0] < newest - 1 or entry[0] == newest]

    patch.setattr(Feed, "_read", read)


def without_epoch(patch: Patch) -> None:
    """A restored server calls itself as before, and nobody shows it that it isn't."""
    patch.setattr(recovery, "open_epoch", lambda *_, **__: "")
    patch.setattr("servitec_server.handler.put_back", lambda *_: False)
    patch.setattr("servitec_server.central.last_common", lambda *_: None)


def without_sealed_cursors(patch: Patch) -> None:
    """A database that was put back goes on as if nothing had happened."""
    patch.setattr("servitec_server.handler.put_back", lambda *_: False)
    patch.setattr("servitec_server.central.put_back", lambda *_: False)


def without_proof_of_author(patch: Patch) -> None:
    """Who a Cambio says wrote it did."""
    patch.setattr(Authors, "_signature", lambda *_: None)


def without_proof_of_receipt(patch: Patch) -> None:
    """What is said to have been accepted was."""
    patch.setattr(Prover, "accepted", lambda *_: True)


def without_the_tree(patch: Patch) -> None:
    """Epochs sort as text."""
    patch.setattr(Tree, "before", lambda _, p, q: p < q)


def without_reoffer(patch: Patch) -> None:
    """Stations trust that the server keeps what it took."""
    patch.setattr(install, "_offer_again", lambda *_: None)


def without_floor(patch: Patch) -> None:
    """A cursor from before the feed's beginning is served."""
    real = SyncHandler._check_cursor

    def check(self: SyncHandler, connection: Any, desde: wire.Cursor, newest: int) -> None:
        connection.exec_driver_sql("SELECT 1")
        patched = history.head(connection)
        if desde.version > patched[0]:
            real(self, connection, desde, newest)

    patch.setattr(SyncHandler, "_check_cursor", check)


def without_antes(patch: Patch) -> None:
    """The last to come wins."""
    real = Applying.cambio

    def cambio(self: Applying, op: wire.Op, current: Row) -> Any:
        return real(self, op.model_copy(update={"antes": {n: current[n] for n in op.campos if n in current}}), current)

    patch.setattr(Applying, "cambio", cambio)


def without_overlay(patch: Patch) -> None:
    """What the server sends lies on top of what waits."""
    patch.setattr(overlay, "visible", images.get)


def without_following(patch: Patch) -> None:
    """Changes that come by themselves are taken wherever they begin."""
    real = SyncEngine.take

    def take(self: SyncEngine, chunk: wire.ChangesReply) -> bool:
        return real(self, chunk.model_copy(update={"desde": self._state().cursor}))

    patch.setattr(SyncEngine, "take", take)


def without_one_transaction(patch: Patch) -> None:
    """The cursor is committed before the rows."""
    real = server_door.apply_chunk

    def apart(replica: Replica, reply: wire.ChangesReply, now: state.State | None = None) -> int:
        with replica.reading() as connection:
            before = state.read(connection)
        with replica.writing() as writing:
            state.write(writing, cursor_version=reply.cursor.version, cursor_cambio=reply.cursor.cambio_id)
        with _cursor_of(replica, before):
            return real(replica, reply)

    @contextmanager
    def _cursor_of(replica: Replica, before: state.State) -> Iterator[None]:
        real_read = state.read
        patch.setattr(state, "read", lambda connection: _stand(real_read(connection), before))
        try:
            yield
        finally:
            patch.setattr(state, "read", real_read)

    patch.setattr(server_door, "apply_chunk", apart)


def _stand(now: state.State, before: state.State) -> state.State:
    values = {name: getattr(now, name) for name in now.__slots__}
    return state.State(**values | {"cursor_version": before.cursor_version, "cursor_cambio": before.cursor_cambio})


def without_order_of_reoffers(patch: Patch) -> None:
    """Whoever comes back last is right."""

    def reoffered(work: Any, _: Any, op: wire.Op, current: Row | None, __: Any) -> wire.Op:
        if op.tipo != "cambio" or current is None:
            return op
        return op.model_copy(update={"antes": {n: current[n] for n in op.campos}})

    patch.setattr(operating, "reoffered", reoffered)


def without_quarantine(patch: Patch) -> None:
    """A change that can't be taken stays at the head of the queue."""
    real = batch.Batch.refuse

    def refuse(self: batch.Batch, item: wire.Cambio, *args: Any, **options: Any) -> wire.Answer:
        real(self, item, *args, **options)
        self._written[respuesta].pop()
        self._answers.known.pop(item.id)
        return wire.Answer(id=item.id, resultado="espera")

    patch.setattr(batch.Batch, "refuse", refuse)


def without_sums(patch: Patch) -> None:
    """What changes a row feeds nothing."""
    patch.setattr(Step, "_follow", lambda *_: None)


def without_fed_rows_in_replies(patch: Patch) -> None:
    """A reply carries the rows that a Cambio names, and not those that they feed."""
    real = Step._follow

    def follow(self: Step, tabla: str, *rows: Any) -> None:
        before = dict(self.touched)
        real(self, tabla, *rows)
        self.touched = before

    patch.setattr(Step, "_follow", follow)


def without_waiting_children(patch: Patch) -> None:
    """What is added up is shown as the server has it."""
    patch.setattr(following, "with_waiting", lambda _db, _target, image: image)


FINDS = {
    "without_proof_of_receipt": 5,
    "without_sealed_cursors": 1,
    "without_order_of_reoffers": 2,
    "without_the_tree": 49,
    "without_epoch": 1,
    "without_reoffer": 1,
    "without_floor": 6,
    "without_proof_of_author": 4,
    "without_fed_rows_in_replies": 3,
    "without_waiting_children": 7,
}
"""The seeds that found it at once when last asked; the others are tried after them."""
RULES = [value for name, value in sorted(globals().items()) if name.startswith("without_")]


@pytest.mark.expects_log
@pytest.mark.parametrize("take_out", RULES, ids=lambda rule: rule.__name__.removeprefix("without_"))
def test_a_rule_taken_out_is_found(take_out: Callable[[Patch], None], monkeypatch: Patch) -> None:
    take_out(monkeypatch)
    for seed in (FINDS.get(take_out.__name__, 0), *range(40)):
        try:
            run(seed)
        except (Broken, install.OlderWorld):  # a station may also refuse for ever what the server has become
            return
    pytest.fail("40 seeds didn't notice")
