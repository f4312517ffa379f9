"""REST for integrators: /clientes and /ordenes. Every write goes through `apply`, as station `00`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlalchemy import Connection, Select, Table, func, or_, select

from domain.base import actions
from domain.base.actor import Actor
from domain.base.ambient import format_folio
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.base.table import Col, TableSpec
from domain.model import TABLES
from domain.ordenes import actions as de_ordenes
from domain.permissions import alcance, puede, ve_costos
from domain.scope import visible
from domain.wire import Op
from servitec_server import rows
from servitec_server.central import Central
from servitec_server.deps import Caller, ip_of
from servitec_server.history import next_number
from servitec_server.tables import metadata
from servitec_server.work import OWN_CODE

router = APIRouter()

UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Key = Annotated[str, Path(pattern=UUID)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Search = Annotated[str, Query(max_length=200)]
PYTHON: dict[str, type] = {"int": int, "bool": bool}


async def _central(request: Request) -> Central:
    central: Central = request.app.state.central
    return central


Here = Annotated[Central, Depends(_central)]


def _field(col: Col) -> tuple[Any, Any]:
    kind: Any = PYTHON.get(col.kind, str)
    bounds: dict[str, Any] = {"max_length": col.length} if col.length and kind is str else {}
    return (kind | None, Field(default=None, **bounds))


def _model(name: str, spec: TableSpec, *, new: bool, without: frozenset[str] = frozenset()) -> type[BaseModel]:
    """The writable columns of a table as a model; unknown fields are refused."""
    fields = {
        col.name: _field(col)
        for col in spec.cols
        if not (col.derived or col.server_only or col.name in without) and (new or not col.fixed)
    }
    model: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)  # type: ignore[call-overload]
    return model


_OWN = frozenset({"folio", "codigo_publico", "estado", "sucursal_id", "moneda", "recibido_por_id", "folio_impreso"})
ClienteNuevo = _model("ClienteNuevo", TABLES["cliente"], new=True)
ClienteCambio = _model("ClienteCambio", TABLES["cliente"], new=False)
EquipoNuevo = _model("EquipoNuevo", TABLES["equipo"], new=True, without=frozenset({"cliente_id"}))
_OrdenCampos = _model("_OrdenCampos", TABLES["orden"], new=True, without=_OWN)
OrdenCambio = _model("OrdenCambio", TABLES["orden"], new=False, without=frozenset({"estado"}))


class OrdenNueva(_OrdenCampos):  # type: ignore[valid-type, misc]
    """A new order; client and device by id, or the fields of new ones. `sucursal_id`: the caller's own if left out."""

    tipo: str = "taller"
    sucursal_id: str | None = Field(default=None, pattern=UUID)
    cliente: ClienteNuevo | None = None  # type: ignore[valid-type]
    equipo: EquipoNuevo | None = None  # type: ignore[valid-type]


class EstadoNuevo(BaseModel):
    """A state change. `motivo` is free text; `tecnico_id` also assigns."""

    model_config = ConfigDict(extra="forbid")
    estado: str = Field(max_length=40)
    motivo: str | None = Field(default=None, max_length=2000)
    motivo_id: str | None = Field(default=None, pattern=UUID)
    tecnico_id: str | None = Field(default=None, pattern=UUID)


class ComentarioNuevo(BaseModel):
    """A comment on an order."""

    model_config = ConfigDict(extra="forbid")
    texto: str = Field(min_length=1, max_length=10_000)
    visibilidad: str = "interna"


class Pagina(BaseModel):
    """A page of rows, and how many there are in all."""

    total: int
    filas: list[dict[str, Any]]


def _get(connection: Connection, actor: Actor, tabla: str, key: str) -> Row:
    row = rows.get(connection, tabla, key)
    if row is None or not puede(actor, f"{tabla}.ver", tabla, row):
        raise Rejection("no_existe", f"No existe {tabla} con id {key}.")
    return row


def _list(
    central: Central, actor: Actor, tabla: str, buscar: str, columns: tuple[str, ...], place: tuple[int, int]
) -> Pagina:
    if alcance(actor, f"{tabla}.ver") is None:
        raise Rejection("permiso", f"El rol {actor.rol} no ve {tabla}.", "Pida acceso a un administrador.")
    table: Table = metadata.tables[tabla]
    query: Select[Any] = select(table).where(table.c.borrado_en.is_(None))
    if "\x00" in buscar:
        raise Rejection("campo", "El texto que se busca contiene un carácter nulo.")
    for word in buscar.split():
        like = "%" + word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(*(func.lower(table.c[name]).like(like, escape="\\") for name in columns)))
    if actor.rol == "cliente":
        query = query.where(table.c["id" if tabla == "cliente" else "cliente_id"] == actor.cliente_id)
    elif "sucursal_id" in table.c and actor.rol != "administrador":
        query = query.where(table.c.sucursal_id == actor.sucursal_id)
    limit, offset = place
    with central.store.reading() as connection:
        found = [dict(r) for r in connection.execute(query.order_by(table.c.creado_en.desc(), table.c.id)).mappings()]
    costs = ve_costos(actor)
    mine = [visible(TABLES[tabla], r, costs=costs) for r in found if puede(actor, f"{tabla}.ver", tabla, r)]
    return Pagina(total=len(mine), filas=mine[offset : offset + limit])


def _set(body: BaseModel, *without: str) -> Row:
    return {k: v for k, v in body.model_dump(exclude_unset=True).items() if k not in without}


