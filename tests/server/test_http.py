"""The central server over HTTP, and by its command line."""

import json
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket

from domain.upgrade import SCHEMA
from testing.company import PERSON, SERVER, Company
from tests.company_here import CompanyHere

STATION_HEADER = "X-Servitec-Estacion"


@pytest.fixture
def client(company: Company) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=company.url, timeout=20, verify=False) as made:
        yield made


def tokens(company: Company, client: httpx.Client) -> dict[str, Any]:
    reply = client.post("/token", data={"username": PERSON, "password": company.password})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def bearer(company: Company, client: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens(company, client)['access_token']}"}


def test_sign_in_refuses_in_a_sentence(company: Company, client: httpx.Client) -> None:
    reply = client.post("/token", data={"username": PERSON, "password": "otra cosa"})
    assert reply.status_code == 401
    assert reply.json()["mensaje"] == "El usuario o la clave no son correctos."
    assert client.get("/ordenes").status_code == 401
    assert client.get("/ordenes", headers={"Authorization": "Bearer x.y.z"}).status_code == 401


def test_secrets_stay_on_the_server(company: Company, client: httpx.Client) -> None:
    reply = tokens(company, client)
    assert "clave_hash" not in reply["usuario"]
    assert reply["usuario"]["rol"] == "supervisor"


def test_refresh_rotates_and_reuse_revokes_the_family(company: Company, client: httpx.Client) -> None:
    def refresh(token: str) -> httpx.Response:
        return client.post("/token/refresh", json={"refresh_token": token})

    first = tokens(company, client)["refresh_token"]
    second = refresh(first).json()["refresh_token"]
    assert refresh(first).status_code == 200, "its successor was not used yet: the reply may have been lost"
    third = refresh(second).json()["refresh_token"]
    assert refresh(first).status_code == 401
    assert refresh(third).status_code == 401, "the whole family is revoked"


def test_rest_goes_through_apply(company: Company, client: httpx.Client) -> None:
    headers = bearer(company, client)
    created = client.post(
        "/clientes", headers=headers, json={"nombre": "Begoña", "telefono": "9 5555 0103", "pais": "CL"}
    )
    assert created.status_code == 201
    cliente = created.json()
    assert cliente["telefono_e164"] == "+56955550103"
    edited = client.patch(f"/clientes/{cliente['id']}", headers=headers, json={"apellido": "Ñancupil"})
    assert edited.json()["version"] == cliente["version"] + 1
    body = {"cliente_id": cliente["id"], "equipo": {"marca": "Epson"}, "falla_reportada": "Atasca"}
    orden = client.post("/ordenes", headers=headers, json=body).json()
    assert orden["folio"] == "00-000001"
    refused = client.post(f"/ordenes/{orden['id']}/estado", headers=headers, json={"estado": "reparada"})
    assert (refused.status_code, refused.json()["error"]) == (409, "transicion")
    moved = client.post(
        f"/ordenes/{orden['id']}/estado", headers=headers, json={"estado": "cancelada", "motivo": "desiste"}
    )
    assert moved.json()["estado"] == "cancelada"
    comment = client.post(f"/ordenes/{orden['id']}/comentarios", headers=headers, json={"texto": "listo"})
    assert comment.status_code == 201
    found = client.get("/ordenes", headers=headers, params={"buscar": "00-000001", "total": True}).json()
    assert (found["total"], found["filas"][0]["id"]) == (1, orden["id"])
    assert client.get("/docs").status_code == 200
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/clientes", "/ordenes", "/ordenes/{key}/estado", "/sync/push"} <= paths.keys()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"[" * 100_000, 422),
        (b'{"nombre": "\\ud800"}', 422),
        (b'{"nombre": "a\\u0000b"}', 422),
        (b'{"nombre": 5}', 422),
        (b'{"nombre": null}', 422),
        (b'{"nombre": "x", "inventado": 1}', 422),
        (b'{"nombre": "' + b"x" * 500 + b'"}', 422),
        (b'{"nombre": "' + b"x" * 9_000_000 + b'"}', 413),
        (b"\xff\xfe", 422),
        (b"", 422),
    ],
)
def test_hostile_bodies_get_an_answer(company: Company, client: httpx.Client, content: bytes, status: int) -> None:
    headers = bearer(company, client) | {"Content-Type": "application/json"}
    reply = client.post("/clientes", headers=headers, content=content)
    assert reply.status_code == status, reply.text[:300]
    assert reply.json()["mensaje"]
    assert client.get("/clientes?total=true", headers=headers).json() == {"filas": [], "siguiente": None, "total": 0}


def station(company: Company, client: httpx.Client) -> dict[str, str]:
    enrolled = client.post("/estaciones", headers=bearer(company, client), json={"nombre": "x"}).json()
    return {STATION_HEADER: f"{enrolled['estacion_id']}:{enrolled['codigo']}:{enrolled['credencial']}"}


def test_push_wants_a_station_and_this_protocol(company: Company, client: httpx.Client) -> None:
    body: dict[str, Any] = {"protocol": 1, "schema": SCHEMA, "cambios": []}
    assert client.post("/sync/push", json=body).json()["error"] == "credencial"
    headers = station(company, client)
    assert client.post("/sync/push", json=body, headers=headers).status_code == 200
    assert client.post("/sync/push", json={**body, "schema": 99}, headers=headers).status_code == 426
    other = client.post("/sync/push", json={**body, "epoch": "otra"}, headers=headers)
    assert (other.status_code, other.json()["error"]) == (409, "epoca")
    bad = {"id": "no", "n": 1, "usuario_id": "x", "schema": SCHEMA, "ops": []}
    answers = client.post("/sync/push", json={**body, "cambios": [bad]}, headers=headers).json()["answers"]
    assert [answer["resultado"] for answer in answers] == ["rechazado"], "it costs only itself"


