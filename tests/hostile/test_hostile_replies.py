"""Replies of sync that are none, or lie: nothing of them is taken, and once the server is itself again all goes on."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from domain.base.errors import KnownError
from domain.upgrade import SCHEMA
from domain.wire import ChangesReply, PushReply
from local_db import confirmar, files, open_items, people, state
from local_db.ordenes import queries
from servitec_server import recovery
from servitec_server.store import Store
from sync.errors import ServerFailing
from sync.transport import Asked
from tests.company import Desk, Office
from tests.hostile.test_hostile_server import ASKED, sending, serving
from tests.server.backups import backed_up, everybody, reopened
from tests.sync.test_protocol import enrol_anew

KEY = "01900000-0000-7000-8000-00000000000a"
GOOD: dict[str, Any] = {
    "protocol": 1,
    "schema": SCHEMA,
    "server_id": "s",
    "epoch": "e",
    "desde": {"version": 0},
    "cursor": {"version": 5, "cambio_id": KEY},
    "hasta": 5,
    "last": True,
    "server_time": "2026-01-02T03:04:05.678Z",
}
PUSHED = {name: GOOD[name] for name in ("protocol", "schema", "server_id", "epoch", "server_time")}
TAKEN = {"id": KEY, "resultado": "aplicado", "version": 5}


def group(columns: list[str], *rows: list[object], **more: object) -> dict[str, Any]:
    return {"grupos": [{"tabla": "orden", "entera": True, "columnas": columns, "filas": list(rows), **more}]}


def ask(said: dict[str, Any]) -> ChangesReply:
    with serving(sending(json.dumps(said).encode())) as transport:
        return transport.changes(ASKED, None, propias=True, enteras=False, digest=False)


def test_a_whole_reply_is_taken() -> None:
    assert ask(GOOD | group(["id", "version", "titulo"], [KEY, 5, "x"])).hasta == 5
    assert ask(GOOD | {"cursor": {"version": 0}, "server_time": ""}).last


@pytest.mark.parametrize(
    "lie",
    [
        group(["id", "version", "titulo"], [KEY, 5]),
        group(["id", "version"], []),
        group(["titulo"], ["x"]),
        group([], []),
        group(["version", "id"], [5, KEY]),
        group(["id", "version", "titulo", "titulo"], [KEY, 5, "x", "y"]),
        group(["id", "version"], [KEY, "5"]),
        group(["id", "version"], [KEY, None]),
        group(["id", "version"], [KEY, 2**70]),
        group(["id", "version"], [None, 5]),
        group(["id", "version"], [KEY, 5], entera=False, bases=[1, 2]),
        group(["id", "version"], [KEY, 5], entera=False, bases=[2**70]),
        {"last": False, "cursor": {"version": 0}},
        {"last": False, "desde": {"version": 1}},
        {"desde": {"version": 0, "cambio_id": KEY}},
        {"server_time": "ayer"},
        {"server_time": "2026-01-02T03:04:05"},
        {"server_time": "2026-13-02T03:04:05.678Z"},
    ],
)
def test_changes_that_are_none_are_no_answer(lie: dict[str, Any]) -> None:
    with pytest.raises(ServerFailing, match="dañada"):
        ask(GOOD | lie)


@pytest.mark.parametrize(
    "lie", [{"answers": [TAKEN, TAKEN]}, {"server_time": ""}, {"server_time": "ayer"}, {"head": {"version": -1}}]
)
def test_answers_that_are_none_are_no_answer(lie: dict[str, Any]) -> None:
    said = PUSHED | {"answers": [TAKEN], "head": {"version": 5}}
    with serving(sending(json.dumps(said).encode())) as transport:
        assert transport.push(ASKED, ["{}"]).answers[0].id == KEY
    with serving(sending(json.dumps(said | lie).encode())) as transport, pytest.raises(ServerFailing, match="dañada"):
        transport.push(ASKED, ["{}"])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def lying(desk: Desk, change: Callable[[ChangesReply], None]) -> Callable[[], None]:
    """The desk's server says something else; gives what ends that."""
    honest = desk.line.changes

    def changes(asked: Asked, hasta: int | None, **options: bool) -> ChangesReply:
        reply = honest(asked, hasta, **options)
        change(reply)
        return reply

    desk.line.changes = changes  # type: ignore[method-assign]

    def end() -> None:
        desk.line.changes = honest  # type: ignore[method-assign]

    return end


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], 2**70])
@pytest.mark.parametrize("whole", [True, False])
def test_a_value_that_no_column_holds_is_told_and_not_taken(office: Office, value: object, whole: bool) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    a.sync(), b.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="de otro puesto")
    a.sync()

    def spoil(reply: ChangesReply) -> None:
        for grupo in reply.grupos:
            if "titulo" in grupo.columnas:
                grupo.entera, grupo.bases = whole, [] if whole else grupo.bases
                for row in grupo.filas:
                    row[grupo.columnas.index("titulo")] = value

    honest = lying(b, spoil)
    with pytest.raises(KnownError, match="no se puede guardar"):
        b.sync()
    honest()
    assert b.sync().up_to_date
    assert b.row("orden", order["id"])["titulo"] == "de otro puesto"


