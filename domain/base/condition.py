"""A condition on a row that is both asked of a row in hand and written as SQL: one declaration, two forms.

`holds` is the first form; whoever has a database renders the second (servitec_server.where).
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


@dataclass(frozen=True, slots=True)
class Null:
    """The column holds nothing."""

    column: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these; of none: any row."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these; of none: no row."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Of:
    """The row that `column` refers to is there, in `tabla`, and this holds of it."""

    tabla: str
    column: str
    condition: "Condition"


Condition = Is | Null | AllOf | AnyOf | Of
ALWAYS = AllOf()
NEVER = AnyOf()


def holds(condition: Condition, row: ReadRow, find: Find) -> bool:
    """Does it hold of this row? A column that the row lacks is null."""
    match condition:
        case Is(column, value):
            return value is not None and row.get(column) == value
        case Null(column):
            return row.get(column) is None
        case AllOf(parts):
            return all(holds(part, row, find) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row, find) for part in parts)
        case Of(tabla, column, inner):
            key = row.get(column)
            found = None if key is None else find(tabla, str(key))
            return found is not None and holds(inner, found, find)
