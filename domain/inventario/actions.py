"""What people do with stock, as the operations of one Cambio."""

from domain.base.actions import alta
from domain.base.ambient import Ambient
from domain.base.row import ReadRow, Row, Value
from domain.wire import Op


def mover_stock(ambient: Ambient, producto: ReadRow, sucursal_id: str, tipo: str, cantidad: int, **campos: Value) -> Op:
    """One stock movement; `cantidad` carries its sign (rules.MOVIMIENTOS)."""
    values: Row = {
        "producto_id": producto["id"],
        "sucursal_id": sucursal_id,
        "tipo": tipo,
        "cantidad": cantidad,
        "ocurrio_en": ambient.instant(),
        **campos,
    }
    return alta(ambient, "movimiento_stock", values)
