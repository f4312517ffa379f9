"""REST of administration: revoke a station; see, approve or leave what was refused."""

from operator import itemgetter
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection, Select, delete, or_, select, update

from domain.base.actor import Actor
from domain.base.errors import Rejection
from domain.permissions import alcance, exigir
from domain.upgrade import upgraded
from domain.wire import Answer, Cambio
from servitec_server import rows
from servitec_server.authors import FOR_A_SUPERVISOR
from servitec_server.central import Central
from servitec_server.deps import Caller, Here, Key, Limit, ip_of
from servitec_server.marks import of_kind
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
def refused(
    central: Here, actor: Caller, motivo: Annotated[list[str] | None, Query()] = None, limite: Limit = 50
) -> list[dict[str, Any]]:
    """What the caller's stations sent, the server couldn't take and nobody dealt with yet; newest first."""
    with central.store.reading() as connection:
        query = _open(actor).order_by(respuesta.c.respondido_en.desc(), respuesta.c.n.desc())
        if motivo is not None:
            query = query.where(respuesta.c.motivo.in_(motivo))
        found = [dict(row) for row in connection.execute(query.limit(limite)).mappings()]
    return [row | {"cuerpo": orjson.loads(row["cuerpo"])} for row in found]


@router.post("/cambios/{key}/aprobar")
def approve(key: Key, central: Here, actor: Caller, request: Request) -> dict[str, Any]:
    """Take a refused change as it is, in its author's name, by the caller's right, against the rows of now."""
    return {"version": let_in(central, actor, key, ip_of(request)).version}


def let_in(central: Central, actor: Actor, key: str, ip: str | None) -> Answer:
    """The same without HTTP.

    Raises:
        Rejection: it isn't the caller's to approve, or a rule is against it; nothing was written.
    """
    with central.store.reading() as connection:
        station = Stations(central).by_id(_record(connection, actor, key)["estacion_id"])

    def take_up(connection: Connection) -> Cambio:
        found = _record(connection, actor, key)
        if found["motivo"] not in FOR_A_SUPERVISOR:
            raise Rejection("permiso", "Sólo se aprueba lo que le falta un permiso o una prueba.")
        item = upgraded(Cambio.model_validate_json(found["cuerpo"]))
        if found["resultado"] == "dependencia":
            not_yet = respuesta.c.cambio_id.in_(item.depende) & (respuesta.c.resultado != "aplicado")
            if connection.execute(select(respuesta.c.cambio_id).where(not_yet)).first() is not None:
                raise Rejection("dependencia", "Depende de un cambio que no se aprobó.", "Apruebe antes aquél.")
        connection.execute(delete(respuesta).where(respuesta.c.cambio_id == key))
        return item

    return central.approve(actor, take_up, station, ip)


@router.post("/cambios/{key}/descartar")
def dismiss(key: Key, central: Here, actor: Caller) -> dict[str, str]:
    """Leave a refused change refused: it is listed no longer. Its author's station keeps it until he discards it."""
    with central.store.writing() as connection:
        _record(connection, actor, key)
        connection.execute(update(respuesta).where(respuesta.c.cambio_id == key).values(cuerpo=None))
    return {"estado": "descartado"}


@router.get("/administracion/avisos")
def notices(central: Here, actor: Caller) -> list[dict[str, Any]]:
    """What the server noticed and only its administrator can judge; oldest first."""
    exigir(actor, "usuario.administrar", "usuario", {})
    with central.store.reading() as connection:
        found = of_kind(connection, "aviso")
    return sorted(({"clave": key, **value} for key, value in found.items()), key=itemgetter("en", "clave"))


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


def _record(connection: Connection, actor: Actor, key: str) -> dict[str, Any]:
    """The record of a refused change that nobody dealt with yet. Raises Rejection."""
    found = connection.execute(_open(actor).where(respuesta.c.cambio_id == key)).mappings().first()
    if found is None:
        raise Rejection("no_existe", f"No hay un cambio rechazado con id {key}, o ya se atendió.")
    return dict(found)
