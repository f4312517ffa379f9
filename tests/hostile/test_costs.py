"""What something cost is known to those who may see costs, and to nobody by any way around; secrets to nobody."""

import asyncio

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.model import TABLES
from domain.scope import scope_of, visible
from domain.wire import Op
from servitec_server.announcement import Announcement
from servitec_server.chunks import Chunks
from servitec_server.live import Hub, Listener
from tests.company import Desk, Office
from tests.hostile.forge import content, push, row, told

COST, LATE = 777_123_999, 888_321_777


def cost_in_conflict(office: Office, boss: Desk) -> str:
    """A product whose cost two people changed; the id of its conflict."""
    ambient = office.central.ambient
    product = actions.alta(ambient, "producto", {"sku": "P-1", "nombre": "Fuente", "costo_centavos": 1})
    office.central.write(office.people["ana"], lambda _: [product])
    boss.sync()
    shown = row(office, "producto", product.id)
    office.central.write(office.people["ana"], lambda _: actions.editar("producto", shown, {"costo_centavos": COST}))
    boss.edit("producto", boss.row("producto", product.id), costo_centavos=LATE)
    boss.sync()
    with office.central.store.reading() as connection:
        return str(connection.execute(text("SELECT id FROM conflicto WHERE campo = 'costo_centavos'")).scalar_one())


def traces(desk: Desk) -> list[str]:
    words = [str(value).encode() for value in (COST, LATE)]
    numbers = [value.to_bytes(4, "big") for value in (COST, LATE)]
    found = [path for path in desk.folder.rglob("*") if path.is_file()]
    return [path.name for path in found if any(w in path.read_bytes() for w in words + numbers)]


def test_a_conflict_about_a_cost_is_a_row_of_those_who_see_costs(office: Office) -> None:
    boss, early = office.desk("jefa"), office.desk("taller", "tec")
    key = cost_in_conflict(office, boss)
    early.sync()
    late = office.desk("otro", "tec")
    assert (traces(early), traces(late)) == ([], [])
    assert boss.row("conflicto", key)["valor_tardio"] == str(LATE)
    assert traces(boss)
    boss.edit("conflicto", boss.row("conflicto", key), resuelto_por=boss.person.usuario_id)
    boss.sync()
    for desk in (early, late):
        assert desk.sync().up_to_date
        assert traces(desk) == []
        assert desk.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM conflicto").scalar()) == 0


def test_nor_does_it_come_with_answers_to_whoever_sits_there(office: Office) -> None:
    boss = office.desk("jefa")
    cost_in_conflict(office, boss)
    product = boss.read(lambda c: c.exec_driver_sql("SELECT id FROM producto").scalar())
    op = Op(tabla="producto", id=product, tipo="cambio", campos={"costo_centavos": LATE}, antes={"costo_centavos": 5})
    reply = push(office, boss, content(office, boss, op), person=office.people["tec"])
    assert [a.resultado for a in reply.answers] == ["aplicado"]
    sent = reply.model_dump_json()
    assert str(COST) not in sent
    assert str(LATE) not in sent
    assert "costo_centavos" in push(office, boss, content(office, boss, op)).model_dump_json()


def test_nor_by_an_event(office: Office) -> None:
    boss = office.desk("jefa")
    key = cost_in_conflict(office, boss)
    announced = Announcement("conflicto_creado", "conflicto", row(office, "conflicto", key), 9, "x")

    async def heard(name: str) -> int:
        hub = Hub(Chunks(office.central, office.handler))
        listener = Listener(scope_of(office.people[name]), "f", None)
        hub.join(listener)
        hub.publish([announced])
        await asyncio.sleep(0)
        return listener.queue.qsize()

    assert asyncio.run(heard("jefa")) == 1
    assert asyncio.run(heard("tec")) == 0


def test_who_sees_no_costs_writes_none_and_settles_none(office: Office) -> None:
    boss, tec = office.desk("jefa"), office.people["tec"]
    key = cost_in_conflict(office, boss)
    product = boss.read(lambda c: c.exec_driver_sql("SELECT id FROM producto").scalar())
    used = de_inventario.mover_stock(
        office.central.ambient, {"id": product}, office.branch, "uso_orden", -1, costo_centavos=5
    )
    assert told(office, tec, used) == "permiso"
    shown = row(office, "conflicto", key)
    assert told(office, tec, *actions.editar("conflicto", shown, {"resuelto_por": tec.usuario_id})) == "permiso"
    other: Row = {"resuelto_por": office.people["ana"].usuario_id}
    assert told(office, office.people["jefa"], *actions.editar("conflicto", shown, other)) == "permiso"
    stored = row(office, "producto", product)
    assert "costo_centavos" not in visible(TABLES["producto"], stored, costs=False)
    assert visible(TABLES["producto"], stored)["costo_centavos"] == COST


def test_a_secret_column_has_no_conflicts_and_no_values_anywhere(office: Office) -> None:
    desk = office.desk("jefe", "ana")
    key = office.people["jefa"].usuario_id
    with office.central.store.writing() as connection:
        connection.execute(
            text("UPDATE usuario SET clave_hash = 'CANARIO', email = 'canario@x.cl' WHERE id = :k"), {"k": key}
        )
    forged = Op(tabla="usuario", id=key, tipo="cambio", campos={"clave_hash": "mía"}, antes={"clave_hash": "x"})
    again = Op(
        tabla="usuario", id=key, tipo="alta", campos={"username": "jefa", "rol": "supervisor", "clave_hash": "y"}
    )
    receipt = {"epoca": "x", "arranque": "x", "version": 1, "prueba": "x", "perdidos": [["usuario", key, "clave_hash"]]}
    mail = Op(tabla="usuario", id=key, tipo="cambio", campos={"email": "mía@x.cl"}, antes={"email": "x"})
    reply = push(
        office,
        desk,
        content(office, desk, forged),
        content(office, desk, again),
        content(office, desk, forged, reoferta=[receipt]),
        content(office, desk, mail),
    )
    assert [a.motivo for a in reply.answers] == ["campo", "campo", "campo", "modificado"]
    assert "canario" not in reply.model_dump_json().lower()
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM conflicto")).scalar() == 0
        kept = connection.execute(text("SELECT clave_hash FROM usuario WHERE id = :k"), {"k": key}).scalar()
    assert kept == "CANARIO"
    trusted = Op(tabla="usuario", id=key, tipo="cambio", campos={"clave_hash": "z"}, antes={"clave_hash": "x"})
    with pytest.raises(Rejection) as refused:
        office.central.write(SISTEMA, lambda _: [trusted], trusted=True)
    assert "CANARIO" not in str(refused.value)
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM conflicto")).scalar() == 0
