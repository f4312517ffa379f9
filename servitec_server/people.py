"""The people behind accounts, as the server knows them now, or knew them once."""

import orjson
from sqlalchemy import Connection, select

from domain.permissions import SISTEMA, Actor
from domain.tables import Row
from servitec_server.tables import bitacora


def actor_of(usuario: Row | None, usuario_id: str) -> Actor | None:
    """The person of an account that may work; None: there is none, or it isn't active."""
    if usuario_id == SISTEMA.usuario_id:
        return SISTEMA
    if usuario is None or not usuario["activo"]:
        return None
    names = ("sucursal_id", "empleado_id", "cliente_id")
    branch, employee, client = (None if usuario[n] is None else str(usuario[n]) for n in names)
    return Actor(usuario_id, str(usuario["rol"]), branch, employee, client, str(usuario["username"]))


def actor_then(connection: Connection, usuario: Row, version: int) -> Actor | None:
    """The same person as he was at a version, from the audit trail."""
    later = (
        select(bitacora.c.accion, bitacora.c.antes)
        .where(
            bitacora.c.entidad_id == str(usuario["id"]), bitacora.c.entidad == "usuario", bitacora.c.version > version
        )
        .order_by(bitacora.c.version.desc(), bitacora.c.id.desc())
    )
    then = dict(usuario)
    for accion, antes in connection.execute(later):
        if accion == "alta":
            return None
        then.update(orjson.loads(antes or "{}"))
    return actor_of(then, str(usuario["id"]))
