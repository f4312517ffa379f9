"""Sessions: families of rotating refresh tokens, the access tokens that belong to them, and their end.

A sign-in begins a family; each exchange of a refresh token adds a successor to it. The family ends as a whole:
its refresh tokens, its access tokens (each names it, and is checked against the database) and its open sockets.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, exists, insert, select, update

from domain.base.ambient import Ambient, to_instant
from servitec_server import rows
from servitec_server.announcement import Announcement
from servitec_server.errors import AuthError
from servitec_server.tables import sesion

ACCESS_MINUTES = 30
REFRESH_DAYS = 30
ENDED = "sesion_cerrada"
"""The event that ends the open sockets of a family; it goes to nobody."""


def digest(secret: str) -> str:
    """How a random secret is kept: SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token's place: whose, its family and its predecessor."""

    usuario_id: str
    familia: str
    padre_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reused:
    """A refresh token that two hold: its family has to end."""

    familia: str


@dataclass(frozen=True, slots=True)
class Access:
    """What a good access token says. `late`: it has expired."""

    usuario_id: str
    familia: str
    late: bool


@lru_cache(maxsize=1000)
def _claims(token: str, secret: str) -> dict[str, Any]:
    """What a token says that this secret signed. Whether it is late, or its family ended, is asked every time.

    Raises:
        jwt.PyJWTError: it didn't.
    """
    options: Any = {"require": ["exp", "sub", "fam"], "verify_exp": False}
    found: dict[str, Any] = jwt.decode(token, secret, algorithms=["HS256"], options=options)
    return found


class AccessTokens:
    """Short JWTs, signed with the server's secret."""

    def __init__(self, ambient: Ambient, secret: str) -> None:
        self._ambient = ambient
        self._secret = secret

    def make(self, place: Refresh) -> str:
        """The access token of a family."""
        until = self._ambient.now() + timedelta(minutes=ACCESS_MINUTES)
        claims = {"sub": place.usuario_id, "typ": "access", "exp": until, "fam": place.familia}
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def read(self, token: str) -> Access:
        """What it says.

        Raises:
            AuthError: not one of ours.
        """
        try:
            claims = _claims(token, self._secret)
            if claims.get("typ") != "access":
                raise jwt.InvalidTokenError
        except jwt.PyJWTError:
            raise AuthError("La sesión no es válida.", "Inicie sesión de nuevo.") from None
        late = float(claims["exp"]) < self._ambient.now().timestamp()
        return Access(str(claims["sub"]), str(claims["fam"]), late)


def issue(connection: Connection, ambient: Ambient, place: Refresh, ip: str | None) -> str:
    """A new refresh token."""
    token = secrets.token_urlsafe(32)
    values = {
        "id": ambient.new_id(),
        "usuario_id": place.usuario_id,
        "familia": place.familia,
        "padre_id": place.padre_id,
        "refresh_hash": digest(token),
        "expira_en": to_instant(ambient.now() + timedelta(days=REFRESH_DAYS)),
        "usado": False,
        "ip": ip,
    }
    connection.execute(insert(sesion), values)
    return token


def find(connection: Connection, token: str, now: str) -> RowMapping | None:
    """The row of a refresh token; None: unknown, expired, or of a family that ended."""
    row = connection.execute(select(sesion).where(sesion.c.refresh_hash == digest(token))).mappings().first()
    return None if row is None or row["revocada_en"] is not None or row["expira_en"] < now else row


def exchange(connection: Connection, token: str, now: str) -> Refresh | Reused | None:
    """Use a refresh token: the place of its successor; None: unknown, expired, or of a family that ended.

    A predecessor stays valid until its successor was used: a lost reply signs nobody out. After that its reuse is
    told, and so is the use of a sibling: of two successors of one token two hold one each.
    """
    row = find(connection, token, now)
    if row is None:
        return None
    gone_on: ColumnElement[bool] = sesion.c.padre_id == row["id"]
    if row["padre_id"] is not None:
        gone_on = gone_on | ((sesion.c.padre_id == row["padre_id"]) & (sesion.c.id != row["id"]))
    if connection.execute(select(exists().where(gone_on, sesion.c.usado.is_(True)))).scalar():
        return Reused(row["familia"])
    connection.execute(update(sesion).where(sesion.c.id == row["id"]).values(usado=True))
    return Refresh(row["usuario_id"], row["familia"], row["id"])


def alive(connection: Connection, familias: Iterable[str]) -> set[str]:
    """Those of these families that have not ended."""
    sql = "SELECT DISTINCT familia FROM sesion WHERE revocada_en IS NULL AND familia IN"
    return {str(row[0]) for part in rows.chunks(set(familias)) for row in rows.select(connection, sql, part)}


def known_address(connection: Connection, usuario_id: str, ip: str | None) -> bool:
    """Has this person signed in from there, as far back as sessions are kept?"""
    if ip is None:
        return False
    query = select(exists().where(sesion.c.usuario_id == usuario_id, sesion.c.ip == ip))
    return bool(connection.execute(query).scalar())


def end_family(connection: Connection, familia: str, now: str) -> list[Announcement]:
    """End one family; gives what to announce after the commit."""
    return _end(connection, sesion.c.familia == familia, now)


def end_all(connection: Connection, people: Iterable[str], now: str) -> list[Announcement]:
    """End every session of these people; gives what to announce after the commit."""
    wanted = sorted(people)
    return _end(connection, sesion.c.usuario_id.in_(wanted), now) if wanted else []


def expired(connection: Connection, ambient: Ambient) -> list[str]:
    """The ids of what expired so long ago that no sibling or predecessor of it can be good either."""
    before = to_instant(ambient.now() - timedelta(days=REFRESH_DAYS + 1))
    return list(connection.execute(select(sesion.c.id).where(sesion.c.expira_en < before)).scalars())


def forget(connection: Connection, ids: list[str]) -> None:
    """Delete these refresh tokens."""
    connection.execute(delete(sesion).where(sesion.c.id.in_(ids)))


def _end(connection: Connection, which: ColumnElement[bool], now: str) -> list[Announcement]:
    ending = update(sesion).where(which, sesion.c.revocada_en.is_(None)).values(revocada_en=now)
    familias = set(connection.execute(ending.returning(sesion.c.familia)).scalars())
    return [Announcement(ENDED, sesion.name, {"familia": familia}, 0, "") for familia in sorted(familias)]
