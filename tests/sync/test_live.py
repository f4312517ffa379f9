"""Changes that come by themselves: taken at once where they follow what is here, else asked for."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.row import Row
from domain.scope import scope_of
from domain.wire import LiveEvent, Op
from local_db import state
from servitec_server import handler
from servitec_server.chunks import MAX_VERSIONS, Chunks, Told
from sync.live import Live
from sync.service import SyncService
from testing.company import Company
from testing.yard import Yard
from tests.company import Desk, Office
from tests.company_here import CompanyHere
from tests.hostile.forge import row
from tests.sync.test_service import wait_for


class Sockets:
    """What the stations of an office are told, by person; nobody loses anything."""

    def __init__(self, office: Office) -> None:
        self.chunks = Chunks(office.central, office.handler)
        self.told: dict[str, list[Told]] = {}
        office.central.listeners.append(lambda _: self._publish(office))
        self.wanted = {name: scope_of(office.people[name]) for name in ("jefa", "rec", "tec")}
        self._publish(office)
        for messages in self.told.values():
            messages.clear()

    def _publish(self, office: Office) -> None:
        found = self.chunks.since_last(self.wanted.values())
        for name, scope in self.wanted.items():
            if scope in found:
                self.told.setdefault(name, []).append(found[scope])


def event(told: Told) -> LiveEvent:
    return LiveEvent.model_validate_json(told.message)


def hear(desk: Desk, told: Told) -> bool:
    found = event(told).cambios
    return found is not None and desk.engine.take(found)


def some_order(desk: Desk) -> Row:
    return next(found for (tabla, _), found in desk.dump().items() if tabla == "orden")


@contextmanager
def nothing_is_asked(desk: Desk) -> Iterator[None]:
    def refuse() -> str:
        raise AssertionError("a request was made")

    desk.line.fault, before = refuse, desk.line.fault
    yield
    desk.line.fault = before


@pytest.fixture
def desks(office: Office) -> tuple[Desk, Desk, Sockets]:
    """Two desks at the head, and their sockets."""
    a, b = office.desk("a"), office.desk("b", "rec")
    order = a.receive()
    a.sync()
    b.sync()
    assert b.row("orden", order["id"])["version"] == a.row("orden", order["id"])["version"]
    return a, b, Sockets(office)


def test_a_change_is_taken_without_a_request(desks: tuple[Desk, Desk, Sockets]) -> None:
    a, b, sockets = desks
    order = some_order(a)
    for word in ("primera", "segunda"):
        a.edit("orden", a.row("orden", order["id"]), diagnostico=word)
        a.sync()
    a.receive("Otra")
    a.sync()
    with nothing_is_asked(b):
        assert [hear(b, told) for told in sockets.told["rec"]] == [True, True, True]
    assert b.dump() == a.dump()
    assert b.read(state.read).cursor.place == a.read(state.read).cursor.place


def test_doubled_and_reordered_events_change_nothing(desks: tuple[Desk, Desk, Sockets]) -> None:
    a, b, sockets = desks
    for falla in ("uno", "dos", "tres"):
        a.receive(falla)
        a.sync()
    first, second, third = sockets.told["rec"]
    before = b.dump()
    assert not hear(b, second)
    assert b.dump() == before
    assert hear(b, first)
    assert hear(b, first)
    assert not hear(b, third)
    assert hear(b, second)
    assert hear(b, third)
    assert hear(b, first)
    assert b.dump() == a.dump()


def test_nothing_is_taken_while_something_sent_has_no_answer(desks: tuple[Desk, Desk, Sockets]) -> None:
    a, b, sockets = desks
    b.receive("Sin respuesta")
    b.line.fault = lambda: "reply_lost"
    with pytest.raises(Exception, match="reply lost"):
        b.sync()
    b.line.fault = lambda: "ok"
    a.receive("Mientras tanto")
    a.sync()
    before = b.read(state.read).cursor.place
    assert not hear(b, sockets.told["rec"][-1])
    assert b.read(state.read).cursor.place == before
    b.sync()
    a.sync()
    assert a.dump() == b.dump()


def test_what_waits_unsent_stays_on_top(desks: tuple[Desk, Desk, Sockets]) -> None:
    a, b, sockets = desks
    order = some_order(a)
    b.edit("orden", b.row("orden", order["id"]), ubicacion_fisica="de b")
    a.edit("orden", a.row("orden", order["id"]), trabajo_realizado="de a")
    a.sync()
    with nothing_is_asked(b):
        assert hear(b, sockets.told["rec"][-1])
    shown = b.row("orden", order["id"])
    assert (shown["ubicacion_fisica"], shown["trabajo_realizado"]) == ("de b", "de a")
    b.sync()
    a.sync()
    assert a.dump() == b.dump()


def test_of_another_server_epoch_or_scope_nothing_is_taken(desks: tuple[Desk, Desk, Sockets]) -> None:
    a, b, sockets = desks
    a.receive("Nueva")
    a.sync()
    found = event(sockets.told["rec"][-1]).cambios
    assert found is not None
    before = b.dump()
    others: list[dict[str, Any]] = [{"server_id": "x"}, {"epoch": "x"}, {"scope": "x"}, {"schema_": 99}]
    for other in others:
        assert not b.engine.take(found.model_copy(update=other))
    assert b.dump() == before
    assert b.engine.take(found)


def test_what_a_scope_may_not_see_does_not_interrupt_it(office: Office, desks: tuple[Desk, Desk, Sockets]) -> None:
    """Changes elsewhere between two of its own: the second follows the first."""
    a, b, sockets = desks
    other = Op(tabla="sucursal", id=office.central.ambient.new_id(), tipo="alta", campos={"codigo": "S", "nombre": "S"})
    office.central.write(SISTEMA, lambda _: [other], trusted=True)
    far = far_desk(office, other.id)
    far.sync()
    order = far.receive("Lejos")
    far.sync()
    a.sync()
    b.sync()
    sockets.told["rec"].clear()
    for word in ("Lejos uno", "Lejos dos"):
        far.edit("orden", far.row("orden", order["id"]), ubicacion_fisica=word)
        far.sync()
    assert sockets.told["rec"] == []
    a.receive("Cerca")
    a.sync()
    with nothing_is_asked(b):
        assert hear(b, sockets.told["rec"][-1])
    assert {shown["falla_reportada"] for (tabla, _), shown in b.dump().items() if tabla == "orden"} == {
        "No enciende",
        "Cerca",
    }


def far_desk(office: Office, branch: str) -> Desk:
    """A station of another branch."""
    person = replace(office.hire("lejana", "recepcionista"), sucursal_id=branch)
    usuario = row(office, "usuario", person.usuario_id)
    moved = actions.editar("usuario", usuario, {"sucursal_id": branch})
    office.central.write(SISTEMA, lambda _: moved, trusted=True)
    desk = Desk(office, "lejos", person)
    office.desks.append(desk)
    return desk


def test_costs_reach_nobody_by_a_chunk(office: Office, desks: tuple[Desk, Desk, Sockets]) -> None:
    _, _, sockets = desks
    campos: Row = {"sku": "P-1", "nombre": "Fusor", "costo_centavos": 918_273}
    op = Op(tabla="producto", id=office.central.ambient.new_id(), tipo="alta", campos=campos)
    office.central.write(office.people["jefa"], lambda _: [op])
    assert "918273" in sockets.told["jefa"][-1].message
    assert "Fusor" in sockets.told["tec"][-1].message
    assert "918273" not in sockets.told["tec"][-1].message


def test_much_at_once_is_a_nudge(desks: tuple[Desk, Desk, Sockets], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "TRANSACTION_S", 3600.0)  # on a slow machine it wouldn't be at once
    a, b, sockets = desks
    order = some_order(a)
    sockets.wanted.clear()
    a.receive("x" * 3000)
    a.sync()
    sockets.wanted["rec"] = scope_of(b.person)
    a.receive("Nadie sabe qué se le dijo antes")
    a.sync()
    assert event(sockets.told["rec"][-1]).cambios is None
    heard = len(sockets.told["rec"])
    for i in range(20):
        a.receive(f"{i}" + "x" * 3000)
    a.engine._batch = 1000
    a.sync()
    assert len(sockets.told["rec"]) > heard
    assert all(event(told).cambios is None for told in sockets.told["rec"][heard:])
    for i in range(MAX_VERSIONS + 1):
        a.edit("orden", a.row("orden", order["id"]), diagnostico=f"v{i}")
    a.sync()
    assert json.loads(sockets.told["rec"][-1].message)["event"] == "sincronizar"
    b.sync()
    a.receive("Y sigue")
    a.sync()
    assert hear(b, sockets.told["rec"][-1])
    assert a.dump() == b.dump()


def test_through_a_real_socket_no_pull_is_made(
    tmp_path: Path, made_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    yard = Yard(tmp_path, 3, company=CompanyHere(tmp_path, like=made_company))
    a, b = yard.station("a"), yard.station("b")
    service = SyncService(b.replica, b.engine, interval_s=3600)
    taken, opened = threading.Event(), threading.Event()
    real = b.engine.take

    def take(chunk: Any) -> bool:
        done = real(chunk)
        taken.set()
        return done

    def nudged() -> None:
        opened.set()
        service.nudge()

    monkeypatch.setattr(b.engine, "take", take)
    service.live = Live(b.transport, b.replica.ambient, nudged, service.doubt, service.hear)
    service.start()
    try:
        assert opened.wait(30)
        wait_for(service, "al_dia")
        a.change(1, "antes")  # nobody has been told anything yet: a nudge
        a.engine.cycle()
        seen(b, "diagnostico antes")
        wait_for(service, "al_dia")
        monkeypatch.setattr(b.transport, "changes", None)
        a.change(1, "ahora")
        a.engine.cycle()
        assert taken.wait(30)
        seen(b, "diagnostico ahora")
        assert service.status().kind == "al_dia"
    finally:
        service.close()
        a.close()
        b.close()
        yard.close()


def test_it_ends_at_once(tmp_path: Path, made_company: Company) -> None:
    """Whoever of the two threads reads the server's goodbye, neither waits for another."""
    yard = Yard(tmp_path, 3, company=CompanyHere(tmp_path, like=made_company))
    station = yard.station("a")
    try:
        for _ in range(12):
            opened = threading.Event()
            live = Live(station.transport, station.replica.ambient, opened.set, lambda: None, lambda _: None)
            live.start()
            assert opened.wait(60)
            live.close()
            assert not live._thread.is_alive()
    finally:
        station.close()
        yard.close()


