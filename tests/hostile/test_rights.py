"""Rows that aren't the author's, columns that aren't his to write, lines that say what didn't happen."""

from dataclasses import replace

from sqlalchemy import text

from domain.base import actions
from domain.base.actor import Actor
from domain.base.row import Row, Value
from domain.ordenes import actions as de_ordenes
from domain.permissions import puede
from domain.scope import scope_of
from domain.wire import Op
from tests.company import Office
from tests.hostile.forge import FAR, an_order, branch, hire, reception, row, told


def as_alta(vista: Row, **campos: Value) -> Op:
    """An alta under the key of a row that is there."""
    fixed = {n: vista[n] for n in ("folio", "tipo", "estado", "codigo_publico", "sucursal_id")}
    return Op(tabla="orden", id=str(vista["id"]), tipo="alta", campos={**fixed, **campos})


def line(vista: Row, **campos: Value) -> Op:
    return Op(
        tabla="historial_orden",
        id=FAR[:-4] + f"{len(campos):04x}",
        tipo="alta",
        campos={"orden_id": vista["id"], "ocurrio_en": "2026-11-20T10:00:00.000Z", **campos},
    )


def test_an_alta_of_a_row_that_is_there_needs_the_right_to_edit_it(office: Office) -> None:
    rec, sur = office.people["rec"], branch(office)
    theirs, ours = an_order(office, 1, sur), an_order(office, 2)
    for forged in (
        as_alta(theirs, titulo="mía"),
        as_alta(theirs, titulo="mía", sucursal_id=office.branch),
        as_alta(ours, diagnostico="no es de recepción"),
    ):
        vista = row(office, "orden", forged.id)
        assert told(office, rec, forged, line(vista, a_estado=vista["estado"])) == "permiso"
        assert row(office, "orden", forged.id) == vista
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM conflicto")).scalar() == 0
    assert told(office, rec, as_alta(ours, titulo="a"), line(ours, a_estado="recibida")) == "aplicado"
    assert row(office, "orden", ours["id"])["titulo"] == "a"


def test_an_order_is_not_made_in_or_moved_to_another_branch(office: Office) -> None:
    rec, sur = office.people["rec"], branch(office)
    ours, theirs = an_order(office, 1), an_order(office, 2, sur)
    assert told(office, rec, *reception(office, 3, sur)) == "permiso"
    assert told(office, rec, *actions.editar("orden", ours, {"sucursal_id": sur})) == "permiso"
    assert told(office, office.people["jefa"], *actions.editar("orden", theirs, {"titulo": "x"})) == "permiso"
    motivo = row_of(office, "motivo")
    only = Op(tabla="orden", id=str(theirs["id"]), tipo="cambio", campos={"motivo_id": motivo}, antes={})
    nothing = Op(tabla="orden", id=str(theirs["id"]), tipo="cambio")
    assert (told(office, rec, only), told(office, rec, nothing)) == ("permiso", "permiso")
    assert row(office, "orden", theirs["id"]) == theirs


def row_of(office: Office, tabla: str) -> str:
    with office.central.store.reading() as connection:
        return str(connection.execute(text(f"SELECT id FROM {tabla} LIMIT 1")).scalar_one())


def test_a_history_line_says_what_its_order_did(office: Office) -> None:
    rec, sur = office.people["rec"], branch(office)
    order, other = an_order(office, 1), an_order(office, 2)
    move = de_ordenes.cambiar_estado(office.central.ambient, order, "cancelada", nota="desiste")[0]
    right = line(order, a_estado="cancelada", nota="desiste")
    key = actions.alta(office.central.ambient, "historial_orden", {**right.campos, "sucursal_id": sur})
    former = actions.alta(office.central.ambient, "historial_orden", {**right.campos, "de_tecnico_id": FAR})
    extra = actions.alta(office.central.ambient, "historial_orden", right.campos)
    assert told(office, rec, move, line(order, a_estado="entregada", nota="x")) == "historial"
    assert told(office, rec, move, right, extra) == "historial"
    assert (
        told(office, rec, move, right, line(other, a_estado="cancelada", nota="desiste", motivo_id=None)) == "historial"
    )
    assert told(office, rec, move, line(order, a_estado="cancelada", nota="x", a_tecnico_id=FAR)) == "historial"
    assert told(office, rec, move, key) == "campo"
    assert told(office, rec, move, former) == "campo"
    again = Op(tabla="orden", id=move.id, tipo="cambio", campos={"estado": "recibida"}, antes={})
    assert told(office, rec, move, again, right) == "historial"
    assert row(office, "orden", order["id"]) == order
    assert told(office, rec, move, right) == "aplicado"
    made = row(office, "historial_orden", right.id)
    assert (made["sucursal_id"], made["de_estado"], made["a_estado"]) == (office.branch, "recibida", "cancelada")


def test_a_comment_has_the_key_of_what_it_speaks_of(office: Office) -> None:
    rec, sur = office.people["rec"], branch(office)
    ours, theirs = an_order(office, 1), an_order(office, 2, sur)
    ambient = office.central.ambient
    mine = de_ordenes.comentar(ambient, ours, "visto")[0]
    assert told(office, rec, mine) == "aplicado"
    assert row(office, "comentario", mine.id)["sucursal_id"] == office.branch
    assert told(office, rec, *de_ordenes.comentar(ambient, theirs, "hola")) == "permiso"
    for key in (None, sur):
        forged = de_ordenes.comentar(ambient, ours, "a todos")[0]
        forged.campos["sucursal_id"] = key
        assert told(office, rec, forged) == "campo"
    boss = de_ordenes.comentar(ambient, theirs, "de arriba")[0]
    assert told(office, office.people["ana"], boss) == "aplicado"
    assert row(office, "comentario", boss.id)["sucursal_id"] == sur


