"""Who wrote it, and was it accepted before? Forged authors, ended secrets, revoked stations, made-up receipts."""

import json
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.ordenes import actions as de_ordenes
from domain.scope import scope_of
from domain.upgrade import SCHEMA
from domain.wire import Head, Op
from local_db import server_door, state
from servitec_server import authors, marks
from servitec_server.central import set_secret_columns
from servitec_server.history import head
from tests.company import Office
from tests.hostile.forge import an_order, row
from tests.hostile.push import body, column, receipt, send, signed, told

WAITS = ("espera", "firma")


def titled(vista: Row, title: str) -> Op:
    (op,) = actions.editar("orden", vista, {"titulo": title})
    return op


def raise_generation(office: Office, person: Actor, generation: int = 2) -> None:
    with office.central.store.writing() as connection:
        set_secret_columns(connection, person.usuario_id, generacion=generation)


def change(office: Office, person: Actor, **campos: object) -> None:
    vista = row(office, "usuario", person.usuario_id)
    ops = actions.editar("usuario", vista, campos)  # type: ignore[arg-type]
    office.central.write(SISTEMA, lambda _: ops, trusted=True)


def test_nobody_writes_in_anothers_name(office: Office) -> None:
    desk, other = office.desk("a", "rec"), office.desk("b", "ana")
    rec, ana = office.people["rec"], office.people["ana"]
    vista = row(office, "usuario", rec.usuario_id)
    coup = Op(tabla="usuario", id=rec.usuario_id, tipo="cambio", base=int(vista["version"] or 0))
    coup.campos, coup.antes = {"rol": "administrador"}, {"rol": vista["rol"]}
    as_ana, as_system = body(office, ana, 1, coup), body(office, SISTEMA, 2, coup)
    mended = signed(office, body(office, ana, 3, titled(an_order(office, 1), "x")), ana, desk.station)
    mended["ops"] = as_ana["ops"]
    ended = signed(office, as_ana, ana, desk.station)
    ended["firma"]["generacion"] = 7
    child = body(office, rec, 4, titled(an_order(office, 2), "y"), depende=[as_ana["id"]])
    child = signed(office, child, rec, desk.station)
    forged = [
        as_ana,
        signed(office, as_ana, rec, desk.station),
        signed(office, as_ana, ana, other.station),
        as_ana | {"firma": {"estacion_id": desk.station.id, "generacion": 1, "prueba": ""}},
        ended,
        as_system,
        signed(office, as_system, rec, desk.station),
        signed(office, as_system, SISTEMA, desk.station),
        mended,
    ]
    before = column(office, "SELECT max(version) FROM cambio")
    for cambio in forged:
        assert told(office, desk, cambio) == [WAITS]
    assert told(office, desk, as_ana, child) == [WAITS, ("espera", "no_existe")]
    assert row(office, "usuario", rec.usuario_id) == vista
    assert column(office, "SELECT max(version) FROM cambio") == before
    assert not column(office, "SELECT cambio_id FROM respuesta WHERE estacion_id = :id", id=desk.station.id)
    honest = signed(office, body(office, rec, 5, titled(an_order(office, 3), "z")), rec, desk.station)
    assert told(office, desk, as_ana, honest) == [WAITS, ("aplicado", None)]
    assert told(office, desk, signed(office, as_ana, ana, desk.station)) == [("aplicado", None)], "he confirmed it"


def test_a_signature_made_before_enrolling_anew_still_counts(office: Office) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    now = office.stations.known(office.stations.header(office.stations.enrol(rec, "otra", desk.header)))
    cambio = signed(office, body(office, rec, 1, titled(order, "x")), rec, desk.station)
    (answer,) = send(office, now, cambio).answers
    assert answer.resultado == "aplicado"


def test_what_was_signed_in_an_ended_generation_waits_for_a_supervisor(office: Office) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = desk.receive()
    desk.sync()
    desk.edit("orden", desk.row("orden", order["id"]), titulo="tarde")
    raise_generation(office, rec)
    desk.sync()
    found = column(office, "SELECT cambio_id FROM respuesta WHERE motivo = 'generacion' AND cuerpo IS NOT NULL")
    assert len(found) == 1
    assert desk.row("orden", order["id"])["titulo"] is None, "it fell back to what the server holds"
    fresh = signed(office, body(office, rec, 90, titled(row(office, "orden", order["id"]), "a")), rec, desk.station, 2)
    assert told(office, desk, fresh) == [("aplicado", None)]