def _edit(central: Central, actor: Actor, request: Request, tabla: str, key: str, body: BaseModel) -> Row:
    def build(connection: Connection) -> list[Op]:
        return actions.editar(tabla, _get(connection, actor, tabla, key), _set(body))

    central.write(actor, build, ip=ip_of(request))
    return _read(central, actor, tabla, key)


def _read(central: Central, actor: Actor, tabla: str, key: str) -> Row:
    with central.store.reading() as connection:
        return visible(TABLES[tabla], _get(connection, actor, tabla, key), costs=ve_costos(actor))


@router.get("/clientes", tags=["clientes"])
def list_clientes(actor: Caller, central: Here, buscar: Search = "", limite: Limit = 50, desde: Offset = 0) -> Pagina:
    """Clients by name, phone or document."""
    columns = ("nombre", "apellido", "telefono", "telefono_e164", "dni", "email")
    return _list(central, actor, "cliente", buscar, columns, (limite, desde))


@router.get("/clientes/{key}", tags=["clientes"])
def get_cliente(key: Key, actor: Caller, central: Here) -> dict[str, Any]:
    """One client."""
    return _read(central, actor, "cliente", key)


@router.post("/clientes", tags=["clientes"], status_code=201)
def create_cliente(body: ClienteNuevo, actor: Caller, central: Here, request: Request) -> dict[str, Any]:  # type: ignore[valid-type]
    """A new client."""
    op = actions.alta(central.ambient, "cliente", _set(body))
    central.write(actor, lambda _: [op], ip=ip_of(request))
    return _read(central, actor, "cliente", op.id)


@router.patch("/clientes/{key}", tags=["clientes"])
def edit_cliente(key: Key, body: ClienteCambio, actor: Caller, central: Here, request: Request) -> dict[str, Any]:  # type: ignore[valid-type]
    """Change fields of a client."""
    return _edit(central, actor, request, "cliente", key, body)


@router.get("/ordenes", tags=["órdenes"])
def list_ordenes(actor: Caller, central: Here, buscar: Search = "", limite: Limit = 50, desde: Offset = 0) -> Pagina:
    """Orders by folio, problem or external reference, newest first."""
    columns = ("folio", "falla_reportada", "titulo", "referencia_externa")
    return _list(central, actor, "orden", buscar, columns, (limite, desde))


@router.get("/ordenes/{key}", tags=["órdenes"])
def get_orden(key: Key, actor: Caller, central: Here) -> dict[str, Any]:
    """One order."""
    return _read(central, actor, "orden", key)


@router.post("/ordenes", tags=["órdenes"], status_code=201)
def create_orden(body: OrdenNueva, actor: Caller, central: Here, request: Request) -> dict[str, Any]:
    """A new order, with a folio of the server's own station."""
    made: list[str] = []

    def build(connection: Connection) -> list[Op]:
        branch = body.sucursal_id or actor.sucursal_id
        sucursal = rows.get(connection, "sucursal", branch) if branch else None
        if sucursal is None:
            raise Rejection("campo", "Falta «sucursal_id», o no existe esa sucursal.")
        recepcion = de_ordenes.Recepcion(
            tipo=body.tipo,
            cliente_id=body.cliente_id,
            cliente=_set(body.cliente) if body.cliente else None,
            equipo_id=body.equipo_id,
            equipo=_set(body.equipo) if body.equipo else None,
            orden=_set(body, "cliente", "equipo", "tipo", "cliente_id", "equipo_id", "sucursal_id"),
        )
        folio = format_folio(OWN_CODE, next_number(connection, "folio"))
        ops = de_ordenes.recibir(central.ambient, actor, sucursal, folio, recepcion)
        made.extend(op.id for op in ops if op.tabla == "orden")
        return ops

    central.write(actor, build, ip=ip_of(request))
    return _read(central, actor, "orden", made[0])


@router.patch("/ordenes/{key}", tags=["órdenes"])
def edit_orden(key: Key, body: OrdenCambio, actor: Caller, central: Here, request: Request) -> dict[str, Any]:  # type: ignore[valid-type]
    """Change fields of an order; its state has a route of its own."""
    return _edit(central, actor, request, "orden", key, body)


@router.post("/ordenes/{key}/estado", tags=["órdenes"])
def change_estado(key: Key, body: EstadoNuevo, actor: Caller, central: Here, request: Request) -> dict[str, Any]:
    """Move an order to another state."""

    def build(connection: Connection) -> list[Op]:
        return de_ordenes.cambiar_estado(
            central.ambient,
            _get(connection, actor, "orden", key),
            body.estado,
            nota=body.motivo,
            motivo_id=body.motivo_id,
            tecnico_id=body.tecnico_id,
        )

    central.write(actor, build, ip=ip_of(request))
    return _read(central, actor, "orden", key)


@router.post("/ordenes/{key}/comentarios", tags=["órdenes"], status_code=201)
def comment(key: Key, body: ComentarioNuevo, actor: Caller, central: Here, request: Request) -> dict[str, Any]:
    """Comment on an order."""
    made: list[str] = []

    def build(connection: Connection) -> list[Op]:
        ops = de_ordenes.comentar(central.ambient, _get(connection, actor, "orden", key), body.texto, body.visibilidad)
        made.append(ops[0].id)
        return ops

    central.write(actor, build, ip=ip_of(request))
    with central.store.reading() as connection:
        row = rows.get(connection, "comentario", made[0])
    if row is None:
        raise KnownError("El comentario no quedó guardado.")
    return row
