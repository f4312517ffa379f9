"""Rows that follow others: how much a row adds to which, on both sides. A removed or marked row adds nothing."""

from collections.abc import Iterable

from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row
from domain.base.table import COMMON, TableSpec
from domain.base.values import MAX_INT
from domain.model import SPECS, TABLES

Target = tuple[str, str]
"""The table and id of a row that is fed."""
Amounts = dict[str, int]
"""By column."""

_ORDER = {spec.name: place for place, spec in enumerate(SPECS)}
FEEDERS: dict[str, tuple[str, ...]] = {
    name: tuple(s.name for s in SPECS if any(found.into == name for found in s.regla.sums)) for name in TABLES
}
"""For each table, those whose rows feed it."""
SUMMED: dict[str, frozenset[str]] = {
    name: frozenset(found.column for s in SPECS for found in s.regla.sums if found.into == name) for name in TABLES
}
"""For each table, its columns that are added up."""


def adds(spec: TableSpec, row: ReadRow | None) -> dict[Target, Amounts]:
    """What a row adds, to which rows; also where that is nothing."""
    found: dict[Target, Amounts] = {}
    if row is None or row.get("borrado_en") is not None:
        return found
    for one in spec.regla.sums:
        key = one.key(row)
        if key is not None:
            amounts = found.setdefault((one.into, key), {})
            amounts[one.column] = amounts.get(one.column, 0) + one.amount(row)
    return found


def difference(spec: TableSpec, before: ReadRow | None, after: ReadRow | None) -> dict[Target, Amounts]:
    """What a change of a row adds, to which rows; nothing where nothing changes."""
    if not spec.regla.sums:
        return {}
    found = adds(spec, after)
    for target, amounts in adds(spec, before).items():
        there = found.setdefault(target, {})
        for column, amount in amounts.items():
            there[column] = there.get(column, 0) - amount
    moved = {target: {c: n for c, n in amounts.items() if n} for target, amounts in found.items()}
    return {target: amounts for target, amounts in moved.items() if amounts}


def made(spec: TableSpec, row: ReadRow, target: Target) -> Row | None:
    """The row that a child feeds, where it isn't there yet; None: it has to be."""
    for one in spec.regla.sums:
        if one.makes is not None and (one.into, one.key(row)) == target:
            fresh: Row = {col.name: col.default for col in COMMON + TABLES[one.into].cols}
            return {**fresh, **one.makes(row), "id": target[1]}
    return None


def added(tabla: str, row: ReadRow, amounts: Amounts) -> Row:
    """A row with these amounts, and what is computed from it. Raises Rejection."""
    after: Row = dict(row)
    for column, amount in amounts.items():
        if column not in row:
            continue  # a column that this scope lacks
        total = int(row[column] or 0) + amount
        if abs(total) > MAX_INT:
            raise Rejection(
                "campo", f"Con esto {TABLES[tabla].campo(column)} pasa de {MAX_INT}.", "Revise los números."
            )
        after[column] = total
    return {**after, **TABLES[tabla].regla.computed(after)}


def children_first(keys: Iterable[Target]) -> list[Target]:
    """What feeds others before what it feeds."""
    return sorted(keys, key=lambda key: (-_ORDER[key[0]], key[1]))
