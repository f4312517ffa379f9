"""What a kind of label is. Each stands in a file of `kinds`, whole: what it says, of which row, how it is named."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from domain.base.errors import KnownError
from domain.base.row import Row
from local_db import rows
from local_db.ordenes import queries

Values = dict[str, str]
Make = Callable[[Connection, str, str | None], list[Values]]


@dataclass(frozen=True, slots=True)
class LabelKind:
    """A kind of label. Its words for people stand in the window's catalogue, too."""

    name: str
    tabla: str
    """Of the row that a label of it is made from."""
    nombre: str
    explicacion: str
    titulo: str
    """What one is called in the queue, from its values."""
    campos: dict[str, tuple[str, str]]
    """What a template may say: name -> (what it is, a sample)."""
    hacer: Make
    claves: tuple[str, ...]
    """By what its row is named on the command line, besides its id."""
    lugar: int = 100
    """Where it is told among the others: the smallest first."""
    al_recibir: bool = False
    """Does a reception print it by itself?"""
    hay: Callable[[Connection, str], bool] = lambda _connection, _key: True
    """Has this row any?"""

    def valores(self, connection: Connection, key: str, publica: str | None = None) -> list[Values]:
        """The values of each label of this kind for a row: one, and one an accessory.

        publica: the address of the public status page, to which an order's public code is added.

        Raises:
            KnownError: the row isn't here, or has none of it.
        """
        return self.hacer(connection, key, publica)

    def muestra(self) -> Values:
        """Sample values."""
        return {name: sample for name, (_, sample) in self.campos.items()}


def of_row(tabla: str, make: Callable[[Connection, Row], Values]) -> Make:
    """The values of a kind with one label a row, made from the row alone."""

    def values(connection: Connection, key: str, _: str | None) -> list[Values]:
        row = rows.get(rows.raw(connection), tabla, key)
        if row is None:
            raise KnownError(
                f"Lo que se quiere imprimir ({tabla}) no está en esta estación.", "Sincronice e intente de nuevo."
            )
        return [make(connection, row)]

    return values


def word(row: Row | None, name: str) -> str:
    """A column as text; empty for none."""
    value = (row or {}).get(name)
    return "" if value is None else str(value)


def joined(*words: str | None) -> str:
    """Those that say something."""
    return " ".join(word for word in words if word)


def detail_of(connection: Connection, orden_id: str) -> queries.OrdenDetalle:
    """An order.

    Raises:
        KnownError: it isn't here.
    """
    detail = queries.orden(connection, orden_id)
    if detail is None:
        raise KnownError("Esa orden no está en esta estación.", "Sincronice e intente de nuevo.")
    return detail


def device(connection: Connection, equipo: Row | None) -> str:
    """Kind, make and model of a device."""
    kind = rows.get(rows.raw(connection), "tipo_equipo", str((equipo or {}).get("tipo_equipo_id") or ""))
    return joined(word(kind, "nombre"), word(equipo, "marca"), word(equipo, "modelo"))
