"""What a role may not see leaves no trace on its station: canary strings, looked for in every byte of its folder."""

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.ordenes import actions as de_ordenes
from local_db import people, state
from sync.errors import ServerUnreachable
from tests.company import Desk, Office

CANARY = "CANARIOxq7"


def traces(desk: Desk) -> list[str]:
    """The files of a station that hold a canary, as it is or in the other common encodings."""
    wanted = [CANARY.encode(), CANARY.lower().encode(), CANARY.encode("utf-16-le")]
    found = []
    for path in sorted(p for p in desk.folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if any(w in content for w in wanted):
            found.append(path.name)
    return found


def second_branch(office: Office) -> str:
    op = actions.alta(office.central.ambient, "sucursal", {"codigo": "SUR", "nombre": "Sur"})
    office.central.write(SISTEMA, lambda _: [op], trusted=True)
    return op.id


def fill_other_branch(office: Office, boss: Desk, branch: str) -> str:
    """An order, its history, a comment and stock of another branch, and costs; all with canaries."""
    with boss.replica.reading() as connection:
        actor = people.current_actor(connection)
    assert actor is not None
    order = boss.receive(f"{CANARY} falla", diagnostico=f"{CANARY} diagnóstico")
    ambient = office.central.ambient
    people.guardar(boss.replica, boss.person, de_ordenes.comentar(ambient, order, f"{CANARY} comentario"))
    move(boss, order, branch)
    producto = actions.alta(
        ambient, "producto", {"sku": "P-1", "nombre": "Fuente", "costo_centavos": 777123999, "precio_centavos": 5}
    )
    entrada = de_inventario.mover_stock(ambient, {"id": producto.id}, branch, "entrada", 3, nota=f"{CANARY} nota")
    people.guardar(boss.replica, boss.person, [producto, entrada])
    boss.sync()
    return str(order["id"])


def move(desk: Desk, order: Row, branch: str) -> None:
    row = desk.row("orden", order["id"])
    people.guardar(desk.replica, desk.person, actions.editar("orden", row, {"sucursal_id": branch}))


def set_role(office: Office, name: str, **campos: str) -> None:
    key = office.people[name].usuario_id
    with office.central.store.reading() as connection:
        row = dict(connection.execute(text("SELECT * FROM usuario WHERE id = :k"), {"k": key}).mappings().one())
    office.central.write(SISTEMA, lambda _: actions.editar("usuario", row, dict(campos)), trusted=True)


def test_rows_of_another_branch_never_reach_a_station(office: Office) -> None:
    other = second_branch(office)
    boss = office.desk("jefe", "ana")
    fill_other_branch(office, boss, other)
    assert traces(boss)
    tech = office.desk("taller", "tec")
    tech.sync()
    assert traces(tech) == []
    assert b"777123999" not in b"".join(p.read_bytes() for p in tech.folder.glob("replica*"))
    fill_other_branch_again = boss.receive(f"{CANARY} otra")
    move(boss, fill_other_branch_again, other)
    boss.sync()
    tech.sync()
    assert traces(tech) == []


def test_a_row_that_leaves_the_scope_is_gone_from_every_byte(office: Office) -> None:
    other = second_branch(office)
    boss, counter = office.desk("jefe", "ana"), office.desk("mostrador", "rec")
    order = counter.receive(f"{CANARY} falla", titulo=f"{CANARY} título")
    filler = [counter.receive(f"falla {i}") for i in range(40)]
    counter.sync()
    counter.edit("orden", counter.row("orden", order["id"]), titulo=f"{CANARY} otro título")
    with counter.replica.writing() as writing:
        writing.connection.execute(
            text(
                "INSERT INTO trabajo_impresion (id, destino, tabla, registro_id, titulo, datos, sha256, estado, "
                "creado_en, actualizado_en) VALUES ('t', 'x', 'orden', :orden, :titulo, x'00', '', 'impreso', '', '')"
            ),
            {"orden": order["id"], "titulo": f"{CANARY} etiqueta"},
        )
    counter.sync()
    assert traces(counter)
    boss.sync()
    move(boss, order, other)
    boss.sync()
    counter.sync()
    assert traces(counter) == []
    assert counter.row("orden", filler[0]["id"])
    assert boss.row("orden", order["id"])["titulo"] == f"{CANARY} otro título"


def test_a_downgrade_leaves_nothing_but_what_still_waits(office: Office) -> None:
    other = second_branch(office)
    boss = office.desk("jefe", "ana")
    key = fill_other_branch(office, boss, other)
    boss.receive("falla de la central")
    boss.sync()
    assert traces(boss)
    set_role(office, "ana", rol="recepcionista")
    assert boss.sync().up_to_date
    assert traces(boss) == []
    assert boss.read(state.read).scope is not None
    set_role(office, "ana", rol="administrador")
    boss.sync()
    assert boss.row("orden", key)["diagnostico"] == f"{CANARY} diagnóstico"


def test_what_waited_through_a_downgrade_is_gone_once_it_was_answered(office: Office) -> None:
    """Also of a table that the new role holds nothing of."""
    boss = office.desk("jefe", "ana")
    ambient = office.central.ambient
    producto = actions.alta(ambient, "producto", {"sku": "P-1", "nombre": "Fuente"})
    people.guardar(boss.replica, boss.person, [producto])
    boss.sync()
    set_role(office, "ana", rol="gestor")
    boss.receive("antes")
    requests = iter(("ok", "ok", "request_lost"))
    boss.line.fault = lambda: next(requests)
    with pytest.raises(ServerUnreachable):
        boss.sync()  # the push was taken; the snapshot of what she may see now didn't come
    boss.line.fault = lambda: "ok"
    entrada = de_inventario.mover_stock(
        ambient, {"id": producto.id}, office.branch, "entrada", 3, nota=f"{CANARY} nota"
    )
    people.guardar(boss.replica, boss.person, [entrada])
    boss.sync()
    assert boss.open_items().pending == 0
    for tabla in ("movimiento_stock", "existencia"):
        assert not [key for key in boss.dump() if key[0] == tabla]


def test_an_answer_tells_nothing_of_rows_out_of_scope(office: Office) -> None:
    other = second_branch(office)
    boss, counter = office.desk("jefe", "ana"), office.desk("mostrador", "rec")
    order = counter.receive("falla")
    counter.sync(), boss.sync()
    counter.edit("orden", counter.row("orden", order["id"]), titulo="a tiempo no")
    boss.edit("orden", boss.row("orden", order["id"]), diagnostico=f"{CANARY} después")
    move(boss, order, other)
    boss.sync()
    counter.sync()
    assert counter.open_items().rejected == 1
    assert traces(counter) == []