def test_a_signature_of_a_higher_generation_raises_it(office: Office) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    new = signed(office, body(office, rec, 1, titled(order, "nueva")), rec, desk.station, 3)
    old = signed(office, body(office, rec, 2, titled(order, "vieja")), rec, desk.station, 1)
    assert told(office, desk, new, old) == [("aplicado", None), ("rechazado", "generacion")]
    assert row(office, "usuario", rec.usuario_id)["generacion"] == 3


def test_what_waits_for_a_supervisor_is_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "MAX_KEPT", 2)
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    raise_generation(office, rec)
    order = an_order(office, 1)
    old = [signed(office, body(office, rec, n, titled(order, "x")), rec, desk.station) for n in range(1, 5)]
    kept = ("rechazado", "generacion")
    assert told(office, desk, *old) == [kept, kept, ("espera", "generacion"), ("espera", "generacion")]
    assert told(office, desk, old[2]) == [("espera", "generacion")]


def test_a_revoked_station_only_hands_over_what_it_holds(office: Office) -> None:
    desk, rec, ana = office.desk("a", "rec"), office.people["rec"], office.people["ana"]
    order = an_order(office, 1)
    office.stations.revoke(ana, desk.station.id, None)
    station = office.stations.known(desk.header, revoked=True)
    mine = signed(office, body(office, rec, 1, titled(order, "x")), rec, desk.station)
    forged = body(office, ana, 2, titled(order, "y"))
    for _ in range(2):
        reply = send(office, station, mine, forged, scope=scope_of(rec))
        assert (reply.revocada, reply.scope, reply.grupos, reply.head.version) == (True, None, [], 0)
    assert [a.resultado for a in reply.answers] == ["repetido", "espera"]
    assert (reply.answers[0].original, reply.answers[0].motivo) == ("rechazado", "revocada")
    assert row(office, "orden", order["id"]) == order
    assert column(office, "SELECT cambio_id FROM respuesta WHERE cuerpo IS NOT NULL") == [mine["id"]]


@pytest.mark.parametrize(
    ("who", "estado", "a_estado"), [("rec", "recibida", "entregada"), ("tec", "cerrada", "en_reparacion")]
)
def test_a_made_up_receipt_moves_no_order(office: Office, who: str, estado: str, a_estado: str) -> None:
    desk, person = office.desk("a", who), office.people[who]
    order = an_order(office, 1)
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE orden SET estado = :e"), {"e": estado})
    vista = row(office, "orden", order["id"])
    ops = de_ordenes.cambiar_estado(office.central.ambient, vista, a_estado, nota="porque sí")
    cambio = body(office, person, 1, *ops)
    cambio = signed(office, cambio, person, desk.station)
    made_up = {"epoca": "1" * 36, "arranque": "x", "version": 1, "prueba": "A" * 22}
    other = receipt(office, body(office, person, 9, *ops), office.central.epoch(), 1)
    assert told(office, desk, cambio | {"reoferta": [made_up, other]}) == [("rechazado", "transicion")]
    assert row(office, "orden", order["id"])["estado"] == estado


def test_a_made_up_receipt_spares_no_conflict_and_tells_no_secret(office: Office) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    office.central.write(office.people["ana"], lambda _: [titled(order, "de la jefa")])
    late = signed(office, body(office, rec, 1, titled(order, "de antes")), rec, desk.station)
    made_up = {"epoca": office.central.epoch(), "arranque": "x", "version": 1, "prueba": "A" * 22}
    made_up["perdidos"] = [["usuario", office.people["ana"].usuario_id, "clave_hash"], ["orden", order["id"], "titulo"]]
    assert told(office, desk, late | {"reoferta": [made_up]}) == [("aplicado", None)]
    assert row(office, "orden", order["id"])["titulo"] == "de la jefa"
    assert column(office, "SELECT campo FROM conflicto") == ["titulo"]
    secret = Op(tabla="usuario", id=rec.usuario_id, tipo="cambio", campos={"clave_hash": "x"})
    forged = signed(office, body(office, rec, 2, secret), rec, desk.station)
    made_up["perdidos"] = [["usuario", rec.usuario_id, "clave_hash"]]
    ((resultado, _),) = told(office, desk, forged | {"reoferta": [made_up]})
    assert resultado == "rechazado"
    assert column(office, "SELECT campo FROM conflicto") == ["titulo"]
    unsigned = body(office, rec, 3, titled(order, "otra"))
    assert told(office, desk, unsigned | {"reoferta": [made_up]}) == [WAITS]
    assert told(office, desk, unsigned | {"reoferta": []}) == [WAITS]


