"""/ordenes: receptions, changes of state, comments and history besides what every resource has."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from domain.base.ambient import format_folio
from domain.base.condition import AllOf, Is
from domain.base.errors import Rejection
from domain.model import TABLES
from domain.ordenes import actions
from domain.wire import Op
from servitec_server import rows
from servitec_server.deps import UUID, Caller, Here, Key, ip_of
from servitec_server.history import next_number
from servitec_server.listing import Listing, see
from servitec_server.models import page_model, reply_model, request_model
from servitec_server.origin import OWN_CODE
from servitec_server.resource import IfMatch, failures, fresh, listed, one, reply, resource, said

ORDEN, EQUIPO, COMENTARIO, HISTORIA = (TABLES[n] for n in ("orden", "equipo", "comentario", "historial_orden"))
router = resource(
    "orden",
    "/ordenes",
    "órdenes",
    searched=("folio", "falla_reportada", "titulo", "referencia_externa"),
    filters=(
        *("estado", "tipo", "sucursal_id", "cliente_id", "equipo_id", "tecnico_id", "prioridad_id", "categoria_id"),
        *("folio", "referencia_externa"),
    ),
    sorts=("-id", "id", "-recepcion_en", "recepcion_en", "-folio", "folio"),
    unwritten=frozenset({"estado"}),
    verbs=("patch", "delete"),
)
ROUTERS = (router,)

_MADE_HERE = frozenset(
    {"folio", "codigo_publico", "estado", "sucursal_id", "moneda", "recibido_por_id", "folio_impreso"}
)
_Campos = request_model("OrdenCampos", ORDEN, new=True, without=_MADE_HERE)
_Cliente: Any = request_model("OrdenClienteNuevo", TABLES["cliente"], new=True)
_Equipo: Any = request_model("OrdenEquipoNuevo", EQUIPO, new=True, without=frozenset({"cliente_id"}))
_COMENTARIOS = Listing(COMENTARIO, filters=("visibilidad", "fijado"), sorts=("id", "-id"))
_HISTORIA = Listing(HISTORIA, sorts=("id", "-id"))
_AskedComments: Any = _COMENTARIOS.query
_AskedHistory: Any = _HISTORIA.query
_Orden, _Comentario = (reply_model(f"{spec.nombre}Fila", spec) for spec in (ORDEN, COMENTARIO))
_Comentarios = page_model("ComentarioPagina", _Comentario)
_Historia = page_model("HistoriaPagina", reply_model("HistoriaFila", HISTORIA))


class OrdenNueva(_Campos):  # type: ignore[valid-type, misc]
    """Una orden nueva; cliente y equipo por su id, o los campos de uno nuevo. Sin `sucursal_id`: la de quien llama."""

    tipo: str = "taller"
    sucursal_id: str | None = Field(default=None, pattern=UUID)
    cliente: _Cliente | None = None
    equipo: _Equipo | None = None


class EstadoNuevo(BaseModel):
    """Un cambio de estado. `motivo` es texto libre; `tecnico_id` también asigna."""

    model_config = ConfigDict(extra="forbid")
    estado: str = Field(max_length=40)
    motivo: str | None = Field(default=None, max_length=2000)
    motivo_id: str | None = Field(default=None, pattern=UUID)
    tecnico_id: str | None = Field(default=None, pattern=UUID)


class ComentarioNuevo(BaseModel):
    """Un comentario de una orden."""

    model_config = ConfigDict(extra="forbid")
    texto: str = Field(min_length=1, max_length=10_000)
    visibilidad: str = "interna"


@router.post("/ordenes", name="create_orden", **one(ORDEN, _Orden, 201, failures(403, 404, 409, 413)))
def create_orden(body: OrdenNueva, actor: Caller, central: Here, request: Request) -> Response:
    """Recibe una orden, con un folio de la estación del servidor."""
    made: list[str] = []

    def build(connection: Connection) -> list[Op]:
        branch = body.sucursal_id or actor.sucursal_id
        sucursal = rows.get(connection, "sucursal", branch) if branch else None
        if sucursal is None:
            raise Rejection("campo", "Falta «sucursal_id», o no existe esa sucursal.")
        fields = said(body)
        cliente_id, equipo_id = (str(fields[n]) if fields.get(n) else None for n in ("cliente_id", "equipo_id"))
        recepcion = actions.Recepcion(
            tipo=body.tipo,
            cliente_id=cliente_id,
            cliente=said(body.cliente) if body.cliente else None,
            equipo_id=equipo_id,
            equipo=said(body.equipo) if body.equipo else None,
            orden=said(body, "cliente", "equipo", "tipo", "cliente_id", "equipo_id", "sucursal_id"),
        )
        folio = format_folio(OWN_CODE, next_number(connection, "folio"))
        ops = actions.recibir(central.ambient, actor, sucursal, folio, recepcion)
        made.extend(op.id for op in ops if op.tabla == "orden")
        return ops

    answer = central.write(actor, build, ip=ip_of(request))
    return reply(central, actor, "orden", made[0], status=201, wrote=answer)


@router.post("/ordenes/{key}/estado", **one(ORDEN, _Orden, 200, failures(403, 404, 409, 412)))
def change_estado(
    key: Key, body: EstadoNuevo, actor: Caller, central: Here, request: Request, if_match: IfMatch = None
) -> Response:
    """Pasa la orden a otro estado."""

    def build(connection: Connection) -> list[Op]:
        orden = see(connection, actor, "orden", key)
        fresh(orden, if_match)
        return actions.cambiar_estado(
            central.ambient,
            orden,
            body.estado,
            nota=body.motivo,
            motivo_id=body.motivo_id,
            tecnico_id=body.tecnico_id,
        )

    answer = central.write(actor, build, ip=ip_of(request))
    return reply(central, actor, "orden", key, wrote=answer)


@router.post("/ordenes/{key}/comentarios", **one(COMENTARIO, _Comentario, 201, failures(403, 404)))
def comment(key: Key, body: ComentarioNuevo, actor: Caller, central: Here, request: Request) -> Response:
    """Comenta la orden."""
    made: list[str] = []

    def build(connection: Connection) -> list[Op]:
        ops = actions.comentar(central.ambient, see(connection, actor, "orden", key), body.texto, body.visibilidad)
        made.append(ops[0].id)
        return ops

    answer = central.write(actor, build, ip=ip_of(request))
    return reply(central, actor, "comentario", made[0], status=201, wrote=answer)


@router.get("/ordenes/{key}/comentarios", response_model=_Comentarios, responses=failures(403, 404))
def comments(key: Key, actor: Caller, central: Here, asked: Annotated[_AskedComments, Query()]) -> Response:
    """Los comentarios de la orden, para quien la ve; un cliente, los que son para él."""
    of_it = AllOf((Is("entidad", "orden"), Is("entidad_id", key)))
    return listed(central, actor, _COMENTARIOS, asked, of_it, ("orden", key))


@router.get("/ordenes/{key}/historial", response_model=_Historia, responses=failures(403, 404))
def history(key: Key, actor: Caller, central: Here, asked: Annotated[_AskedHistory, Query()]) -> Response:
    """Lo que pasó con la orden, para quien la ve, desde el principio."""
    return listed(central, actor, _HISTORIA, asked, Is("orden_id", key), ("orden", key))
