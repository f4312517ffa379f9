"""Import, push and pull of real orders against a plain `executemany` of the same rows.

A real server process and two stations, each command a process of its own, as a person runs them; the
reference writes the rows that the first station ended with into an empty file with the same PRAGMAs and
indexes, in one transaction.
"""

import csv
import json
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.schema import replica as schema
from domain.sqlite import PRAGMAS
from local_db.replica import Replica

SYNTHETIC_ROWS = 5000
SERVER = [sys.executable, "-m", "servitec_server"]
STATION = [sys.executable, "-m", "servitec_desktop"]


def synthetic(path: Path, rows: int) -> Path:
    """A file in the Open Repair Data Standard, for a machine without real data."""
    words = (
        *("no", "enciende", "pantalla", "rota", "batería", "ruido", "agua", "cable"),
        *("botón", "pierde", "fuerza", "se", "apaga", "café"),
    )
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["id", "data_provider", "country", "product_category", "brand", "repair_status", "group_identifier"]
            + ["event_date", "problem"]
        )
        for i in range(rows):
            problem = " ".join(words[(i * k) % len(words)] for k in (3, 5, 7, 11)) if i % 2 else ""
            status = ("Fixed", "Repairable", "End of life", "Unknown")[i % 4]
            day = f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}"
            group = f"Grupo {i % 90}"
            writer.writerow([f"syn_{i}", "Synthetic", "CHL", "Laptop", "Marca", status, group, day, problem])
    return path


def run(*command: str, stdin: str = "") -> str:
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}")
    return done.stdout


def station(folder: Path, *arguments: str, stdin: str = "") -> dict[str, Any]:
    options = ["--data-dir", str(folder), "--credentials-file", str(folder / "credenciales.json")]
    out = run(*STATION, *options, *arguments, stdin=stdin)
    return json.loads(out) if "--json" in arguments else {}


def timed(folder: Path, *arguments: str) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    out = station(folder, *arguments)
    return time.perf_counter() - started, out


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    command = [*SERVER, "serve", "--data-dir", str(folder), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        line = server.stdout.readline() if server.stdout else ""
        yield next(word for word in line.split() if word.startswith("http://"))
    finally:
        server.terminate()
        server.wait(15)


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


def measure(datos: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        root = Path(name)
        datos = datos or synthetic(root / "datos.csv", SYNTHETIC_ROWS)
        password = secrets.token_urlsafe(12)
        run(
            *SERVER, "create-user", "--data-dir", str(root / "s"), "--username", "jefa", "--rol", "supervisor",
            "--sucursal", "CENTRAL", stdin=password,
        )  # fmt: skip
        with serving(root / "s") as url:
            for folder in ("a", "b"):
                station(
                    root / folder, "enroll", "--server", url, "--username", "jefa", "--estacion", folder,
                    stdin=password,
                )  # fmt: skip
            import_s, imported = timed(root / "a", "import", "ordenes", str(datos), "--map", "ords", "--json")
            push_s, pushed = timed(root / "a", "sync", "--json")
            pull_s, pulled = timed(root / "b", "sync", "--json")
            idle_s, _ = timed(root / "b", "status", "--json")
        ref_s, rows = reference(root / "a", root / "ref.db")
    steps = (("import", import_s), ("push", push_s), ("pull", pull_s))
    bars = [
        {"name": f"{step}_orders_per_s", "value": imported["created"] / s, "bar": None, "ok": True} for step, s in steps
    ]
    bars += [{"name": f"{step}_vs_ref", "value": s / ref_s, "bar": None, "ok": True} for step, s in steps]
    bars += [
        {"name": "ref_rows_per_s", "value": rows / ref_s, "bar": None, "ok": True},
        {"name": "process_start_s", "value": idle_s, "bar": None, "ok": True},
    ]
    return {
        "bench": "spine",
        "ok": imported["created"] == pushed["pushed"] and pulled["up_to_date"],
        "bars": bars,
        "ref_s": ref_s,
        "orders": imported["created"],
        "rows": rows,
    }
