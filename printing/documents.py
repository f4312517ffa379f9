"""What an order's documents say, from the replica."""

from sqlalchemy import Connection

from domain.base.errors import KnownError
from domain.base.row import Row
from domain.ordenes.actions import accesorios_de
from domain.organizacion.formato import formato_de
from local_db.ordenes import queries
from local_db.ordenes.queries import OrdenDetalle
from printing.pdf.base import Marco
from printing.pdf.entrega import DatosEntrega
from printing.pdf.hoja_trabajo import DatosHoja
from printing.pdf.recibo import DatosRecibo

CONDICIONES = (
    "El equipo se entrega a quien presente este recibo o acredite ser su dueño.",
    "El diagnóstico se informa antes de reparar; ninguna reparación se hace sin aprobación del presupuesto.",
    "Respalde sus datos: el taller no responde por la información guardada en el equipo.",
)


def _detail(connection: Connection, orden_id: str) -> OrdenDetalle:
    detail = queries.orden(connection, orden_id)
    if detail is None:
        raise KnownError("Esa orden no está en esta estación.", "Sincronice e intente de nuevo.")
    return detail


def _device(detail: OrdenDetalle) -> str:
    equipo = detail.equipo or {}
    parts = (detail.tipo_equipo, equipo.get("marca"), equipo.get("modelo"))
    return " ".join(str(p) for p in parts if p)


def marco_de(sucursal: Row | None) -> Marco:
    """The head of a branch's documents."""
    logo = _word(sucursal, "logo_claro") or None
    return Marco(
        _word(sucursal, "nombre"),
        _word(sucursal, "direccion"),
        formato_de(sucursal).telefono(_word(sucursal, "telefono")),
        logo,
    )


def recibo_de(connection: Connection, orden_id: str) -> DatosRecibo:
    """The reception receipt of an order.

    Raises:
        KnownError: the order isn't here.
    """
    detail = _detail(connection, orden_id)
    ver = formato_de(detail.sucursal)
    return DatosRecibo(
        marco=marco_de(detail.sucursal),
        folio=str(detail.fila["folio"]),
        fecha=ver.momento(detail.fila["recepcion_en"]),
        cliente=detail.cliente_nombre,
        telefono=ver.telefono(_word(detail.cliente, "telefono")),
        equipo=_device(detail),
        serie=_word(detail.equipo, "serie"),
        accesorios=_accessories(detail),
        falla=_word(detail.fila, "falla_reportada"),
        prioridad=detail.prioridad or "",
        prometida=ver.dia(detail.fila["prometida_en"]),
        recibido_por=detail.recibido_por or "",
        condiciones=CONDICIONES,
    )


def entrega_de(connection: Connection, orden_id: str) -> DatosEntrega:
    """The delivery receipt of an order.

    Raises:
        KnownError: the order isn't here.
    """
    detail = _detail(connection, orden_id)
    ver = formato_de(detail.sucursal)
    row = detail.fila
    currency = str(row["moneda"] or ver.moneda)
    total, paid = int(row["total_centavos"] or 0), int(row["abonado_centavos"] or 0)
    until = ver.dia(row["garantia_vence_en"])
    days = f"{row['garantia_dias']} días" if row["garantia_dias"] else ""
    return DatosEntrega(
        marco=marco_de(detail.sucursal),
        folio=str(row["folio"]),
        recepcion=ver.momento(row["recepcion_en"]),
        entrega=ver.momento(row["entrega_en"]),
        cliente=detail.cliente_nombre,
        equipo=_device(detail),
        serie=_word(detail.equipo, "serie"),
        accesorios=_accessories(detail),
        falla=_word(row, "falla_reportada"),
        diagnostico=_word(row, "diagnostico"),
        trabajo=_word(row, "trabajo_realizado"),
        garantia=", hasta el ".join(part for part in (days, until) if part),
        total=ver.dinero(total, currency) if total else "",
        abonado=ver.dinero(paid, currency) if paid else "",
        saldo=ver.dinero(total - paid, currency) if total else "",
    )


def hoja_de(connection: Connection, orden_id: str) -> DatosHoja:
    """The technician's worksheet of an order.

    Raises:
        KnownError: the order isn't here.
    """
    detail = _detail(connection, orden_id)
    ver = formato_de(detail.sucursal)
    row = detail.fila
    return DatosHoja(
        marco=marco_de(detail.sucursal),
        folio=str(row["folio"]),
        fecha=ver.momento(row["recepcion_en"]),
        prometida=ver.dia(row["prometida_en"]),
        prioridad=detail.prioridad or "",
        tecnico=detail.tecnico or "",
        cliente=detail.cliente_nombre,
        telefono=ver.telefono(_word(detail.cliente, "telefono")),
        equipo=_device(detail),
        serie=_word(detail.equipo, "serie"),
        accesorios=_accessories(detail),
        ubicacion=_word(row, "ubicacion_fisica"),
        falla=_word(row, "falla_reportada"),
        diagnostico=_word(row, "diagnostico"),
        comentarios=tuple(c.texto for c in detail.comentarios),
    )


def _accessories(detail: OrdenDetalle) -> str:
    return ", ".join(accesorios_de(detail.fila["accesorios"]))


def _word(row: Row | None, name: str) -> str:
    value = (row or {}).get(name)
    return "" if value is None else str(value)
