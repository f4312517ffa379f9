"""`new-epoch` is run while server processes are up: each is in the new epoch with its next transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.base.ambient import Ambient
from domain.scope import scope_of
from domain.upgrade import SCHEMA
from domain.wire import Head
from local_db import state
from servitec_server import recovery
from servitec_server.epochs import Branch, Tree
from servitec_server.handler import Refusal, SyncHandler
from servitec_server.store import Store
from sync.errors import BootstrapNeeded
from tests.company import Desk, Office


@pytest.fixture
def office(postgres_database: Callable[[], str], tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, postgres_database())
    yield made
    made.close()


def new_epoch(office: Office) -> str:
    """As the administrator's own process does it."""
    url = office.central.store.engine.url.render_as_string(hide_password=False)
    with closing(Store(office.root / "orden", url)) as store:
        return recovery.new_epoch(store, Ambient())


def epochs_of_history(office: Office) -> list[str]:
    with office.central.store.reading() as connection:
        return list(connection.execute(text("SELECT epoca FROM cambio ORDER BY version")).scalars())


def now_at(desk: Desk) -> state.State:
    found: state.State = desk.read(state.read)
    return found


def test_a_running_process_notices_a_new_epoch(office: Office) -> None:
    desk = office.desk("a")
    desk.receive()
    assert desk.sync().up_to_date
    before, after = office.central.epoch(), new_epoch(office)
    assert before < after == office.central.epoch() == office.handler.head()["epoch"]
    head = Head(schema=SCHEMA, epoch=before)
    with pytest.raises(Refusal) as refused:
        office.handler.changes(head, None, scope_of(desk.person), desk.station)
    assert refused.value.error == "epoca"
    desk.receive("después")
    assert desk.sync().up_to_date
    assert now_at(desk).epoch == after
    assert epochs_of_history(office)[-1] == after


def test_a_push_checked_in_one_epoch_is_not_applied_in_the_next(office: Office) -> None:
    desk = office.desk("a")
    before, count = office.central.epoch(), len(epochs_of_history(office))

    def clock() -> float:
        """Asked for the first time between the check and the first transaction."""
        if office.central.epoch() == before:
            new_epoch(office)
        return time.monotonic()

    office.handler = SyncHandler(office.central, clock)
    desk.receive()
    with pytest.raises(BootstrapNeeded) as refused:
        desk.engine._push()
    assert refused.value.error == "epoca"
    assert len(epochs_of_history(office)) == count
    assert desk.sync().up_to_date
    assert office.central.epoch() > before
    assert now_at(desk).epoch == office.central.epoch()
    assert set(epochs_of_history(office)[count:]) == {office.central.epoch()}


def test_of_two_histories_that_disagree_the_older_decides() -> None:
    """The first history took 608, then 154 over it. In the second 154 was offered again first, and 608 left nothing."""
    tree = Tree({"a": Branch(None, 0), "b": Branch("a", 16), "c": Branch("a", 16)})
    earlier, later = [("a", 21), ("b", 27)], [("a", 27), ("b", 26)]
    assert tree.any_before(earlier, later)
    assert not tree.any_before(later, earlier)
    assert tree.any_before([("b", 26)], [("c", 29), ("b", 27)])
    assert not tree.any_before([("b", 26)], [("c", 29)])
