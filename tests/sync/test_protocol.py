"""Schemas, clones, changed rights, the digest, the floor, large requests, a broken download."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from domain import upgrade
from domain.base import actions
from domain.base.row import Row
from domain.incoming import read_cambio, read_push
from domain.inventario import actions as de_inventario
from domain.model import TABLES
from domain.ordenes import actions as de_ordenes
from domain.proofs import sign
from domain.scope import scope_of
from domain.wire import Cambio, EnrolReply, Head, Op, PushReply, canonical, fingerprint
from local_db import enrolment, open_items, people, rows, server_door, state
from local_db.ordenes import queries
from local_db.replica import Replica
from servitec_server import handler, snapshot, upkeep
from servitec_server.feed import Options
from servitec_server.handler import Refusal
from servitec_server.history import head as handler_head
from storage.schema import MIGRATIONS
from sync import transport
from sync.download import unpack
from sync.engine import SyncEngine
from sync.errors import SchemaRefused, ServerUnreachable, StationCloned, TooLarge
from sync.transport import Asked
from tests.company import Desk, Line, Office
from tests.sync.test_scope import set_role

NOW, NEXT = upgrade.SCHEMA, upgrade.SCHEMA + 1


def head(office: Office, schema: int, **more: Any) -> Head:
    return Head.model_validate({"schema": schema, **more})


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Makes the server one of a made-up next schema, which brought the label templates."""
    folder, spec = tmp_path / "migraciones", TABLES["plantilla_etiqueta"]
    shutil.copytree(MIGRATIONS, folder)
    first = (folder / "0001.sql").read_text()
    made = re.search(r"CREATE TABLE plantilla_etiqueta .*?\);\n", first, re.DOTALL)
    assert made is not None
    (folder / "0001.sql").write_text(first.replace(made[0], ""))
    (folder / f"{NEXT:04}.sql").write_text(made[0])

    def comes() -> None:
        monkeypatch.setattr(snapshot, "MIGRATIONS", folder)
        for module in (handler, upgrade):
            monkeypatch.setattr(module, "SCHEMA", NEXT)
        object.__setattr__(spec, "since", NEXT)

    yield comes
    object.__setattr__(spec, "since", 1)


def test_a_station_one_schema_behind_is_served_what_it_knows(
    office: Office, tmp_path: Path, later: Callable[[], None]
) -> None:
    desk = office.desk("a", "ana")
    campos: Row = {"nombre": "Mía", "tipo": "orden", "cuerpo": "{}"}
    office.central.write(desk.person, lambda _: [actions.alta(office.central.ambient, "plantilla_etiqueta", campos)])
    desk.receive()
    desk.sync()
    later()
    office.handler.snapshots = snapshot.Snapshots(office.central)
    scope = scope_of(desk.person)
    ready = office.handler.snapshot(head(office, NOW), scope, desk.station, wait=True)
    assert ready is not None
    assert unpack([ready.path.read_bytes()], tmp_path / "uno.db", ready.size)
    old = Replica.open(tmp_path / "vieja")
    old.close()
    shutil.move(tmp_path / "uno.db", tmp_path / "vieja" / "uno.db")
    db = sqlite3.connect(tmp_path / "vieja" / "uno.db")
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "plantilla_etiqueta" not in tables
    assert db.execute("SELECT count(*) FROM orden").fetchone()[0] == 1
    assert db.execute("PRAGMA user_version").fetchone()[0] == NOW
    db.close()
    reply = office.handler.changes(head(office, NOW), None, scope, desk.station, Options(weight=10_000))
    assert "plantilla_etiqueta" not in {g.tabla for g in reply.grupos}
    assert reply.schema_ == NOW
    newer = office.handler.changes(head(office, NEXT), None, scope, desk.station, Options(weight=10_000))
    assert "plantilla_etiqueta" in {g.tabla for g in newer.grupos}


def test_a_later_schema_is_refused_before_anything_is_taken(office: Office) -> None:
    desk = office.desk("a")
    desk.receive()
    body = server_door.next_batch(desk.replica).bodies[0]
    request = read_push(json.dumps({"schema": upgrade.SCHEMA + 1, "cambios": [json.loads(body)]}).encode())
    with pytest.raises(Refusal, match="actualizar el servidor") as refused:
        office.handler.push(request, desk.station)
    assert refused.value.status == 426
    assert desk.sync().pushed == 1