@pytest.mark.expects_log
def test_a_good_receipt_of_an_unknown_epoch_tells_of_a_copy(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    cambio = body(office, rec, 1, titled(order, "x"))
    again = cambio | {"reoferta": [receipt(office, cambio, "de una copia", 4)]}
    assert told(office, desk, again) == [WAITS]
    assert told(office, desk, signed(office, again, rec, desk.station)) == [("aplicado", None)]
    with office.central.store.reading() as connection:
        (notice,) = marks.of_kind(connection, "aviso").values()
    assert (notice["tipo"], notice["epoca"], notice["estacion_id"]) == ("copia", "de una copia", desk.station.id)
    assert "a copy of this server is alive" in caplog.text


def test_a_good_receipt_stands_for_signature_transition_and_right(office: Office) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    with office.central.store.writing() as connection:
        marks.put(connection, "epoca", "0", {"padre": None, "version": 0})
    change(office, rec, activo=False)
    cambio = body(office, rec, 1, titled(order, "de la historia perdida"))
    assert told(office, desk, signed(office, cambio, rec, desk.station, 2)) == [("rechazado", "permiso")]
    again = body(office, rec, 2, titled(order, "de la historia perdida"))
    typed = Op(
        tabla="orden", id=str(order["id"]), tipo="cambio", campos={"descripcion": "mía"}, antes={"descripcion": None}
    )
    lost = body(office, rec, 3, typed)
    name = ("orden", str(order["id"]), "descripcion")
    sent = [
        again | {"reoferta": [receipt(office, again, "0", 7)]},
        lost
        | {"reoferta": [receipt(office, lost, "0", 8, name), {**receipt(office, lost, "0", 9), "perdidos": [name]}]},
    ]
    assert told(office, desk, *sent) == [("aplicado", "permiso_cambiado")] * 2
    assert row(office, "orden", order["id"])["titulo"] == "de la historia perdida"
    assert column(office, "SELECT campo FROM conflicto") == ["descripcion"]


def test_a_made_up_receipt_puts_no_honest_one_behind_it(office: Office) -> None:
    """It claims a late place in the lost history: what that history really took would seem long superseded."""
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    with office.central.store.writing() as connection:
        marks.put(connection, "epoca", "0", {"padre": None, "version": 0})
    forged = signed(office, body(office, rec, 1, titled(order, "forjado")), rec, desk.station)
    made_up = {"epoca": "0", "arranque": "x", "version": 10**6, "prueba": "A" * 22}
    honest = body(office, rec, 2, titled(order, "de la historia perdida"))
    honest |= {"reoferta": [receipt(office, honest, "0", 7)]}
    assert told(office, desk, forged | {"reoferta": [made_up]}, honest) == [("aplicado", None)] * 2
    assert column(office, "SELECT origen FROM cambio WHERE cambio_id = :id", id=forged["id"]) == [None]
    late = column(office, "SELECT valor_tardio FROM conflicto WHERE campo = 'titulo'")
    assert late == ['"de la historia perdida"'], "it is not lost unseen"


def test_repetido_carries_the_receipt_and_what_was_lost(office: Office) -> None:
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    order = an_order(office, 1)
    office.central.write(office.people["ana"], lambda _: [titled(order, "de la jefa")])
    late = signed(office, body(office, rec, 1, titled(order, "de antes")), rec, desk.station)
    first = send(office, desk.station, late, scope=scope_of(rec))
    again = send(office, desk.station, late, scope=scope_of(rec))
    assert again.answers[0].resultado == "repetido"
    assert again.answers[0].recibo == first.answers[0].recibo
    assert again.answers[0].recibo is not None
    assert again.answers[0].recibo.perdidos == [("orden", str(order["id"]), "titulo")]
    assert office.central.prover.accepted(again.answers[0].recibo, late["id"], late["huella"])
    assert {g.tabla for g in again.grupos} == {"orden"}


def movement(office: Office) -> Op:
    producto = actions.alta(office.central.ambient, "producto", {"sku": "P", "nombre": "Fuente"})
    office.central.write(office.people["ana"], lambda _: [producto])
    return de_inventario.mover_stock(office.central.ambient, {"id": producto.id}, office.branch, "entrada", 3)


def seen(office: Office) -> dict[str, Any]:
    with office.central.store.reading() as connection:
        version, key = head(connection)
    return {"version": version, "cambio_id": key}


def test_facts_of_the_dismissed_wait_and_those_of_the_demoted_are_flagged(office: Office) -> None:
    desk, jefa = office.desk("a", "jefa"), office.people["jefa"]
    fact, visto = movement(office), seen(office)
    other = de_inventario.mover_stock(
        office.central.ambient, {"id": fact.campos["producto_id"]}, office.branch, "entrada", 4
    )
    change(office, jefa, rol="consulta")
    sent = signed(office, body(office, jefa, 1, fact, visto=visto), jefa, desk.station)
    assert told(office, desk, sent) == [("aplicado", "permiso_cambiado")]
    assert column(office, "SELECT observado FROM movimiento_stock") == ["permiso_cambiado"]
    change(office, jefa, activo=False)
    late = signed(office, body(office, jefa, 2, other, visto=visto), jefa, desk.station, 2)
    assert told(office, desk, late) == [("rechazado", "permiso_cambiado")]
    assert column(office, "SELECT stock FROM existencia") == [3]


def test_visto_is_not_believed(office: Office) -> None:
    desk, jefa = office.desk("a", "jefa"), office.people["jefa"]
    order, visto = an_order(office, 1), seen(office)
    change(office, jefa, rol="consulta")
    now = seen(office)
    cursor = office.central.prover.cursor(office.central.epoch(), now["version"], now["cambio_id"])
    office.handler.changes(Head(schema=SCHEMA, n=5, cursor=cursor), None, scope_of(jefa), desk.station)
    sent = [
        signed(office, body(office, jefa, n, titled(order, "a tiempo"), visto=visto), jefa, desk.station)
        for n in (5, 6)
    ]
    assert told(office, desk, *sent) == [("rechazado", "permiso_cambiado"), ("rechazado", "permiso")]


def test_what_is_remembered_of_a_station_is_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authors, "MAX_VISITS", 2)
    with office.central.store.writing() as connection:
        for n, version in ((5, 10), (6, 11), (2**62, 12), (7, 13)):
            assert authors.due(connection, "e", n, version, "2026-11-21T10:00:00.000Z")
            authors.note_visit(connection, "e", n, version, "2026-11-21T10:00:00.000Z")
        assert not authors.due(connection, "e", 2**62, 14, "2026-11-21T10:59:00.000Z")
        assert authors.due(connection, "e", 2**62, 14, "2026-11-21T11:00:00.000Z")
        found = connection.execute(text("SELECT n, version FROM visita ORDER BY n")).all()
    assert [tuple(item) for item in found] == [(5, 13), (2**62, 12)]
    with pytest.raises(ValidationError):
        Head(schema=SCHEMA, n=2**63)


