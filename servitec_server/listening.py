"""How uvicorn listens: with an end to everything that a sender may draw out."""

import asyncio
import os
import re
import socket
from typing import Any

import h11
import orjson
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from servitec_server.failures import failure
from servitec_server.gate import CROWDED

SHUTDOWN_S = 5
HEAD_S = 15.0
"""A connection that hasn't sent the head of a request by then is closed."""
KEEP_ALIVE_S = 15
HEAD_BYTES = 32_768
CONNECTIONS = 5_000
"""Open at once in one process, live sockets among them; who comes then is told so."""
HEARD_BYTES = 65_536
"""The longest message that a live socket may send; nobody listens to it."""


class Strict(h11.Connection):
    """HTTP/1.1 whose lines end with CRLF and nothing else: two readings of one head are two requests behind a proxy."""

    def next_event(self) -> Any:
        """The next event; RemoteProtocolError for what is no HTTP."""
        waiting = self.trailing_data[0] if self.their_state is h11.IDLE else b""
        event = super().next_event()
        if isinstance(event, h11.Request):
            head = waiting[: len(waiting) - len(self.trailing_data[0])]
            if re.search(rb"(?<!\r)\n", head):
                raise h11.RemoteProtocolError("a line that doesn't end with CRLF")
        return event


class Protocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it; ends who is slow with the head of a request, and refuses in our form."""

    _head_due: asyncio.TimerHandle | None = None

    def __init__(self, config: uvicorn.Config, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = Strict(h11.SERVER, HEAD_BYTES)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection begins."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS:
            self.app_state = self.app_state | {CROWDED: True}
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Some bytes came."""
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection ended."""
        self._forget_head()
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        """The clock runs while a head is to come or isn't whole, and isn't put back by its bytes."""
        if self.conn.their_state is not h11.IDLE:
            self._forget_head()
        elif self._head_due is None:
            self._head_due = self.loop.call_later(HEAD_S, self.transport.close)

    def _should_upgrade(self) -> bool:
        """May this request become a live socket?"""
        return super()._should_upgrade() and CROWDED not in self.app_state

    def _forget_head(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP; the connection ends with it."""
        content = orjson.dumps(failure("peticion", "La petición no es HTTP válido."))
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
            ("Connection", "close"),
        ]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            for event in (h11.Response(status_code=400, headers=headers), h11.Data(content), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        if self.cycle is not None:  # what answers the request so far has nobody to answer any more
            self.cycle.disconnected = True
            self.cycle.message_event.set()


class Server(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        for listener in sockets or []:
            host, port = listener.getsockname()[:2]
            print(f"Servidor Servitec en http://{host}:{port}", flush=True)


def proxies() -> str:
    """Whose X-Forwarded-For is believed: addresses and networks, by commas, in SERVITEC_PROXIES; nobody's without."""
    return os.environ.get("SERVITEC_PROXIES", "")


def server(app: FastAPI) -> Server:
    """The server of an application, to be run on a socket that listens."""
    return Server(
        uvicorn.Config(
            app,
            http=Protocol,
            forwarded_allow_ips=proxies(),
            ws="websockets-sansio",
            ws_max_size=HEARD_BYTES,
            log_level="warning",
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
    )
