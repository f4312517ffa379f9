"""The rows of one write transaction: read once, changed in memory, written set by set.

Each Cambio works in a `step` of its own: what it did is kept or forgotten as a whole, as in a savepoint.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from domain.base.row import Row, Value
from domain.model import SPECS, TABLES
from servitec_server import rows
from servitec_server.history import keep_number, last_number

Key = tuple[str, str]
_ORDER = {spec.name: i for i, spec in enumerate(SPECS)}


class WorkingSet:
    """Rows by (table, id). A row given out is never changed in place."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._stored: dict[Key, Row | None] = {}
        self._rows: dict[Key, Row | None] = {}
        self._dirty: dict[Key, None] = {}
        self._undo: dict[Key, Row | None] = {}
        self._undo_unique: dict[tuple[str, str, Value], str | None] = {}
        self._unique: dict[tuple[str, str, Value], str | None] = {}
        self._series: dict[str, int] = {}
        self._depth = 0

    def load(self, keys: Iterable[Key]) -> None:
        """Read these rows, table by table, where they aren't known."""
        wanted: dict[str, set[str]] = {}
        for tabla, key in keys:
            if (tabla, key) not in self._rows:
                wanted.setdefault(tabla, set()).add(key)
        for tabla, ids in wanted.items():
            self._stored.update(dict.fromkeys((tabla, key) for key in ids))
            for row in rows.get_many(self.connection, tabla, sorted(ids)):
                self._stored[tabla, str(row["id"])] = row
            for key in ids:
                self._rows[tabla, key] = self._stored[tabla, key]

    def load_unique(self, values: Iterable[tuple[str, str, Value]]) -> None:
        """Look these (table, column, value) of unique columns up."""
        wanted: dict[tuple[str, str], set[Value]] = {}
        for tabla, column, value in values:
            if (tabla, column, value) not in self._unique and value is not None:
                wanted.setdefault((tabla, column), set()).add(value)
        for (tabla, column), found in wanted.items():
            self._unique.update(dict.fromkeys((tabla, column, value) for value in found))
            for row in rows.get_many(self.connection, tabla, found, by=column):
                self._unique[tabla, column, row[column]] = str(row["id"])

    def get(self, tabla: str, key: str) -> Row | None:
        """The row as of now."""
        if (tabla, key) not in self._rows:
            self.load([(tabla, key)])
        return self._rows[tabla, key]

    def holder(self, tabla: str, column: str, value: Value) -> str | None:
        """The id of the row that has this value in a unique column."""
        if (tabla, column, value) not in self._unique:
            self.load_unique([(tabla, column, value)])
        key = self._unique[tabla, column, value]
        row = self.get(tabla, key) if key is not None else None
        return key if row is not None and row[column] == value else None

    def put(self, tabla: str, row: Row) -> None:
        """Insert or replace a row."""
        key = (tabla, str(row["id"]))
        self._keep(key)
        self._rows[key] = row
        for column in TABLES[tabla].unique:
            if row[column] is not None:
                held = (tabla, column, row[column])
                if held in self._unique:
                    self._undo_unique.setdefault(held, self._unique[held])
                self._unique[held] = key[1]

    def drop(self, tabla: str, key: str) -> None:
        """Delete a row."""
        self._keep((tabla, key))
        self._rows[tabla, key] = None

    def unwritten(self, tabla: str) -> list[Row]:
        """The rows of a table that aren't in the database as they are now."""
        return [row for t, key in self._dirty if t == tabla and (row := self._rows[t, key]) is not None]

    def next_number(self, nombre: str) -> int:
        """The next number of a series, from 1; a forgotten step leaves a gap."""
        if nombre not in self._series:
            self._series[nombre] = last_number(self.connection, nombre)
        self._series[nombre] += 1
        return self._series[nombre]

    def reserve(self, nombre: str, number: int) -> None:
        """A number that is taken isn't given any more."""
        if nombre not in self._series:
            self._series[nombre] = last_number(self.connection, nombre)
        self._series[nombre] = max(self._series[nombre], number)

    @contextmanager
    def step(self) -> Iterator[None]:
        """One Cambio, or a part of one: an exception takes back what it did."""
        around = self._undo, self._undo_unique
        self._undo, self._undo_unique = {}, {}
        self._depth += 1
        try:
            yield
        except BaseException:
            self._rows.update(self._undo)
            self._unique.update(self._undo_unique)
            raise
        else:
            if self._depth > 1:  # what is around it may still be taken back
                around = self._undo | around[0], self._undo_unique | around[1]
        finally:
            self._undo, self._undo_unique = around
            self._depth -= 1

    def flush(self) -> None:
        """Write what changed: new rows parents first, then changes, then deletions children first.

        Not inside a step: what it did could no longer be taken back.
        """
        new: dict[str, list[Row]] = {}
        changed: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
        gone: dict[str, list[str]] = {}
        for tabla, key in self._dirty:
            before, after = self._stored[tabla, key], self._rows[tabla, key]
            self._stored[tabla, key] = after
            if after is None:
                if before is not None:
                    gone.setdefault(tabla, []).append(key)
            elif before is None:
                new.setdefault(tabla, []).append(after)
            else:
                names = tuple(rows.differing(before, after))
                if names:
                    changed.setdefault((tabla, names), []).append(after)
        self._dirty.clear()
        for tabla in sorted(new, key=_ORDER.__getitem__):
            rows.add(self.connection, tabla, new[tabla])
        for (tabla, names), found in changed.items():
            rows.change(self.connection, tabla, names, found)
        for tabla in sorted(gone, key=_ORDER.__getitem__, reverse=True):
            rows.drop(self.connection, tabla, gone[tabla])
        for nombre, ultimo in self._series.items():
            keep_number(self.connection, nombre, ultimo)

    def _keep(self, key: Key) -> None:
        """Remember the row as it was before this step."""
        if key not in self._rows:
            self.load([key])
        self._undo.setdefault(key, self._rows[key])
        self._dirty[key] = None
