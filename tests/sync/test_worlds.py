"""Whose history a snapshot is of, and how far it goes, is looked at, not told: no older or foreign world is taken."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.base.errors import KnownError
from domain.wire import ChangesReply, PushReply
from local_db import files, install, state
from local_db.install import OlderWorld
from servitec_server import recovery
from sync import session
from sync.errors import BootstrapNeeded, OtherServer, ServerUnreachable, StationUnknown
from sync.transport import Asked
from tests.company import Desk, Office
from tests.counter import Counter
from tests.fixtures_served import CLAVE
from tests.sync.test_protocol import enrol_anew
from tests.sync.test_restore import restore


def backup_of(office: Office) -> Path:
    target = office.root / "respaldo.db"
    recovery.backup(office.central.data_dir, target)
    return target


def folios(desk: Desk) -> set[str]:
    return {str(row["folio"]) for (tabla, _), row in desk.dump().items() if tabla == "orden"}


def asked_of(desk: Desk) -> Asked:
    now = desk.read(state.read)
    return Asked(now.server_id, now.epoch, now.scope, now.n, now.cursor)


def waiting(desk: Desk) -> int:
    return desk.open_items().pending


def test_enrolled_after_the_backup_and_enrolled_again(tmp_path: Path) -> None:
    """What the server took from it comes back, and its old replica is kept."""
    office = Office(tmp_path)
    backup = backup_of(office)
    desk = office.desk("c")
    made = {str(desk.receive(f"falla {i}")["folio"]) for i in range(13)}
    desk.sync()
    assert waiting(desk) == 0
    desk.replica.close()
    restore(office, backup)
    desk.reopen()
    enrol_anew(office, desk)
    desk.sync()
    assert folios(desk) == made
    assert desk.sync().up_to_date
    with office.central.store.reading() as connection:
        known = connection.exec_driver_sql("SELECT folio FROM orden").scalars().all()
    assert set(known) == made
    assert [point for _, point in files.kept_replicas(desk.folder)], "the replica of the lost history"
    office.close()


@pytest.mark.parametrize("reason", ["rebuild", "digest", "piso"])
def test_no_reason_is_believed(tmp_path: Path, reason: str) -> None:
    """Another epoch means a lost history, whatever the snapshot was fetched for."""
    office = Office(tmp_path)
    backup = backup_of(office)
    desk = office.desk("a")
    desk.receive()
    desk.sync()
    desk.replica.close()
    restore(office, backup)
    desk.reopen()
    desk.engine._bootstrap(reason)
    assert waiting(desk) == 1
    assert files.kept_replicas(desk.folder)
    assert desk.sync().up_to_date
    office.close()


class Stale:
    """A server whose ready snapshot is an old one, and whose line breaks after it, or doesn't."""

    def __init__(self, desk: Desk, *, breaks: bool) -> None:
        self._desk, self._breaks, self._after = desk, breaks, False
        self._kept = desk.line.snapshot(asked_of(desk), desk.folder, lambda *_: None).read_bytes()
        desk.line.snapshot = self.snapshot  # type: ignore[method-assign]
        desk.line.fault = self.fault

    def snapshot(self, asked: Asked, folder: Path, progress: Callable[[int, int], None]) -> Path:
        (folder / "instantanea.db").write_bytes(self._kept)
        self._after = self._breaks
        return folder / "instantanea.db"

    def fault(self) -> str:
        return "request_lost" if self._after else "ok"


def rebuild(desk: Desk) -> None:
    with desk.replica.writing() as writing:
        state.write(writing, rebuild=True)


