"""Who is calling: passwords, access tokens, rotating refresh tokens, station credentials."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from domain.base.actor import Actor
from domain.base.row import Row
from domain.model import TABLES
from domain.scope import scope_of, visible
from domain.wire import Firmante, TokenReply
from servitec_server import rows, sessions
from servitec_server.announcement import Announcement
from servitec_server.central import Central, set_secret_columns
from servitec_server.errors import AuthError
from servitec_server.limits import Limit, Limits, neighbourhood
from servitec_server.origin import Station
from servitec_server.passwords import Passwords
from servitec_server.people import actor_of
from servitec_server.sessions import ACCESS_MINUTES, AccessTokens, Refresh, digest
from servitec_server.stations import Stations
from servitec_server.tables import metadata

PER_PLACE = Limit("lugar", 100, 900)
"""Attempts from one station, or one address."""
PER_PAIR = Limit("persona", 10, 900)
"""Attempts for one name from there."""
PER_NAME = Limit("nombre", 50, 3600)
"""Attempts for one name from wherever its owner never was."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that may be tried, and that has been counted; `usuario` None: nobody has that name.

    `estacion_id`: the station that it comes from, where that is sure.
    """

    usuario: Row | None
    ip: str | None
    counted: tuple[tuple[Limit, tuple[str, ...]], ...]
    estacion_id: str | None = None


class Auth:
    """Answers for identity."""

    def __init__(self, central: Central, limits: Limits | None = None) -> None:
        self._central = central
        self._tokens = AccessTokens(central.ambient, central.prover.token_key())
        self.stations = Stations(central)
        self.limits = limits or Limits(None, central.identity.server_id)
        self.passwords = Passwords()

    def admit(self, username: str, ip: str | None, header: str | None = None) -> Attempt:
        """Count an attempt to sign in, before anything that costs; `header`: of the station that it comes from.

        Who guesses uses up the attempts of his own address: the name's owner, at a station or at an address where he
        signed in before, is not kept out. A name that nobody has is counted like any other.

        Raises:
            AuthError: 429, too many.
        """
        name = username.strip().lower()
        table = metadata.tables["usuario"]
        with self._central.store.reading() as connection:
            found = connection.execute(
                select(table).where(or_(func.lower(table.c.username) == name, func.lower(table.c.email) == name))
            ).mappings()
            usuario: Row | None = next((dict(row) for row in found), None)
            key = str(usuario["id"]) if usuario is not None else digest(name)
            been_here = sessions.known_address(connection, key, ip)
        station = self._station_here(header)
        place = station or neighbourhood(ip)
        counted: list[tuple[Limit, tuple[str, ...]]] = [(PER_PLACE, (place,)), (PER_PAIR, (key, place))]
        if station is None and not been_here:
            counted.append((PER_NAME, (key,)))
        for limit, what in counted:
            self.count(limit, *what)
        return Attempt(usuario, ip, tuple(counted), station)

    def count(self, limit: Limit, *what: str) -> None:
        """Count one try.

        Raises:
            AuthError: 429, it was one too many.
        """
        wait_s = self.limits.hit(limit, *what)
        if wait_s is not None:
            minutes = -(-wait_s // 60)
            hint = "Espere un minuto." if minutes == 1 else f"Espere {minutes} minutos."
            raise AuthError("Hubo demasiados intentos de entrar.", hint, status=429, retry_s=wait_s)

    def sign_in(self, attempt: Attempt, password: str) -> TokenReply:
        """Check the password of an attempt.

        Raises:
            AuthError: wrong, or the account is inactive.
        """
        usuario = attempt.usuario
        good = self.passwords.verify(str(usuario["clave_hash"]) if usuario else None, password)
        wrong = AuthError("El usuario o la clave no son correctos.", "Revíselos e intente de nuevo.")
        if usuario is None or not good or not usuario["activo"]:
            raise wrong
        key = str(usuario["id"])
        with self._central.store.writing() as connection:
            now = rows.get(connection, "usuario", key)
            if now is None or now["clave_hash"] != usuario["clave_hash"]:
                raise wrong
            set_secret_columns(connection, key, ultimo_acceso=self._central.ambient.instant())
            place = Refresh(key, self._central.ambient.new_id())
            reply = self._issue(connection, place, attempt.ip, attempt.estacion_id)
        for limit, what in attempt.counted:
            (self.limits.forget if limit is PER_PAIR else self.limits.take_back)(limit, *what)
        return reply

    def begin(self, usuario_id: str, ip: str | None, header: str | None = None) -> TokenReply:
        """A new session of somebody who has just proved who he is."""
        station = self._station_here(header)
        with self._central.store.writing() as connection:
            return self._issue(connection, Refresh(usuario_id, self._central.ambient.new_id()), ip, station)

    def refresh(self, token: str, ip: str | None, header: str | None = None) -> TokenReply:
        """Exchange a refresh token for a new pair; one that two hold ends its family.

        Raises:
            AuthError: unknown, expired, ended or reused.
        """
        now, station = self._central.ambient.instant(), self._station_here(header)
        ended, closed = AuthError("La sesión terminó.", "Inicie sesión de nuevo."), list[Announcement]()
        with self._central.store.reading() as connection:
            if sessions.find(connection, token, now) is None:
                raise ended  # whoever invents tokens waits for no writer, and none waits for him
        with self._central.store.writing() as connection:
            place = sessions.exchange(connection, token, now)
            if isinstance(place, Refresh):
                return self._issue(connection, place, ip, station)
            if place is not None:
                closed = sessions.end_family(connection, place.familia, now)
        self._central.publish(closed)
        raise ended

    def _issue(self, connection: Connection, place: Refresh, ip: str | None, estacion_id: str | None) -> TokenReply:
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
            firmante=self._signer(estacion_id, usuario) if estacion_id is not None else None,
        )

    def signer(self, estacion_id: str, usuario_id: str) -> Firmante:
        """What a person signs with on a station."""
        with self._central.store.reading() as connection:
            usuario = rows.get(connection, "usuario", usuario_id)
        return self._signer(estacion_id, usuario or {"id": usuario_id, "generacion": 0})

    def _signer(self, estacion_id: str, usuario: Row) -> Firmante:
        return self._central.prover.signer(estacion_id, str(usuario["id"]), int(usuario["generacion"] or 0))

    def actor(self, access_token: str) -> Actor:
        """Who holds an access token, with his role of now.

        Raises:
            AuthError: not a valid token, expired, of a session that ended, or the account is no longer active.
        """
        return self.caller(access_token)[0]

    def caller(self, access_token: str) -> tuple[Actor, str]:
        """The same, with the family of his session."""
        access = self._tokens.read(access_token)
        if access.late:
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
        return self.stations.known(header)

    def _station_here(self, header: str | None) -> str | None:
        """The station that a sign-in comes from, where it proves to be one."""
        try:
            return self.station(header).id if header else None
        except AuthError:
            return None
