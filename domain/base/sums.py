"""A column that is added up from other rows: declared on the child's rule."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.base.row import ReadRow, Row


@dataclass(frozen=True, slots=True)
class Sum:
    """What a row adds to a column of another.

    into: the table of that row; it stands before this one in the model. key: its id (None: it feeds nothing).
    amount: what this row adds. reads: all the columns that both are given. makes: the fixed columns of a row that
    isn't there yet. Nothing else goes into a sum: no clock, no look-up, no actor.
    """

    into: str
    key: Callable[[ReadRow], str | None]
    column: str
    amount: Callable[[ReadRow], int]
    reads: tuple[str, ...]
    makes: Callable[[ReadRow], Row] | None = None
