"""Changes that are too large stop at the person who makes them; one that is there already stops nobody."""

import json
import sys
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from domain.wire import MAX_BYTES, MAX_OPS, Op, canonical, fingerprint
from local_db import people, rows, server_door
from sync.errors import TooLarge
from sync.transport import Asked
from tests.company import Desk, Office


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk("a", "ana")


def test_too_much_for_one_cambio_is_said_before_it_is_saved(office: Office, desk: Desk) -> None:
    ambient = desk.replica.ambient

    def brands(count: int) -> list[Op]:
        return [actions.alta(ambient, "marca", {"codigo": ambient.new_id(), "nombre": "x"}) for _ in range(count)]

    with pytest.raises(Rejection, match="varias partes") as refused:
        people.guardar(desk.replica, desk.person, brands(MAX_OPS + 1))
    assert refused.value.motivo == "tamano"
    logo: Row = {"codigo": "X", "nombre": "x", "logo_claro": "ñ" * 800_000}
    with pytest.raises(Rejection, match="varias partes"):
        people.guardar(desk.replica, desk.person, [actions.alta(ambient, "sucursal", logo)])
    assert desk.open_items().pending == 0
    people.guardar(desk.replica, desk.person, brands(MAX_OPS))
    assert desk.sync().pushed == 1
    desk.receive("después")
    assert desk.sync().up_to_date


def test_one_that_waits_already_is_set_aside_with_what_builds_on_it(office: Office, desk: Desk) -> None:
    order = desk.receive("enorme")
    comment = de_ordenes.comentar(desk.replica.ambient, order, "depende")
    people.guardar(desk.replica, desk.person, comment)
    other = desk.receive("sigue")
    with desk.replica.writing() as writing:
        db = rows.raw(writing.connection)
        n, body = db.execute("SELECT n, cuerpo FROM outbox ORDER BY n LIMIT 1").fetchone()
        cambio = json.loads(body)
        cambio["ops"][-2]["campos"]["falla_reportada"] = "x" * (8 * MAX_BYTES)
        cambio["huella"] = fingerprint(cambio)
        db.execute("UPDATE outbox SET cuerpo = ? WHERE n = ?", (canonical(cambio), n))
    real = desk.line.push

    def limited(asked: Asked, bodies: list[str]) -> Any:
        if sum(map(len, bodies)) > 8 * MAX_BYTES:
            raise TooLarge("413")
        return real(asked, bodies)

    desk.line.push = limited  # type: ignore[method-assign]
    done = desk.sync()
    assert (done.pushed, done.rejected) == (1, 2)
    with desk.replica.reading() as connection:
        kept = connection.execute(text("SELECT motivo, length(cuerpo) FROM rechazo ORDER BY n")).all()
        assert connection.execute(text("SELECT count(*) FROM orden")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM comentario")).scalar() == 0
    assert [motivo for motivo, _ in kept] == ["tamano", "dependencia"]
    assert kept[0][1] > 8 * MAX_BYTES
    assert desk.row("orden", other["id"])["version"]
    assert desk.open_items().rejected == 2


def test_one_that_the_server_refuses_for_its_size_is_kept_too(office: Office, desk: Desk) -> None:
    desk.receive("grande")
    with desk.replica.writing() as writing:
        db = rows.raw(writing.connection)
        cambio = json.loads(db.execute("SELECT cuerpo FROM outbox").fetchone()[0])
        cambio["ops"][-2]["campos"]["falla_reportada"] = "x" * MAX_BYTES
        cambio["huella"] = fingerprint(cambio)
        db.execute("UPDATE outbox SET cuerpo = ?", (canonical(cambio),))
    desk.receive("sigue")
    done = desk.sync()
    assert (done.pushed, done.rejected) == (1, 1)
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT motivo FROM respuesta WHERE resultado = 'rechazado'")).all() == [
            ("tamano",)
        ]


def test_rows_that_leave_cost_the_same_each(desk: Desk) -> None:
    ambient = desk.replica.ambient

    def lines(count: int) -> int:
        """Lines run to forget the traces of so many rows among as many acknowledged Cambios."""
        keys = [ambient.new_id() for _ in range(count)]
        ran = 0

        def trace(frame: FrameType, event: str, _: object) -> Any:
            nonlocal ran
            if not frame.f_code.co_filename.endswith("server_door.py"):
                return None
            ran += event == "line"
            return trace

        with desk.replica.writing() as writing:
            db = rows.raw(writing.connection)
            for i, key in enumerate(keys):
                body = canonical({"ops": [{"id": ambient.new_id()}, {"id": key if i % 2 else ambient.new_id()}]})
                values = (10_000 * count + i, ambient.new_id(), "x", body)
                db.execute(
                    "INSERT INTO outbox (n, id, usuario_id, cuerpo, acusado_en) VALUES (?, ?, ?, ?, '2026')", values
                )
            sys.settrace(trace)
            try:
                server_door._forget_traces(db, [("orden", key) for key in keys])
            finally:
                sys.settrace(None)
            left = db.execute("SELECT count(*) FROM outbox WHERE usuario_id = 'x'").fetchone()[0]
            db.execute("DELETE FROM outbox WHERE usuario_id = 'x'")
        assert left == count // 2
        return ran

    assert lines(400) < 12 * lines(50)
