"""A simulator's edits as the operations of the business: rows are orders, parts are products."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from domain.base import actions
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.wire import Op, canonical
from local_db import rows
from local_db.capture import Capture

COLUMNS = (
    "descripcion",
    "falla_reportada",
    "diagnostico",
    "trabajo_realizado",
    "clave_equipo_cifrada",
    "titulo",
    "ubicacion_fisica",
    "canal_origen",
)
"""The columns that stand for a simulator's fields, in the order of their first use."""


def key_of(kind: str, name: object) -> str:
    """The id of a simulator's row: everybody who makes it gives it the same."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"{kind}:{name}".encode()).digest()[:16]))


def ops_of(
    kind: str, args: tuple[Any, ...], db: Any, capture: Capture, ambient: Ambient, column: Callable[[object], str]
) -> list[Op]:
    """The operations of an edit; none where there is nothing to do."""
    if kind == "set":
        row, field, value = args
        return _set(db, capture, ambient, row, {column(field): canonical(value)})
    if kind == "delete":
        known = rows.get(db, "orden", key_of("orden", args[0]))
        return [] if known is None or known["borrado_en"] is not None else actions.borrar("orden", known)
    if kind == "move":
        return _move(db, ambient, *args)
    name = ambient.new_id()
    return [actions.alta(ambient, "marca", {"codigo": name, "nombre": name})]


def _set(db: Any, capture: Capture, ambient: Ambient, row: object, campos: Row) -> list[Op]:
    key = key_of("orden", row)
    known = rows.get(db, "orden", key)
    if known is not None and known["borrado_en"] is None:
        antes, base = {c: known[c] for c in campos}, int(known["version"] or 0)
        return [Op(tabla="orden", id=key, tipo="cambio", base=base, campos=campos, antes=antes)]
    branch = _branch(db)
    fixed: Row = {"tipo": "ticket", "estado": "recibida", "referencia_externa": str(row), "codigo_publico": key[:22]}
    fixed |= {"folio": capture.take_folio(), "sucursal_id": branch}
    line: Row = {"orden_id": key, "a_estado": "recibida", "ocurrio_en": ambient.instant()}
    base = 0 if known is None else int(known["version"] or 0)
    made = Op(tabla="orden", id=key, tipo="alta", base=base, campos=fixed | campos)
    return [made, actions.alta(ambient, "historial_orden", line)]


def _move(db: Any, ambient: Ambient, part: object, delta: int) -> list[Op]:
    key = key_of("producto", part)
    campos: Row = {"sku": str(part), "nombre": str(part)}
    known = rows.get(db, "producto", key)
    ops = [] if known is not None else [Op(tabla="producto", id=key, tipo="alta", campos=campos)]
    if delta:
        ops.append(de_inventario.mover_stock(ambient, {"id": key}, _branch(db), "ajuste_conteo", delta))
    return ops


def _branch(db: Any) -> str:
    found = db.execute("SELECT id FROM sucursal").fetchone()
    if found is None:
        raise KnownError("Esta estación todavía no conoce su sucursal.")
    return str(found[0])
