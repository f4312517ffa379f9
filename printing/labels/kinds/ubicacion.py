"""Shelves and drawers."""

from sqlalchemy import Connection

from domain.base.row import Row
from local_db import rows
from printing.labels.kind import LabelKind, Values, of_row, word


def _ubicacion(connection: Connection, row: Row) -> Values:
    branch = rows.get(rows.raw(connection), "sucursal", str(row["sucursal_id"] or ""))
    return {"codigo": word(row, "codigo"), "nombre": word(row, "nombre"), "sucursal": word(branch, "nombre")}


KIND = LabelKind(
    "ubicacion",
    "ubicacion",
    "Ubicación",
    "Estantes y gavetas.",
    "Ubicación {codigo}",
    {
        "codigo": ("Código", "B-3"),
        "nombre": ("Nombre", "Estante B, nivel 3"),
        "sucursal": ("Nombre de la sucursal", "Taller Central"),
    },
    of_row("ubicacion", _ubicacion),
    ("codigo", "nombre"),
    lugar=50,
)
