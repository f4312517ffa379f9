"""A condition on a row that is both asked of a row in hand and written as SQL: one declaration, two forms.

`holds` is the first form; whoever has a database renders the second (servitec_server.where). A column that the row
lacks is null.
"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.base.row import ReadRow, Row, Value

Find = Callable[[str, str], Row | None]
"""The row of a table with this id."""


@dataclass(frozen=True, slots=True)
class Is:
    """The column holds this value; null never does."""

    column: str
    value: Value

    def holds(self, row: ReadRow, find: Find) -> bool:
        """Does it hold of this row?"""
        return self.value is not None and row.get(self.column) == self.value


@dataclass(frozen=True, slots=True)
class Null:
    """The column holds nothing."""

    column: str

    def holds(self, row: ReadRow, find: Find) -> bool:
        """Does it hold of this row?"""
        return row.get(self.column) is None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these; of none: any row."""

    parts: tuple["Condition", ...] = ()

    def holds(self, row: ReadRow, find: Find) -> bool:
        """Does it hold of this row?"""
        for part in self.parts:  # noqa: SIM110  (asked for every change of every row: a generator takes twice as long)
            if not part.holds(row, find):
                return False
        return True


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these; of none: no row."""

    parts: tuple["Condition", ...] = ()

    def holds(self, row: ReadRow, find: Find) -> bool:
        """Does it hold of this row?"""
        for part in self.parts:  # noqa: SIM110  (the same)
            if part.holds(row, find):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Of:
    """The row that `column` refers to is there, in `tabla`, and this holds of it."""

    tabla: str
    column: str
    condition: "Condition"

    def holds(self, row: ReadRow, find: Find) -> bool:
        """Does it hold of this row?"""
        key = row.get(self.column)
        found = None if key is None else find(self.tabla, str(key))
        return found is not None and self.condition.holds(found, find)


Condition = Is | Null | AllOf | AnyOf | Of
ALWAYS = AllOf()
NEVER = AnyOf()
