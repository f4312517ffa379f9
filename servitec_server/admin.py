"""REST of administration: revoke a station; see, approve or leave what was refused."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from sqlalchemy import Connection, Select, or_, select, update

from domain.errors import Rejection
from domain.permissions import Actor, alcance, exigir
from domain.wire import Op
from servitec_server import rows
from servitec_server.deps import Caller, ip_of
from servitec_server.rest import Here, Key, Limit
from servitec_server.stations import Stations
from servitec_server.tables import metadata, respuesta

router = APIRouter(tags=["administración"])


@router.post("/estaciones/{key}/revocar")
def revoke(key: Key, central: Here, actor: Caller, request: Request) -> dict[str, str]:
    """The station may do nothing any more; its open sockets are closed."""
    with central.store.reading() as connection:
        row = rows.get(connection, "estacion", key)
    if row is None:
        raise Rejection("no_existe", f"No existe la estación {key}.")
    exigir(actor, "estacion.revocar", "estacion", row)
    Stations(central).revoke(actor, key, ip_of(request))
    return {"estado": "revocado"}


@router.get("/cambios/rechazados")
def refused(central: Here, actor: Caller, motivo: str | None = None, limite: Limit = 50) -> list[dict[str, Any]]:
    """What the caller's stations sent, the server couldn't take and nobody dealt with yet; newest first."""
    with central.store.reading() as connection:
        query = _open(actor).order_by(respuesta.c.respondido_en.desc(), respuesta.c.n.desc())
        if motivo is not None:
            query = query.where(respuesta.c.motivo == motivo)
        found = [dict(row) for row in connection.execute(query.limit(limite)).mappings()]
    return [row | {"cuerpo": orjson.loads(row["cuerpo"])} for row in found]


@router.post("/cambios/{key}/aprobar")
def approve(key: Key, central: Here, actor: Caller, request: Request) -> dict[str, Any]:
    """Make a refused change in the caller's own name, against the rows of now."""

    def build(connection: Connection) -> list[Op]:
        found = _take_up(connection, actor, key)
        if found["motivo"] != "permiso_cambiado":
            raise Rejection("permiso", "Sólo se aprueba lo que su autor podía hacer cuando lo hizo.")
        return [Op(**op) for op in orjson.loads(found["cuerpo"])["ops"]]

    answer = central.write(actor, build, ip=ip_of(request), reemplaza=key)
    return {"version": answer.version if answer else None}


@router.post("/cambios/{key}/descartar")
def dismiss(key: Key, central: Here, actor: Caller) -> dict[str, str]:
    """Leave a refused change refused: it is listed no longer. Its author's station keeps it until he discards it."""
    with central.store.writing() as connection:
        _take_up(connection, actor, key)
    return {"estado": "descartado"}


def _open(actor: Actor) -> Select[Any]:
    """The refused changes that nobody dealt with, of the stations that the caller may decide for."""
    exigir(actor, "cambio.aprobar", "cambio", {"sucursal_id": actor.sucursal_id})
    query = select(respuesta).where(respuesta.c.cuerpo.is_not(None))
    if alcance(actor, "cambio.aprobar") == "todo":
        return query
    estacion = metadata.tables["estacion"]
    own = select(estacion.c.id).where(
        or_(estacion.c.sucursal_id == actor.sucursal_id, estacion.c.sucursal_id.is_(None))
    )
    return query.where(respuesta.c.estacion_id.in_(own))


def _take_up(connection: Connection, actor: Actor, key: str) -> dict[str, Any]:
    """The record of a refused change, dealt with from now on: its content goes, its answer stays."""
    found = connection.execute(_open(actor).where(respuesta.c.cambio_id == key)).mappings().first()
    if found is None:
        raise Rejection("no_existe", f"No hay un cambio rechazado con id {key}, o ya se atendió.")
    connection.execute(update(respuesta).where(respuesta.c.cambio_id == key).values(cuerpo=None))
    return dict(found)
