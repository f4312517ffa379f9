"""A field that lost: both values and both authors are kept in `conflicto`."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select

from domain.tables import COMMON, TABLES, ReadRow, Row, Value
from domain.wire import Op, canonical
from servitec_server import rows
from servitec_server.tables import bitacora
from servitec_server.work import Work
from servitec_server.working import WorkingSet


def record_conflict(work: Work, op: Op, current: ReadRow, campo: str, unwritten: Iterable[dict[str, Any]]) -> None:
    """Keep the late value of one field; an open conflict of the same station, row and field is updated.

    `unwritten`: entries of the audit trail that aren't in the database yet, the oldest first.
    """
    author, moment = _last_author(work, op, campo, unwritten)
    row: Row = {
        "version": work.version,
        "actualizado_en": work.instant,
        "actualizado_por": work.cambio.usuario_id,
        "estacion_id": None,
        "sucursal_id": current.get("sucursal_id"),
        "valor_servidor": canonical(current[campo]),
        "valor_tardio": canonical(op.campos[campo]),
        "autor_servidor_id": author,
        "autor_tardio_id": work.cambio.usuario_id,
        "servidor_en": moment,
        "tardio_en": work.instant,
        "cambio_id": work.cambio.id,
    }
    open_one = _open_conflict(work.rows, work.station.id, op, campo)
    if open_one is not None:
        row = {**open_one, **row}
    else:
        fresh: Row = {col.name: None for col in COMMON + TABLES["conflicto"].cols}
        fresh |= {"id": work.ambient.new_id(), "creado_en": work.instant, "creado_por": work.cambio.usuario_id}
        fresh |= {"tabla": op.tabla, "registro_id": op.id, "campo": campo, "estacion_tardia_id": work.station.id}
        row = {**fresh, **row}
    work.add_row("conflicto", row, "conflicto_creado")
    work.perdidos.append((op.tabla, op.id, campo))


def _open_conflict(working: WorkingSet, estacion_id: str, op: Op, campo: str) -> Row | None:
    stored = rows.get_many(working.connection, "conflicto", [op.id], by="registro_id")
    known = {str(row["id"]): working.get("conflicto", str(row["id"])) for row in stored}
    known |= {str(row["id"]): row for row in working.unwritten("conflicto")}
    for row in known.values():
        same = row is not None and (row["tabla"], row["registro_id"], row["campo"]) == (op.tabla, op.id, campo)
        if row is not None and same and row["estacion_tardia_id"] == estacion_id and row["resuelto_en"] is None:
            return row
    return None


def _last_author(work: Work, op: Op, campo: str, unwritten: Iterable[dict[str, Any]]) -> tuple[Value, Value]:
    """Who gave the field the value that stands, and when, from the audit trail."""
    latest = [e for e in unwritten if (e["entidad"], e["entidad_id"]) == (op.tabla, op.id)]
    stored = work.rows.connection.execute(
        select(bitacora.c.usuario_id, bitacora.c.ocurrio_en, bitacora.c.despues)
        .where(bitacora.c.entidad_id == op.id, bitacora.c.entidad == op.tabla)
        .order_by(bitacora.c.version.desc())
    )
    trail = [(e["usuario_id"], e["ocurrio_en"], e["despues"]) for e in reversed(latest)]
    for usuario_id, moment, despues in [*trail, *stored]:
        if despues is not None and campo in orjson.loads(despues):
            known = work.rows.get("usuario", usuario_id) is not None
            return (usuario_id if known else None), moment
    return None, None
