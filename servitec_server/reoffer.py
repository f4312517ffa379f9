"""A Cambio of a history that was lost, offered again: ordered by the version that it had there.

It applies unless that field or row last changed at a higher version of the same epoch (superseded: it is left
out) or in a newer epoch (conflict).
"""

from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection, select

from domain.errors import Rejection
from domain.tables import TABLES, Row, Value
from domain.wire import Op, Recibo
from servitec_server.tables import bitacora, cambio
from servitec_server.work import MADE_AGAIN, Work

Origin = tuple[str, int]
"""Epoch and version; epochs sort as text."""


@dataclass(slots=True)
class Origins:
    """Where a row's present values come from."""

    row: Origin | None = None
    made: Origin | None = None
    deleted: Origin | None = None
    fields: dict[str, Origin] = field(default_factory=dict)


def origins(connection: Connection, tabla: str, key: str) -> Origins:
    """From the audit trail. A row that was made again after its deletion has all its fields from there."""
    query = (
        select(
            bitacora.c.accion,
            bitacora.c.despues,
            cambio.c.epoca,
            cambio.c.version,
            cambio.c.origen,
        )
        .join(cambio, cambio.c.version == bitacora.c.version)
        .where(bitacora.c.entidad_id == key, bitacora.c.entidad == tabla)
        .order_by(bitacora.c.version, bitacora.c.id)
    )
    found = Origins()
    for accion, despues, epoca, version, origen in connection.execute(query):
        origin = max((str(e), int(v)) for e, v in orjson.loads(origen)) if origen else (str(epoca), int(version))
        found.row = max(found.row, origin) if found.row else origin
        if accion == "baja":
            found.deleted = origin
        elif despues is not None:
            if accion in ("alta", MADE_AGAIN):
                found.deleted = None
            if accion == MADE_AGAIN:
                found.made = max(found.made, origin) if found.made else origin
                found.fields = {name: known for name, known in found.fields.items() if known > origin}
            for name in orjson.loads(despues):
                found.fields[name] = max(found.fields.get(name, origin), origin)
    return found


def reoffered(work: Work, op: Op, current: Row | None, again: list[Recibo]) -> Op | None:
    """What of an operation still has to be done, so that its merge decides as above; None: nothing.

    Raises:
        Rejection: the row was deleted, or changed, in a newer epoch.
    """
    mine = max((r.epoca, r.version) for r in again)
    known = origins(work.rows.connection, op.tabla, op.id)
    gone = known.deleted
    if gone is not None:
        if gone[0] <= mine[0] and gone > mine:
            return None
        if gone[0] > mine[0]:
            raise Rejection("modificado", "Esa fila se borró después de que se restauró la base central.")
    if op.tipo == "baja":
        if current is None or current.get("borrado_en") is not None:
            return None
        if known.row is not None and known.row > mine:
            if known.row[0] == mine[0]:
                return None
            raise Rejection("modificado", "Otra persona cambió esta fila después de que se restauró la base.")
        return op.model_copy(update={"base": int(current["version"] or 0)})
    lost = lost_before(op, again)
    if current is None:
        return op.model_copy(update={"campos": {n: v for n, v in op.campos.items() if n not in lost}})
    campos: Row = {}
    antes: Row = {}
    by_name = TABLES[op.tabla].by_name
    for name in (n for n in op.campos if not by_name[n].fixed):
        origin = known.fields.get(name, known.made)
        if name in lost or (origin is not None and origin[0] == mine[0] and origin > mine):
            continue
        campos[name] = op.campos[name]
        newer = origin is not None and origin[0] > mine[0]
        antes[name] = _other(current[name]) if newer else current[name]
    if not campos:
        return None
    return op.model_copy(update={"campos": campos, "antes": antes, "base": int(current["version"] or 0)})


def lost_before(op: Op, again: list[Recibo]) -> set[str]:
    """The fields that lost a conflict when the Cambio was taken the first time."""
    return {campo for r in again for tabla, key, campo in r.perdidos if (tabla, key) == (op.tabla, op.id)}


def _other(value: Value) -> Value:
    """Something that the field doesn't hold, so that the merge finds a conflict."""
    return not value if isinstance(value, bool) else f"\x00{value}"