def renamed(old: str, new: str) -> Callable[[Op], Op]:
    def step(op: Op) -> Op:
        values = [{new if n == old else n: v for n, v in held.items()} for held in (op.campos, op.antes)]
        return op.model_copy(update={"campos": values[0], "antes": values[1]})

    return step


def as_of(desk: Desk, schema: int, names: dict[str, str]) -> None:
    """The outbox as a program of an older schema wrote it: with its number, its names and a signature of its own."""
    with desk.replica.writing() as writing:
        db = rows.raw(writing.connection)
        for n, cuerpo in db.execute("SELECT n, cuerpo FROM outbox WHERE acusado_en IS NULL").fetchall():
            cambio = json.loads(cuerpo) | {"schema": schema}
            for op in cambio["ops"]:
                for held in ("campos", "antes"):
                    op[held] = {names.get(name, name): value for name, value in op[held].items()}
            cambio["huella"] = fingerprint(cambio)
            firma = sign(desk.replica.firmantes[desk.person.usuario_id], cambio["huella"]).model_dump_json()
            written = (canonical(cambio), firma, n)
            db.execute("UPDATE outbox SET cuerpo = ?, firma = ? WHERE n = ?", written)


@pytest.mark.parametrize("schema", [1, 2, 3, 4])
@pytest.mark.parametrize("state_of", ["plain", "propias", "rebuild"])
def test_a_full_outbox_of_every_released_schema_is_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch, schema: int, state_of: str
) -> None:
    """A server of schema 4 and stations of 1 to 4; `falla_reportada` was «sintoma» and then «falla» before."""
    desk = office.desk("a")
    old = desk.receive("de antes")
    desk.sync()
    order = desk.receive("una")
    desk.edit("orden", desk.row("orden", old["id"]), falla_reportada="otra")
    for number in range(12):
        desk.edit("orden", desk.row("orden", order["id"]), titulo=f"título {number}")
    waiting = desk.open_items().pending
    assert waiting == 14
    names = {1: "sintoma", 2: "falla"}
    as_of(desk, schema, {"falla_reportada": names.get(schema, "falla_reportada")})
    for module in (handler, upgrade):
        monkeypatch.setattr(module, "SCHEMA", 4)
    steps = {1: renamed("sintoma", "falla"), 2: renamed("falla", "falla_reportada")}
    monkeypatch.setattr(upgrade, "STEPS", steps)
    monkeypatch.setattr(transport, "SCHEMA", schema)
    if state_of != "plain":
        with desk.replica.writing() as writing:
            state.write(writing, **{state_of: True})
    producto = actions.alta(office.central.ambient, "producto", {"sku": "P", "nombre": "Fuente"})
    office.central.write(office.people["ana"], lambda _: [producto])
    if schema < 3:
        with pytest.raises(SchemaRefused, match="demasiado antiguo"):
            desk.sync()
    else:
        desk.engine._push()
    assert (desk.open_items().pending, desk.open_items().rejected) == (0, 0)
    with office.central.store.reading() as connection:
        query = text("SELECT falla_reportada, titulo FROM orden")
        found = {row[0]: row[1] for row in connection.execute(query)}
    assert found == {"otra": None, "una": "título 11"}
    desk.receive("sin red, como siempre")


