"""A stock movement refers to a row that is there, or to none."""

import json

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.base.errors import Rejection
from domain.base.row import Value
from domain.inventario import actions as de_inventario
from domain.wire import Op
from local_db import people
from tests.company import Office
from tests.hostile.forge import FAR, an_order, row, told


def movement(office: Office, **campos: Value) -> Op:
    producto = actions.alta(office.central.ambient, "producto", {"sku": office.central.ambient.new_id(), "nombre": "F"})
    office.central.write(office.people["ana"], lambda _: [producto])
    return de_inventario.mover_stock(
        office.central.ambient, {"id": producto.id}, office.branch, "uso_orden", -1, **campos
    )


def test_the_server_takes_no_reference_to_nothing(office: Office) -> None:
    order, jefa = an_order(office, 1), office.people["jefa"]
    for of, key, answer in (
        ("orden", FAR, "no_existe"),
        ("movimiento_stock", order["id"], "no_existe"),
        ("usuario", jefa.usuario_id, "campo"),
        ("nada", FAR, "campo"),
        ("orden", None, "campo"),
        (None, order["id"], "campo"),
        ("orden", "\0", "campo"),
        ("orden", order["id"], "aplicado"),
        (None, None, "aplicado"),
    ):
        assert told(office, jefa, movement(office, ref_tipo=of, ref_id=key)) == answer, (of, key)
    used = movement(office, ref_tipo="orden", ref_id=order["id"])
    back = movement(office, ref_tipo="movimiento_stock", ref_id=used.id)
    assert told(office, jefa, used, back) == "aplicado"
    assert row(office, "movimiento_stock", back.id)["ref_id"] == used.id


def test_the_station_says_so_too_and_what_it_refers_to_goes_first(office: Office) -> None:
    desk = office.desk("a", "jefa")
    order = desk.receive()
    desk.sync()
    later = desk.receive("otra")
    with pytest.raises(Rejection, match="no existe"):
        people.guardar(desk.replica, desk.person, [movement(office, ref_tipo="orden", ref_id=FAR)])
    for found in (order, later):
        move = movement(office, ref_tipo="orden", ref_id=found["id"])
        people.guardar(desk.replica, desk.person, [move])
    sent = [
        json.loads(body)
        for body in desk.read(lambda c: c.execute(text("SELECT cuerpo FROM outbox ORDER BY n")).scalars().all())
    ]
    assert [item["depende"] for item in sent[-3:]] == [[], [], [sent[-3]["id"]]]
    assert desk.sync().up_to_date
