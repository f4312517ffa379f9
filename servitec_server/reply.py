"""Rows on their way to a station: in groups of one table and one set of columns, within its scope."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.base.row import ReadRow
from domain.model import TABLES
from domain.scope import Scope
from domain.wire import Grupo
from servitec_server.step import Touch
from servitec_server.working_set import Key

NOTHING = Scope(frozenset(), "", None, costs=False, hash="")
"""The scope of nobody: he is told nothing of any row, not even that he mustn't have it."""


@dataclass(slots=True)
class RowsReply:
    """Collects the rows of one reply; a later word on a row replaces or extends the earlier."""

    scope: Scope
    estacion_id: str
    schema: int
    _rows: dict[Key, tuple[ReadRow | None, Touch]] = field(default_factory=dict)

    def add(self, tabla: str, key: str, row: ReadRow | None, touch: Touch) -> None:
        """A row as the server holds it now, and how much of it the station lacks."""
        spec = TABLES[tabla]
        if self.scope == NOTHING or spec.since > self.schema:
            return
        if row is None or not self.scope.includes(spec, row, self.estacion_id):
            self._rows[tabla, key] = (None, Touch(None))
            return
        self._put((tabla, key), row, touch)

    def take(self, later: "RowsReply") -> None:
        """What a later transaction of the same request has to say."""
        for key, (row, touch) in later._rows.items():
            self._put(key, row, touch)

    def _put(self, key: Key, row: ReadRow | None, touch: Touch) -> None:
        earlier = self._rows.get(key)
        self._rows[key] = (row, earlier[1].then(touch) if earlier else touch)

    @property
    def ausentes(self) -> list[tuple[str, str]]:
        """The rows that the station must not have."""
        return [key for key, (row, _) in self._rows.items() if row is None]

    def grupos(self) -> list[Grupo]:
        """The rows, grouped."""
        groups: dict[tuple[str, bool, tuple[str, ...]], Grupo] = {}
        for (tabla, _), (row, touch) in self._rows.items():
            if row is None:
                continue
            allowed = self.scope.columns(TABLES[tabla], self.schema)
            names = allowed if touch.base is None else ("id", "version", *sorted(touch.names.intersection(allowed)))
            put(groups, tabla, names, row, touch.base)
        return list(groups.values())


def put(
    groups: dict[tuple[str, bool, tuple[str, ...]], Grupo],
    tabla: str,
    names: Sequence[str],
    row: ReadRow,
    base: int | None,
) -> None:
    """Put one row into the group of its table and columns."""
    key = (tabla, base is None, tuple(names))
    group = groups.get(key)
    if group is None:
        group = Grupo(tabla=tabla, entera=base is None, columnas=list(names), filas=[])
        groups[key] = group
    group.filas.append([row[n] for n in names])
    if base is not None:
        group.bases.append(base)
