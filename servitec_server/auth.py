"""Who is calling: passwords, access tokens, rotating refresh tokens, station credentials."""

import hashlib
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, insert, or_, select, update

from domain.ambient import to_instant
from domain.errors import KnownError
from domain.permissions import Actor
from domain.scope import scope_of, visible
from domain.tables import TABLES, Row
from domain.wire import TokenReply
from servitec_server import rows
from servitec_server.central import Central, set_secret_columns
from servitec_server.people import actor_of
from servitec_server.tables import metadata, sesion
from servitec_server.work import Station

ACCESS_MINUTES = 30
REFRESH_DAYS = 30
MAX_FAILURES = 10
LOCK_MINUTES = 15
MIN_PASSWORD = 8
MAX_ANCESTORS = 50


class AuthError(KnownError):
    """Sign-in, token or credential refused; `status` and `error` are what HTTP answers."""

    def __init__(self, message: str, hint: str = "", *, status: int = 401, error: str = "token") -> None:
        super().__init__(message, hint)
        self.status = status
        self.error = error


class Passwords:
    """Argon2id, two at a time: each takes 64 MiB."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = threading.Semaphore(2)
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        """The stored form of a password.

        Raises:
            KnownError: it is too short.
        """
        if len(password) < MIN_PASSWORD:
            raise KnownError(f"La clave necesita al menos {MIN_PASSWORD} caracteres.")
        with self._turn:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Is it the password? An unknown user costs as much time as a known one."""
        with self._turn:
            try:
                return self._hasher.verify(stored or self._nobody, password) and stored is not None
            except (VerifyMismatchError, InvalidHashError):
                return False


def load_secret(data_dir: Path) -> str:
    """The key that signs tokens: SERVITEC_SECRET_KEY, or a file that only its owner reads."""
    from_environment = os.environ.get("SERVITEC_SECRET_KEY")
    if from_environment:
        return from_environment
    path = data_dir / "secreto"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def digest(secret: str) -> str:
    """How a random secret is kept: SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token's place: its family and its predecessor."""

    familia: str
    padre_id: str | None


