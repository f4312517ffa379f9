"""A station far behind takes the file when that is cheaper than the chunks."""

import pytest

from domain.base.errors import KnownError
from local_db import state
from local_db.failures import DiskTrouble
from servitec_server import handler
from sync.errors import Cancelled, ServerFailing, ServerUnreachable
from tests.company import Desk, Office


@pytest.fixture
def apart(office: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Desk]:
    """Two desks; the second is 30 changes behind, and has one of its own that waits."""
    monkeypatch.setattr(handler, "FAR", 20)
    monkeypatch.setattr(handler, "AS_MANY", 100)
    a, b = office.desk("a"), office.desk("b")
    b.receive("De b")
    for i in range(30):
        a.receive(f"falla {i}")
    a.sync()
    return a, b


def snapshots_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    taken: list[str] = []
    real = desk.engine._bootstrap

    def bootstrap(reason: str) -> None:
        taken.append(reason)
        real(reason)

    monkeypatch.setattr(desk.engine, "_bootstrap", bootstrap)
    return taken


def test_the_file_is_taken_and_what_waits_is_sent(apart: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = apart
    taken = snapshots_taken(b, monkeypatch)
    assert b.sync().up_to_date
    assert taken == ["lejos"]
    a.sync()
    assert a.dump() == b.dump()
    assert b.sync().up_to_date
    assert taken == ["lejos"]
    assert b.read(state.read).cursor.place == a.read(state.read).cursor.place


def test_a_few_changes_in_a_large_base_come_by_chunks(
    apart: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = apart
    monkeypatch.setattr(handler, "AS_MANY", 1)
    taken = snapshots_taken(b, monkeypatch)
    assert b.sync().up_to_date
    assert taken == []
    a.sync()
    assert a.dump() == b.dump()


@pytest.mark.expects_log
@pytest.mark.parametrize("trouble", [ServerFailing, ServerUnreachable, DiskTrouble, KnownError])
def test_where_no_file_can_be_had_the_chunks_go_on(
    apart: tuple[Desk, Desk], trouble: type[KnownError], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = apart

    def failing(*_: object) -> None:
        raise trouble("No se pudo traer la base.")

    monkeypatch.setattr(b.line, "snapshot", failing)
    assert b.sync().up_to_date
    a.sync()
    assert a.dump() == b.dump()


def test_who_cancels_the_download_isnt_overruled(apart: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    _, b = apart
    before = b.read(state.read).cursor.place

    def cancelled(*_: object) -> None:
        raise Cancelled("La descarga de la base se canceló.")

    monkeypatch.setattr(b.line, "snapshot", cancelled)
    with pytest.raises(KnownError, match="canceló"):
        b.sync()
    assert b.open_items().pending == 0
    assert b.read(state.read).cursor.place == before
