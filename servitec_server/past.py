"""People and rows as they were when somebody made a change, from the audit trail."""

from typing import Any

import orjson
from sqlalchemy import Connection, Select, select

from domain.permissions import Actor
from domain.tables import ROOTS, TABLES, Row
from domain.values import check_value
from domain.wire import Op
from servitec_server.people import actor_of
from servitec_server.tables import bitacora
from servitec_server.working import Key, WorkingSet

_ROOTS = ROOTS | {"conflicto": ("tabla", "registro_id")}


def actor_then(connection: Connection, usuario: Row, version: int) -> Actor | None:
    """The same person as he was at a version."""
    later = _later(("usuario", str(usuario["id"])), version)
    then = dict(usuario)
    for accion, antes in connection.execute(later.order_by(bitacora.c.version.desc(), bitacora.c.id.desc())):
        if accion == "alta":
            return None
        then.update(orjson.loads(antes or "{}"))
    return actor_of(then, str(usuario["id"]))


def as_then(working: WorkingSet, op: Op, version: int) -> None:
    """Put the row of an operation, and what it hangs on, back into the branch where they were at a version.

    Only in a step that is taken back. Raises Rejection.
    """
    own = working.get(op.tabla, op.id)
    tabla, key = _root(op, own)
    root = working.get(tabla, key) if tabla in TABLES else None
    if root is None or root.get("sucursal_id") is None:
        return
    later = _later((tabla, key), version).order_by(bitacora.c.version, bitacora.c.id)
    for _, antes in working.connection.execute(later):
        was = orjson.loads(antes or "{}")
        if "sucursal_id" in was:
            branch = {"sucursal_id": was["sucursal_id"]}
            working.put(tabla, root | branch)
            if own is not None:
                working.put(op.tabla, own | branch)
            return


def _root(op: Op, own: Row | None) -> Key:
    """The row whose branch counts for an operation."""
    if op.tabla not in _ROOTS:
        return op.tabla, op.id
    (named, column), spec, row = _ROOTS[op.tabla], TABLES[op.tabla], own or op.campos
    check_value(spec, spec.by_name[column], row.get(column))
    return named if named in TABLES else str(row.get(named)), str(row.get(column))


def _later(key: Key, version: int) -> Select[Any]:
    """What was done to a row after a version: `accion` and `antes`."""
    trail = bitacora.c
    query = select(trail.accion, trail.antes).where(trail.entidad_id == key[1], trail.entidad == key[0])
    return query.where(trail.version > version)
