"""A table as a REST resource, made from its declaration: list, get, post, patch, delete. It names no table.

Every write goes through `apply`, as station `00`. What a slice's resource has besides stands in the slice's routes.py.
"""

import re
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from domain.base import actions
from domain.base.actor import Actor
from domain.base.condition import Condition
from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row
from domain.base.table import TableSpec
from domain.model import TABLES
from domain.permissions import ve_costos
from domain.wire import Answer, Op
from servitec_server.central import Central
from servitec_server.deps import Caller, Here, Key, ip_of
from servitec_server.listing import Asked, Listing, see
from servitec_server.models import Falla, page_model, reply_model, request_model, shown

Verb = Literal["post", "patch", "delete"]
VERBS: tuple[Verb, ...] = ("post", "patch", "delete")
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=400, description="El ETag que se leyó: si el registro ya es otro, 412."),
]
_TAGS = re.compile(r'\s*(?:\*|(?:W/)?"[^"]*"(?:\s*,\s*(?:W/)?"[^"]*")*)\s*')
_WHY = {
    401: "Falta una sesión, o terminó.",
    403: "El rol no tiene el permiso.",
    404: "No existe, o quien pregunta no lo ve.",
    409: "Choca con lo que hay: duplicado, transición, en uso, ya borrado, modificado.",
    412: "El registro ya no es el del If-Match.",
    413: "El cuerpo es demasiado grande.",
    422: "La petición no es válida, o una regla no la admite.",
    503: "La base no se puede usar ahora; Retry-After dice cuándo probar.",
}
_ETAG = {"ETag": {"description": "La versión del registro, entre comillas.", "schema": {"type": "string"}}}


