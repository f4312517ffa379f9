"""How the people of a branch read values."""

from domain.base.row import ReadRow
from domain.formatting import Formato


def formato_de(sucursal: ReadRow | None) -> Formato:
    """By this branch's clock, currency and country."""
    row = sucursal or {}
    return Formato(str(row.get("zona_horaria") or ""), str(row.get("moneda") or "CLP"), str(row.get("pais") or ""))
