"""What is on the shelf: the balance that the server computed, and what waits here to be sent."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.errors import KnownError
from domain.tables import RESERVAN, Row
from local_db import rows


@dataclass(frozen=True, slots=True)
class ExistenciaFila:
    """A product in a branch. `disponible` is stock - reservado, with the movements that still wait."""

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


_RESERVAN = ", ".join(f"'{tipo}'" for tipo in sorted(RESERVAN))
_QUERY = text(f"""
    WITH espera AS (
        SELECT m.producto_id, m.sucursal_id,
            sum(CASE WHEN m.tipo IN ({_RESERVAN}) THEN 0 ELSE m.cantidad END) AS stock,
            sum(CASE WHEN m.tipo IN ({_RESERVAN}) THEN m.cantidad ELSE 0 END) AS reservado
        FROM outbox_fila f JOIN movimiento_stock m ON m.id = f.registro_id
        WHERE f.tabla = 'movimiento_stock' GROUP BY 1, 2
    ), sitio AS (
        SELECT producto_id, sucursal_id FROM existencia UNION SELECT producto_id, sucursal_id FROM espera
    )
    SELECT p.id, p.sku, p.nombre, s.nombre, coalesce(e.stock, 0), coalesce(e.reservado, 0),
        coalesce(w.stock, 0), coalesce(w.reservado, 0), p.precio_centavos, coalesce(p.stock_minimo, 0)
    FROM producto p
    LEFT JOIN sitio t ON t.producto_id = p.id
    LEFT JOIN existencia e ON e.producto_id = p.id AND e.sucursal_id = t.sucursal_id
    LEFT JOIN espera w ON w.producto_id = p.id AND w.sucursal_id = t.sucursal_id
    LEFT JOIN sucursal s ON s.id = t.sucursal_id
    WHERE p.borrado_en IS NULL AND p.activo
        AND (:buscar = '' OR p.sku LIKE :patron OR p.nombre LIKE :patron OR p.codigo_barras = :buscar)
    ORDER BY p.nombre, s.nombre LIMIT :limit
""")  # noqa: S608


def existencias(connection: Connection, buscar: str = "", limit: int = 500) -> list[ExistenciaFila]:
    """The products with their balances, by name; `buscar` looks in sku, name and bar code."""
    found = []
    for row in connection.execute(_QUERY, {"buscar": buscar, "patron": f"%{buscar}%", "limit": limit}):
        key, sku, nombre, sucursal, stock, reservado, more, more_reserved, precio, minimo = row
        free = stock + more - reservado - more_reserved
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
