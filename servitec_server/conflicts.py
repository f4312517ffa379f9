"""A field that lost: both values and both authors are kept in `conflicto`."""

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from domain.ambient import Ambient
from domain.tables import TABLES, ReadRow, Row, Value
from domain.wire import Op, canonical
from servitec_server import rows
from servitec_server.tables import bitacora, metadata

if TYPE_CHECKING:
    from servitec_server.apply import _Work

_conflicto = metadata.tables["conflicto"]


def record_conflict(
    connection: Connection, ambient: Ambient, work: "_Work", op: Op, current: ReadRow, campo: str
) -> Row:
    """Keep the late value of one field; an open conflict of the same station, row and field is updated."""
    author, moment = _last_author(connection, op, campo)
    common: Row = {
        "version": work.version,
        "actualizado_en": work.instant,
        "actualizado_por": work.cambio.usuario_id,
        "estacion_id": None,
        "valor_servidor": canonical(current[campo]),
        "valor_tardio": canonical(op.campos[campo]),
        "autor_servidor_id": author,
        "autor_tardio_id": work.cambio.usuario_id,
        "servidor_en": moment,
        "tardio_en": work.instant,
        "cambio_id": work.cambio.id,
    }
    found = connection.execute(
        select(_conflicto).where(
            _conflicto.c.registro_id == op.id,
            _conflicto.c.tabla == op.tabla,
            _conflicto.c.campo == campo,
            _conflicto.c.estacion_tardia_id == work.station.id,
            _conflicto.c.resuelto_en.is_(None),
        )
    ).mappings()
    open_one = found.first()
    if open_one is not None:
        row: Row = {**open_one, **common}
        rows.change(connection, "conflicto", row)
        return row
    spec = TABLES["conflicto"]
    row = {col.name: None for col in spec.by_name.values()}
    row |= common
    row |= {
        "id": ambient.new_id(),
        "creado_en": work.instant,
        "creado_por": work.cambio.usuario_id,
        "tabla": op.tabla,
        "registro_id": op.id,
        "campo": campo,
        "sucursal_id": current.get("sucursal_id"),
        "estacion_tardia_id": work.station.id,
    }
    rows.add(connection, "conflicto", row)
    return row


def _last_author(connection: Connection, op: Op, campo: str) -> tuple[Value, Value]:
    """Who gave the field the value that stands, and when, from the audit trail."""
    trail = connection.execute(
        select(bitacora.c.usuario_id, bitacora.c.ocurrio_en, bitacora.c.despues)
        .where(bitacora.c.entidad_id == op.id, bitacora.c.entidad == op.tabla)
        .order_by(bitacora.c.version.desc())
    )
    for usuario_id, moment, despues in trail:
        if despues is not None and campo in json.loads(despues):
            known = rows.get(connection, "usuario", usuario_id) is not None
            return (usuario_id if known else None), moment
    return None, None
