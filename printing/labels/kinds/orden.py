"""The label of what was received, with its folio."""

from sqlalchemy import Connection

from domain.ordenes.actions import accesorios_de
from domain.organizacion.formato import formato_de
from local_db import rows
from printing.labels.kind import LabelKind, Values, detail_of, device, word


def _orden(connection: Connection, orden_id: str, publica: str | None) -> list[Values]:
    detail = detail_of(connection, orden_id)
    ver = formato_de(detail.sucursal)
    row, folio = detail.fila, str(detail.fila["folio"])
    place = rows.get(rows.raw(connection), "ubicacion", str(row["ubicacion_id"] or ""))
    return [
        {
            "folio": folio,
            "sucursal": word(detail.sucursal, "nombre"),
            "cliente": detail.cliente_nombre,
            "telefono": ver.telefono(word(detail.cliente, "telefono")),
            "equipo": device(connection, detail.equipo),
            "serie": word(detail.equipo, "serie"),
            "falla": word(row, "falla_reportada"),
            "fecha": ver.momento(row["recepcion_en"]),
            "prometida": ver.dia(row["prometida_en"]),
            "prioridad": detail.prioridad or "",
            "accesorios": ", ".join(accesorios_de(row["accesorios"])),
            "ubicacion": word(row, "ubicacion_fisica") or word(place, "nombre"),
            "qr": f"{publica.rstrip('/')}/{row['codigo_publico']}" if publica else folio,
        }
    ]


KIND = LabelKind(
    "orden",
    "orden",
    "Orden",
    "La etiqueta del equipo recibido, con su folio.",
    "Etiqueta {folio}",
    {
        "folio": ("Folio de la orden", "A1-000123"),
        "sucursal": ("Nombre de la sucursal", "Taller Central"),
        "cliente": ("Nombre del cliente", "Íñigo Muñoz Peña"),
        "telefono": ("Teléfono del cliente", "+56 2 2345 6789"),
        "equipo": ("Tipo, marca y modelo", "Impresora Epson L3250"),
        "serie": ("Número de serie", "X5QF012345"),
        "falla": ("Falla reportada", "No enciende después de un corte de luz"),
        "fecha": ("Fecha y hora de recepción", "20-11-2026 18:51"),
        "prometida": ("Fecha prometida", "24-11-2026"),
        "prioridad": ("Prioridad", "Urgente"),
        "accesorios": ("Accesorios recibidos", "cargador, funda"),
        "ubicacion": ("Lugar en el taller", "Estante B-3"),
        "qr": ("Página pública de la orden, o el folio", "A1-000123"),
    },
    _orden,
    (),
    lugar=10,
    al_recibir=True,
)
