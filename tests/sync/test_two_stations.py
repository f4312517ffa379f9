"""What two people at two stations see of each other's changes."""

import json

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.ordenes import actions as de_ordenes
from local_db import open_items, people
from local_db.ordenes import queries
from sync.errors import ServerUnreachable
from tests.company import Desk, Office


def test_an_order_taken_at_one_counter_reaches_the_next(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive("Pantalla trizada")
    assert a.open_items().pending == 1
    done = a.sync()
    assert (done.pushed, done.rejected, done.conflicts, done.up_to_date) == (1, 0, 0, True)
    b.sync()
    assert a.dump() == b.dump()
    there = b.row("orden", order["id"])
    assert there["folio"] == f"{a.station.codigo}-000001"
    assert there["version"] != 0
    assert b.row("cliente", there["cliente_id"])["nro_cliente"] == "1"
    found = b.read(lambda c: queries.ordenes(c, "inigo trizada"))
    assert [f.folio for f in found] == [f"{a.station.codigo}-000001"]


def test_different_fields_of_one_order_both_stand(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    a.sync(), b.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="de a")
    b.edit("orden", b.row("orden", order["id"]), ubicacion_fisica="de b")
    a.sync(), b.sync(), a.sync()
    assert a.dump() == b.dump()
    row = a.row("orden", order["id"])
    assert (row["titulo"], row["ubicacion_fisica"]) == ("de a", "de b")
    assert a.open_items().clear
    assert b.open_items().clear


def conflict(office: Office) -> tuple[Desk, Desk, str]:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    a.sync(), b.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="primero")
    b.edit("orden", b.row("orden", order["id"]), titulo="tarde", ubicacion_fisica="E4")
    a.sync()
    late = b.sync()
    a.sync()
    assert (late.pushed, late.conflicts, late.up_to_date) == (1, 1, False)
    return a, b, str(order["id"])


def test_the_same_field_keeps_the_servers_value_and_the_late_one(office: Office) -> None:
    a, b, key = conflict(office)
    assert a.dump() == b.dump()
    assert b.row("orden", key)["titulo"] == "primero"
    assert b.row("orden", key)["ubicacion_fisica"] == "E4"
    for desk in (a, b):
        (found,) = desk.read(open_items.conflictos)
        assert (found.campo, found.valor_servidor, found.valor_tardio) == ("titulo", "primero", "tarde")
        assert (found.autor_servidor, found.autor_tardio) == ("jefa", "jefa")
        assert not desk.sync().up_to_date


def test_one_click_restores_the_late_value(office: Office) -> None:
    a, b, key = conflict(office)
    (found,) = a.read(open_items.conflictos)
    people.restaurar_conflicto(a.replica, a.person, found.id)
    a.sync(), b.sync()
    assert b.row("orden", key)["titulo"] == "tarde"
    assert a.dump() == b.dump()
    assert a.sync().up_to_date
    assert b.sync().up_to_date


