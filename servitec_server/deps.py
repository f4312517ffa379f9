"""Who calls: the dependencies that routes share."""

import ipaddress
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.requests import HTTPConnection

from domain.base.actor import Actor
from servitec_server.auth import Auth
from servitec_server.central import Central
from servitec_server.errors import AuthError
from servitec_server.origin import Station

STATION_HEADER = "X-Servitec-Estacion"
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_SCHEME = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


class Visit:
    """Who sends a request: looked up once, in the thread that asks first (the gate's, where there is a body)."""

    def __init__(self, auth: Auth, token: str | None, estacion: str | None) -> None:
        self._auth = auth
        self._token = token
        self._estacion = estacion
        self._station: Station | None = None
        self._sender: Station | None = None
        self._actor: Actor | None = None

    def station(self) -> Station:
        """The station that calls, by its credential. Raises AuthError."""
        if self._station is None:
            self._station = self._auth.station(self._estacion)
        return self._station

    def sender(self) -> Station:
        """The same, also one that was revoked: it may hand over what it holds. Raises AuthError."""
        if self._sender is None:
            self._sender = self._auth.stations.known(self._estacion, revoked=True)
        return self._sender

    def actor(self) -> Actor:
        """Who calls, by his access token. Raises AuthError."""
        if not self._token:
            raise AuthError("Falta iniciar sesión.", "Pida un token en /token.")
        if self._actor is None:
            self._actor = self._auth.actor(self._token)
        return self._actor

    def person(self) -> Actor | None:
        """Who is signed in at the calling station; None: nobody."""
        try:
            return self.actor() if self._token else None
        except AuthError:
            return None


async def visit(
    request: Request,
    _token: Annotated[str | None, Depends(_SCHEME)],
    _estacion: Annotated[str | None, Header(alias=STATION_HEADER)] = None,
) -> Visit:
    """What the gate saw of a request's caller; the headers stand here for the description of the interface."""
    found: Visit = request.state.visit
    return found


def bearer(visit: Annotated[Visit, Depends(visit)]) -> Actor:
    """Who calls, by his access token."""
    return visit.actor()


async def body_of(request: Request) -> bytes:
    """The bytes of a request."""
    return await request.body()


async def _central(request: Request) -> Central:
    central: Central = request.app.state.central
    return central


Here = Annotated[Central, Depends(_central)]
Key = Annotated[str, Path(pattern=UUID)]
Limit = Annotated[int, Query(ge=1, le=500)]
Caller = Annotated[Actor, Depends(bearer)]
Visitor = Annotated[Visit, Depends(visit)]
Body = Annotated[bytes, Depends(body_of)]


def ip_of(request: HTTPConnection) -> str | None:
    """The caller's address; None where what stands there is none.

    Behind a proxy it is the one of X-Forwarded-For, if SERVITEC_PROXIES names that proxy.
    """
    try:
        address = ipaddress.ip_address(request.client.host.partition("%")[0] if request.client else "")
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
