"""Passwords that are changed and reset, sessions and accounts that are closed, over HTTP."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from servitec_server import cli, rows
from servitec_server.marks import read_mirror
from tests.company_here import standard_input
from tests.fixtures_served import CLAVE, Served, bearer, closed_with

NUEVA = "ventana abierta al sur"


def ok(served: Served, tokens: dict[str, Any]) -> bool:
    return served.http.get("/ordenes", headers=bearer(tokens)).status_code == 200


def change(served: Served, tokens: dict[str, Any], actual: str, nueva: str) -> httpx.Response:
    body = {"actual": actual, "nueva": nueva}
    return served.http.post("/usuarios/yo/clave", headers=bearer(tokens), json=body)


def account(served: Served, name: str) -> dict[str, Any]:
    with served.office.central.store.reading() as connection:
        usuario = rows.get(connection, "usuario", served.office.people[name].usuario_id)
    assert usuario is not None
    return dict(usuario)


def tries(served: Served, name: str, password: str) -> int:
    return served.http.post("/token", data={"username": name, "password": password}).status_code


def test_a_changed_password_ends_every_session_but_the_new_one(served: Served) -> None:
    here, elsewhere = served.sign_in("rec"), served.sign_in("rec")
    socket = served.hear(elsewhere["access_token"])
    refused = change(served, here, "no es esta", NUEVA)
    assert (refused.status_code, refused.json()["error"]) == (403, "clave")
    for nueva, why in (("corta", "al menos 8"), ("contraseña1", "se prueban primero"), (CLAVE, "la misma")):
        weak = change(served, here, CLAVE, nueva)
        assert weak.status_code == 422
        assert why in weak.json()["mensaje"]
    assert ok(served, elsewhere), "nothing has changed yet"
    done = change(served, here, CLAVE, NUEVA)
    assert done.status_code == 200, done.text
    assert closed_with(socket) == 4401
    assert ok(served, done.json())
    assert served.refresh(done.json()["refresh_token"]).status_code == 200
    for old in (here, elsewhere):
        assert not ok(served, old)
        assert served.refresh(old["refresh_token"]).status_code == 401
    assert (tries(served, "rec", CLAVE), tries(served, "rec", NUEVA)) == (401, 200)
    assert account(served, "rec")["generacion"] == 2


def test_the_old_password_cannot_be_guessed_with_a_stolen_token(served: Served) -> None:
    stolen = served.sign_in("rec")
    codes = [change(served, stolen, f"otra {i}", NUEVA).status_code for i in range(12)]
    assert codes == [403] * 10 + [429] * 2
    assert change(served, stolen, CLAVE, NUEVA).status_code == 429
    assert tries(served, "rec", CLAVE) == 200, "its owner signs in all the same"


def test_all_of_ones_sessions_are_closed(served: Served) -> None:
    here, elsewhere, other = served.sign_in("rec"), served.sign_in("rec"), served.sign_in("tec")
    socket = served.hear(elsewhere["access_token"])
    assert served.http.post("/usuarios/yo/cerrar-sesiones", headers=bearer(here)).status_code == 200
    assert closed_with(socket) == 4401
    assert [ok(served, each) for each in (here, elsewhere, other)] == [False, False, True]
    assert (account(served, "rec")["generacion"], account(served, "tec")["generacion"]) == (2, 1)
    assert tries(served, "rec", CLAVE) == 200


def test_an_administrator_resets_a_password_and_closes_an_account(served: Served) -> None:
    boss, person, supervisor = served.sign_in("ana"), served.sign_in("rec"), served.sign_in("jefa")
    path = f"/usuarios/{served.office.people['rec'].usuario_id}"
    for who in (person, supervisor):
        assert served.http.post(f"{path}/clave", headers=bearer(who), json={"nueva": NUEVA}).status_code == 403
        assert served.http.post(f"{path}/desactivar", headers=bearer(who)).status_code == 403
    assert ok(served, person)
    weak = served.http.post(f"{path}/clave", headers=bearer(boss), json={"nueva": "password"})
    assert weak.status_code == 422
    assert served.http.post(f"{path}/clave", headers=bearer(boss), json={"nueva": NUEVA}).status_code == 200
    assert not ok(served, person)
    found = account(served, "rec")
    assert (found["generacion"], found["debe_cambiar_clave"]) == (2, True)
    again = served.sign_in("rec", NUEVA)
    assert served.http.post(f"{path}/desactivar", headers=bearer(boss)).status_code == 200
    assert not ok(served, again)
    assert served.refresh(again["refresh_token"]).status_code == 401
    assert tries(served, "rec", NUEVA) == 401
    assert account(served, "rec")["generacion"] == 3
    own = f"/usuarios/{served.office.people['ana'].usuario_id}/desactivar"
    assert served.http.post(own, headers=bearer(boss)).status_code == 409, "nobody closes the door behind himself"
    unknown = f"/usuarios/{served.office.branch}/desactivar"
    assert served.http.post(unknown, headers=bearer(boss)).status_code == 404


def test_the_trail_says_who_did_it_and_no_secret(served: Served) -> None:
    boss = served.sign_in("ana")
    key = served.office.people["rec"].usuario_id
    served.http.post(f"/usuarios/{key}/clave", headers=bearer(boss), json={"nueva": NUEVA})
    query = text("SELECT * FROM bitacora WHERE entidad_id = :key ORDER BY version DESC LIMIT 1")
    with served.office.central.store.reading() as connection:
        line = dict(connection.execute(query, {"key": key}).mappings().one())
        held = [
            connection.exec_driver_sql(f"SELECT * FROM {t}").all() for t in ("bitacora", "cambio_fila", "respuesta")
        ]
    assert (line["usuario_id"], line["ip"]) == (served.office.people["ana"].usuario_id, "127.0.0.1")
    assert "argon2" not in str(held)


def test_a_station_keeps_up_with_a_person_whose_password_changed(served: Served) -> None:
    desk = served.office.desk("a")
    tokens = served.sign_in("rec")
    change(served, tokens, CLAVE, NUEVA)
    assert desk.sync().up_to_date
    key = served.office.people["rec"].usuario_id
    served.http.post(f"/usuarios/{key}/desactivar", headers=bearer(served.sign_in("ana")))
    assert desk.sync().up_to_date
    assert desk.row("usuario", key)["activo"] is False


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_lost_password_is_replaced_beside_the_running_server(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    central = served.office.central
    url = central.store.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SERVITEC_DATABASE_URL", url)

    def command(username: str, password: str) -> int:
        with standard_input(f"{password}\n"):
            return cli.main(["set-password", "--data-dir", str(central.data_dir), "--username", username])

    here, other = served.sign_in("rec"), served.sign_in("tec")
    for username, password, why in (
        ("nadie", NUEVA, "No existe el usuario «nadie»"),
        ("rec", "", "Falta la clave"),
        ("rec", "contraseña1", "se prueban primero"),
    ):
        assert command(username, password) == 1
        assert why in capsys.readouterr().err
    assert ok(served, here), "nothing has changed yet"
    assert command("rec", NUEVA) == 0
    assert not ok(served, here)
    assert served.refresh(here["refresh_token"]).status_code == 401
    assert ok(served, other)
    assert (tries(served, "rec", CLAVE), tries(served, "rec", NUEVA)) == (401, 200)
    found = account(served, "rec")
    assert (found["generacion"], found["debe_cambiar_clave"]) == (2, True)
    mirror = read_mirror(central.data_dir)
    assert mirror is not None
    assert mirror["generaciones"][found["id"]] == 2, "a restore doesn't undo it"
