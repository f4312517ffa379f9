"""The company in one process behind a real uvicorn, on SQLite and on PostgreSQL."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
import pytest
import websocket
from argon2 import PasswordHasher

from servitec_server import listening
from servitec_server.auth import Auth
from servitec_server.central import set_secret_columns
from servitec_server.deps import STATION_HEADER
from servitec_server.http import create_app
from tests.company import Office

CLAVE = "girasol entre dos rieles"


@lru_cache(maxsize=1)
def shared_hash() -> str:
    """The stored form of CLAVE: made once, with the least cost, which it carries itself."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(CLAVE)


@dataclass(frozen=True, slots=True)
class Served:
    """The office, its address and a client of it."""

    office: Office
    auth: Auth
    url: str
    http: httpx.Client

    def give_password(self, name: str) -> None:
        """Let this person sign in with CLAVE."""
        key = self.office.people[name].usuario_id
        with self.office.central.store.writing() as connection:
            set_secret_columns(connection, key, clave_hash=shared_hash(), clave_algoritmo="argon2id")

    def sign_in(self, name: str, password: str = CLAVE) -> dict[str, Any]:
        reply = self.http.post("/token", data={"username": name, "password": password})
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found

    def refresh(self, token: str) -> httpx.Response:
        return self.http.post("/token/refresh", json={"refresh_token": token})

    @contextmanager
    def client(self, person: str | None = None, station: str | None = None) -> Iterator[httpx.Client]:
        """A client of its own, signed in as somebody and at a new station of that name."""
        with httpx.Client(base_url=self.url, timeout=60, verify=False) as made:
            if person is not None:
                made.headers.update(bearer(self.sign_in(person)))
            if station is not None:
                stations = self.office.stations
                made.headers[STATION_HEADER] = stations.header(stations.enrol(self.office.people["jefa"], station))
            yield made

    def send(self, head: str, content: bytes = b"") -> tuple[int, bytes]:
        """Raw bytes after a request line and headers; status and body of what is answered."""
        with socket.create_connection(("127.0.0.1", httpx.URL(self.url).port or 0), timeout=60) as line:
            line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + content)
            with line.makefile("rb") as stream:
                status, length = int(stream.readline().split()[1]), 0
                while header := stream.readline().strip():
                    name, _, value = header.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                return status, stream.read(length)

    def hear(self, access: str) -> websocket.WebSocket:
        address = self.url.replace("http", "ws") + "/ws"
        return websocket.create_connection(address, header=[f"Authorization: Bearer {access}"], timeout=20)


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def closed_with(socket: websocket.WebSocket) -> int:
    """The code with which the server closes a socket, after whatever it still says."""
    pings = 0
    opcode, content = socket.recv_data(control_frame=True)
    while opcode != websocket.ABNF.OPCODE_CLOSE:
        pings += opcode == websocket.ABNF.OPCODE_PING
        assert pings < 3, "it stays open"
        opcode, content = socket.recv_data(control_frame=True)
    return int.from_bytes(content[:2], "big")


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with serving(office) as made:
        for name in office.people:
            made.give_password(name)
        yield made


@contextmanager
def serving(office: Office) -> Iterator[Served]:
    """A real uvicorn in a thread; nobody has a password yet."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    app = create_app(office.central)
    server = listening.server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="uvicorn")
    thread.start()
    try:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=60, verify=False) as client:
            made = Served(office, app.state.auth, str(client.base_url).rstrip("/"), client)
            yield made
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