def test_an_unknown_cursor_is_another_history(company: Company, client: httpx.Client) -> None:
    headers = station(company, client) | bearer(company, client)
    params: dict[str, Any] = {
        "protocol": 1,
        "schema": SCHEMA,
        "cursor": '{"version": 1, "cambio_id": "019b76da-a802-7e3e-8297-4bcd6baa9455"}',
    }
    reply = client.get("/sync/changes", headers=headers, params=params)
    assert (reply.status_code, reply.json()["error"]) == (409, "otra_historia")


def test_a_change_is_announced(company: Company, client: httpx.Client) -> None:
    headers = bearer(company, client)
    socket = websocket.create_connection(company.url.replace("http", "ws") + "/ws", header=headers, timeout=10)
    try:
        made = client.post("/clientes", headers=headers, json={"nombre": "Rosa"}).json()
        event = json.loads(socket.recv())
    finally:
        socket.close()
    assert event["event"] == "cliente_creado"
    assert (event["data"]["id"], event["version"]) == (made["id"], made["version"])
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(company.url.replace("http", "ws") + "/ws", timeout=10)


def test_sigterm_ends_it_cleanly_with_an_open_socket(tmp_path: Path) -> None:
    company = Company(tmp_path)
    command = [*SERVER, "serve", "--data-dir", str(tmp_path / "servidor"), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert server.stdout is not None
    url = server.stdout.readline().split()[-1]
    with httpx.Client(base_url=url) as client:
        header = bearer(company, client)
    socket = websocket.create_connection(url.replace("http", "ws") + "/ws", header=header, timeout=10)
    server.send_signal(signal.SIGTERM)
    assert server.wait(10) == 0
    socket.close()
    server.stdout.close()


def test_the_command_line_says_what_is_wrong(company: CompanyHere, tmp_path: Path) -> None:
    def command(*arguments: str, stdin: str | None = "") -> subprocess.CompletedProcess[str]:
        return company.call([*SERVER, *arguments], stdin)

    folder = str(company.root / "servidor")
    user = ("create-user", "--data-dir", folder, "--username", "x", "--rol", "tecnico")
    owned = company.process([*SERVER, *user], "clave larga\n")
    assert owned.returncode == 1
    assert "la está usando un servidor en marcha" in owned.stderr
    assert command(*user, stdin=None).stderr.startswith("servitec-server: Falta la clave")
    assert command(*user, stdin="corta\n").returncode == 1
    assert "se prueban primero" in command(*user, stdin="contrasena123\n").stderr
    assert command("create-user", "--rol", "rey").returncode == 2
    taken = command("serve", "--data-dir", str(tmp_path / "otra"), "--port", str(company.port))
    assert taken.returncode == 1
    assert "No se puede escuchar" in taken.stderr
    assert not (tmp_path / "otra").exists()


def test_pushes_from_many_at_once_leave_no_gap(tmp_path: Path, postgres_database: Callable[[], str]) -> None:
    from tests.company import Office

    office = Office(tmp_path, postgres_database())
    try:
        desks = [office.desk(name, "ana") for name in "abcd"]
        for desk in desks:
            for i in range(25):
                desk.receive(f"falla {i}")
        threads = [threading.Thread(target=desk.sync) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for desk in desks:
            assert desk.sync().up_to_date
        assert len({json.dumps(sorted(map(str, desk.dump().items()))) for desk in desks}) == 1
        assert len(desks[0].read(lambda c: c.exec_driver_sql("SELECT id FROM orden").all())) == 100
    finally:
        office.close()


def test_many_wrong_passwords_from_one_address_have_to_wait(company: Company, client: httpx.Client) -> None:
    codes = [client.post("/token", data={"username": PERSON, "password": f"otra {i}"}).status_code for i in range(10)]
    assert codes == [401] * 10
    locked = client.post("/token", data={"username": PERSON, "password": company.password})
    assert locked.status_code == 429
    assert "Espere 15 minutos" in locked.json()["hint"]


def test_a_lost_password_is_replaced_with_the_server_stopped(company: CompanyHere, client: httpx.Client) -> None:
    header = bearer(company, client)
    command = [*SERVER, "set-password", "--data-dir", str(company.root / "servidor"), "--username", PERSON]
    owned = company.process(command, "ventana abierta al sur\n")
    assert owned.returncode == 1
    assert "la está usando un servidor en marcha" in owned.stderr
    company.stop()
    done = company.call(command, "ventana abierta al sur\n")
    assert done.returncode == 0, done.stderr
    company.start()
    assert client.get("/ordenes", headers=header).status_code == 401
    assert client.post("/token", data={"username": PERSON, "password": company.password}).status_code == 401
    company.password = "ventana abierta al sur"
    assert client.get("/ordenes", headers=bearer(company, client)).status_code == 200


def test_a_role_without_rights_sees_nothing(company: Company) -> None:
    company.stop()
    folder = str(company.root / "servidor")
    user = ("create-user", "--data-dir", folder, "--username", "ojo", "--rol", "consulta")
    done = company.call([*SERVER, *user], "clave larga\n")
    assert done.returncode == 0, done.stderr
    company.start()
    with httpx.Client(base_url=company.url, timeout=20) as client:
        reply = client.post("/token", data={"username": "ojo", "password": "clave larga"}).json()
        headers = {"Authorization": f"Bearer {reply['access_token']}"}
        for path in ("/clientes", "/ordenes"):
            refused = client.get(path, headers=headers)
            assert (refused.status_code, refused.json()["error"]) == (403, "permiso")
        assert client.post("/estaciones", headers=headers, json={"nombre": "x"}).status_code == 403
        assert refused.headers["x-content-type-options"] == "nosniff"
