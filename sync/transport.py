"""The server as the engine sees it, over HTTP."""

import threading
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import httpx
from pydantic import ValidationError

from domain.schema import SCHEMA
from domain.wire import PROTOCOL, ChangesReply, Cursor, EnrolReply, PushReply, TokenReply, canonical
from sync.credentials import CredentialStore
from sync.errors import (
    BootstrapNeeded,
    SchemaRefused,
    ServerUnreachable,
    SignInNeeded,
    StationRefused,
    TooLarge,
)

STATION_HEADER = "X-Servitec-Estacion"
_OLD_TOKEN = 401

Reply = TypeVar("Reply", PushReply, ChangesReply, TokenReply, EnrolReply)


class Transport(Protocol):
    """What the engine asks of a server. `head` is server_id, epoch and scope as the replica knows them."""

    def push(self, head: dict[str, str | None], bodies: list[str]) -> PushReply:
        """Send Cambios, each byte for byte."""

    def changes(self, head: dict[str, str | None], desde: Cursor, hasta: int | None, propias: bool) -> ChangesReply:
        """Ask for a chunk of changes; `propias`: also of rows that this station changed last."""


class HttpTransport:
    """One server over HTTP; safe for several threads. Refreshes the access token by one request at a time."""

    def __init__(self, url: str, store: CredentialStore, timeout_s: float = 5.0, attempts: int = 1) -> None:
        """`attempts`: how often a connection is tried before a request fails."""
        self.url = url.rstrip("/")
        self._store = store
        self._client = httpx.Client(
            base_url=self.url,
            timeout=httpx.Timeout(timeout_s, read=max(timeout_s, 30.0)),
            transport=httpx.HTTPTransport(retries=attempts - 1),
        )
        self._refreshing = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def push(self, head: dict[str, str | None], bodies: list[str]) -> PushReply:
        """Send Cambios, each byte for byte as captured.

        Raises:
            ServerUnreachable, StationRefused, SchemaRefused, BootstrapNeeded, TooLarge.
        """
        start = canonical({"protocol": PROTOCOL, "schema": SCHEMA, **head})
        body = start[:-1] + ',"cambios":[' + ",".join(bodies) + "]}"
        headers = {"Content-Type": "application/json"}
        response = self._send("POST", "/sync/push", content=body.encode(), headers=headers, person=False)
        return _parsed(PushReply, response)

    def changes(self, head: dict[str, str | None], desde: Cursor, hasta: int | None, propias: bool) -> ChangesReply:
        """Ask for a chunk of changes; `propias`: also of rows that this station changed last.

        Raises:
            ServerUnreachable, SignInNeeded, StationRefused, SchemaRefused, BootstrapNeeded.
        """
        values = {"protocol": PROTOCOL, "schema": SCHEMA, **head}
        values |= {"desde": desde.version, "cambio": desde.cambio_id, "hasta": hasta}
        values["propias"] = "true" if propias else "false"
        params = {name: str(value) for name, value in values.items() if value is not None}
        return _parsed(ChangesReply, self._send("GET", "/sync/changes", params=params))

    def token(self, username: str, password: str) -> TokenReply:
        """Sign in with a password.

        Raises:
            SignInNeeded: wrong; ServerUnreachable.
        """
        form = {"username": username, "password": password}
        return _parsed(TokenReply, self._request("POST", "/token", data=form))

    def enrol(self, nombre: str, access_token: str) -> EnrolReply:
        """Enrol a station.

        Raises:
            SignInNeeded, StationRefused: not allowed; ServerUnreachable.
        """
        headers = {"Authorization": f"Bearer {access_token}"}
        return _parsed(EnrolReply, self._request("POST", "/estaciones", json={"nombre": nombre}, headers=headers))

    def health(self) -> dict[str, Any]:
        """GET /salud.

        Raises:
            ServerUnreachable.
        """
        value: dict[str, Any] = self._request("GET", "/salud").json()
        return value

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
                raise SignInNeeded("No hay una sesión iniciada en esta estación.", "Inicie sesión.")
            body = {"refresh_token": kept.refresh_token}
            reply = _parsed(TokenReply, self._request("POST", "/token/refresh", json=body))
            tokens = {"access_token": reply.access_token, "refresh_token": reply.refresh_token}
            self._store.save(replace(self._store.load(), **tokens))

    def _headers(self, *, person: bool) -> dict[str, str]:
        kept = self._store.load()
        if kept.estacion_id is None or kept.credencial is None:
            raise SignInNeeded("Faltan las credenciales de esta estación.", "Inicie sesión, o inscríbala de nuevo.")
        headers = {STATION_HEADER: f"{kept.estacion_id}:{kept.credencial}"}
        if person and kept.access_token is None:
            raise SignInNeeded("No hay una sesión iniciada en esta estación.", "Inicie sesión.")
        return headers | ({"Authorization": f"Bearer {kept.access_token}"} if person else {})

    def _send(self, method: str, path: str, *, person: bool = True, **options: Any) -> httpx.Response:
        """A request of the station; an expired access token is refreshed once."""
        extra = options.pop("headers", {})
        headers = self._headers(person=person)
        try:
            return self._request(method, path, headers=headers | extra, **options)
        except SignInNeeded:
            if not person:
                raise
        self.refresh(headers["Authorization"].partition(" ")[2])
        return self._request(method, path, headers=self._headers(person=True) | extra, **options)

    def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **options)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerUnreachable(
                f"El servidor {self.url} no responde.", "Los cambios quedan guardados y se envían al volver."
            ) from error
        if response.is_success:
            return response
        raise _failure(response)


def _parsed(kind: type[Reply], response: httpx.Response) -> Reply:
    """A reply that isn't one (a proxy's page, a truncated body) counts as no answer."""
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        raise ServerUnreachable("La respuesta del servidor llegó dañada.", "Se intentará de nuevo.") from error


def _failure(response: httpx.Response) -> Exception:
    """A refusal in the engine's words."""
    try:
        body = response.json()
        error, message, hint = body["error"], body["mensaje"], body.get("hint", "")
    except (ValueError, KeyError, TypeError):
        body, error, message, hint = {}, "", "", ""
    status = response.status_code
    if status == _OLD_TOKEN or (status == 429 and error == "token"):
        return SignInNeeded(message or "La sesión terminó.", hint)
    if status == 413:
        return TooLarge(message or "La petición es muy grande.")
    if status == 426:
        return SchemaRefused(message or "El servidor es de otra versión.", "Actualice el programa.")
    if error in ("epoca", "otra_historia", "alcance"):
        return BootstrapNeeded(error, message, body.get("server_id"), body.get("epoch"))
    if status in (403, 409, 422) and message:
        return StationRefused(message, hint)
    return ServerUnreachable(f"El servidor respondió con un error ({status}).", "Se intentará de nuevo.")
