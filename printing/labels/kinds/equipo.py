"""The label that stays on a device."""

from sqlalchemy import Connection

from domain.base.row import Row
from local_db import rows
from printing.labels.kind import LabelKind, Values, device, joined, of_row, word


def _equipo(connection: Connection, row: Row) -> Values:
    owner = rows.get(rows.raw(connection), "cliente", str(row["cliente_id"] or ""))
    return {
        "codigo": word(row, "codigo_etiqueta") or word(row, "serie") or str(row["id"])[-12:],
        "equipo": device(connection, row),
        "serie": word(row, "serie"),
        "imei": word(row, "imei"),
        "cliente": joined(word(owner, "nombre"), word(owner, "apellido")),
        "color": word(row, "color"),
        "garantia": "-".join(reversed(word(row, "garantia_hasta").split("-"))),
    }


KIND = LabelKind(
    "equipo",
    "equipo",
    "Equipo",
    "La que queda pegada al equipo: marca, modelo y serie.",
    "Equipo {codigo}",
    {
        "codigo": ("Código de la etiqueta del equipo, o su serie", "EQ-000451"),
        "equipo": ("Tipo, marca y modelo", "Notebook Lenovo T14"),
        "serie": ("Número de serie", "PF2ABC12"),
        "imei": ("IMEI", "356938035643809"),
        "cliente": ("Nombre del dueño", "Íñigo Muñoz Peña"),
        "color": ("Color", "gris"),
        "garantia": ("Garantía hasta", "31-12-2026"),
    },
    of_row("equipo", _equipo),
    ("codigo_etiqueta", "serie", "imei"),
    lugar=30,
)
