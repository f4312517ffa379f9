"""People and rows as they were when somebody made a change, from the audit trail."""

from typing import Any

import orjson
from sqlalchemy import Connection, Select, select

from domain.base.actor import Actor
from domain.base.row import Row
from domain.base.values import check_value
from domain.model import TABLES, refers_to
from domain.wire import Op
from servitec_server.people import actor_of
from servitec_server.tables import bitacora
from servitec_server.working_set import Key, WorkingSet


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
    """Put the row of an operation, and what it hangs on, back under the keys that they had at a version.

    Only in a step that is taken back. Raises Rejection.
    """
    own = working.get(op.tabla, op.id)
    tabla, key = _root(op, own)
    root = working.get(tabla, key) if tabla in TABLES else None
    if root is None or not TABLES[tabla].claves:
        return
    later = _later((tabla, key), version).order_by(bitacora.c.version, bitacora.c.id)
    for _, antes in working.connection.execute(later):
        was = orjson.loads(antes or "{}")
        claves = {name: was[name] for name in TABLES[tabla].claves if name in was}
        if claves:
            working.put(tabla, root | claves)
            if own is not None:
                working.put(op.tabla, own | claves)
            return


def _root(op: Op, own: Row | None) -> Key:
    """The row whose keys count for an operation."""
    spec, row = TABLES[op.tabla], own or op.campos
    if spec.raiz is None:
        return op.tabla, op.id
    column = spec.by_name[spec.raiz]
    check_value(spec, column, row.get(column.name))
    return refers_to(column, row) or "", str(row.get(column.name))


def _later(key: Key, version: int) -> Select[Any]:
    """What was done to a row after a version: `accion` and `antes`."""
    trail = bitacora.c
    query = select(trail.accion, trail.antes).where(trail.entidad_id == key[1], trail.entidad == key[0])
    return query.where(trail.version > version)
