"""Price and bar code of a product."""

from sqlalchemy import Connection

from domain.base.row import Row
from printing.labels.kind import LabelKind, Values, of_row, word
from printing.sucursal import precio


def _producto(connection: Connection, row: Row) -> Values:
    return {
        "nombre": word(row, "nombre"),
        "sku": word(row, "sku"),
        "codigo": word(row, "codigo_barras") or word(row, "sku"),
        "precio": precio(connection, row.get("precio_centavos")),
        "marca": word(row, "marca"),
        "categoria": word(row, "categoria"),
    }


KIND = LabelKind(
    "producto",
    "producto",
    "Producto",
    "Precio y código de barras, para la venta.",
    "Producto {sku}",
    {
        "nombre": ("Nombre", "Fuente de poder 65 W"),
        "sku": ("Código interno", "FTE-65W"),
        "codigo": ("Código de barras, o el interno", "7801234567894"),
        "precio": ("Precio con moneda", "$ 24.990"),
        "marca": ("Marca", "Lenovo"),
        "categoria": ("Categoría", "Fuentes"),
    },
    of_row("producto", _producto),
    ("sku", "codigo_barras"),
    lugar=40,
)
