"""What stands on an account's folder: whose it is, its number, what is owed."""

from sqlalchemy import Connection

from domain.base.row import Row
from domain.formatting import dinero
from printing.labels.kind import LabelKind, Values, of_row, word


def _cuenta(_: Connection, row: Row) -> Values:
    owed = dinero(int(row["saldo_centavos"] or 0), "CLP")
    return {"nombre": word(row, "nombre"), "numero": word(row, "nro"), "saldo": owed}


KIND = LabelKind(
    "prueba_cuenta",
    "prueba_cuenta",
    "Cuenta",
    "La carpeta de una cuenta.",
    "Cuenta {nombre}",
    {"nombre": ("Nombre", "Íñigo Muñoz"), "numero": ("Número", "17"), "saldo": ("Lo que se debe", "$ 1.500")},
    of_row("prueba_cuenta", _cuenta),
    ("nro",),
)
