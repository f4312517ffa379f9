"""Who calls: the dependencies that routes share."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer

from domain.permissions import Actor
from servitec_server.auth import Auth, AuthError
from servitec_server.work import Station

STATION_HEADER = "X-Servitec-Estacion"
_SCHEME = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


def bearer(request: Request, token: Annotated[str | None, Depends(_SCHEME)]) -> Actor:
    """Who calls, by his access token."""
    if not token:
        raise AuthError("Falta iniciar sesión.", "Pida un token en /token.")
    auth: Auth = request.app.state.auth
    return auth.actor(token)


def station(request: Request, estacion: Annotated[str | None, Header(alias=STATION_HEADER)] = None) -> Station:
    """The station that calls, by its credential."""
    auth: Auth = request.app.state.auth
    return auth.station(estacion)


def person(request: Request, token: Annotated[str | None, Depends(_SCHEME)]) -> Actor | None:
    """Who sits at the calling station, also by a token that has expired; None: nobody that is known."""
    auth: Auth = request.app.state.auth
    try:
        return auth.actor(token, expired=True) if token else None
    except AuthError:
        return None


async def body_of(request: Request) -> bytes:
    """The bytes of a request."""
    return await request.body()


Caller = Annotated[Actor, Depends(bearer)]
Here = Annotated[Station, Depends(station)]
Person = Annotated[Actor | None, Depends(person)]
Body = Annotated[bytes, Depends(body_of)]


def ip_of(request: Request) -> str | None:
    """The caller's address, for the audit trail."""
    return request.client.host if request.client else None
