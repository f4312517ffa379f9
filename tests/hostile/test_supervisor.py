"""What lacked a right or a good proof: a supervisor lets it in as it is, or not."""

from domain.base import actions
from domain.ordenes import actions as de_ordenes
from domain.upgrade import SCHEMA
from domain.wire import Op
from servitec_server.central import set_secret_columns
from servitec_server.deps import STATION_HEADER
from tests.fixtures_served import CLAVE, Served, bearer
from tests.hostile.forge import an_order, row
from tests.hostile.push import body, column, signed, told

KEPT = "SELECT cambio_id FROM respuesta WHERE cuerpo IS NOT NULL"


def test_what_a_supervisor_lets_in_keeps_its_id_and_its_author(served: Served) -> None:
    office = served.office
    desk, rec, jefa = office.desk("a", "rec"), office.people["rec"], office.people["jefa"]
    order = desk.receive()
    desk.sync()
    desk.edit("orden", desk.row("orden", order["id"]), titulo="antes de la clave nueva")
    with office.central.store.writing() as connection:
        set_secret_columns(connection, rec.usuario_id, generacion=2)
    desk.sync()
    (key,) = column(office, KEPT)
    chief = bearer(served.sign_in("jefa"))
    listed = served.http.get("/cambios/rechazados", headers=chief, params={"motivo": ["generacion", "revocada"]}).json()
    assert [found["cambio_id"] for found in listed] == [key]
    assert served.http.post(f"/cambios/{key}/aprobar", headers=bearer(served.sign_in("rec"))).status_code == 403
    assert served.http.post(f"/cambios/{key}/aprobar", headers=chief).status_code == 200
    now = row(office, "orden", order["id"])
    assert (now["titulo"], now["actualizado_por"]) == ("antes de la clave nueva", rec.usuario_id)
    assert column(office, "SELECT aprobado_por FROM cambio WHERE cambio_id = :id", id=key) == [jefa.usuario_id]
    assert column(office, "SELECT resultado FROM respuesta WHERE cambio_id = :id", id=key) == ["aplicado"]
    assert served.http.post(f"/cambios/{key}/aprobar", headers=chief).status_code == 404
    desk.sync()
    assert desk.row("orden", order["id"])["titulo"] == "antes de la clave nueva", "its own station hears of it too"


def test_a_supervisor_lets_in_only_what_he_might_do_himself(served: Served) -> None:
    office = served.office
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    with office.central.store.writing() as connection:
        set_secret_columns(connection, rec.usuario_id, generacion=2)
    vista = row(office, "usuario", rec.usuario_id)
    coup = Op(tabla="usuario", id=rec.usuario_id, tipo="cambio", base=int(vista["version"] or 0))
    coup.campos, coup.antes = {"rol": "administrador"}, {"rol": "recepcionista"}
    cambio = signed(office, body(office, rec, 1, coup), rec, desk.station)
    assert told(office, desk, cambio) == [("rechazado", "generacion")]
    path = f"/cambios/{cambio['id']}/aprobar"
    refused = served.http.post(path, headers=bearer(served.sign_in("jefa")))
    assert (refused.status_code, refused.json()["error"]) == (403, "permiso")
    assert row(office, "usuario", rec.usuario_id)["rol"] == "recepcionista"
    assert column(office, KEPT) == [cambio["id"]], "it is still there to be decided"
    assert served.http.post(path, headers=bearer(served.sign_in("ana"))).status_code == 200
    assert row(office, "usuario", rec.usuario_id)["rol"] == "administrador"


def test_what_a_rule_is_against_is_not_let_in(served: Served) -> None:
    office = served.office
    desk, rec = office.desk("a", "rec"), office.people["rec"]
    ops = de_ordenes.cambiar_estado(office.central.ambient, an_order(office, 1), "entregada", nota="x")
    cambio = signed(office, body(office, rec, 1, *ops), rec, desk.station)
    assert told(office, desk, cambio) == [("rechazado", "transicion")]
    refused = served.http.post(f"/cambios/{cambio['id']}/aprobar", headers=bearer(served.sign_in("ana")))
    assert (refused.status_code, refused.json()["error"]) == (403, "permiso")
    assert column(office, KEPT) == [cambio["id"]]


def test_notices_are_the_administrators(served: Served) -> None:
    assert served.http.get("/administracion/avisos", headers=bearer(served.sign_in("ana"))).json() == []
    assert served.http.get("/administracion/avisos", headers=bearer(served.sign_in("jefa"))).status_code == 403


def test_a_revoked_station_may_push_over_http_and_nothing_else(served: Served) -> None:
    office, rec = served.office, served.office.people["rec"]
    person = bearer(served.sign_in("rec"))
    made = served.http.post("/estaciones", headers=person, json={"nombre": "perdida"}).json()
    header = {STATION_HEADER: f"{made['estacion_id']}:{made['codigo']}:{made['credencial']}"}
    boss = bearer(served.sign_in("ana"))
    assert served.http.post(f"/estaciones/{made['estacion_id']}/revocar", headers=boss).status_code == 200
    station = office.stations.known(header[STATION_HEADER], revoked=True)
    order = an_order(office, 1)
    cambio = signed(office, body(office, rec, 1, *actions.editar("orden", order, {"titulo": "x"})), rec, station)
    content = {"schema": SCHEMA, "epoch": "de otro tiempo", "n": 0, "cambios": [cambio]}
    reply = served.http.post("/sync/push", headers=header | person, json=content)
    assert (reply.status_code, reply.json()["revocada"]) == (200, True)
    assert [(a["resultado"], a["motivo"]) for a in reply.json()["answers"]] == [("rechazado", "revocada")]
    assert row(office, "orden", order["id"])["titulo"] is None
    for path in ("/sync/changes", "/sync/snapshot"):
        refused = served.http.get(path, headers=header | person, params={"schema": SCHEMA})
        assert (refused.status_code, refused.json()["error"]) == (403, "revocada")
    token = served.http.post("/token", data={"username": "rec", "password": CLAVE}, headers=header)
    assert token.json().get("firmante") is None
    assert served.http.post(f"/cambios/{cambio['id']}/aprobar", headers=boss).status_code == 200
    assert row(office, "orden", order["id"])["titulo"] == "x"
