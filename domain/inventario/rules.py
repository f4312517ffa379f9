"""What a movement of stock has to be, and what it adds to."""

import uuid
from hashlib import blake2b

from domain.base.errors import Rejection
from domain.base.row import ReadRow
from domain.base.rule import Asking, DelServidor, Rule
from domain.base.sums import Sum
from domain.wire import Op

MOVIMIENTOS = {
    "entrada": 1,
    "salida": -1,
    "venta": -1,
    "uso_orden": -1,
    "reserva": 1,
    "liberacion": -1,
    "traslado_salida": -1,
    "traslado_entrada": 1,
    "devolucion": 1,
    "ajuste_conteo": 0,
}
"""Kinds of stock movement and the sign of their `cantidad` (0: either)."""
RESERVAN = frozenset({"reserva", "liberacion"})
"""The kinds that count what is set aside; the others count what is on the shelf."""
_PERMISO = {"uso_orden": "stock.usar", "venta": "stock.vender"}


def existencia_id(movimiento: ReadRow) -> str:
    """The id of the balance of a product in a branch: made of both, so that nobody has to look it up."""
    told = f"{movimiento['producto_id']}{movimiento['sucursal_id']}"
    return str(uuid.UUID(bytes=blake2b(told.encode(), digest_size=16).digest()))


def _existencia(column: str, *, reserva: bool) -> Sum:
    return Sum(
        into="existencia",
        key=existencia_id,
        column=column,
        amount=lambda row: int(row["cantidad"] or 0) if (row["tipo"] in RESERVAN) == reserva else 0,
        reads=("producto_id", "sucursal_id", "tipo", "cantidad"),
        makes=lambda row: {"producto_id": row["producto_id"], "sucursal_id": row["sucursal_id"]},
    )


class Movimiento(Rule):
    """Each kind by a right of its own, in the direction that it has."""

    sums = (_existencia("stock", reserva=False), _existencia("reservado", reserva=True))

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """Its sign, its right, and what it refers to."""
        tipo, cantidad = str(row["tipo"]), int(row["cantidad"] or 0)
        if cantidad == 0 or cantidad * MOVIMIENTOS.get(tipo, 0) < 0:
            raise Rejection("campo", f"La cantidad {cantidad} no corresponde a un movimiento de tipo «{tipo}».")
        w.demand(_PERMISO.get(tipo, "stock.mover"), op.tabla, row)
        of, key = row["ref_tipo"], row["ref_id"]
        if (of is None) != (key is None):
            raise Rejection("campo", "La referencia de un movimiento lleva «ref_tipo» y «ref_id», o ninguno.")
        if of is not None and w.row(str(of), str(key)) is None:
            raise Rejection("no_existe", f"El movimiento señala una fila de «{of}» que no existe.")

    def evento(self, op: Op) -> str | None:
        """What it does."""
        return "stock_actualizado"


class Existencia(DelServidor):
    """Added up from the movements."""

    def siguio(self, row: ReadRow) -> str | None:
        """Somebody should know when there is less than nothing."""
        return "stock_negativo" if int(row["stock"] or 0) < 0 else None
