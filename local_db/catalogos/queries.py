"""The entries of catalogues."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.catalogos.tables import SPECS
from local_db.reading import converted

CATALOGOS = frozenset(spec.name for spec in SPECS)


@dataclass(frozen=True, slots=True)
class CatalogoFila:
    """An entry of a catalogue."""

    id: str
    codigo: str
    nombre: str
    color: str | None
    activo: bool


def catalogo(connection: Connection, tabla: str) -> list[CatalogoFila]:
    """The active entries of a catalogue, in its order."""
    if tabla not in CATALOGOS:
        raise ValueError(f"not a catalogue: {tabla}")
    sql = text(f"SELECT id, codigo, nombre, color, activo FROM {tabla} WHERE activo ORDER BY orden, nombre")  # noqa: S608
    return [CatalogoFila(*converted(found, bool, 4)) for found in connection.execute(sql)]