class Auth:
    """Answers for identity."""

    def __init__(self, central: Central) -> None:
        self._central = central
        self._secret = load_secret(central.data_dir)
        self.passwords = Passwords()

    def sign_in(self, username: str, password: str, ip: str | None) -> TokenReply:
        """Check a password, by user name or e-mail.

        Raises:
            AuthError: wrong, inactive, or locked after too many failures.
        """
        table = metadata.tables["usuario"]
        name = username.strip().lower()
        with self._central.store.reading() as connection:
            found = connection.execute(
                select(table).where(or_(func.lower(table.c.username) == name, func.lower(table.c.email) == name))
            ).mappings()
            usuario: Row | None = next((dict(row) for row in found), None)
        now = self._central.ambient.instant()
        if usuario is not None and usuario["bloqueado_hasta"] is not None and str(usuario["bloqueado_hasta"]) > now:
            raise AuthError("La cuenta está bloqueada por muchos intentos fallidos.", "Espere 15 minutos.", status=429)
        good = self.passwords.verify(str(usuario["clave_hash"]) if usuario else None, password)
        if usuario is None or not good or not usuario["activo"]:
            if usuario is not None and not good:
                self._failed(usuario)
            raise AuthError("El usuario o la clave no son correctos.", "Revíselos e intente de nuevo.")
        with self._central.store.writing() as connection:
            set_secret_columns(
                connection, str(usuario["id"]), intentos_fallidos=0, bloqueado_hasta=None, ultimo_acceso=now
            )
        return self._issue(str(usuario["id"]), Refresh(self._central.ambient.new_id(), None), ip)

    def _failed(self, usuario: Row) -> None:
        failures = int(usuario["intentos_fallidos"] or 0) + 1
        until = None
        if failures >= MAX_FAILURES:
            until = to_instant(self._central.ambient.now() + timedelta(minutes=LOCK_MINUTES))
            failures = 0
        with self._central.store.writing() as connection:
            set_secret_columns(connection, str(usuario["id"]), intentos_fallidos=failures, bloqueado_hasta=until)

    def refresh(self, token: str, ip: str | None) -> TokenReply:
        """Exchange a refresh token for a new pair.

        A token whose successor was itself exchanged is stolen or replayed: its family is revoked.

        Raises:
            AuthError: unknown, expired, revoked or reused.
        """
        ended = AuthError("La sesión terminó.", "Inicie sesión de nuevo.")
        now = self._central.ambient.instant()
        with self._central.store.writing() as connection:
            row = connection.execute(select(sesion).where(sesion.c.refresh_hash == digest(token))).mappings().first()
            if row is None or row["revocada_en"] is not None or row["expira_en"] < now:
                raise ended
            heirs = select(sesion.c.id).where(sesion.c.padre_id == row["id"], sesion.c.usado.is_(True))
            reused = connection.execute(heirs.limit(1)).first() is not None
            change = {"revocada_en": now} if reused else {"usado": True}
            key = sesion.c.familia == row["familia"] if reused else sesion.c.id == row["id"]
            connection.execute(update(sesion).where(key).values(**change))
        if reused:
            raise ended
        return self._issue(row["usuario_id"], Refresh(row["familia"], row["id"]), ip)

    def _issue(self, usuario_id: str, place: Refresh, ip: str | None) -> TokenReply:
        ambient = self._central.ambient
        refresh = secrets.token_urlsafe(32)
        with self._central.store.writing() as connection:
            usuario = rows.get(connection, "usuario", usuario_id)
            actor = actor_of(usuario, usuario_id)
            if usuario is None or actor is None:
                raise AuthError("La cuenta ya no está activa.", "Hable con el administrador.")
            connection.execute(
                insert(sesion),
                {
                    "id": ambient.new_id(),
                    "usuario_id": usuario_id,
                    "familia": place.familia,
                    "padre_id": place.padre_id,
                    "refresh_hash": digest(refresh),
                    "expira_en": to_instant(ambient.now() + timedelta(days=REFRESH_DAYS)),
                    "usado": False,
                    "ip": ip,
                },
            )
        until = ambient.now() + timedelta(minutes=ACCESS_MINUTES)
        claims: dict[str, Any] = {"sub": usuario_id, "typ": "access", "exp": until, "fam": place.familia}
        return TokenReply(
            access_token=jwt.encode(claims, self._secret, algorithm="HS256"),
            refresh_token=refresh,
            expires_in=ACCESS_MINUTES * 60,
            usuario=visible(TABLES["usuario"], usuario),
            scope=scope_of(actor).hash,
            server_time=ambient.instant(),
        )

    def actor(self, access_token: str, *, expired: bool = False) -> Actor:
        """Who holds an access token, with his role of now; `expired`: also of one that was good once.

        Raises:
            AuthError: not a valid token, expired, or the account is no longer active.
        """
        try:
            claims = jwt.decode(
                access_token,
                self._secret,
                algorithms=["HS256"],
                options={"require": ["exp", "sub"], "verify_exp": False},
            )
        except jwt.PyJWTError:
            raise AuthError("La sesión no es válida.", "Inicie sesión de nuevo.") from None
        late = float(claims["exp"]) < self._central.ambient.now().timestamp()
        if claims.get("typ") != "access" or (late and not expired):
            raise AuthError("La sesión expiró.", "Inicie sesión de nuevo.")
        key = str(claims["sub"])
        with self._central.store.reading() as connection:
            actor = actor_of(rows.get(connection, "usuario", key), key)
        if actor is None:
            raise AuthError("La cuenta ya no está activa.", "Hable con el administrador.")
        return actor

    def station(self, header: str | None) -> Station:
        """The station of an `X-Servitec-Estacion` header.

        Raises:
            AuthError: 403 credencial or revocada.
        """
        row = self._station_row(header)
        if row is None:
            raise AuthError(
                "El servidor no reconoce esta estación.", "Inscríbala de nuevo.", status=403, error="credencial"
            )
        if row["estado"] != "activo":
            raise AuthError("Esta estación fue revocada.", "Hable con el administrador.", status=403, error="revocada")
        branch = row["sucursal_id"]
        return Station(str(row["id"]), str(row["codigo"]), None if branch is None else str(branch), self._codes_of(row))

    def _codes_of(self, row: Row) -> frozenset[str]:
        """The folio code of a station, and those of the stations that it was."""
        codes, older = frozenset({str(row["codigo"])}), row["anterior_id"]
        while older is not None and len(codes) < MAX_ANCESTORS:
            with self._central.store.reading() as connection:
                before = rows.get(connection, "estacion", str(older))
            codes |= {str(before["codigo"])} if before else set()
            older = before["anterior_id"] if before else None
        return codes

    def former(self, header: str | None) -> str | None:
        """The id of the station that proves with this header what it was; None: there is none such."""
        row = self._station_row(header)
        return None if row is None else str(row["id"])

    def _station_row(self, header: str | None) -> Row | None:
        key, _, secret = (header or "").partition(":")
        with self._central.store.reading() as connection:
            row = rows.get(connection, "estacion", key) if len(key) == 36 else None
        known = row is not None and secrets.compare_digest(str(row["credencial_hash"]), digest(secret))
        return row if known else None
