"""Who is calling: passwords, access tokens, rotating refresh tokens, station credentials."""

import os
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, func, or_, select

from domain.ambient import to_instant
from domain.permissions import Actor
from domain.scope import scope_of, visible
from domain.tables import TABLES, Row
from domain.wire import TokenReply
from servitec_server import rows, sessions
from servitec_server.central import Central, set_secret_columns
from servitec_server.errors import AuthError
from servitec_server.passwords import Passwords
from servitec_server.people import actor_of
from servitec_server.sessions import ACCESS_MINUTES, AccessTokens, Refresh, digest
from servitec_server.tables import metadata
from servitec_server.work import Announcement, Station

MAX_FAILURES = 10
LOCK_MINUTES = 15
MAX_ANCESTORS = 50


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


class Auth:
    """Answers for identity."""

    def __init__(self, central: Central) -> None:
        self._central = central
        self._tokens = AccessTokens(central.ambient, load_secret(central.data_dir))
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
            found_now = rows.get(connection, "usuario", str(usuario["id"]))
            if found_now is None or found_now["clave_hash"] != usuario["clave_hash"]:
                raise AuthError("El usuario o la clave no son correctos.", "La clave acaba de cambiar.")
            set_secret_columns(
                connection, str(usuario["id"]), intentos_fallidos=0, bloqueado_hasta=None, ultimo_acceso=now
            )
            place = Refresh(str(usuario["id"]), self._central.ambient.new_id())
            return self._issue(connection, place, ip)

    def _failed(self, usuario: Row) -> None:
        failures = int(usuario["intentos_fallidos"] or 0) + 1
        until = None
        if failures >= MAX_FAILURES:
            until = to_instant(self._central.ambient.now() + timedelta(minutes=LOCK_MINUTES))
            failures = 0
        with self._central.store.writing() as connection:
            set_secret_columns(connection, str(usuario["id"]), intentos_fallidos=failures, bloqueado_hasta=until)

    def refresh(self, token: str, ip: str | None) -> TokenReply:
        """Exchange a refresh token for a new pair; one that two hold ends its family.

        Raises:
            AuthError: unknown, expired, ended or reused.
        """
        now = self._central.ambient.instant()
        closed: list[Announcement] = []
        with self._central.store.writing() as connection:
            place = sessions.exchange(connection, token, now)
            if isinstance(place, Refresh):
                return self._issue(connection, place, ip)
            if place is not None:
                closed = sessions.end_family(connection, place.familia, now)
        self._central.publish(closed)
        raise AuthError("La sesión terminó.", "Inicie sesión de nuevo.")

    def _issue(self, connection: Connection, place: Refresh, ip: str | None) -> TokenReply:
        usuario = rows.get(connection, "usuario", place.usuario_id)
        actor = actor_of(usuario, place.usuario_id)
        if usuario is None or actor is None:
            raise AuthError("La cuenta ya no está activa.", "Hable con el administrador.")
        return TokenReply(
            access_token=self._tokens.make(place),
            refresh_token=sessions.issue(connection, self._central.ambient, place, ip),
            expires_in=ACCESS_MINUTES * 60,
            usuario=visible(TABLES["usuario"], usuario),
            scope=scope_of(actor).hash,
            server_time=self._central.ambient.instant(),
        )

    def actor(self, access_token: str, *, expired: bool = False) -> Actor:
        """Who holds an access token, with his role of now; `expired`: also of one that was good once.

        Raises:
            AuthError: not a valid token, expired, of a session that ended, or the account is no longer active.
        """
        return self.caller(access_token, expired=expired)[0]

    def caller(self, access_token: str, *, expired: bool = False) -> tuple[Actor, str]:
        """The same, with the family of his session."""
        access = self._tokens.read(access_token)
        if access.late and not expired:
            raise AuthError("La sesión expiró.", "Inicie sesión de nuevo.")
        with self._central.store.reading() as connection:
            open_ = sessions.alive(connection, [access.familia])
            actor = actor_of(rows.get(connection, "usuario", access.usuario_id), access.usuario_id)
        if not open_:
            raise AuthError("La sesión terminó.", "Inicie sesión de nuevo.")
        if actor is None:
            raise AuthError("La cuenta ya no está activa.", "Hable con el administrador.")
        return actor, access.familia

    def ended(self, familias: Iterable[str]) -> set[str]:
        """Those of these families that have ended."""
        asked = set(familias)
        with self._central.store.reading() as connection:
            return asked - sessions.alive(connection, asked)

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
