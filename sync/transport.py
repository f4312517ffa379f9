"""The server as the engine sees it, over HTTP."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar
from urllib.parse import urlencode

from pydantic import ValidationError

from domain.base import causes
from domain.base.later import later
from domain.upgrade import SCHEMA
from domain.wire import PROTOCOL, ChangesReply, Cursor, EnrolReply, PushReply, TokenReply, canonical
from sync import download
from sync.credentials import Credentials, CredentialStore
from sync.errors import (
    BootstrapNeeded,
    SchemaRefused,
    ServerFailing,
    ServerUnreachable,
    SignInNeeded,
    StationCloned,
    StationRefused,
    StationRevoked,
    StationUnknown,
    TooLarge,
)

if TYPE_CHECKING:
    import httpx
else:
    httpx = later("httpx")

STATION_HEADER = "X-Servitec-Estacion"
IN_SNAPSHOT = ("protocol", "schema", "n", "cursor", "furthest")
SNAPSHOT_POLL_S = 0.05
MAX_POLL_S = 1.0
SNAPSHOT_WAIT_S = 300.0
"""So long a station waits for the server to make a snapshot, in one go."""
_OLD_TOKEN = 401
REFUSED: dict[str, type[StationRefused]] = {
    "clonada": StationCloned,
    "credencial": StationUnknown,
    "revocada": StationRevoked,
}

Reply = TypeVar("Reply", PushReply, ChangesReply, TokenReply, EnrolReply)
Answered = TypeVar("Answered")
WAIT_FOR_A_SUPERVISOR = ["permiso_cambiado", "generacion", "revocada", "restaurado"]
Decision = Literal["aprobar", "descartar"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What every request says of the station: the server it knows, its scope, its last Cambio's number, its cursor.

    `furthest`: a place beyond it that the server told of.
    """

    server_id: str | None
    epoch: str | None
    scope: str | None
    n: int
    cursor: Cursor
    furthest: Cursor | None = None

    def values(self) -> dict[str, Any]:
        """As fields of domain.wire.Head."""
        known = {"server_id": self.server_id, "epoch": self.epoch, "scope": self.scope, "n": self.n}
        return {"protocol": PROTOCOL, "schema": SCHEMA, **known, **self._places()}

    def query(self) -> dict[str, str]:
        """The same for the query of a GET: places are JSON there."""
        values = self.values() | {name: canonical(place) for name, place in self._places().items()}
        return {name: str(value) for name, value in values.items() if value is not None}

    def _places(self) -> dict[str, Any]:
        places = {"cursor": self.cursor, "furthest": self.furthest}
        return {name: place.model_dump(exclude_none=True) for name, place in places.items() if place is not None}


class Transport(Protocol):
    """What the engine asks of a server."""

    def push(self, asked: Asked, bodies: list[str]) -> PushReply:
        """Send Cambios, each byte for byte."""

    def changes(self, asked: Asked, hasta: int | None, *, propias: bool, enteras: bool, digest: bool) -> ChangesReply:
        """Ask for a chunk of what changed after the cursor shown: own rows too, as whole rows, with the digest."""

    def snapshot(self, asked: Asked, folder: Path, progress: Callable[[int, int], None]) -> Path:
        """Fetch a ready replica into a file of `folder`."""

    def forget(self) -> None:
        """This is no station any more: what it showed of itself goes."""

    def ahead(self, request: Callable[[], Answered]) -> Callable[[], Answered]:
        """Start one of these requests; the call waits for its reply, or raises what it raised."""


@cache
def _trusted() -> ssl.SSLContext:
    """Which certificates are believed; reading them takes longer than a request."""
    return httpx.create_ssl_context()


