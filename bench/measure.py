"""What the benches share: the reference of a plain SQLite, and how a measurement is told."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_db import rows
from storage.sqlite import PRAGMAS
from testing.yard import Station

INDEXES = ("cliente_id", "estado", "recepcion_en")


@contextmanager
def reference(station: Station, path: Path) -> Iterator[tuple[float, sqlite3.Connection, list[str]]]:
    """Seconds of a plain `executemany` of the station's orders; then the connection, and the columns."""
    names = list(rows.COLUMNS["orden"])
    with station.replica.reading() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(f"SELECT {', '.join(names)} FROM orden")]
    db = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        db.execute(f"CREATE TABLE orden ({names[0]} TEXT PRIMARY KEY, {', '.join(names[1:])})")
        for name in INDEXES:
            db.execute(f"CREATE INDEX ix_{name} ON orden ({name})")
        started = time.perf_counter()
        _in_one(db, f"INSERT INTO orden VALUES ({', '.join('?' * len(names))})", found)
        yield time.perf_counter() - started, db, names
    finally:
        db.close()


def raw_upsert(db: sqlite3.Connection, names: Sequence[str], found: list[tuple[Any, ...]]) -> float:
    """Seconds of a plain upsert of whole rows into the reference."""
    sets = ", ".join(f"{n} = excluded.{n}" for n in names if n != "id")
    sql = f"INSERT INTO orden ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "
    started = time.perf_counter()
    _in_one(db, sql + f"ON CONFLICT (id) DO UPDATE SET {sets}", found)
    return time.perf_counter() - started


def _in_one(db: sqlite3.Connection, sql: str, found: list[tuple[Any, ...]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.executemany(sql, found)
    db.execute("COMMIT")


def changed_rows(station: Station, names: Sequence[str], tag: str) -> list[tuple[Any, ...]]:
    """The whole rows that `Station.change` changed."""
    sql = f"SELECT {', '.join(names)} FROM orden WHERE diagnostico LIKE 'diagnostico {tag} %'"
    with station.replica.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def timed(work: Any) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile of a sample, without interpolation."""
    found = sorted(values)
    return found[min(len(found) - 1, int(q * len(found)))]


def bar(name: str, value: float, goal: float | None) -> dict[str, Any]:
    """One line of a result."""
    return {"name": name, "value": round(value, 4), "bar": goal, "ok": goal is None or value <= goal}


def result(bench: str, ref_s: float, bars: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """What a bench prints."""
    return {"bench": bench, "ok": all(b["ok"] for b in bars), "bars": bars, "ref_s": ref_s, **more}