def test_a_refused_change_is_kept_explained_and_blocks_nobody(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive(tecnico_id=office.people["tec"].empleado_id)
    a.sync(), b.sync()
    ambient = office.central.ambient
    for desk in (a, b):
        row = desk.row("orden", order["id"])
        people.guardar(desk.replica, desk.person, de_ordenes.cambiar_estado(ambient, row, "asignada"))
    depending = b.row("orden", order["id"])
    people.guardar(b.replica, b.person, de_ordenes.cambiar_estado(ambient, depending, "en_diagnostico"))
    other = b.receive("otra, detrás en la cola")
    a.sync()
    done = b.sync()
    assert (done.pushed, done.rejected, done.up_to_date) == (1, 2, False)
    refused = {f.motivo: f for f in b.read(open_items.rechazos)}
    assert set(refused) == {"ya_hecho", "dependencia"}
    assert "ya está en «Asignada»" in refused["ya_hecho"].mensaje
    assert b.row("orden", order["id"]) == a.row("orden", order["id"])
    a.sync()
    assert a.row("orden", other["id"])["falla_reportada"] == "otra, detrás en la cola"
    people.reofrecer_rechazo(b.replica, b.person, refused["dependencia"].cambio_id)
    people.descartar_rechazo(b.replica, refused["ya_hecho"].cambio_id)
    assert b.sync().up_to_date
    a.sync()
    assert a.row("orden", order["id"])["estado"] == "en_diagnostico"
    assert a.dump() == b.dump()


def test_a_lost_reply_is_answered_again_and_applied_once(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    a.receive()
    faults = iter(["reply_lost"])
    a.line.fault = lambda: next(faults, "ok")
    with pytest.raises(ServerUnreachable):
        a.sync()
    assert a.open_items().pending == 1
    assert a.sync().pushed == 1
    b.sync()
    assert a.dump() == b.dump()
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM orden")).scalar_one() == 1


def test_the_same_reference_from_another_station_is_a_duplicate(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    a.receive(referencia_externa="x-1", estado="recibida")
    b.receive(referencia_externa="x-1", estado="recibida")
    a.sync()
    assert b.sync().rejected == 1
    (refused,) = b.read(open_items.rechazos)
    assert refused.motivo == "duplicado"
    assert "x-1" in refused.mensaje
    assert len(b.read(queries.ordenes)) == 1
    assert a.dump() == b.dump()


def test_a_deleted_row_goes_everywhere_and_one_in_use_is_only_marked(office: Office) -> None:
    a, b = office.desk("a", "ana"), office.desk("b", "ana")
    order = a.receive()
    people.guardar(a.replica, a.person, de_ordenes.comentar(office.central.ambient, order, "hola"))
    a.sync(), b.sync()
    (comment,) = b.read(lambda c: queries.orden(c, str(order["id"]))).comentarios
    people.guardar(b.replica, b.person, actions.borrar("comentario", b.row("comentario", comment.id)))
    people.guardar(b.replica, b.person, actions.borrar("orden", b.row("orden", order["id"])))
    b.sync(), a.sync(), b.sync()
    assert a.read(lambda c: queries.orden(c, str(order["id"]))).comentarios == ()
    assert a.row("orden", order["id"])["borrado_en"] is not None
    assert a.read(queries.ordenes) == []
    assert a.dump() == b.dump()


def test_a_recreated_server_is_bootstrapped_from_and_the_outbox_stays(office: Office) -> None:
    a = office.desk("a")
    order = a.receive()
    a.sync()
    waiting = a.receive("por enviar")
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE servidor SET valor = :v WHERE clave = 'epoch'"), {"v": "f" * 36})
    assert a.sync().up_to_date
    assert a.row("orden", order["id"])["version"] not in (0, -1)
    assert a.row("orden", waiting["id"])["version"] not in (0, -1)


def test_a_changed_role_changes_the_scope(office: Office) -> None:
    a = office.desk("a", "rec")
    a.receive()
    a.sync()
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE usuario SET rol = 'consulta' WHERE username = 'rec'"))
    a.sync()
    assert [key for key in a.dump() if key[0] == "orden"] == []


def test_nothing_to_do_costs_no_rows(office: Office) -> None:
    a = office.desk("a")
    again = a.sync()
    assert (again.pushed, again.pulled) == (0, 0)


def test_the_audit_trail_has_before_and_after(office: Office) -> None:
    a = office.desk("a")
    order = a.receive()
    a.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="nuevo")
    a.sync()
    with office.central.store.reading() as connection:
        trail = connection.execute(
            text("SELECT accion, antes, despues FROM bitacora WHERE entidad_id = :id ORDER BY version"),
            {"id": order["id"]},
        ).all()
    assert [line[0] for line in trail] == ["alta", "cambio"]
    assert (json.loads(trail[1][1]), json.loads(trail[1][2])) == ({"titulo": None}, {"titulo": "nuevo"})
