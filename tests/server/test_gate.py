"""What is malformed, too large or from nobody is refused before its body was read, let alone parsed."""

import json

import httpx
import pytest

from domain.upgrade import SCHEMA
from servitec_server.deps import STATION_HEADER
from tests.fixtures_served import CLAVE, Served

UNSENT = "\nHost: x\nContent-Type: application/json\nContent-Length: {}"
"""The head of a request whose body never comes: an answer shows that it wasn't waited for."""


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_nobody_has_a_body_read(served: Served) -> None:
    for line, length, status in (
        ("POST /sync/push", 7_900_000, 403),
        ("POST /clientes", 200_000, 401),
        ("POST /estaciones", 60_000, 401),
        ("PATCH /nada", 100, 401),
        ("POST /token", 64_001, 413),
        ("POST /token/refresh", 64_001, 413),
        ("POST /sync/push", 8_000_001, 413),
        ("POST /clientes", 256_001, 413),
    ):
        answered, body = served.send(f"{line} HTTP/1.1" + UNSENT.format(length))
        assert answered == status, line
        assert json.loads(body)["mensaje"]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_who_sends_a_refused_body_still_hears_why(served: Served) -> None:
    """A connection closed with bytes unread is reset, and the refusal lost with it."""
    with served.client() as client:
        for _ in range(5):
            reply = client.post("/sync/push", content=b"x" * 7_900_000, headers={STATION_HEADER: "nadie:nada"})
            assert reply.json()["error"] == "credencial"


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_body_without_a_length_ends_the_connection(served: Served) -> None:
    """Two lengths for one body: what follows might be a request that nobody sent."""
    smuggled = b"0\r\n\r\nGET /salud HTTP/1.1\r\nHost: x\r\n\r\n"
    head = "POST /token HTTP/1.1\nHost: x\nContent-Length: {}\nTransfer-Encoding: chunked"
    assert served.send(head.format(len(smuggled)), smuggled)[0] == 411
    with served.client() as client:
        reply = client.post("/token", content=iter([b"username=ana"]))
        assert (reply.status_code, reply.headers["connection"]) == (411, "close")


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_what_is_no_http_is_refused_in_our_form(served: Served) -> None:
    status, body = served.send("GET /salud HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 2")
    assert (status, json.loads(body)["error"]) == (400, "peticion")


def test_no_string_of_a_request_is_an_error_of_ours(served: Served) -> None:
    """What PostgreSQL can't store or compare, wherever it stands."""
    key = "00000000-0000-7000-8000-000000000000"
    push = {"protocol": 1, "schema": SCHEMA, "cambios": []}
    with served.client("jefa", "a") as client:

        def refused(reply: httpx.Response) -> bool:
            return reply.status_code in (401, 403, 404, 409, 422) and bool(reply.json()["mensaje"])

        assert refused(client.get("/clientes?buscar=a%00b"))
        assert refused(client.get("/cambios/rechazados?motivo=%00"))
        assert refused(client.get("/clientes/%00"))
        assert refused(client.get("/sync/changes?desde=1&cambio=%00"))
        assert refused(client.post("/clientes", json={"nombre": "a\0b"}))
        assert refused(client.post("/clientes", json={"nombre": "a", "\0": "b"}))
        assert refused(client.post("/clientes", content=b'{"nombre":' + b"[" * 40 + b"]" * 40 + b"}"))
        assert refused(client.post("/token", data={"username": "je\0fa", "password": CLAVE}))
        assert refused(client.post("/token/refresh", json={"refresh_token": "\0"}))
        assert refused(client.post(f"/ordenes/{key}/estado", json={"estado": "\0"}))
        assert refused(client.get("/nada"))
        assert refused(client.get("/clientes", headers={b"Authorization": b"Bearer \xff"}))
        assert client.delete("/salud").status_code == 405
        named = client.post("/clientes", json={"nombre": "Íñigo"}, headers={"X-Forwarded-For": "x" * 200})
        assert named.status_code == 201
        assert client.post("/sync/push", json=push, headers={"X-Forwarded-For": "y" * 200}).status_code == 200
        assert client.get("/clientes?total=true").json()["total"] == 1
