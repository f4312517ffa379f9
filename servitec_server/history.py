"""Where the server stands: the newest version, and the numbers that it gives."""

from sqlalchemy import Connection, insert

from servitec_server import rows
from servitec_server.tables import metadata


def head(connection: Connection) -> tuple[int, str | None]:
    """The newest version and the id of its Cambio; (0, None) in an empty history."""
    found = rows.first(connection, "SELECT version, cambio_id FROM cambio ORDER BY version DESC LIMIT 1")
    return (0, None) if found is None else (int(found[0]), str(found[1]))


def next_number(connection: Connection, nombre: str) -> int:
    """The next number of a series, from 1."""
    serie = metadata.tables["serie"]
    updated = serie.update().where(serie.c.nombre == nombre).values(ultimo=serie.c.ultimo + 1)
    found = connection.execute(updated.returning(serie.c.ultimo)).scalar()
    if found is None:
        connection.execute(insert(serie), {"nombre": nombre, "ultimo": 1})
        return 1
    return int(found)
