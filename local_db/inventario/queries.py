"""What is on the shelf: the balances, with what waits here to be sent."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.base.errors import KnownError
from domain.base.row import Row
from local_db import rows


@dataclass(frozen=True, slots=True)
class ExistenciaFila:
    """A product in a branch, with the movements that still wait: `pendiente` of `stock`. `disponible` is stock less
    reservado.
    """

    producto_id: str
    sku: str
    nombre: str
    sucursal: str | None
    stock: int
    reservado: int
    pendiente: int
    disponible: int
    precio_centavos: int | None
    bajo_minimo: bool


_QUERY = text("""
    SELECT p.id, p.sku, p.nombre, s.nombre, coalesce(e.stock, 0), coalesce(e.reservado, 0),
        coalesce(json_extract(i.fila, '$.stock'), 0), f.n IS NOT NULL, p.precio_centavos, coalesce(p.stock_minimo, 0)
    FROM producto p
    LEFT JOIN existencia e ON e.producto_id = p.id
    LEFT JOIN imagen i ON i.tabla = 'existencia' AND i.registro_id = e.id
    LEFT JOIN outbox_fila f ON f.tabla = 'existencia' AND f.registro_id = e.id
    LEFT JOIN sucursal s ON s.id = e.sucursal_id
    WHERE p.borrado_en IS NULL AND p.activo
        AND (:buscar = '' OR p.sku LIKE :patron OR p.nombre LIKE :patron OR p.codigo_barras = :buscar)
    GROUP BY p.id, e.id ORDER BY p.nombre, s.nombre LIMIT :limit
""")


def existencias(connection: Connection, buscar: str = "", limit: int = 500) -> list[ExistenciaFila]:
    """The products with their balances, by name; `buscar` looks in sku, name and bar code."""
    found = []
    for row in connection.execute(_QUERY, {"buscar": buscar, "patron": f"%{buscar}%", "limit": limit}):
        key, sku, nombre, sucursal, stock, reservado, taken, waits, precio, minimo = row
        more, free = (stock - taken if waits else 0), stock - reservado
        found.append(ExistenciaFila(key, sku, nombre, sucursal, stock, reservado, more, free, precio, free < minimo))
    return found


def producto_por_sku(connection: Connection, sku: str) -> Row:
    """The product with this sku.

    Raises:
        KnownError: there is none.
    """
    key = connection.execute(
        text("SELECT id FROM producto WHERE sku = :sku AND borrado_en IS NULL"), {"sku": sku}
    ).scalar()
    row = rows.get(rows.raw(connection), "producto", str(key)) if key else None
    if row is None:
        raise KnownError(f"No hay ningún producto con el código «{sku}».", "Revíselo con «servitec stock list».")
    return row
