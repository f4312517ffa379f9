"""A new company's branch."""

from domain.base.row import Row

CENTRAL = "CENTRAL"


def iniciales() -> list[tuple[str, Row]]:
    """(table, columns) of the first rows."""
    return [("sucursal", {"codigo": CENTRAL, "nombre": "Central"})]