def failures(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for the description of the interface."""
    return {code: {"model": Falla, "description": _WHY[code]} for code in sorted({401, 422, 503, *codes})}


def resource(
    tabla: str,
    path: str,
    tag: str,
    *,
    searched: tuple[str, ...] = (),
    filters: tuple[str, ...] = (),
    sorts: tuple[str, ...] = ("-id", "id"),
    unwritten: frozenset[str] = frozenset(),
    verbs: tuple[Verb, ...] = VERBS,
) -> APIRouter:
    """The router of a table.

    searched, filters, sorts: see Listing. unwritten: columns that no request sets here. verbs: what may be done to rows
    by these routes.
    """
    router, spec = APIRouter(tags=[tag]), TABLES[tabla]
    name = "".join(word.title() for word in tabla.split("_"))
    row = reply_model(name, spec)
    _list(router, path, Listing(spec, searched, filters, sorts), page_model(f"{name}Pagina", row))
    _get(router, path, spec, row)
    if "post" in verbs:
        _post(router, path, spec, row, request_model(f"{name}Nuevo", spec, new=True, without=unwritten))
    if "patch" in verbs:
        _patch(router, path, spec, row, request_model(f"{name}Cambio", spec, new=False, without=unwritten))
    if "delete" in verbs:
        _delete(router, path, spec)
    return router


def one(
    spec: TableSpec, row: type[BaseModel], status: int, refusals: dict[int | str, dict[str, Any]]
) -> dict[str, Any]:
    """How a route is described that replies with a row."""
    found: dict[int | str, dict[str, Any]] = {status: {"headers": _ETAG, "description": spec.nombre}}
    return {"response_model": row, "status_code": status, "responses": found | refusals}


def listed(
    central: Central,
    actor: Actor,
    listing: Listing,
    asked: Asked,
    fixed: Condition | None = None,
    of: tuple[str, str] | None = None,
) -> Response:
    """A page as a reply; `of`: the table and id of a row that he has to see before."""
    with central.store.reading() as connection:
        if of is not None:
            see(connection, actor, *of)
        page = listing.page(connection, actor, asked, fixed)
    body: dict[str, Any] = {"filas": page.filas, "siguiente": page.siguiente}
    return _json(body if page.total is None else body | {"total": page.total})


def reply(
    central: Central, actor: Actor, tabla: str, key: str, *, status: int = 200, wrote: Answer | None = None
) -> Response:
    """A row as he may see it, with its ETag; `wrote`: the answer to what he wrote of it just now."""
    with central.store.reading() as connection:
        row = see(connection, actor, tabla, key, wrote.version if wrote else None)
    names = shown(TABLES[tabla], costs=ve_costos(actor))
    return _json({n: row[n] for n in names}, status, {"ETag": f'"{row["version"]}"'})


def fresh(row: ReadRow, if_match: str | None) -> None:
    """Is this still the row that the caller read? Raises Rejection `version`."""
    if if_match is None:
        return
    if _TAGS.fullmatch(if_match) is None:
        raise Rejection("campo", "If-Match no se entiende.", 'Lleva el ETag entre comillas, como "12", o *.')
    if if_match.strip() != "*" and f'"{row["version"]}"' not in re.findall(r'(?:W/)?"[^"]*"', if_match):
        raise Rejection(
            "version",
            f"El registro ya es otro: va en la versión {row['version']}.",
            "Léalo de nuevo y repita el cambio.",
        )


def said(body: BaseModel, *without: str) -> Row:
    """What a request says of a row."""
    return {k: v for k, v in body.model_dump(exclude_unset=True).items() if k not in without}


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")


def _list(router: APIRouter, path: str, listing: Listing, page: type[BaseModel]) -> None:
    query: Any = listing.query

    @router.get(path, name=f"list_{listing.spec.name}", response_model=page, responses=failures(403))
    def list_rows(actor: Caller, central: Here, asked: Annotated[query, Query()]) -> Response:
        """Una página. Cada filtro admite varios valores; sin «ordenar», lo último primero."""
        return listed(central, actor, listing, asked)


def _get(router: APIRouter, path: str, spec: TableSpec, row: type[BaseModel]) -> None:
    about = one(spec, row, 200, failures(404))

    @router.get(f"{path}/{{key}}", name=f"get_{spec.name}", **about)
    def get_row(key: Key, actor: Caller, central: Here) -> Response:
        """Un registro, con su versión como ETag."""
        return reply(central, actor, spec.name, key)


def _post(router: APIRouter, path: str, spec: TableSpec, row: type[BaseModel], model: Any) -> None:
    about = one(spec, row, 201, failures(403, 409, 413))

    @router.post(path, name=f"create_{spec.name}", **about)
    def create_row(body: model, actor: Caller, central: Here, request: Request) -> Response:
        """Un registro nuevo."""
        op = actions.alta(central.ambient, spec.name, said(body))
        answer = central.write(actor, lambda _: [op], ip=ip_of(request))
        return reply(central, actor, spec.name, op.id, status=201, wrote=answer)


def _patch(router: APIRouter, path: str, spec: TableSpec, row: type[BaseModel], model: Any) -> None:
    about = one(spec, row, 200, failures(403, 404, 409, 412, 413))

    @router.patch(f"{path}/{{key}}", name=f"edit_{spec.name}", **about)
    def edit_row(
        key: Key, body: model, actor: Caller, central: Here, request: Request, if_match: IfMatch = None
    ) -> Response:
        """Cambia los campos que se dicen; con If-Match, sólo si nadie lo cambió antes."""
        fields = said(body)

        def build(connection: Connection) -> list[Op]:
            found = see(connection, actor, spec.name, key)
            fresh(found, if_match)
            if hidden := fields.keys() - set(shown(spec, costs=ve_costos(actor))):
                raise Rejection("permiso", f"El rol {actor.rol} no ve {', '.join(sorted(hidden))}.")
            return actions.editar(spec.name, found, fields)

        answer = central.write(actor, build, ip=ip_of(request))
        return reply(central, actor, spec.name, key, wrote=answer)


def _delete(router: APIRouter, path: str, spec: TableSpec) -> None:
    @router.delete(
        f"{path}/{{key}}",
        name=f"delete_{spec.name}",
        status_code=204,
        response_class=Response,
        responses=failures(403, 404, 409, 412),
    )
    def delete_row(key: Key, actor: Caller, central: Here, request: Request, if_match: IfMatch = None) -> Response:
        """Borra el registro; uno del que cuelgan otros sólo queda marcado (`borrado_en`)."""

        def build(connection: Connection) -> list[Op]:
            found = see(connection, actor, spec.name, key)
            fresh(found, if_match)
            return actions.borrar(spec.name, found)

        central.write(actor, build, ip=ip_of(request))
        return Response(status_code=204)
