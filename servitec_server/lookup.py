"""Where the rules read on the server: the rows of a transaction, as they are now."""

from dataclasses import dataclass

from domain.base.ambient import Ambient
from domain.base.row import Row
from servitec_server import rows
from servitec_server.working_set import WorkingSet

MOST_CHILDREN = 500
"""Rows that a rule may look at."""


@dataclass(frozen=True, slots=True)
class ServerLookup:
    """What a rule may ask here (domain.rules.Lookup, domain.base.rule.Knowing)."""

    rows: WorkingSet
    ambient: Ambient

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id as of now."""
        return self.rows.get(tabla, key)

    def next_number(self, serie: str) -> str | None:
        """The next number of a server series."""
        return str(self.rows.next_number(serie))

    def children(self, tabla: str, column: str, key: str) -> list[Row]:
        """The rows of a table, not deleted, that hold this id in a column: at most MOST_CHILDREN."""
        keys = set(rows.ids(self.rows.connection, tabla, [key], column, MOST_CHILDREN))
        keys |= {str(row["id"]) for row in self.rows.unwritten(tabla)}
        self.rows.load((tabla, one) for one in keys)
        found = (self.rows.get(tabla, one) for one in sorted(keys))
        here = [row for row in found if row is not None and row[column] == key and row.get("borrado_en") is None]
        return here[:MOST_CHILDREN]
