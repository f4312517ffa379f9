"""REST of administration: revoke a station, see and approve what was refused."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from sqlalchemy import select

from domain import actions
from domain.errors import Rejection
from domain.permissions import exigir
from domain.tables import Row
from domain.wire import Op
from servitec_server import rows
from servitec_server.deps import Caller, ip_of
from servitec_server.rest import Here, Key, Limit
from servitec_server.tables import respuesta

router = APIRouter(tags=["administración"])


@router.post("/estaciones/{key}/revocar")
def revoke(key: Key, central: Here, actor: Caller, request: Request) -> dict[str, str]:
    """The station may do nothing any more; its open sockets are closed."""
    with central.store.reading() as connection:
        row = rows.get(connection, "estacion", key)
    if row is None:
        raise Rejection("no_existe", f"No existe la estación {key}.")
    exigir(actor, "estacion.revocar", "estacion", row)
    campos: Row = {"estado": "revocado"}
    central.write(actor, lambda _: actions.editar("estacion", row, campos), trusted=True, ip=ip_of(request))
    return {"estado": "revocado"}


@router.get("/cambios/rechazados")
def refused(central: Here, actor: Caller, motivo: str | None = None, limit: Limit = 50) -> list[dict[str, Any]]:
    """What stations sent and the server couldn't take, the newest first."""
    exigir(actor, "cambio.aprobar", "cambio", {"sucursal_id": actor.sucursal_id})
    query = select(respuesta).where(respuesta.c.resultado != "aplicado").order_by(respuesta.c.respondido_en.desc())
    if motivo is not None:
        query = query.where(respuesta.c.motivo == motivo)
    with central.store.reading() as connection:
        found = [dict(row) for row in connection.execute(query.limit(limit)).mappings()]
    return [row | {"cuerpo": orjson.loads(row["cuerpo"] or "null")} for row in found]


@router.post("/cambios/{key}/aprobar")
def approve(key: Key, central: Here, actor: Caller, request: Request) -> dict[str, Any]:
    """Make a refused change in the caller's own name, against the rows of now."""
    exigir(actor, "cambio.aprobar", "cambio", {"sucursal_id": actor.sucursal_id})
    with central.store.reading() as connection:
        found = connection.execute(select(respuesta).where(respuesta.c.cambio_id == key)).mappings().first()
    if found is None or found["cuerpo"] is None:
        raise Rejection("no_existe", f"No hay un cambio rechazado con id {key}.")
    if found["motivo"] != "permiso_cambiado":
        raise Rejection("permiso", "Sólo se aprueba lo que su autor podía hacer cuando lo hizo.")
    ops = [Op(**op) for op in orjson.loads(found["cuerpo"])["ops"]]
    answer = central.write(actor, lambda _: ops, ip=ip_of(request), reemplaza=key)
    return {"version": answer.version if answer else None}
