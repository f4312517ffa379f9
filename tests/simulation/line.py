"""The wire of a simulation: virtual time, requests as dicts answered by the real handler, and the engine's side."""

import atexit
import base64
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import text

from domain.base.actor import SISTEMA, Actor
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.incoming import read_push
from domain.scope import scope_of
from domain.wire import ChangesReply, EnrolReply, Head, Op, PushReply, canonical
from servitec_server.auth import Auth
from servitec_server.batch import ClonedStation
from servitec_server.central import Central
from servitec_server.errors import AuthError
from servitec_server.feed import Options
from servitec_server.handler import Refusal, SyncHandler
from sync.download import unpack
from sync.errors import BootstrapNeeded, SignInNeeded, StationCloned, StationUnknown
from sync.transport import Answered, Asked

Call = Callable[[dict[str, Any]], dict[str, Any]]
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
ANA = "0a4a0000-0000-7000-8000-000000000001"
BEA = "0a4a0000-0000-7000-8000-000000000002"
"""The administrador of every station, and a supervisor who works at them too."""
REFUSALS = {"clonada": StationCloned, "credencial": StationUnknown, "token": SignInNeeded}


class Clock:
    """Virtual time: every look at it takes a millisecond."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@lru_cache
def template() -> Path:
    """A server that knows its people, made once."""
    folder = Path(tempfile.mkdtemp(prefix="servitec-sim-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    central = Central(folder, None, Ambient(Clock(), random.Random(0)))
    with central.store.reading() as connection:
        branch = connection.execute(text("SELECT id FROM sucursal")).scalar_one()
    ops = [
        Op(tabla="usuario", id=key, tipo="alta", campos={"username": name, "rol": rol, "sucursal_id": branch})
        for key, name, rol in ((ANA, "ana", "administrador"), (BEA, "bea", "supervisor"))
    ]
    central.write(SISTEMA, lambda _: ops, trusted=True)
    central.close()
    return folder


def answer(handler: SyncHandler, auth: Auth, actor: Actor, request: dict[str, Any]) -> dict[str, Any]:
    """One request, as the HTTP routes would answer it."""
    try:
        return _answer(handler, auth, actor, request)
    except Refusal as refusal:
        return {"error": refusal.error, "mensaje": refusal.message}
    except ClonedStation as cloned:
        return {"error": "clonada", "mensaje": cloned.message}


def _answer(handler: SyncHandler, auth: Auth, actor: Actor, request: dict[str, Any]) -> dict[str, Any]:
    try:
        station, scope = auth.station(request["station"]), scope_of(actor)
    except AuthError as refused:
        return {"error": refused.error, "mensaje": refused.message}
    if request["kind"] == "push":
        asked = read_push(request["body"].encode())
        return handler.push(asked, station, scope).model_dump(by_alias=True, mode="json")
    head = Head.model_validate(request["head"])
    if request["kind"] == "snapshot":
        ready = handler.snapshot(head, scope, station, wait=True)
        return {"zstd": base64.b64encode(ready.path.read_bytes() if ready else b"").decode()}
    options = Options(**request["options"])
    reply = handler.changes(head, request["hasta"], scope, station, options)
    return reply.model_dump(by_alias=True, mode="json")


def enrolled(handler: SyncHandler, auth: Auth, actor: Actor, former: str) -> dict[str, Any]:
    """A new station."""
    row = auth.stations.enrol(actor, "simulada", former or None)
    names: dict[str, Any] = {"estacion_id": str(row["id"]), "codigo": str(row["codigo"]), "nombre": "simulada"}
    names["credencial"] = auth.stations.credential(row)
    head = handler.head(scope_of(actor).hash)
    names["firmante"] = auth.signer(names["estacion_id"], actor.usuario_id)
    return EnrolReply(**head, **names, sucursal_id=actor.sucursal_id).model_dump(by_alias=True)


def asked_here(request: Callable[[], Answered]) -> Callable[[], Answered]:
    """A request made now whose reply, or refusal, is heard later; anything else that it raises leaves at once."""
    try:
        reply = request()
    except KnownError as refusal:
        return partial(_refused, refusal)
    return lambda: reply


def _refused(refusal: KnownError) -> Any:
    raise refusal


class CallTransport:
    """The engine's view of `call`."""

    def __init__(self) -> None:
        self.call: Call = lambda _: {}
        self.station = ""

    def ask(self, kind: str, **values: Any) -> dict[str, Any]:
        reply = self.call({"kind": kind, "station": self.station, **values})
        error = reply.get("error")
        if error in REFUSALS:
            raise REFUSALS[error](reply["mensaje"])
        if error is not None:
            raise BootstrapNeeded(error, reply["mensaje"], None, None)
        return reply

    def push(self, asked: Asked, bodies: list[str]) -> PushReply:
        body = canonical(asked.values())[:-1] + ',"cambios":[' + ",".join(bodies) + "]}"
        return PushReply.model_validate(self.ask("push", body=body))

    def changes(self, asked: Asked, hasta: int | None, **options: bool) -> ChangesReply:
        values = {"head": asked.values(), "hasta": hasta, "options": options}
        return ChangesReply.model_validate(self.ask("changes", **values))

    def forget(self) -> None:
        return

    def ahead(self, request: Callable[[], Answered]) -> Callable[[], Answered]:
        return asked_here(request)

    def snapshot(self, asked: Asked, folder: Path, _: Callable[[int, int], None]) -> Path:
        packed = base64.b64decode(self.ask("snapshot", head=asked.values())["zstd"])
        unpack([packed], folder / "instantanea.db", zstandard.frame_content_size(packed))
        return folder / "instantanea.db"