class HttpTransport:
    """One server over HTTP; safe for several threads. Refreshes the access token by one request at a time."""

    def __init__(self, url: str, store: CredentialStore, timeout_s: float = 5.0, attempts: int = 1) -> None:
        """`attempts`: how often a connection is tried before a request fails."""
        self.snapshot_wait_s = SNAPSHOT_WAIT_S
        self.url = url.rstrip("/")
        self._store = store
        self._client = httpx.Client(
            base_url=self.url,
            timeout=httpx.Timeout(timeout_s, read=max(timeout_s, 30.0)),
            headers={"Accept-Encoding": "zstd, gzip"},
            transport=httpx.HTTPTransport(verify=_trusted(), retries=attempts - 1),
        )
        self._refreshing = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def forget(self) -> None:
        """Remove the station's credential and whatever is kept with it."""
        self._store.save(Credentials())

    def ahead(self, request: Callable[[], Answered]) -> Callable[[], Answered]:
        """Start a request in a thread that nobody waits for at the end of the program.

        The call waits for its reply, or raises what it raised.
        """
        reply: Future[Answered] = Future()

        def run() -> None:
            try:
                reply.set_result(request())
            except BaseException as error:  # noqa: BLE001  (whoever waits gets it)
                reply.set_exception(error)

        threading.Thread(target=run, name="servitec-request", daemon=True).start()
        return reply.result

    def push(self, asked: Asked, bodies: list[str]) -> PushReply:
        """Send Cambios, each byte for byte as captured.

        Raises:
            ServerUnreachable, StationRefused, SchemaRefused, BootstrapNeeded, TooLarge.
        """
        body = canonical(asked.values())[:-1] + ',"cambios":[' + ",".join(bodies) + "]}"
        headers = {"Content-Type": "application/json"}
        response = self._send("POST", "/sync/push", content=body.encode(), headers=headers, person=False)
        reply = _parsed(PushReply, response)
        if len(reply.answers) > len(bodies):
            raise ServerFailing.of(causes.RESPUESTA_DANADA)
        return reply

    def changes(self, asked: Asked, hasta: int | None, *, propias: bool, enteras: bool, digest: bool) -> ChangesReply:
        """Ask for a chunk of what changed after the cursor shown: own rows too, as whole rows, with the digest.

        Raises:
            ServerUnreachable, SignInNeeded, StationRefused, SchemaRefused, BootstrapNeeded.
        """
        params = asked.query()
        params |= {"hasta": str(hasta)} if hasta is not None else {}
        params |= {name: "true" for name, on in (("enteras", enteras), ("digest", digest)) if on}
        params["propias"] = "true" if propias else "false"
        reply = _parsed(ChangesReply, self._send("GET", "/sync/changes", params=params))
        if not reply.follows(asked.cursor):
            raise ServerFailing.of(causes.RESPUESTA_DANADA)
        return reply

    def snapshot(self, asked: Asked, folder: Path, progress: Callable[[int, int], None]) -> Path:
        """Fetch a ready replica; a broken download goes on where it stopped. `progress` hears also of the wait for it.

        Raises:
            ServerUnreachable, DiskTrouble, SignInNeeded, StationRefused, SchemaRefused; whatever `progress` raises.
        """
        params = {name: v for name, v in asked.query().items() if name in IN_SNAPSHOT}
        part = folder / "instantanea.part"
        note = folder / "instantanea.etag"
        pause, until = SNAPSHOT_POLL_S, time.monotonic() + self.snapshot_wait_s
        while True:
            with self._told_by():
                if self._download(params, part, note, progress):
                    break
            progress(0, 0)
            if time.monotonic() > until:
                raise ServerFailing.of(causes.SIN_BASE_LISTA)
            time.sleep(pause)
            pause = min(MAX_POLL_S, pause * 1.2)
        part.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
        return folder / "instantanea.db"

    def _download(self, params: dict[str, str], part: Path, note: Path, progress: Callable[[int, int], None]) -> bool:
        """Stream into `part`; False: the server is still preparing it."""
        have = part.stat().st_size if part.exists() and note.exists() else 0
        ranged = {"Range": f"bytes={have}-", "If-Range": note.read_text()} if have else {}
        for attempt in (1, 2):
            headers = self._headers(person=True) | ranged | {"Accept-Encoding": "identity"}
            try:
                with self._client.stream("GET", "/sync/snapshot", params=params, headers=headers) as response:
                    if response.status_code == _OLD_TOKEN and attempt == 1:
                        self.refresh(headers["Authorization"].partition(" ")[2])
                        continue
                    if response.status_code == 202:
                        return False
                    if response.status_code == 416:
                        part.unlink(missing_ok=True)
                        return False
                    if not response.is_success:
                        raise _failure(download.read(response))
                    download.receive(response, part, note, have, progress)
                    return True
            except httpx.TransportError as error:
                raise ServerUnreachable.of(causes.DESCARGA_CORTADA) from error
        return False

    def token(self, username: str, password: str) -> TokenReply:
        """Sign in with a password.

        Raises:
            SignInNeeded: wrong; ServerUnreachable.
        """
        form = {"username": username, "password": password}
        return _parsed(TokenReply, self._request("POST", "/token", data=form, headers=self._station()))

    def enrol(self, nombre: str, access_token: str) -> EnrolReply:
        """Enrol a station; with credentials here, as the successor of the one that they are of.

        Raises:
            SignInNeeded, StationRefused: not allowed; ServerUnreachable.
        """
        headers = {"Authorization": f"Bearer {access_token}"}
        body = {"nombre": nombre}
        if former := self._station():
            body["anterior"] = former[STATION_HEADER]
        return _parsed(EnrolReply, self._request("POST", "/estaciones", json=body, headers=headers))

    def health(self) -> dict[str, Any]:
        """GET /salud.

        Raises:
            ServerUnreachable.
        """
        return _object(self._request("GET", "/salud"))

    def awaiting_approval(self) -> list[dict[str, Any]]:
        """What lacks a right that its author had when he made it, or a good proof, as GET /cambios/rechazados gives it.

        Raises:
            ServerUnreachable, SignInNeeded, StationRefused: this person may not approve.
        """
        found: list[dict[str, Any]] = self._send(
            "GET", "/cambios/rechazados", params={"motivo": WAIT_FOR_A_SUPERVISOR, "limite": "200"}
        ).json()
        return found

    def decide(self, cambio_id: str, decision: Decision) -> None:
        """Approve such a change, in the signed-in person's name, or leave it refused.

        Raises:
            ServerUnreachable, SignInNeeded, StationRefused: not allowed, dealt with already, or a rule is against it.
        """
        self._send("POST", f"/cambios/{cambio_id}/{decision}")

    def live_headers(self) -> dict[str, str]:
        """The headers of the WebSocket, as of now."""
        return self._headers(person=True)

    def refresh(self, stale: str | None) -> None:
        """Exchange the refresh token, unless another thread just did.

        Raises:
            SignInNeeded: the session ended; ServerUnreachable.
        """
        with self._refreshing:
            kept = self._store.load()
            if kept.access_token != stale:
                return
            if kept.refresh_token is None:
                raise SignInNeeded.of(causes.SIN_SESION)
            body = {"refresh_token": kept.refresh_token}
            sent = self._request("POST", "/token/refresh", json=body, headers=self._station())
            self._store.save(self._store.load().holding(_parsed(TokenReply, sent)))

    def _station(self) -> dict[str, str]:
        """Which station asks, where it knows that: a person who signs in there is told what he signs with."""
        station = self._store.load().station
        return {} if station is None else {STATION_HEADER: station}

    def _headers(self, *, person: bool) -> dict[str, str]:
        kept, headers = self._store.load(), self._station()
        if not headers:
            raise SignInNeeded.of(causes.SIN_CREDENCIALES)
        if person and kept.access_token is None and kept.firmante is not None:
            raise SignInNeeded.of(causes.SESION_SIN_SERVIDOR)
        if person and kept.access_token is None:
            raise SignInNeeded.of(causes.SIN_SESION)
        return headers | ({"Authorization": f"Bearer {kept.access_token}"} if kept.access_token else {})

    @contextmanager
    def _told_by(self) -> Iterator[None]:
        """That a session is missing is told with the server's name, and only while it answers."""
        try:
            yield
        except SignInNeeded as needed:
            needed.server_id = self.health().get("server_id")
            raise

    def _send(self, method: str, path: str, *, person: bool = True, **options: Any) -> httpx.Response:
        """A request of the station; an expired access token is refreshed once."""
        extra = options.pop("headers", {})
        with self._told_by():
            headers = self._headers(person=person)
            try:
                return self._request(method, path, headers=headers | extra, **options)
            except SignInNeeded:
                if not person:
                    raise
            self.refresh(headers["Authorization"].partition(" ")[2])
            return self._request(method, path, headers=self._headers(person=True) | extra, **options)

    def _request(self, method: str, path: str, params: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """The address is written here: httpx would parse it three times, which takes as long as asking."""
        query = "?" + urlencode(params, doseq=True) if params else ""
        try:
            with self._client.stream(method, self.url + path + query, **options) as streamed:
                response = download.read(streamed)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerUnreachable.of(causes.SIN_CONEXION, url=self.url) from error
        if response.is_success:
            return response
        raise _failure(response)


def _parsed(kind: type[Reply], response: httpx.Response) -> Reply:
    """A reply that isn't one (a proxy's page, a truncated body) counts as no answer."""
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        raise ServerFailing.of(causes.RESPUESTA_DANADA) from error


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        value = response.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ServerFailing.of(causes.RESPUESTA_DANADA)
    return value


def _failure(response: httpx.Response) -> Exception:
    """A refusal in the engine's words."""
    try:
        body = response.json()
        error, message, hint = body["error"], body["mensaje"], body.get("hint", "")
    except (ValueError, KeyError, TypeError):
        body, error, message, hint = {}, "", "", ""
    status = response.status_code
    if status == _OLD_TOKEN or (status == 429 and error == "token"):
        return SignInNeeded(message, hint) if message else SignInNeeded.of(causes.SESION_TERMINADA)
    if status == 413:
        return TooLarge(message)
    if status == 426:
        return SchemaRefused(message, causes.OTRA_VERSION.todo) if message else SchemaRefused.of(causes.OTRA_VERSION)
    if error in ("epoca", "otra_historia", "alcance", "piso"):
        return BootstrapNeeded(error, message, body.get("server_id"), body.get("epoch"))
    refused = REFUSED.get(error) or (StationRefused if status in (403, 404, 409, 422) and message else None)
    if refused is not None:
        found = refused(message, hint)
        found.server_id = body.get("server_id")
        return found
    return _failing(error, message, hint) if message else ServerFailing.of(causes.SERVIDOR_FALLA, status=status)


def _failing(error: str, message: str, hint: str) -> ServerFailing:
    """A failure of the server's own, as it tells it."""
    found = ServerFailing(message, hint or causes.SERVIDOR_FALLA.todo)
    found.code = error
    return found
