"""What accounts are added up from, and what comes of that."""

from domain.base.actions import editar
from domain.base.row import ReadRow, Row
from domain.base.rule import Asking, Knowing, Rule
from domain.base.sums import Sum
from domain.wire import Op
from testing.slice_prueba.states import CUENTA


class Cuenta(Rule):
    """What is owed is charged less paid; at nothing it is paid."""

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """In its first state."""
        super().make(w, op, row)
        CUENTA.exigir_creacion(w.actor, row)

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """Its state by the machine."""
        if "estado" in campos:
            CUENTA.exigir_transicion(w.actor, current, str(campos["estado"]), motivo=False)
        if campos.keys() - {"estado"}:
            super().change(w, op, campos, current)

    def computed(self, row: ReadRow) -> Row:
        """What is owed."""
        return {"saldo_centavos": int(row["cargado_centavos"] or 0) - int(row["abonado_centavos"] or 0)}

    def then(self, w: Knowing, before: ReadRow | None, after: ReadRow) -> list[Op]:
        """Paid, where something was owed and nothing is."""
        owed = before is not None and before["saldo_centavos"] != 0
        if owed and after["saldo_centavos"] == 0 and after["estado"] == "abierta":
            return editar("prueba_cuenta", after, {"estado": "pagada"})
        return []


class Cargo(Rule):
    """A charge is the sum of its lines, and adds to its account."""

    sums = (
        Sum(
            into="prueba_cuenta",
            key=lambda row: str(row["cuenta_id"]),
            column="cargado_centavos",
            amount=lambda row: int(row["total_centavos"] or 0),
            reads=("cuenta_id", "total_centavos"),
        ),
    )


class Renglon(Rule):
    """A line adds its amount to its charge."""

    sums = (
        Sum(
            into="prueba_cargo",
            key=lambda row: str(row["cargo_id"]),
            column="total_centavos",
            amount=lambda row: int(row["monto_centavos"] or 0) * int(row["cantidad"] or 0),
            reads=("cargo_id", "monto_centavos", "cantidad"),
        ),
    )


class Pago(Rule):
    """What was paid, wherever; one that is void adds nothing."""

    sums = (
        Sum(
            into="prueba_cuenta",
            key=lambda row: str(row["cuenta_id"]),
            column="abonado_centavos",
            amount=lambda row: int(row["monto_centavos"] or 0) if row["vigente"] else 0,
            reads=("cuenta_id", "monto_centavos", "vigente"),
        ),
    )
