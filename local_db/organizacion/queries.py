"""Who works here."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class TecnicoFila:
    """Somebody to whom an order can be given."""

    id: str
    nombre: str
    username: str | None


def tecnicos(connection: Connection) -> list[TecnicoFila]:
    """The employees whose account is a technician's."""
    sql = text(
        "SELECT e.id, trim(coalesce(e.nombre, '') || ' ' || coalesce(e.apellido, '')), u.username FROM empleado e "
        "JOIN usuario u ON u.empleado_id = e.id WHERE u.rol = 'tecnico' AND u.activo AND e.activo ORDER BY 2"
    )
    return [TecnicoFila(*found) for found in connection.execute(sql)]
