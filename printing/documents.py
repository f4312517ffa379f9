"""What an order's label and receipt say, from the replica."""

import json
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from domain.ambient import from_instant
from domain.dinero import formato
from domain.errors import KnownError
from domain.tables import Row, Value
from local_db import queries, rows, state
from local_db.queries import OrdenDetalle
from printing.receipt import DatosRecibo

CONDICIONES = (
    "El equipo se entrega a quien presente este recibo o acredite ser su dueño.",
    "El diagnóstico se informa antes de reparar; ninguna reparación se hace sin aprobación del presupuesto.",
    "Respalde sus datos: el taller no responde por la información guardada en el equipo.",
)


def local_time(instant: Value, sucursal: Row | None) -> str:
    """An instant as the branch's clock shows it: `20-11-2026 18:51`; empty for none."""
    if not isinstance(instant, str):
        return ""
    try:
        zone = ZoneInfo(str((sucursal or {}).get("zona_horaria") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return from_instant(instant).astimezone(zone).strftime("%d-%m-%Y %H:%M")


def precio(connection: Connection, centavos: Value) -> str:
    """An amount in minor units in the currency of this station's branch; empty for none."""
    if not isinstance(centavos, int):
        return ""
    branch = rows.get(rows.raw(connection), "sucursal", state.read(connection).sucursal_id or "")
    return formato(centavos, str((branch or {}).get("moneda") or "CLP"))


def _detail(connection: Connection, orden_id: str) -> OrdenDetalle:
    detail = queries.orden(connection, orden_id)
    if detail is None:
        raise KnownError("Esa orden no está en esta estación.", "Sincronice e intente de nuevo.")
    return detail


def _device(detail: OrdenDetalle) -> str:
    equipo = detail.equipo or {}
    parts = (detail.tipo_equipo, equipo.get("marca"), equipo.get("modelo"))
    return " ".join(str(p) for p in parts if p)


def recibo_de(connection: Connection, orden_id: str) -> DatosRecibo:
    """The reception receipt of an order.

    Raises:
        KnownError: the order isn't here.
    """
    detail = _detail(connection, orden_id)
    accesorios = json.loads(str(detail.fila["accesorios"])) if detail.fila["accesorios"] else []
    return DatosRecibo(
        folio=str(detail.fila["folio"]),
        sucursal=_word(detail.sucursal, "nombre"),
        direccion=_word(detail.sucursal, "direccion"),
        telefono_sucursal=_word(detail.sucursal, "telefono"),
        fecha=local_time(detail.fila["recepcion_en"], detail.sucursal),
        cliente=detail.cliente_nombre,
        telefono=_word(detail.cliente, "telefono"),
        equipo=_device(detail),
        serie=_word(detail.equipo, "serie"),
        accesorios=", ".join(map(str, accesorios)),
        falla=_word(detail.fila, "falla_reportada"),
        prioridad=detail.prioridad or "",
        recibido_por=detail.recibido_por or "",
        condiciones=CONDICIONES,
    )


def _word(row: Row | None, name: str) -> str:
    value = (row or {}).get(name)
    return "" if value is None else str(value)
