"""The routes of stations: enrolment, push, pull, snapshot."""

from typing import Annotated, Any

import orjson
import zstandard
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field, ValidationError

from domain.base.errors import KnownError
from domain.incoming import read_push
from domain.permissions import exigir
from domain.scope import scope_of
from domain.wire import Cursor, EnrolReply, EnrolRequest, Head
from servitec_server.auth import Auth
from servitec_server.deps import Body, Caller, Visitor, ip_of
from servitec_server.feed import Options
from servitec_server.handler import SyncHandler
from servitec_server.stations import per_day

MAX_INT = 2**63 - 1
PACK_BYTES = 1000
"""From so many bytes on a reply is compressed."""

router = APIRouter()


async def _handler(request: Request) -> SyncHandler:
    handler: SyncHandler = request.app.state.handler
    return handler


async def _auth(request: Request) -> Auth:
    auth: Auth = request.app.state.auth
    return auth


Handler = Annotated[SyncHandler, Depends(_handler)]
Known = Annotated[Auth, Depends(_auth)]


@router.post("/estaciones", tags=["sync"])
def enrol(body: EnrolRequest, actor: Caller, auth: Known, handler: Handler) -> EnrolReply:
    """Enrol a station; its credential is shown this once."""
    exigir(actor, "estacion.inscribir", "estacion", {"creado_por": actor.usuario_id})
    row = auth.stations.enrol(actor, body.nombre.strip(), body.anterior, per_day=per_day())
    return EnrolReply(
        **handler.head(scope_of(actor).hash),
        estacion_id=str(row["id"]),
        codigo=str(row["codigo"]),
        nombre=str(row["nombre"]),
        sucursal_id=None if row["sucursal_id"] is None else str(row["sucursal_id"]),
        credencial=auth.stations.credential(row),
        firmante=auth.signer(str(row["id"]), actor.usuario_id),
    )


@router.post("/sync/push", tags=["sync"])
def push(body: Body, visit: Visitor, request: Request, handler: Handler) -> Response:
    """Apply Cambios in order."""
    origin, who = visit.sender(), visit.person()
    try:
        asked = read_push(body)
    except ValidationError:
        raise
    except ValueError:
        raise KnownError("El cuerpo de la petición no es JSON válido en UTF-8.") from None
    scope = scope_of(who) if who is not None else None
    return packed(request, handler.push(asked, origin, scope, ip_of(request)))


@router.get("/sync/changes", tags=["sync"])
def changes(
    visit: Visitor,
    request: Request,
    handler: Handler,
    hasta: Annotated[int | None, Field(ge=0, le=MAX_INT)] = None,
    propias: bool = True,
    enteras: bool = False,
    digest: bool = False,
) -> Response:
    """The rows changed after a cursor, in bounded chunks."""
    origin, actor = visit.station(), visit.actor()
    options = Options(propias, enteras, digest)
    reply = handler.changes(_head(request), hasta, scope_of(actor), origin, options)
    return packed(request, reply)


@router.get("/sync/snapshot", tags=["sync"])
def snapshot(visit: Visitor, request: Request, handler: Handler) -> Response:
    """A ready replica, compressed; 202 while it is being built. Takes Range, with its ETag in If-Range."""
    origin, actor = visit.station(), visit.actor()
    ready = handler.snapshot(_head(request), scope_of(actor), origin, wait=False)
    if ready is None:
        return Response(status_code=202, headers={"Retry-After": "1"})
    headers = {"ETag": f'"{ready.etag}"', "X-Servitec-Bytes": str(ready.size)}
    return BigFile(ready.path, media_type="application/zstd", headers=headers)


_HEAD_NAMES = ("protocol", "schema", "server_id", "epoch", "scope", "n")


def _head(request: Request) -> Head:
    query = request.query_params
    values: dict[str, Any] = {name: query[name] for name in _HEAD_NAMES if name in query}
    for name in ("cursor", "furthest"):
        if name in query:
            values[name] = Cursor.model_validate_json(query[name])
    return Head.model_validate(values)


class BigFile(FileResponse):
    """Sent in large pieces: each costs the event loop a turn."""

    chunk_size = 1 << 20


def packed(request: Request, reply: BaseModel) -> Response:
    """A reply as JSON, with zstd where the caller takes it."""
    content = orjson.dumps(reply.model_dump(by_alias=True, exclude_none=True))
    headers = {"Vary": "Accept-Encoding"}
    if len(content) > PACK_BYTES and "zstd" in request.headers.get("accept-encoding", ""):
        content = zstandard.ZstdCompressor(level=1).compress(content)
        headers["Content-Encoding"] = "zstd"
    return Response(content, media_type="application/json", headers=headers)
