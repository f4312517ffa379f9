"""Every column that is added up, added up anew: a difference is an error of this program, and is mended."""

import logging

from sqlalchemy import Connection

from domain.base.row import Row
from domain.model import SPECS, TABLES
from domain.sums import FEEDERS, SUMMED, Target, adds
from servitec_server import rows
from servitec_server.central import Central
from servitec_server.working_set import Key

log = logging.getLogger(__name__)


def recount(central: Central) -> dict[Key, Row]:
    """Compare every sum with what it is added up from; gives what was wrong, by what it should have been.

    Read first, and once more where something differs, alone in the database; what feeds others is mended before them.
    """
    with central.store.reading() as connection:
        if not any(_wrong(connection, tabla) for tabla in _summed()):
            return {}
    found: dict[Key, Row] = {}
    for tabla in _summed():
        found |= central.mend(lambda connection, tabla=tabla: _wrong(connection, tabla))  # type: ignore[misc]
    for (tabla, key), values in found.items():
        log.error("%s %s didn't hold its sum: %s", tabla, key, values)
    return found


def _summed() -> list[str]:
    return [spec.name for spec in reversed(SPECS) if FEEDERS[spec.name]]


def _wrong(connection: Connection, tabla: str) -> dict[Key, Row]:
    """The rows of a table whose sums aren't what their children add, and what those are."""
    totals: dict[Target, dict[str, int]] = {}
    for feeder in FEEDERS[tabla]:
        for row in _all(connection, feeder):
            for target, amounts in adds(TABLES[feeder], row).items():
                if target[0] == tabla:
                    there = totals.setdefault(target, {})
                    for column, amount in amounts.items():
                        there[column] = there.get(column, 0) + amount
    found: dict[Key, Row] = {}
    for row in _all(connection, tabla):
        key = (tabla, str(row["id"]))
        right: Row = {name: totals.get(key, {}).get(name, 0) for name in sorted(SUMMED[tabla])}
        if any(row[name] != value for name, value in right.items()):
            found[key] = right
    return found


def _all(connection: Connection, tabla: str) -> list[Row]:
    names = rows.COLUMNS[tabla]
    sql = f"SELECT {', '.join(names)} FROM {tabla}"  # noqa: S608
    return [rows.as_row(tabla, values) for values in rows.fetched(connection.exec_driver_sql(sql))]