def test_an_old_snapshot_and_then_no_network(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    old = Stale(a, breaks=True)
    assert old.fault() == "ok"
    for i in range(6):
        (a if i % 2 else b).receive(f"falla {i}")
    b.sync(), a.sync()
    assert len(folios(a)) == 6
    order = next(row for (tabla, _), row in a.dump().items() if tabla == "orden")
    a.edit("orden", order, titulo="sin enviar")
    rebuild(a)
    with pytest.raises(ServerUnreachable):
        a.sync()
    assert len(folios(a)) == 6
    assert a.row("orden", order["id"])["titulo"] == "sin enviar"
    assert not list(a.folder.glob("instantanea.db*"))
    a.reopen()
    assert len(folios(a)) == 6


def test_an_old_snapshot_is_pulled_up_before_it_takes_the_place(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    Stale(a, breaks=False)
    for i in range(6):
        (a if i % 2 else b).receive(f"falla {i}")
    b.sync(), a.sync()
    order = next(row for (tabla, _), row in a.dump().items() if tabla == "orden")
    a.edit("orden", order, titulo="sin enviar")
    seen: list[int] = []
    a.replica.subscribe(lambda _: seen.append(len(folios(a))))
    before = a.replica.path
    rebuild(a)
    assert a.sync().up_to_date
    assert a.replica.path != before
    assert set(seen) == {6}, "at no moment fewer"
    assert a.row("orden", order["id"])["titulo"] == "sin enviar"
    b.sync()
    assert a.dump() == b.dump()


def test_an_older_world_is_never_put_in_the_place(office: Office, tmp_path: Path) -> None:
    a = office.desk("a")
    stale = Stale(a, breaks=False)
    a.receive()
    a.sync()
    fresh = stale.snapshot(asked_of(a), tmp_path, lambda *_: None)
    before = a.replica.path
    with pytest.raises(OlderWorld):
        install.install(a.replica, fresh)
    assert a.replica.path == before
    a.line.changes = beyond  # type: ignore[method-assign]
    rebuild(a)
    with pytest.raises(KnownError, match="todavía"):
        a.sync()
    assert len(folios(a)) == 1


def beyond(*_: object, **__: object) -> ChangesReply:
    raise BootstrapNeeded("otra_historia", "?", None, None)


@pytest.fixture
def other(tmp_path: Path) -> Any:
    made = Office(tmp_path / "otra")
    yield made
    made.close()


def test_another_server_is_offered_nothing_and_believed_nothing(office: Office, other: Office, tmp_path: Path) -> None:
    a, stranger = office.desk("a"), other.desk("x")
    assert a.read(state.read).server_id == office.central.identity.server_id
    order = a.receive()
    a.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="sin enviar")
    before, cursor = a.replica.path, a.read(state.read).cursor
    home = a.line
    a.line = a.engine._transport = stranger.line
    with pytest.raises(OtherServer, match="es otro"):
        a.sync()
    fresh = stranger.line.snapshot(asked_of(stranger), tmp_path, lambda *_: None)
    with pytest.raises(install.AnotherServer):
        install.install(a.replica, fresh)
    rebuild(a)
    with pytest.raises(OtherServer):
        a.sync()
    assert (a.replica.path, a.read(state.read).cursor, waiting(a)) == (before, cursor, 1)
    with a.replica.writing() as writing:
        state.write(writing, rebuild=False)
    a.line = a.engine._transport = home
    assert a.sync().up_to_date


def test_a_reply_of_another_server_is_not_taken(office: Office, other: Office) -> None:
    a = office.desk("a")
    a.receive()
    real = a.line.push

    def lies(asked: Asked, bodies: list[str]) -> PushReply:
        return real(asked, bodies).model_copy(update={"server_id": other.central.identity.server_id})

    a.line.push = lies  # type: ignore[method-assign]
    with pytest.raises(OtherServer):
        a.sync()
    assert waiting(a) == 1


def test_enrolling_at_another_server(counter: Counter, other: Office) -> None:
    """Refused while something waits for the one before; then nothing that that one took is offered."""
    counter.enroll("jefa")
    counter.capture("jefa")
    with counter.replica.writing() as writing:
        mine = state.read(writing.connection).server_id
        state.write(writing, reenrol="credencial", server_id=other.central.identity.server_id)
    with pytest.raises(KnownError, match="1 cambios sin enviar"):
        session.enroll(counter.replica, counter.store, counter.served.url, "jefa", CLAVE, "Otra", 30)
    with counter.replica.writing() as writing:
        state.write(writing, reenrol=None, server_id=mine)
    assert counter.sync().pushed == 1
    with counter.replica.writing() as writing:
        state.write(writing, reenrol="credencial", server_id=other.central.identity.server_id, epoch="la de allá")
    counter.enroll("jefa")
    with counter.replica.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0
        assert state.read(connection).server_id == mine
    counter.replica.close()


def test_a_stranger_at_the_address_doesnt_make_a_station_enrol_anew(counter: Counter, other: Office) -> None:
    counter.enroll("jefa")
    with counter.replica.writing() as writing:
        state.write(writing, server_id=other.central.identity.server_id)
    kept = counter.store.load()
    counter.store.save(replace(kept, credencial="00" * 32))
    with pytest.raises(OtherServer):
        counter.sync()
    with counter.replica.writing() as writing:
        assert state.read(writing.connection).reenrol is None
        state.write(writing, server_id=counter.served.office.central.identity.server_id)
    with pytest.raises(StationUnknown):
        counter.sync()
    counter.replica.close()