def test_a_client_asks_only_for_himself(office: Office) -> None:
    ambient = office.central.ambient
    first, second = an_order(office, 1), an_order(office, 2)
    client = hire(office, "cli", "cliente", cliente_id=first["cliente_id"], sucursal_id=None)

    def request(number: int, **campos: Value) -> str:
        orden: Row = {"tipo": "solicitud", "cliente_id": client.cliente_id, "recibido_por_id": client.usuario_id}
        ops = reception(office, number, None, **orden | campos)
        return told(office, client, *[op for op in ops if op.tabla in ("orden", "historial_orden")])

    assert request(3, cliente_id=second["cliente_id"]) == "permiso"
    assert request(4, cliente_id=None) == "permiso"
    assert request(5, equipo_id=second["equipo_id"]) == "permiso"
    assert request(6, en_garantia=True) == "permiso"
    assert request(7, garantia_dias=365) == "permiso"
    assert request(8, diagnostico="gratis") == "permiso"
    assert request(9, tecnico_id=office.people["tec"].empleado_id) == "permiso"
    assert request(10, recibido_por_id=office.people["rec"].usuario_id) == "permiso"
    assert request(11, equipo_id=first["equipo_id"], titulo="No enciende") == "aplicado"
    assert told(office, client, *de_ordenes.comentar(ambient, first, "¿ya está?", "cliente")) == "aplicado"
    assert told(office, client, *de_ordenes.comentar(ambient, first, "interno")) == "permiso"
    assert told(office, client, *de_ordenes.comentar(ambient, second, "¿y ese?", "cliente")) == "permiso"
    assert not puede(client, "orden.ver", "orden", second)


def test_what_nobody_has_is_for_technicians_to_take_and_for_nobody_to_own(office: Office) -> None:
    order, tec = an_order(office, 1), office.people["tec"]
    gestor = hire(office, "ges", "gestor")
    assert not puede(gestor, "orden.ver", "orden", order)
    assert puede(tec, "orden.ver", "orden", order)
    assert not puede(replace(tec, sucursal_id=FAR), "orden.ver", "orden", order)
    assert told(office, tec, *actions.editar("orden", order, {"titulo": "de nadie"})) == "permiso"
    assert told(office, tec, *de_ordenes.asignar(office.central.ambient, order, str(tec.empleado_id))) == "aplicado"
    mine = row(office, "orden", order["id"])
    assert told(office, tec, *actions.editar("orden", mine, {"diagnostico": "fuente"})) == "aplicado"
    orphan = {**order, "creado_por": None, "tecnico_id": FAR}
    for person in (tec, gestor, Actor("u", "cliente", office.branch)):
        assert not puede(person, "orden.ver", "orden", orphan)


def test_a_technician_gives_work_to_nobody_else(office: Office) -> None:
    tec = office.people["tec"]
    assert told(office, tec, *reception(office, 1, tecnico_id=office_employee(office, "jefa"))) == "permiso"
    assert told(office, tec, *reception(office, 2, tecnico_id=tec.empleado_id)) == "aplicado"


def office_employee(office: Office, name: str) -> str:
    return str(office.people[name].empleado_id)


def test_a_client_is_merged_and_made_anonymous_by_those_who_may(office: Office) -> None:
    order = an_order(office, 1)
    cliente = row(office, "cliente", order["cliente_id"])
    other = an_order(office, 2)["cliente_id"]
    rec, jefa = office.people["rec"], office.people["jefa"]
    assert told(office, rec, *actions.editar("cliente", cliente, {"fusionado_en_id": other})) == "permiso"
    gone: Row = {"anonimizado_en": "2026-11-20T10:00:00.000Z"}
    assert told(office, jefa, *actions.editar("cliente", cliente, gone)) == "permiso"
    assert told(office, jefa, *actions.editar("cliente", cliente, {"fusionado_en_id": other})) == "aplicado"


def test_replicas_hold_people_as_names_only(office: Office) -> None:
    secret = {"email": "canario@ejemplo.cl", "telefono_e164": "+56955599999"}
    ambient = office.central.ambient
    employee = actions.alta(ambient, "empleado", {"nombre": "Eva", "dni": "canario-dni", **secret})
    office.central.write(office.people["ana"], lambda _: [employee])
    hire(office, "eva", "tecnico", empleado_id=employee.id, **secret)
    boss = office.desk("jefe", "ana")
    office.central.write(
        office.people["ana"],
        lambda _: actions.editar("empleado", row(office, "empleado", employee.id), {"dni": "canario-otro"}),
    )
    boss.sync()
    assert boss.row("empleado", employee.id)["nombre"] == "Eva"
    kept = b"".join(path.read_bytes() for path in boss.folder.rglob("*") if path.is_file())
    for word in (b"canario", b"+56955599999"):
        assert word not in kept
    assert row(office, "empleado", employee.id)["dni"] == "canario-otro"
    assert scope_of(office.people["ana"]).valor is None
