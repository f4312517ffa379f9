"""The branch of this station, for what is printed without an order."""

from sqlalchemy import Connection

from domain.base.row import Row, Value
from domain.organizacion.formato import formato_de
from local_db import rows, state


def sucursal_propia(connection: Connection) -> Row | None:
    """The branch of this station."""
    return rows.get(rows.raw(connection), "sucursal", state.read(connection).sucursal_id or "")


def precio(connection: Connection, centavos: Value) -> str:
    """An amount in minor units in the currency of this station's branch; empty for none."""
    return formato_de(sucursal_propia(connection)).dinero(centavos)
