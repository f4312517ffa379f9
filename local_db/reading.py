"""What a question to the replica is asked on, for those who know no database."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection

from domain.base.row import Row, Value
from local_db import rows

Reading: TypeAlias = Connection
"""A consistent view of the replica, as `Replica.reading` and the desktop's `Tasks.read` give it."""


def row(connection: Reading, tabla: str, key: str) -> Row | None:
    """A whole visible row, or None."""
    return rows.get(rows.raw(connection), tabla, key)


def converted(found: Sequence[Any], how: Callable[[Any], Value], *places: int) -> list[Any]:
    """The values of a result row, those at `places` through `how`."""
    return [how(value) if i in places else value for i, value in enumerate(found)]