def test_a_head_beyond_all_reason_costs_nothing(office: Office) -> None:
    a = office.desk("a")
    a.receive()
    honest = a.line.push

    def push(asked: Asked, bodies: list[str]) -> PushReply:
        reply = honest(asked, bodies)
        reply.head.version = 2**62
        return reply

    a.line.push = push  # type: ignore[method-assign]
    a.sync()
    a.line.push = honest  # type: ignore[method-assign]
    a.receive()
    assert a.sync().up_to_date
    assert a.open_items().pending == 0


@pytest.mark.expects_log
def test_a_time_far_ahead_ends_no_daily_comparison(office: Office) -> None:
    a = office.desk("a")
    honest = lying(a, lambda reply: setattr(reply, "server_time", "2099-01-01T00:00:00.000Z"))
    a.sync(), a.receive(), a.sync()
    honest()
    with a.replica.writing() as writing:
        writing.connection.exec_driver_sql("DELETE FROM orden")
    for _ in range(3):
        a.sync()
    assert len(a.read(queries.ordenes)) == 1


@pytest.mark.parametrize("beyond", [1000, 2**62])
def test_a_place_that_the_server_never_gave_stops_nobody(office: Office, beyond: int) -> None:
    """By an edited file, or a lie of before; nothing is lost, and the station gets out of it by itself."""
    a = office.desk("a")
    orders = [a.receive()["id"] for _ in range(3)]
    a.sync()
    a.edit("orden", a.row("orden", orders[0]), titulo="sin enviar")
    with a.replica.writing() as writing:
        state.write(writing, cursor_version=a.read(state.read).cursor_version + beyond)
    assert a.sync().up_to_date
    assert a.row("orden", orders[0])["titulo"] == "sin enviar"
    assert {key for (tabla, key) in a.dump() if tabla == "orden"} == set(orders)
    assert files.kept_replicas(a.folder), "what was here is kept for a while"
    b = office.desk("b")
    assert b.dump() == a.dump()


@pytest.mark.expects_log
def test_what_was_taken_beyond_the_servers_end_is_offered_again(office: Office, tmp_path: Path) -> None:
    """The database was put back and the key lost with it: no place and no receipt proves anything any more."""
    a, b = office.desk("a"), office.desk("b")
    everybody(a, b)
    backup = backed_up(office)
    order = a.receive("después de la copia")
    a.sync()

    def put_back(folder: Path) -> None:
        shutil.rmtree(folder)
        folder.mkdir()
        shutil.copy(backup, folder / "servidor.db")
        with sqlite3.connect(folder / "servidor.db") as db:
            db.execute("DELETE FROM servidor WHERE clave = 'clave_secreta'")
        db.close()
        recovery.new_key(Store(folder))

    reopened(office, put_back)
    for desk in (a, b):
        enrol_anew(office, desk)
        desk.sync()
        waits = [c.cambio_id for c in desk.read(partial(confirmar.por_confirmar, actor=desk.person))]
        confirmar.firmar_de_nuevo(desk.replica, desk.person, waits)
    everybody(a, b)
    (refused,) = a.read(open_items.rechazos)
    assert str(order["folio"]) in refused.resumen, "it isn't gone in silence: a person hears of it"
    people.reofrecer_rechazo(a.replica, a.person, refused.cambio_id)
    assert a.sync().up_to_date
    b.sync()
    assert b.row("orden", order["id"])["folio_impreso"] == order["folio"], "the paper still finds it"
