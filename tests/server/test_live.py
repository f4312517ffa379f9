"""Announcements: between server processes through a real Redis, cut to the hearer's scope, ended by a revocation."""

import json
import queue
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
import websocket

from servitec_server.live import Relay
from testing.company import PERSON, SERVER, Company, free_port
from tests.company import Office
from tests.company_here import CompanyHere
from tests.fixtures_served import closed_with


def token(company: Company, url: str, username: str = PERSON, password: str = "") -> str:
    reply = httpx.post(f"{url}/token", data={"username": username, "password": password or company.password})
    return str(reply.json()["access_token"])


def hear(url: str, access: str, station: str | None = None) -> websocket.WebSocket:
    headers = [f"Authorization: Bearer {access}"] + ([f"X-Servitec-Estacion: {station}"] if station else [])
    return websocket.create_connection(url.replace("http", "ws") + "/ws", header=headers, timeout=10)


def create_client(url: str, access: str, nombre: str) -> None:
    reply = httpx.post(f"{url}/clientes", headers={"Authorization": f"Bearer {access}"}, json={"nombre": nombre})
    assert reply.status_code == 201, reply.text


@pytest.fixture
def second_url(
    postgres_database: Callable[[], str], redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Company, str]]:
    """A company on PostgreSQL, its server in this process, and the address of another process of it."""
    values = {
        "SERVITEC_DATABASE_URL": postgres_database(),
        "SERVITEC_REDIS_URL": redis_url,
        "SERVITEC_KEY_FILE": str(tmp_path / "clave"),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    company = CompanyHere(tmp_path / "empresa")
    company.start()
    port = free_port()
    command = [*SERVER, "serve", "--data-dir", str(tmp_path / "otro"), "--port", str(port)]
    second = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert second.stdout is not None
        assert second.stdout.readline()
        yield company, f"http://127.0.0.1:{port}"
    finally:
        second.terminate()
        second.wait(15)
        if second.stdout is not None:
            second.stdout.close()
        company.stop()


def test_two_processes_tell_each_other(second_url: tuple[Company, str]) -> None:
    company, url = second_url
    access = token(company, company.url)
    socket = hear(url, access)
    time.sleep(1.0)
    create_client(company.url, access, "Begoña")
    event: dict[str, Any] = json.loads(socket.recv())
    assert (event["event"], event["data"]["nombre"]) == ("cliente_creado", "Begoña")
    socket.close()


@pytest.mark.expects_log
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_garbage_on_the_channel_ends_nothing(redis_url: str, office: Office, caplog: pytest.LogCaptureFixture) -> None:
    heard: queue.Queue[dict[str, Any]] = queue.Queue()

    def spread(items: list[dict[str, Any]]) -> None:
        for item in items:
            heard.put(item)

    relay = Relay(redis_url, "s", spread)
    with redis.Redis.from_url(redis_url) as anybody:
        while anybody.pubsub_numsub("servitec:s")[0][1] == 0:
            time.sleep(0.01)
        for garbage in (b"{", b"\xff", b"7", b"[7]", b'[{"tabla": "orden"}]', b'[{"tabla": "nada", "row": {}}]'):
            anybody.publish("servitec:s", garbage)
        for row in ({}, {"familia": "x"}, {"id": 1}):
            anybody.publish("servitec:s", json.dumps([{"tabla": "estacion", "row": row}]))
    office.central.listeners.append(relay.publish)
    office.hire("nueva", "consulta")
    assert heard.get(timeout=60)["row"]["nombre"] == "nueva"
    relay.close()
    assert len([record for record in caplog.records if record.name == "servitec_server.live"]) == 1


def test_a_session_that_one_process_ends_is_ended_in_the_other(second_url: tuple[Company, str]) -> None:
    company, url = second_url
    first = httpx.post(f"{url}/token", data={"username": PERSON, "password": company.password}).json()

    def refresh(on: str, kept: dict[str, Any]) -> httpx.Response:
        return httpx.post(f"{on}/token/refresh", json={"refresh_token": kept["refresh_token"]})

    second = refresh(company.url, first).json()
    third = refresh(url, second).json()
    socket = hear(url, third["access_token"])
    assert refresh(company.url, first).status_code == 401
    assert closed_with(socket) == 4401
    seen = httpx.get(f"{url}/clientes", headers={"Authorization": f"Bearer {third['access_token']}"})
    assert seen.status_code == 401


@pytest.mark.expects_log
def test_a_revoked_station_is_cut_off(company: Company) -> None:
    company.enroll("a")
    company.stop()
    folder = str(company.root / "servidor")
    user = ("create-user", "--data-dir", folder, "--username", "ana", "--rol", "administrador")
    assert company.call([*SERVER, *user], "clave-de-ana\n").returncode == 0
    company.start()
    kept = json.loads((company.root / "a" / "credenciales.json").read_text())
    header = f"{kept['estacion_id']}:{kept['codigo']}:{kept['credencial']}"
    socket = hear(company.url, kept["access_token"], header)
    boss = {"Authorization": f"Bearer {token(company, company.url, 'ana', 'clave-de-ana')}"}
    path = f"{company.url}/estaciones/{kept['estacion_id']}/revocar"
    mine = {"Authorization": f"Bearer {kept['access_token']}"}
    assert httpx.post(path, headers=mine).status_code == 403
    assert httpx.post(path, headers=boss).status_code == 200
    assert closed_with(socket) == 4403
    company.station("a", "sync", codes=(1,))
    with pytest.raises(websocket.WebSocketBadStatusException):
        hear(company.url, kept["access_token"], header)
