"""Enrolment and sign-in: with the server, or without it by what the last sign-in left here."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.base import causes
from domain.base.actor import Actor
from domain.base.ambient import from_instant
from domain.base.errors import KnownError
from domain.scope import scope_of
from domain.wire import TokenReply
from local_db import enrolment, open_items, rows, state
from local_db.people import actor_of
from local_db.replica import Replica
from sync import llaves
from sync.credentials import Credentials, CredentialStore
from sync.done import CycleResult
from sync.engine import Progress, SyncEngine
from sync.errors import ServerUnreachable, SignInNeeded, StationUnknown
from sync.transport import HttpTransport

MAX_DAYS = 7


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

    A station that must enrol anew, or that has lost its credential, keeps its outbox.

    Raises:
        KnownError: it is a station already, the server refuses, or it doesn't answer.
    """
    with replica.reading() as connection:
        known = state.read(connection)
    if known.estacion_id is not None and known.reenrol is None and store.load().credencial is not None:
        raise KnownError(
            f"Esta carpeta ya es la estación {known.codigo} de {known.server_url}.",
            "Use otra carpeta, o inicie sesión.",
        )
    if not url.startswith(("http://", "https://")):
        raise KnownError(f"«{url}» no es la dirección de un servidor.", "Por ejemplo: http://servidor:8000")
    transport = HttpTransport(url, store, timeout_s)
    try:
        _nothing_left_for_another(replica, transport)
        tokens = transport.token(username, password)
        reply = transport.enrol(estacion, tokens.access_token)
        kept = Credentials(reply.estacion_id, reply.codigo, reply.credencial, firmante=reply.firmante)
        store.save(kept.holding(tokens))
        enrolment.finish_enrolment(replica, transport.url, reply)
        _remember(replica, store, tokens, password)
        result = SyncEngine(replica, transport, progress).cycle()
        _enter(replica, tokens)
        return result
    finally:
        transport.close()


def _nothing_left_for_another(replica: Replica, transport: HttpTransport) -> None:
    """What was made for one server is never offered to another.

    Raises:
        KnownError: this is another server, and something waits here for the one before.
    """
    with replica.reading() as connection:
        known, open_ = state.read(connection), open_items.resumen(connection)
    if known.server_id is None or not (open_.pending or open_.rejected):
        return
    if transport.health().get("server_id") != known.server_id:
        raise KnownError(
            f"Este servidor es otro, y aquí quedan {open_.pending} cambios sin enviar y {open_.rejected} rechazados "
            "que son del servidor de antes.",
            "Inscriba la estación en aquél, o use una carpeta nueva para éste.",
        )


def sign_in(
    replica: Replica,
    store: CredentialStore,
    username: str,
    password: str,
    timeout_s: float,
    max_days: int = MAX_DAYS,
) -> SignedIn:
    """Sign a person in: with the server, or, when it doesn't answer, by what lies here sealed under his password.

    A password goes to no other server: who answers is asked first.

    Raises:
        SignInNeeded: wrong password, a role that holds nothing, or not possible without the server.
        StationUnknown: the station has lost its credential.
        KnownError: this folder isn't a station.
    """
    known = _known(replica)
    if known.server_url is None:
        raise KnownError("Esta carpeta no es una estación todavía.", "Inscríbala primero.")
    transport = HttpTransport(known.server_url, store, timeout_s)
    try:
        if known.server_id not in (None, transport.health().get("server_id")):
            return SignedIn(_elsewhere(replica, store, username, password, max_days), online=False)
        tokens = transport.token(username, password)
        _must_see_something(tokens)
        store.save(store.load().holding(tokens))
        if store.load().credencial is None:
            _recover(replica, store, transport, (username, password))
    except ServerUnreachable:
        return SignedIn(_offline(replica, store, username, password, max_days), online=False)
    finally:
        transport.close()
    return SignedIn(_remember(replica, store, tokens, password), online=True)


def sign_out(replica: Replica, store: CredentialStore) -> None:
    """End the person's session; the station stays enrolled and its outbox stays."""
    store.save(store.load().without_person())
    replica.firmantes.clear()
    with replica.writing() as writing:
        state.write(writing, usuario_id=None)


def resume(replica: Replica, store: CredentialStore) -> bool:
    """At the start of a program: whoever is signed in signs again what he makes. False: he can't, until he signs in."""
    known, own = _known(replica), store.load().firmante
    here = own is not None and (own.usuario_id, own.estacion_id) == (known.usuario_id, known.estacion_id)
    replica.firmantes = {own.usuario_id: own} if own is not None and here else {}
    return known.usuario_id is None or known.usuario_id in replica.firmantes


