"""The branch's own ways on paper: its clock, its currency."""

from sqlalchemy import Connection

from domain.base.dinero import formato
from domain.base.row import Row, Value
from domain.formatting import en_zona
from local_db import rows, state


def local_time(instant: Value, sucursal: Row | None) -> str:
    """An instant as the branch's clock shows it; empty for none, and for what isn't one."""
    return en_zona(instant, (sucursal or {}).get("zona_horaria"))


def sucursal_propia(connection: Connection) -> Row | None:
    """The branch of this station."""
    return rows.get(rows.raw(connection), "sucursal", state.read(connection).sucursal_id or "")


def precio(connection: Connection, centavos: Value) -> str:
    """An amount in minor units in the currency of this station's branch; empty for none."""
    if not isinstance(centavos, int):
        return ""
    return formato(centavos, str((sucursal_propia(connection) or {}).get("moneda") or "CLP"))
