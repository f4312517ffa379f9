"""What the fuzzer found, each in its smallest form."""

from domain.base import actions
from domain.base.actor import Actor
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from servitec_server.announcement import Announcement
from tests.company import Office
from tests.hostile.forge import an_order, branch, hire, row, told


def test_a_history_line_doesnt_tell_of_an_assignment_that_lost(office: Office) -> None:
    """Two stations gave one order to two technicians: the late one stays in the conflict, and isn't history."""
    rec, ambient = office.people["rec"], office.central.ambient
    first, second = (hire(office, name, "tecnico", empleado_id=_employee(office, name)) for name in ("uno", "dos"))
    order = an_order(office, 1, estado="asignada", referencia_externa="x")
    assert told(office, rec, *de_ordenes.asignar(ambient, order, str(first.empleado_id))) == "aplicado"
    late = de_ordenes.asignar(ambient, order, str(second.empleado_id))
    assert told(office, rec, *late) == "aplicado"
    assert row(office, "orden", order["id"])["tecnico_id"] == first.empleado_id
    line = row(office, "historial_orden", late[-1].id)
    assert (line["de_tecnico_id"], line["a_tecnico_id"]) == (first.empleado_id, first.empleado_id)


def _employee(office: Office, name: str) -> str:
    op = actions.alta(office.central.ambient, "empleado", {"nombre": name, "sucursal_id": office.branch})
    assert told(office, office.people["ana"], op) == "aplicado"
    return op.id


def test_a_conflict_is_resolved_by_one_of_its_authors_or_a_supervisor(office: Office) -> None:
    """Not by whoever is at the counter of the branch."""
    order = an_order(office, 1)
    ana, jefa, rec = (office.people[name] for name in ("ana", "jefa", "rec"))
    other = hire(office, "otra", "recepcionista")
    for person, title in ((ana, "uno"), (rec, "dos")):
        assert told(office, person, *actions.editar("orden", order, {"titulo": title})) == "aplicado"
    with office.central.store.reading() as connection:
        key = connection.exec_driver_sql("SELECT id FROM conflicto").scalar_one()

    def resolve(person: Actor) -> str:
        now = row(office, "conflicto", key)
        campos: Row = {"resuelto_por": person.usuario_id, "resuelto_en": "2026-11-20T10:00:00.000Z"}
        return told(office, person, *actions.editar("conflicto", now, campos))

    assert resolve(other) == "permiso"
    assert row(office, "conflicto", key)["resuelto_por"] is None
    assert (resolve(rec), resolve(jefa)) == ("aplicado", "aplicado")


def test_a_technician_moves_no_order_of_another_branch(office: Office) -> None:
    """Not even one that still names him: his branch doesn't hold it any more, nor may he edit it."""
    sur = branch(office)
    tec = office.people["tec"]
    order = an_order(office, 1, sur, estado="asignada", referencia_externa="x")
    assert (
        told(office, office.people["ana"], *de_ordenes.asignar(office.central.ambient, order, str(tec.empleado_id)))
        == "aplicado"
    )
    now = row(office, "orden", order["id"])
    for estado in ("en_diagnostico", "en_reparacion"):
        assert told(office, tec, *de_ordenes.cambiar_estado(office.central.ambient, now, estado)) == "permiso"
    assert row(office, "orden", order["id"]) == now


def test_what_moves_with_its_order_is_told_where_it_went(office: Office) -> None:
    """A comment made with the move was never a row of the branch that the order left."""
    sur, heard = branch(office), list[Announcement]()
    order = an_order(office, 1)
    comment = de_ordenes.comentar(office.central.ambient, order, "para el sur")
    office.central.listeners.append(heard.extend)
    move = actions.editar("orden", order, {"sucursal_id": sur})
    assert told(office, office.people["ana"], *comment, *move) == "aplicado"
    assert [item.row["sucursal_id"] for item in heard if item.tabla == "comentario"] == [sur]