def test_what_an_old_program_was_refused_is_approved_as_what_it_means_now(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Cambio kept for the supervisor is brought up once, whenever the server was updated."""
    desk = office.desk("a", "jefa")
    desk.receive("una")
    as_of(desk, 1, {"falla_reportada": "falla"})
    monkeypatch.setattr(upgrade, "STEPS", {1: renamed("falla", "falla_reportada")})
    (body,) = server_door.next_batch(desk.replica).bodies
    item = read_cambio(json.loads(body))
    monkeypatch.setattr(upgrade, "SCHEMA", 2)
    once = upgrade.upgraded(item)
    assert once.content_hash() == once.huella
    again = upgrade.upgraded(Cambio.model_validate_json(once.model_dump_json(by_alias=True)))
    assert [op.campos for op in again.ops] == [op.campos for op in once.ops]
    assert any("falla_reportada" in op.campos for op in once.ops)


def enrol_anew(office: Office, desk: Desk) -> None:
    row = office.stations.enrol(desk.person, "otra", desk.header)
    desk.header = office.stations.header(row)
    desk.station = office.stations.known(desk.header)
    names = {"estacion_id": desk.station.id, "codigo": desk.station.codigo, "nombre": "otra", "credencial": "x"}
    values: dict[str, Any] = {**office.handler.head(), **names, "sucursal_id": desk.person.sucursal_id}
    values["firmante"] = office.central.prover.signer(desk.station.id, desk.person.usuario_id, 1)
    enrolment.finish_enrolment(desk.replica, "http://loopback", EnrolReply(**values))
    desk.line = Line(office, desk.station, desk.person)
    desk.engine = SyncEngine(desk.replica, desk.line)


def test_a_cloned_station_enrols_anew_and_keeps_its_outbox(office: Office, tmp_path: Path) -> None:
    a = office.desk("a")
    a.receive("antes de la copia")
    a.sync()
    a.replica.close()
    shutil.copytree(a.folder, office.root / "clon")
    a.reopen()
    clone = office.desk("b")
    clone.replica.close()
    clone.folder, clone.station, clone.header = office.root / "clon", a.station, a.header
    clone.line = Line(office, a.station, a.person)
    clone.reopen(a.replica.firmantes)
    mine, other = a.receive("del original"), clone.receive("de la copia")
    assert mine["folio"] == other["folio"], "both count on: that is what a clone does"
    a.sync()
    with pytest.raises(StationCloned):
        clone.sync()
    assert clone.read(state.read).reenrol == "clonada"
    assert clone.open_items().pending == 1
    enrol_anew(office, clone)
    assert clone.sync().up_to_date
    a.sync()
    shown = clone.row("orden", other["id"])
    assert shown["folio_impreso"] == other["folio"]
    assert str(shown["folio"]).startswith("00-")
    assert a.row("orden", mine["id"])["folio"] == mine["folio"]
    assert clone.receive("nueva")["folio"] == f"{clone.station.codigo}-000001"


def test_a_right_that_was_lost_meanwhile_waits_for_a_supervisor(office: Office) -> None:
    a = office.desk("a", "jefa")
    order = a.receive()
    a.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="a tiempo")
    producto = actions.alta(office.central.ambient, "producto", {"sku": "P", "nombre": "Fuente"})
    office.central.write(office.people["ana"], lambda _: [producto])
    entrada = de_inventario.mover_stock(office.central.ambient, {"id": producto.id}, office.branch, "entrada", 3)
    people.guardar(a.replica, a.person, [entrada])
    set_role(office, "jefa", rol="gestor")
    a.sync()
    with office.central.store.reading() as connection:
        found = connection.execute(
            text("SELECT resultado, motivo FROM respuesta WHERE motivo = 'permiso_cambiado' ORDER BY n")
        ).all()
        stock = connection.execute(text("SELECT stock FROM existencia")).scalar()
        flagged = connection.execute(text("SELECT observado FROM movimiento_stock")).scalar()
    assert [tuple(row) for row in found] == [("rechazado", "permiso_cambiado"), ("aplicado", "permiso_cambiado")]
    assert (stock, flagged) == (3, "permiso_cambiado")


@pytest.mark.expects_log
def test_a_difference_is_noticed_and_repaired_once_a_day(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    a = office.desk("a")
    order = a.receive()
    a.sync(), a.sync()
    with a.replica.writing() as writing:
        writing.connection.execute(text("DELETE FROM orden WHERE id = :id"), {"id": order["id"]})
        state.write(writing, digest_en=None)
    assert a.sync().up_to_date
    assert a.row("orden", order["id"])
    assert "digest" in caplog.text
    caplog.clear()
    with a.replica.writing() as writing:
        writing.connection.execute(text("DELETE FROM orden WHERE id = :id"), {"id": order["id"]})
        state.write(writing, digest_en=None)
    a.sync()
    assert a.read(queries.ordenes) == [], "the second repair of a day waits"
    caplog.clear()


def test_a_station_from_before_the_floor_takes_a_snapshot(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = office.desk("a"), office.desk("b", "ana")
    order = a.receive()
    people.guardar(a.replica, a.person, de_ordenes.comentar(office.central.ambient, order, "hola"))
    a.sync(), b.sync()
    (comment,) = b.read(lambda c: queries.orden(c, str(order["id"]))).comentarios
    people.guardar(b.replica, b.person, actions.borrar("comentario", b.row("comentario", comment.id)))
    b.sync()
    monkeypatch.setattr("servitec_server.upkeep.KEEP_DAYS", -1)
    assert upkeep.collect(office.central) > 0
    assert upkeep.collect(office.central) > 0, "nothing new to forget"
    replica_before = a.replica.path.name
    assert a.sync().up_to_date
    assert a.replica.path.name != replica_before
    assert a.read(lambda c: queries.orden(c, str(order["id"]))).comentarios == ()


def test_a_request_that_is_too_large_goes_in_halves(office: Office) -> None:
    a = office.desk("a")
    for i in range(9):
        a.receive(f"falla {i}")
    real, sizes = a.line.push, []

    def small(asked: Asked, bodies: list[str]) -> PushReply:
        sizes.append(len(bodies))
        if len(bodies) > 3:
            raise TooLarge("413")
        return real(asked, bodies)

    a.line.push = small  # type: ignore[method-assign]
    assert a.sync().pushed == 9
    assert sizes[:2] == [5, 2]


def test_a_batch_never_overtakes_a_cambio_without_an_answer(office: Office) -> None:
    a = office.desk("a")
    for i in range(17):
        a.receive(f"falla {i}")
    real = a.line.push
    answered: list[int] = []

    def slow(asked: Asked, bodies: list[str]) -> PushReply:
        numbers = [json.loads(body)["n"] for body in bodies]
        assert numbers[0] == (answered[-1] if answered else 0) + 1
        reply = real(asked, bodies[:3])
        answered.extend(numbers[:3])
        return reply

    a.line.push = slow  # type: ignore[method-assign]
    assert a.sync().pushed == 17
    assert answered == sorted(set(answered))


def test_a_push_that_nobody_came_between_needs_no_pull(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    asked: list[str] = []

    def note() -> str:
        asked.append("request")
        return "ok"

    a.sync()
    a.line.fault = note
    a.edit("orden", a.row("orden", order["id"]), titulo="uno")
    assert a.sync().up_to_date
    assert len(asked) == 1
    with office.central.store.reading() as connection:
        version, cambio_id = handler_head(connection)
    assert a.read(state.read).cursor.place == (version, cambio_id)
    b.sync()
    b.edit("orden", b.row("orden", order["id"]), titulo="dos")
    b.sync()
    asked.clear()
    a.edit("orden", a.row("orden", order["id"]), diagnostico="tres")
    assert a.sync().up_to_date
    assert len(asked) == 2
    assert a.row("orden", order["id"])["titulo"] == "dos"


def test_answers_are_taken_although_the_request_after_them_fails(office: Office) -> None:
    a = office.desk("a")
    for i in range(9):
        a.receive(f"falla {i}")
    faults = iter(["ok", "reply_lost"])
    a.line.fault = lambda: next(faults)
    with pytest.raises(ServerUnreachable):
        a.sync()
    with a.replica.reading() as connection:
        assert open_items.resumen(connection).pending == 4
    a.line.fault = lambda: "ok"
    assert a.sync().up_to_date
    assert len(a.read(lambda c: c.exec_driver_sql("SELECT id FROM orden").all())) == 9


def test_a_damaged_or_cancelled_download_leaves_the_replica(office: Office, tmp_path: Path) -> None:
    a = office.desk("a")
    order = a.receive()
    a.sync()
    with a.replica.writing() as writing:
        state.write(writing, rebuild=True)
    real = a.line.snapshot

    def damaged(asked: Asked, folder: Path, progress: Callable[[int, int], None]) -> Path:
        path = real(asked, folder, progress)
        content = bytearray(path.read_bytes())
        content[5000:9000] = bytes(4000)
        path.write_bytes(content)
        return path

    def cut(*_: object) -> Path:
        raise ServerUnreachable("cortado")

    a.line.snapshot = damaged  # type: ignore[method-assign]
    with pytest.raises(Exception, match="no está entera"):
        a.sync()
    a.line.snapshot = cut  # type: ignore[assignment]
    with pytest.raises(ServerUnreachable):
        a.sync()
    assert a.row("orden", order["id"])
    a.line.snapshot = real  # type: ignore[method-assign]
    assert a.sync().up_to_date
