"""Import, push and pull of real orders against a plain `executemany` of the same rows.

A real server process and two stations, each command a process of its own, as a person runs them; the
reference writes the rows that the first station ended with into an empty file with the same PRAGMAs and
indexes, in one transaction.
"""

import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

from local_db.replica import Replica
from storage.schema import replica as schema
from storage.sqlite import PRAGMAS
from testing.company import Company, synthetic

SYNTHETIC_ROWS = 5000


def reference(folder: Path, target: Path) -> tuple[float, int]:
    """Seconds and rows of a plain `executemany` of every replicated row of the station in `folder`."""
    station_replica = Replica.open(folder, write=False)
    try:
        with station_replica.reading() as connection:
            rows = {
                table.name: [tuple(row)[1:] for row in connection.execute(table.select())]
                for table in schema.sorted_tables
            }
    finally:
        station_replica.close()
    db = sqlite3.connect(target, isolation_level=None)
    for pragma in PRAGMAS:
        db.execute(f"PRAGMA {pragma}")
    for table in schema.sorted_tables:
        columns = ", ".join(c.name for c in table.columns)
        db.execute(f"CREATE TABLE {table.name} (rid INTEGER PRIMARY KEY, id TEXT UNIQUE, {columns.split(', id, ')[1]})")
        for index in table.indexes:
            db.execute(f"CREATE INDEX {index.name} ON {table.name} ({', '.join(c.name for c in index.columns)})")
    started = time.perf_counter()
    db.execute("BEGIN IMMEDIATE")
    for table in schema.sorted_tables:
        names = [c.name for c in table.columns][1:]
        marks = ", ".join("?" * len(names))
        db.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows[table.name])
    db.execute("COMMIT")
    seconds = time.perf_counter() - started
    db.close()
    return seconds, sum(map(len, rows.values()))


def measure(datos: Path | None, _: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        root = Path(name)
        company = Company(root)
        company.start()
        try:
            steps, results = _steps(company, datos or synthetic(root / "datos.csv", SYNTHETIC_ROWS))
        finally:
            company.stop()
        ref_s, rows = reference(root / "a", root / "ref.db")
    created = results["import"]["created"]
    figures = {f"{step}_orders_per_s": created / s for step, s in steps.items() if step != "start"}
    figures |= {f"{step}_vs_ref": s / ref_s for step, s in steps.items() if step != "start"}
    figures |= {"ref_rows_per_s": rows / ref_s, "process_start_s": steps["start"]}
    return {
        "bench": "spine",
        "ok": created == results["push"]["pushed"] and results["pull"]["up_to_date"],
        "bars": [{"name": name, "value": round(value, 3), "bar": None, "ok": True} for name, value in figures.items()],
        "ref_s": ref_s,
        "orders": created,
        "rows": rows,
    }


def _steps(company: Company, datos: Path) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds and output of each step; `start` is a command that does next to nothing."""
    for station in ("a", "b"):
        company.enroll(station)
    commands = {
        "import": ("a", "import", "ordenes", str(datos), "--map", "ords", "--json"),
        "push": ("a", "sync", "--json"),
        "pull": ("b", "sync", "--json"),
        "start": ("b", "status", "--json"),
    }
    seconds, results = {}, {}
    for step, command in commands.items():
        started = time.perf_counter()
        results[step] = company.station(*command)
        seconds[step] = time.perf_counter() - started
    return seconds, results