def test_what_a_push_showed_counts_for_what_is_made_later(office: Office) -> None:
    desk, jefa = office.desk("a", "jefa"), office.people["jefa"]
    desk.receive(), desk.sync()
    order, visto = an_order(office, 1), seen(office)
    change(office, jefa, rol="consulta")
    desk.line.person = office.people["ana"]
    desk.sync()
    desk.edit("orden", desk.row("orden", order["id"]), titulo="x")
    desk.sync()
    n = desk.read(state.read).n
    late = signed(office, body(office, jefa, n + 1, titled(order, "y"), visto=visto), jefa, desk.station)
    assert told(office, desk, late) == [("rechazado", "permiso")]


def test_without_a_session_a_push_tells_nothing(office: Office) -> None:
    a, b = office.desk("a", "rec"), office.desk("b", "ana")
    order = a.receive("sin sesión")
    a.edit("orden", a.row("orden", order["id"]), titulo="uno")
    batch = server_door.next_batch(a.replica)
    reply = send(office, a.station, *map(json.loads, batch.bodies))
    assert [answer.resultado for answer in reply.answers] == ["aplicado", "aplicado"]
    assert (reply.scope, reply.grupos, reply.ausentes) == (None, [], []), "answers alone, and where the history stands"
    a.edit("orden", a.row("orden", order["id"]), titulo="dos")
    before = a.dump()
    server_door.apply_answers(a.replica, reply)
    assert a.dump() == before
    assert a.sync().up_to_date
    b.sync()
    assert a.dump() == b.dump()
    assert b.row("orden", order["id"])["titulo"] == "dos"


def test_what_was_taken_without_a_session_stays_when_something_later_is_refused(office: Office) -> None:
    a, rec = office.desk("a", "rec"), office.people["rec"]
    order = a.receive()
    a.sync()
    raise_generation(office, rec)
    old = a.replica.firmantes[rec.usuario_id]
    a.replica.firmantes[rec.usuario_id] = office.central.prover.signer(a.station.id, rec.usuario_id, 2)
    a.edit("orden", a.row("orden", order["id"]), titulo="vale")
    a.replica.firmantes[rec.usuario_id] = old
    a.edit("orden", a.row("orden", order["id"]), descripcion="no vale")
    reply = send(office, a.station, *map(json.loads, server_door.next_batch(a.replica).bodies))
    assert [answer.resultado for answer in reply.answers] == ["aplicado", "rechazado"]
    server_door.apply_answers(a.replica, reply)
    shown = a.row("orden", order["id"])
    assert (shown["titulo"], shown["descripcion"]) == ("vale", None)
    a.sync()
    assert a.row("orden", order["id"])["titulo"] == "vale"
