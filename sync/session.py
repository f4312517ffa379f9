"""Enrolment and sign-in: with the server, or without it by what the last sign-in left here."""

from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import text

from domain.ambient import from_instant
from domain.errors import KnownError
from domain.permissions import Actor
from domain.scope import scope_of
from domain.wire import TokenReply
from local_db import rows, server_door, state
from local_db.people import actor_of
from local_db.replica import Replica
from sync.credentials import Credentials, CredentialStore
from sync.engine import CycleResult, Progress, SyncEngine
from sync.errors import ServerUnreachable, SignInNeeded
from sync.transport import HttpTransport

MAX_DAYS = 7
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in, and whether the server said so."""

    actor: Actor
    online: bool


def enroll(
    replica: Replica,
    store: CredentialStore,
    url: str,
    username: str,
    password: str,
    estacion: str,
    timeout_s: float,
    progress: Progress = lambda *_: None,
) -> CycleResult:
    """Make this data folder a station of a server, sign its person in and fetch its replica.

    A station that must enrol anew keeps its outbox.

    Raises:
        KnownError: it is a station already, the server refuses, or it doesn't answer.
    """
    with replica.reading() as connection:
        known = state.read(connection)
    if known.estacion_id is not None and known.reenrol is None:
        raise KnownError(
            f"Esta carpeta ya es la estación {known.codigo} de {known.server_url}.",
            "Use otra carpeta, o inicie sesión.",
        )
    if not url.startswith(("http://", "https://")):
        raise KnownError(f"«{url}» no es la dirección de un servidor.", "Por ejemplo: http://servidor:8000")
    transport = HttpTransport(url, store, timeout_s)
    try:
        tokens = transport.token(username, password)
        reply = transport.enrol(estacion, tokens.access_token)
        kept = Credentials(reply.estacion_id, reply.codigo, reply.credencial, firmante=reply.firmante)
        store.save(kept.holding(tokens))
        server_door.finish_enrolment(replica, transport.url, reply)
        result = SyncEngine(replica, transport, progress).cycle()
        _remember(replica, tokens, password)
        return result
    finally:
        transport.close()


def sign_in(
    replica: Replica,
    store: CredentialStore,
    username: str,
    password: str,
    timeout_s: float,
    max_days: int = MAX_DAYS,
) -> SignedIn:
    """Sign a person in: with the server, or, when it doesn't answer, by the verifier kept here.

    Raises:
        SignInNeeded: wrong password, or not possible without the server.
        KnownError: this folder isn't a station.
    """
    with replica.reading() as connection:
        known = state.read(connection)
    if known.server_url is None:
        raise KnownError("Esta carpeta no es una estación todavía.", "Inscríbala primero.")
    transport = HttpTransport(known.server_url, store, timeout_s)
    try:
        tokens = transport.token(username, password)
    except ServerUnreachable:
        return SignedIn(_offline(replica, username, password, max_days), online=False)
    finally:
        transport.close()
    store.save(store.load().holding(tokens))
    actor = _remember(replica, tokens, password)
    resume(replica, store)
    return SignedIn(actor, online=True)


def sign_out(replica: Replica, store: CredentialStore) -> None:
    """End the person's session; the station stays enrolled and its outbox stays."""
    store.save(store.load().without_person())
    replica.firmantes.clear()
    with replica.writing() as writing:
        state.write(writing, usuario_id=None)


def resume(replica: Replica, store: CredentialStore) -> None:
    """At the start of a program: whoever is signed in signs again what he makes."""
    with replica.reading() as connection:
        known = state.read(connection)
    replica.firmantes.clear()
    own = store.load().firmante
    if own is not None and (own.usuario_id, own.estacion_id) == (known.usuario_id, known.estacion_id):
        replica.firmantes[own.usuario_id] = own


def _remember(replica: Replica, tokens: TokenReply, password: str) -> Actor:
    """Keep who is signed in, and what lets him in without the server."""
    actor = actor_of(tokens.usuario)
    values = {
        "usuario_id": actor.usuario_id,
        "username": actor.username.lower(),
        "hash": _HASHER.hash(password),
        "alcance": tokens.scope,
        "servidor_en": tokens.server_time,
    }
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        if rows.get(db, "usuario", actor.usuario_id) is None:
            rows.put(db, "usuario", [tokens.usuario])
            writing.touch("usuario", actor.usuario_id)
        writing.connection.execute(
            text(
                "INSERT OR REPLACE INTO verificador (usuario_id, username, hash, alcance, servidor_en) "
                "VALUES (:usuario_id, :username, :hash, :alcance, :servidor_en)"
            ),
            values,
        )
        state.write(writing, usuario_id=actor.usuario_id, server_time=tokens.server_time)
    return actor


def _offline(replica: Replica, username: str, password: str, max_days: int) -> Actor:
    without = "El servidor no responde"
    with replica.reading() as connection:
        known = state.read(connection)
        kept = connection.execute(
            text("SELECT usuario_id, hash, alcance, servidor_en FROM verificador WHERE username = :username"),
            {"username": username.strip().lower()},
        ).first()
        usuario = rows.get(rows.raw(connection), "usuario", kept[0]) if kept else None
    if kept is None or usuario is None:
        raise SignInNeeded(
            f"{without}, y esa persona nunca entró en esta estación.", "Conéctese al servidor para la primera vez."
        )
    try:
        _HASHER.verify(kept[1], password)
    except (VerifyMismatchError, InvalidHashError):
        raise SignInNeeded("El usuario o la clave no son correctos.", "Revíselos e intente de nuevo.") from None
    actor = actor_of(usuario)
    if not usuario["activo"]:
        raise SignInNeeded("La cuenta ya no está activa.", "Hable con el administrador.")
    if known.scope is not None and scope_of(actor).hash != known.scope:
        raise SignInNeeded(
            f"{without}, y esta estación guarda los datos de otro alcance.", "Conéctese al servidor para entrar."
        )
    last_seen = max(kept[3], known.server_time or kept[3])
    if from_instant(last_seen) - from_instant(kept[3]) > timedelta(days=max_days):
        raise SignInNeeded(
            f"{without}, y hace más de {max_days} días que no inicia sesión con él.", "Conéctese al servidor."
        )
    with replica.writing() as writing:
        state.write(writing, usuario_id=actor.usuario_id)
    return actor
