"""What every request passes before a route sees it: its form, who sends it, and only then its body."""

import contextlib
import logging
from typing import Any

import anyio
import orjson
from fastapi.responses import JSONResponse
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servitec_server.auth import Auth
from servitec_server.central import Central
from servitec_server.deps import STATION_HEADER, Visit
from servitec_server.failures import BUSY, failure, reply_to

log = logging.getLogger(__name__)

LIMITS = {"/token": 64_000, "/token/refresh": 64_000, "/estaciones": 64_000, "/sync/push": 8_000_000}
"""Bytes that a body may have, by path."""
LIMIT = 256_000
"""Elsewhere."""
OPEN = frozenset({"/token", "/token/refresh"})
"""Where somebody whom nobody knows yet may send a body."""
CROWDED = "crowded"
"""In the state of a request: its connection is one too many."""
MAX_DEPTH = 32
BODY_S, SLOWEST_BPS = 20.0, 8_000
"""A body is waited for this long, and longer by what the slowest line needs."""
LINGER_S = 10.0
"""A refused body is read away for so long: closed earlier, the sender wouldn't see the refusal."""


class Refused(Exception):
    """The request goes no further; `reply` says why."""

    def __init__(self, status: int, error: str, mensaje: str) -> None:
        super().__init__(mensaje)
        self.reply = JSONResponse(failure(error, mensaje), status)


class Gate:
    """Refuses what is malformed, too large or from nobody before its body is read or parsed; marks every reply."""

    def __init__(self, app: ASGIApp, auth: Auth, central: Central) -> None:
        self._app = app
        self._auth = auth
        self._central = central

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cache-Control"] = "no-store"
            await send(message)

        body = _Body(receive)
        if CROWDED in scope.get("state", {}):
            refusal = BUSY.reply()
            refusal.headers["Connection"] = "close"
            await _refuse(refusal, scope, body, marked)
            return
        try:
            await self._admit(scope, body)
            await self._app(scope, body.receive, marked)
        except Refused as refused:
            await _refuse(refused.reply, scope, body, marked)
        except Exception as error:  # noqa: BLE001  (the outermost loop of a request)
            if started:
                raise
            await _refuse(await run_in_threadpool(reply_to, error, self._central), scope, body, marked)

    async def _admit(self, scope: Scope, body: "_Body") -> None:
        """Check a request and read its body, in the order of what costs least."""
        headers = Headers(scope=scope)
        path = scope["path"]
        if "transfer-encoding" in headers:
            raise Refused(411, "peticion", "La petición tiene que decir su largo (Content-Length).")
        if "\x00" in path or b"%00" in scope["query_string"]:
            raise Refused(422, "campo", "La petición contiene un carácter nulo.")
        length = int(headers.get("content-length", "0"))
        limit = LIMITS.get(path, LIMIT)
        if length > limit:
            raise Refused(413, "tamano", f"La petición pasa de {limit} bytes.")
        scheme, token = get_authorization_scheme_param(headers.get("authorization"))
        known = Visit(self._auth, token if scheme.lower() == "bearer" else None, headers.get(STATION_HEADER))
        scope.setdefault("state", {})["visit"] = known
        if length == 0:
            return
        if path not in OPEN:
            await run_in_threadpool(known.sender if path == "/sync/push" else known.actor)
        await body.read(length)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded" and (b"%00" in body.content or b"\x00" in body.content):
            raise Refused(422, "campo", "La petición contiene un carácter nulo.")
        if kind.endswith("json") and path != "/sync/push":
            problem = await run_in_threadpool(_json_problem, body.content)
            if problem is not None:
                raise Refused(422, "campo", problem)


class _Body:
    """The bytes of a request: read here, given to whoever asks for them next."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._waiting = False
        self.content = b""
        self.ended = False

    async def read(self, length: int) -> None:
        """Read it all.

        Raises:
            Refused: it came too slowly, or its sender went away.
        """
        parts: list[bytes] = []
        try:
            with anyio.fail_after(BODY_S + length / SLOWEST_BPS):
                while not self.ended:
                    parts.append(await self._piece())
        except TimeoutError:
            raise Refused(408, "peticion", "La petición llegó demasiado despacio.") from None
        self.content = b"".join(parts)
        self._waiting = True

    async def drain(self) -> None:
        """Read away what nobody wanted, for a while."""
        with anyio.move_on_after(LINGER_S), contextlib.suppress(Refused):
            while not self.ended:
                await self._piece()

    async def _piece(self) -> bytes:
        message = await self._receive()
        if message["type"] != "http.request":
            self.ended = True
            raise Refused(400, "peticion", "La petición no llegó entera.")
        self.ended = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def receive(self) -> Message:
        """What a route reads."""
        if self._waiting:
            self._waiting = False
            return {"type": "http.request", "body": self.content, "more_body": False}
        return await self._receive()


async def _refuse(reply: Response, scope: Scope, body: _Body, send: Send) -> None:
    """Answer, then read away what is still coming, then close: what follows on the connection isn't trusted."""
    headers = Headers(scope=scope)
    unread = not body.ended and (headers.get("content-length", "0") != "0" or "transfer-encoding" in headers)
    if not unread:
        await reply(scope, body.receive, send)
        return
    reply.headers["Connection"] = "close"
    await send({"type": "http.response.start", "status": reply.status_code, "headers": reply.raw_headers})
    await send({"type": "http.response.body", "body": bytes(reply.body), "more_body": True})
    if "expect" not in headers:
        await body.drain()
    await send({"type": "http.response.body", "body": b""})


def _json_problem(content: bytes) -> str | None:
    """Why a body is refused before anybody looks at its fields."""
    try:
        value = orjson.loads(content or b"null")
    except orjson.JSONDecodeError:
        return "El cuerpo de la petición no es JSON válido en UTF-8."
    return _value_problem(value, MAX_DEPTH)


def _value_problem(value: Any, depth: int) -> str | None:
    if depth == 0:
        return f"El cuerpo de la petición tiene más de {MAX_DEPTH} niveles."
    if isinstance(value, str):
        return "El texto contiene un carácter nulo." if "\x00" in value else None
    inner = (*value.keys(), *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for item in inner if (found := _value_problem(item, depth - 1))), None)
