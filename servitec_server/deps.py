"""Who calls: the dependencies that routes share."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer

from domain.permissions import Actor
from servitec_server.apply import Station
from servitec_server.auth import Auth, AuthError

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


Caller = Annotated[Actor, Depends(bearer)]
Here = Annotated[Station, Depends(station)]


def ip_of(request: Request) -> str | None:
    """The caller's address, for the audit trail."""
    return request.client.host if request.client else None