def seen(station: Any, words: str) -> None:
    """Wait until an order here has these words."""
    told = threading.Event()
    end = station.replica.subscribe(lambda _: told.set())
    for _ in range(300):
        with station.replica.reading() as connection:
            sql = "SELECT count(*) FROM orden WHERE diagnostico LIKE ?"
            if connection.exec_driver_sql(sql, (f"{words}%",)).scalar():
                end()
                return
        told.wait(0.1)
        told.clear()
    raise AssertionError(words)


def test_no_chunk_begins_in_a_history_that_is_gone(office: Office, desks: tuple[Desk, Desk, Sockets]) -> None:
    """The database was put back under a running server, and is past that place again."""
    a, b, sockets = desks
    a.receive("Primera")
    a.sync()
    place, lost = sockets.chunks._places[scope_of(b.person)], office.central.ambient.new_id()
    place.told = office.central.prover.cursor(office.central.epoch(), place.told.version, lost)
    a.receive("Segunda")
    a.sync()
    assert event(sockets.told["rec"][-1]).cambios is None
    b.sync()
    a.receive("Tercera")
    a.sync()
    assert hear(b, sockets.told["rec"][-1])


def test_a_station_whose_own_row_changed_is_told_to_look(office: Office, desks: tuple[Desk, Desk, Sockets]) -> None:
    """No chunk of a whole scope carries it, and the cursor would pass it."""
    _, b, sockets = desks
    renamed = actions.editar("estacion", row(office, "estacion", b.station.id), {"nombre": "Mesón"})
    office.central.write(SISTEMA, lambda _: renamed, trusted=True)
    assert sockets.told["rec"][-1].to_look == {b.station.id}


def test_a_station_that_another_process_revoked_is_missed(office: Office, desks: tuple[Desk, Desk, Sockets]) -> None:
    a, b, _ = desks
    office.stations.revoke(office.people["ana"], b.station.id, None)
    assert office.stations.gone({a.station.id, b.station.id, "nadie"}) == {b.station.id, "nadie"}