def _remember(replica: Replica, store: CredentialStore, tokens: TokenReply, password: str) -> Actor:
    """Keep who is signed in, and, sealed under his password, what lets him in without the server."""
    actor, kept = actor_of(tokens.usuario), store.load()
    if kept.credencial is not None and kept.firmante is not None:
        sealed = llaves.Llave(
            firmante=kept.firmante,
            credencial=kept.credencial,
            alcance=tokens.scope,
            servidor_en=tokens.server_time,
        )
        llaves.keep(replica.data_dir, actor.username, password, sealed)
    _enter(replica, tokens)
    resume(replica, store)
    return actor


def _must_see_something(tokens: TokenReply) -> None:
    """Whoever holds nothing would empty the station, and see only the form to sign in again.

    Raises:
        SignInNeeded: his role has no scope.
    """
    actor = actor_of(tokens.usuario)
    if not scope_of(actor).tables:
        raise SignInNeeded.of(causes.SIN_ALCANCE, rol=actor.rol)


def _enter(replica: Replica, tokens: TokenReply) -> None:
    key = str(tokens.usuario["id"])
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        if rows.get(db, "usuario", key) is None:
            rows.put(db, "usuario", [tokens.usuario])
            writing.touch("usuario", key)
        state.write(writing, usuario_id=key, server_time=tokens.server_time)


def _recover(replica: Replica, store: CredentialStore, transport: HttpTransport, who: tuple[str, str]) -> None:
    """Without a keyring the station's credential lies in `llaves` alone: what `who` types opens it.

    Raises:
        StationUnknown: it doesn't open; this folder has to be enrolled anew.
        SignInNeeded: somebody else's password may.
    """
    username, password = who
    llave = llaves.unlock(replica.data_dir, username, password)
    known = _known(replica)
    if llave is not None and llave.firmante.estacion_id == known.estacion_id:
        kept = store.load()
        store.save(replace(kept, estacion_id=known.estacion_id, codigo=known.codigo, credencial=llave.credencial))
        transport.refresh(kept.access_token)
        return
    store.save(Credentials())
    names = [name for name in llaves.people(replica.data_dir) if name != username.strip().lower()]
    if names:
        raise SignInNeeded.of(causes.CREDENCIAL_SELLADA, names=" o ".join(names))
    with replica.writing() as writing:
        state.write(writing, reenrol="credencial")
    raise StationUnknown.of(causes.CREDENCIAL_DE_ANTES)


def _known(replica: Replica) -> state.State:
    with replica.reading() as connection:
        return state.read(connection)


def _elsewhere(replica: Replica, store: CredentialStore, username: str, password: str, max_days: int) -> Actor:
    """Another server answers: the station's own is as good as gone."""
    try:
        return _offline(replica, store, username, password, max_days)
    except SignInNeeded as needed:
        raise SignInNeeded.of(causes.SIN_MANDAR_LA_CLAVE, why=needed.message) from needed


def _offline(replica: Replica, store: CredentialStore, username: str, password: str, max_days: int) -> Actor:
    if username.strip().lower() not in llaves.people(replica.data_dir):
        raise SignInNeeded.of(causes.NUNCA_ENTRO)
    known, llave = _known(replica), llaves.unlock(replica.data_dir, username, password)
    if llave is None:
        raise SignInNeeded.of(causes.CLAVE_EQUIVOCADA)
    own = llave.firmante
    with replica.reading() as connection:
        usuario = rows.get(rows.raw(connection), "usuario", own.usuario_id)
    if usuario is None or own.estacion_id != known.estacion_id:
        raise SignInNeeded.of(causes.YA_NO_SE_CONOCE)
    actor = actor_of(usuario)
    if not usuario["activo"]:
        raise SignInNeeded.of(causes.CUENTA_CERRADA)
    if known.scope is not None and scope_of(actor).hash != known.scope:
        raise SignInNeeded.of(causes.OTRO_ALCANCE)
    last_seen = max(llave.servidor_en, known.server_time or llave.servidor_en)
    if from_instant(last_seen) - from_instant(llave.servidor_en) > timedelta(days=max_days):
        raise SignInNeeded.of(causes.HACE_MUCHO, days=max_days)
    kept = store.load()
    if kept.firmante is None or kept.firmante.usuario_id != own.usuario_id:
        store.save(Credentials(own.estacion_id, known.codigo, llave.credencial, firmante=own))
    with replica.writing() as writing:
        state.write(writing, usuario_id=actor.usuario_id)
    resume(replica, store)
    return actor
