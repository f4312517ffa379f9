"""REST of identity: tokens, passwords, the end of sessions and of accounts."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Form, Header, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.permissions import exigir
from domain.wire import Op, TokenReply
from servitec_server import rows
from servitec_server.auth import PER_PAIR, Auth
from servitec_server.central import Central
from servitec_server.deps import STATION_HEADER, Caller, Here, Key, ip_of
from servitec_server.errors import AuthError
from servitec_server.passwords import AT_ONCE, MAX_PASSWORD, Passwords, names_of
from servitec_server.tables import metadata

router = APIRouter(tags=["sesión"])

MAX_INSIDE = 40
BUSY_S = 2
T = TypeVar("T")

Clave = Annotated[str, Field(max_length=MAX_PASSWORD)]


class Door:
    """Where passwords are looked at: few at a time, in threads that nothing else waits for; a long queue is refused."""

    def __init__(self) -> None:
        self._inside = 0
        self._turns: CapacityLimiter | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Do it when its turn has come.

        Raises:
            AuthError: 503, too many wait.
        """
        if self._inside >= MAX_INSIDE:
            told = "El servidor está atendiendo muchos inicios de sesión."
            raise AuthError(told, "Repita en unos segundos.", status=503, error="ocupado", retry_s=BUSY_S)
        self._turns = self._turns or CapacityLimiter(AT_ONCE)
        self._inside += 1
        try:
            return await to_thread.run_sync(work, limiter=self._turns)
        finally:
            self._inside -= 1


class RefreshRequest(BaseModel):
    """POST /token/refresh."""

    refresh_token: str = Field(max_length=200)


class ClavePropia(BaseModel):
    """POST /usuarios/yo/clave."""

    actual: Clave
    nueva: Clave


class ClaveNueva(BaseModel):
    """POST /usuarios/{key}/clave."""

    nueva: Clave


def _auth(request: Request) -> Auth:
    found: Auth = request.app.state.auth
    return found


def _door(request: Request) -> Door:
    found: Door = request.app.state.door
    return found


Known = Annotated[Auth, Depends(_auth)]
AtDoor = Annotated[Door, Depends(_door)]


@router.post("/token")
async def token(
    request: Request,
    auth: Known,
    door: AtDoor,
    username: Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$")],
    password: Annotated[str, Form(max_length=MAX_PASSWORD)],
    estacion: Annotated[str | None, Header(alias=STATION_HEADER)] = None,
) -> TokenReply:
    """Sign in (OAuth 2 password form)."""
    attempt = await run_in_threadpool(auth.admit, username, ip_of(request), estacion)
    return await door.run(partial(auth.sign_in, attempt, password))


@router.post("/token/refresh")
def refresh(
    request: Request,
    auth: Known,
    body: RefreshRequest,
    estacion: Annotated[str | None, Header(alias=STATION_HEADER)] = None,
) -> TokenReply:
    """Exchange a refresh token for a new pair."""
    return auth.refresh(body.refresh_token, ip_of(request), estacion)


@router.post("/usuarios/yo/clave")
async def change_password(
    request: Request, body: ClavePropia, auth: Known, door: AtDoor, central: Here, actor: Caller
) -> TokenReply:
    """Change one's own password. Every session ends, this one too: the reply begins the next."""
    await run_in_threadpool(auth.count, PER_PAIR, actor.usuario_id, "clave")
    ip = ip_of(request)

    def work() -> TokenReply:
        usuario = _account(central, actor.usuario_id)
        if not auth.passwords.verify(str(usuario["clave_hash"]), body.actual):
            raise AuthError("La clave actual no es correcta.", "Revísela.", status=403, error="clave")
        if body.nueva == body.actual:
            raise Rejection("campo", "La clave nueva es la misma que la actual.")
        stored = auth.passwords.hash(body.nueva, names_of(usuario))
        _write(central, actor, usuario, _password(stored, must_change=False), ip)
        auth.limits.forget(PER_PAIR, actor.usuario_id, "clave")
        return auth.begin(actor.usuario_id, ip, request.headers.get(STATION_HEADER))

    return await door.run(work)


@router.post("/usuarios/yo/cerrar-sesiones")
def end_sessions(request: Request, central: Here, actor: Caller) -> dict[str, str]:
    """End all of one's own sessions, this one too, and what they unlocked."""
    usuario = _account(central, actor.usuario_id)
    _write(central, actor, usuario, {"generacion": int(usuario["generacion"] or 0) + 1}, ip_of(request))
    return {"estado": "cerradas"}


@router.post("/usuarios/{key}/clave")
async def reset_password(
    request: Request, key: Key, body: ClaveNueva, auth: Known, door: AtDoor, central: Here, actor: Caller
) -> dict[str, str]:
    """Give a person another password, which he has to change; his sessions end."""
    ip = ip_of(request)

    def work() -> None:
        exigir(actor, "usuario.administrar", "usuario", {})
        usuario = _account(central, key)
        stored = auth.passwords.hash(body.nueva, names_of(usuario))
        _write(central, actor, usuario, _password(stored, must_change=True), ip)

    await door.run(work)
    return {"estado": "cambiada"}


@router.post("/usuarios/{key}/desactivar")
def deactivate(request: Request, key: Key, central: Here, actor: Caller) -> dict[str, str]:
    """Close an account; its sessions end."""
    exigir(actor, "usuario.administrar", "usuario", {})
    usuario = _account(central, key)
    if key == actor.usuario_id:
        raise Rejection("en_uso", "Nadie desactiva su propia cuenta.", "Pídalo a otro administrador.")
    _write(central, actor, usuario, {"activo": False}, ip_of(request))
    return {"estado": "inactivo"}


def set_password(central: Central, username: str, password: str) -> None:
    """Give a person another password on the server itself, which he has to change; his sessions end.

    Raises:
        KnownError: there is no such person, or the password is too easily guessed.
    """
    table = metadata.tables["usuario"]
    with central.store.reading() as connection:
        key = connection.execute(select(table.c.id).where(table.c.username == username)).scalar()
    if key is None:
        raise KnownError(f"No existe el usuario «{username}».", "Créelo con create-user.")
    usuario = _account(central, key)
    stored = Passwords().hash(password, names_of(usuario))
    _write(central, SISTEMA, usuario, _password(stored, must_change=True), None)


def _password(stored: str, *, must_change: bool) -> Row:
    return {"clave_hash": stored, "clave_algoritmo": "argon2id", "debe_cambiar_clave": must_change}


def _account(central: Central, key: str) -> Row:
    with central.store.reading() as connection:
        usuario = rows.get(connection, "usuario", key)
    if usuario is None:
        raise Rejection("no_existe", f"No existe el usuario {key}.")
    return usuario


def _write(central: Central, actor: Actor, seen: Row, campos: Row, ip: str | None) -> None:
    """Change an account through `apply`, which ends the sessions that have to end."""

    def build(connection: Connection) -> list[Op]:
        now = rows.get(connection, "usuario", str(seen["id"]))
        if now is None or now["clave_hash"] != seen["clave_hash"] or now["generacion"] != seen["generacion"]:
            raise Rejection("modificado", "La cuenta cambió en este momento.", "Repita.")
        return actions.editar("usuario", now, campos)

    central.write(actor, build, trusted=True, ip=ip)
