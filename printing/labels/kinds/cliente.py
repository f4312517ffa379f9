"""Name and address of a client."""

from sqlalchemy import Connection

from domain.base.row import Row
from printing.labels.kind import LabelKind, Values, joined, of_row, word


def _cliente(_: Connection, row: Row) -> Values:
    return {
        "nombre": joined(word(row, "nombre"), word(row, "apellido")),
        "telefono": word(row, "telefono"),
        "direccion": word(row, "direccion"),
        "ciudad": word(row, "ciudad"),
        "numero": word(row, "nro_cliente"),
        "email": word(row, "email"),
    }


KIND = LabelKind(
    "cliente",
    "cliente",
    "Cliente",
    "Nombre, teléfono y dirección.",
    "Cliente {nombre}",
    {
        "nombre": ("Nombre", "Íñigo Muñoz Peña"),
        "telefono": ("Teléfono", "+56 2 2345 6789"),
        "direccion": ("Dirección", "Av. Ñuñoa 1234, depto 56"),
        "ciudad": ("Ciudad", "Santiago"),
        "numero": ("Número de cliente", "C-001234"),
        "email": ("Correo", "inigo@example.com"),
    },
    of_row("cliente", _cliente),
    ("nro_cliente", "telefono"),
    lugar=60,
)
