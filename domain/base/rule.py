"""What a slice has to say about the rows of a table. The engine asks (domain.rules); a slice overrides what differs."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.base.actor import Actor, Alcance
from domain.base.ambient import Ambient
from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row
from domain.base.sums import Sum
from domain.wire import Op


class Asking(Protocol):
    """What a rule may ask while the operations of one Cambio are applied in order."""

    @property
    def actor(self) -> Actor:
        """Its author."""

    @property
    def instant(self) -> str:
        """When it was made."""

    @property
    def codigos(self) -> frozenset[str]:
        """The folio code of the author's station, and those of the stations that it was before."""

    @property
    def happened(self) -> bool:
        """It was accepted once, in a history that was lost: transitions aren't checked again."""

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id as of now."""

    def root(self, tabla: str, row: ReadRow) -> Row:
        """The row that a child belongs to. Raises Rejection `no_existe`."""

    def before(self, tabla: str, key: str) -> Row | None:
        """A row as it was before an earlier operation of this Cambio. Raises KeyError: none named it."""

    def altas(self, tabla: str, column: str) -> Mapping[str, Sequence[Op]]:
        """The new rows of a table in this Cambio, by what they hold in a column."""

    def may(self, permiso: str, tabla: str, fila: ReadRow) -> bool:
        """Has the author this right on this row?"""

    def demand(self, permiso: str, tabla: str, fila: ReadRow) -> None:
        """Raise Rejection `permiso` unless he has."""

    def sees_field(self, tabla: str, campo: str) -> bool:
        """May the author know what stands there?"""

    def reach(self, permiso: str) -> Alcance | None:
        """How far he holds a right."""


class Knowing(Protocol):
    """What a rule may ask when it says what comes next."""

    @property
    def ambient(self) -> Ambient:
        """The server's clock and chance."""

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id as of now."""

    def children(self, tabla: str, column: str, key: str) -> list[Row]:
        """The rows of a table, not deleted, that hold this id in a column: at most 500."""


class Rule:
    """A table that people write by the matrix: `TABLA.crear`, `TABLA.editar`, `TABLA.borrar`."""

    sums: tuple[Sum, ...] = ()
    """What its rows add to others."""

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """May this row be made? Raises Rejection."""
        w.demand(f"{op.tabla}.crear", op.tabla, row)

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """May these columns of a row that is there change so? Raises Rejection.

        `op` is a cambio, or an alta of a row that is there: `campos` is what of it isn't fixed and differs.
        """
        w.demand(f"{op.tabla}.editar", op.tabla, current)
        w.demand(f"{op.tabla}.editar", op.tabla, {**current, **campos})

    def delete(self, w: Asking, op: Op, current: ReadRow) -> None:
        """May this row go? Raises Rejection."""
        w.demand(f"{op.tabla}.borrar", op.tabla, current)

    def together(self, ops: Sequence[Op]) -> None:
        """What must come, and mustn't, in one Cambio; asked once, with all its operations. Raises Rejection."""

    def derive(self, w: Asking, before: ReadRow | None, row: Row) -> None:
        """Fill the derived columns that need more than the row itself. Raises Rejection."""

    def computed(self, row: ReadRow) -> Row:
        """The derived columns that follow from the row alone. Raises Rejection."""
        return {}

    def then(self, w: Knowing, before: ReadRow | None, after: ReadRow) -> list[Op]:
        """What comes next of a row that changed: operations of SISTEMA, in the same version. On the server alone.

        They are taken together, like a Cambio of their own; where a rule refuses them, they are left out.
        """
        return []

    def siguio(self, row: ReadRow) -> str | None:
        """The event of a row that followed others; None: it is only told to stations."""
        return None

    def evento(self, op: Op) -> str | None:
        """The event that announces this operation; None: the one that is named after the table."""
        return None


class Catalogo(Rule):
    """What administrators keep; `importable`: whoever may import it makes entries too."""

    def __init__(self, *, importable: bool = False) -> None:
        self._importable = importable

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """By an administrator, or an import."""
        if not (self._importable and w.may("catalogo.importar", op.tabla, row)):
            w.demand("catalogo.editar", op.tabla, row)

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """By an administrator."""
        w.demand("catalogo.editar", op.tabla, current)
        w.demand("catalogo.editar", op.tabla, {**current, **campos})

    def delete(self, w: Asking, op: Op, current: ReadRow) -> None:
        """By an administrator."""
        w.demand("catalogo.editar", op.tabla, current)


class DelServidor(Rule):
    """What only the server writes."""

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """By nobody."""
        raise Rejection("permiso", "Estos registros sólo los escribe el servidor.")

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """By nobody."""
        raise Rejection("permiso", "Estos registros sólo los escribe el servidor.")

    def delete(self, w: Asking, op: Op, current: ReadRow) -> None:
        """By nobody."""
        raise Rejection("solo_anexar", "Estos registros no se borran.")
