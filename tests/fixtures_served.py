"""The company in one process behind a real uvicorn, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
import pytest
import uvicorn
import websocket

from servitec_server.auth import Auth
from servitec_server.central import set_secret_columns
from servitec_server.cli import OPTIONS, proxies
from servitec_server.http import create_app
from servitec_server.passwords import Passwords
from tests.company import Office

CLAVE = "girasol entre dos rieles"


@lru_cache(maxsize=1)
def shared_hash() -> str:
    """The stored form of CLAVE: made once, since each costs a tenth of a second."""
    return Passwords().hash(CLAVE)


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

    def hear(self, access: str) -> websocket.WebSocket:
        address = self.url.replace("http", "ws") + "/ws"
        return websocket.create_connection(address, header=[f"Authorization: Bearer {access}"], timeout=20)


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def closed_with(socket: websocket.WebSocket) -> int:
    """The code with which the server closes a socket, after whatever it still says."""
    opcode, content = socket.recv_data(control_frame=True)
    while opcode != websocket.ABNF.OPCODE_CLOSE:
        opcode, content = socket.recv_data(control_frame=True)
    return int.from_bytes(content[:2], "big")


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    app = create_app(office.central)
    config = uvicorn.Config(app, port=0, forwarded_allow_ips=proxies(), **OPTIONS)
    server = uvicorn.Server(config)
    ready = threading.Event()

    async def startup(sockets: Any = None, start: Any = server.startup) -> None:
        await start(sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, name="uvicorn")
    thread.start()
    try:
        assert ready.wait(60)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as client:
            made = Served(office, app.state.auth, str(client.base_url), client)
            for name in office.people:
                made.give_password(name)
            yield made
    finally:
        server.should_exit = True
        thread.join(30)
