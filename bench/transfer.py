"""Push, pull, nothing to do, and bytes on the wire, against a plain upsert of the same rows."""

import json
import tempfile
from pathlib import Path
from typing import Any

from bench.measure import bar, changed_rows, quantile, raw_upsert, reference, result, timed
from testing.yard import Station, Yard

CHANGES = 10_000
NOOP_CYCLES = 60


def push(datos: Path | None, full: bool) -> dict[str, Any]:
    """10,000 changes of 4 columns, each its own Cambio."""
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), _orders(full), datos)
        try:
            a = yard.station("a")
            a.engine.cycle()  # the digest of the day
            a.change(CHANGES, "uno")
            with reference(a, Path(name) / "ref.db") as (ref_s, db, names):
                raw_s = raw_upsert(db, names, changed_rows(a, names, "uno"))
            spent = timed(a.engine.cycle)
            a.close()
        finally:
            yard.close()
    bars = [bar("push_vs_raw_upsert", spent / raw_s, 9.0), bar("push_changes_per_s", -CHANGES / spent, None)]
    bars[1]["value"] = round(CHANGES / spent)
    return result("push", ref_s, bars, raw_upsert_s=raw_s, push_s=spent)


def pull(datos: Path | None, full: bool) -> dict[str, Any]:
    """10,000 changed rows, 4 columns each, that another station pushed."""
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), _orders(full), datos)
        try:
            a, b = yard.station("a"), yard.station("b")
            b.engine.cycle()
            a.change(CHANGES, "uno")
            a.engine.cycle()
            spent = timed(b.engine.cycle)
            with reference(b, Path(name) / "ref.db") as (ref_s, db, names):
                found = changed_rows(b, names, "uno")
                raw_s = raw_upsert(db, names, found)
            complete = len(found) == CHANGES
            a.close()
            b.close()
        finally:
            yard.close()
    bars = [bar("pull_vs_raw_upsert", spent / raw_s, 1.5), bar("missing_rows", float(not complete), 0)]
    return result("pull", ref_s, bars, raw_upsert_s=raw_s, pull_s=spent)


def noop(datos: Path | None, full: bool) -> dict[str, Any]:
    """A cycle that finds nothing to do, on replicas of growing size."""
    bars, medians = [], []
    for orders in (10_000, 1_000_000 if full else 100_000):
        with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
            yard = Yard(Path(name), orders, datos)
            try:
                a = yard.station("a")
                a.engine.cycle()
                pairs = [(timed(a.engine.cycle), timed(a.transport.health)) for _ in range(NOOP_CYCLES)]
                cycle, bare = (1000 * quantile(times, 0.5) for times in zip(*pairs, strict=True))
                medians.append(cycle)
                a.close()
            finally:
                yard.close()
        bars.append(bar(f"cycle_ms_{orders}", medians[-1], None))
        bars.append(bar(f"cycle_vs_bare_request_{orders}", medians[-1] / bare, 2.5))
    bars.append(bar("growth", medians[1] / medians[0], 1.25))
    return result("noop", medians[0] / 1000, bars)


def wire(datos: Path | None, full: bool) -> dict[str, Any]:
    """Bytes received for a snapshot and for 10,000 changes, against plain JSON of the same rows."""
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), _orders(full), datos)
        try:
            a = yard.station("a")
            b = yard.station("b")
            a.change(CHANGES, "uno")
            a.engine.cycle()
            replies: list[Any] = []
            b.transport._client.event_hooks["response"].append(replies.append)
            b.engine.cycle()
            received = sum(int(reply.num_bytes_downloaded) for reply in replies)
            changed = _json_bytes(b, "WHERE diagnostico LIKE 'diagnostico uno %'", changed_only=True)
            whole = _json_bytes(b, "WHERE diagnostico LIKE 'diagnostico uno %'")
            packed = sum(p.stat().st_size for p in (yard.root / "servidor" / "instantaneas").glob("*.zst"))
            snapshot = packed / _json_bytes(a, "")
            a.close()
            b.close()
        finally:
            yard.close()
    bars = [
        bar("snapshot_vs_json", snapshot, 0.36),
        bar("changes_vs_json_of_whole_rows", received / whole, 0.27),
        bar("changes_vs_json_of_changed_columns", received / changed, 0.27),
    ]
    return result("wire", 0.0, bars, snapshot_bytes=packed, changes_bytes=received)


def _json_bytes(station: Station, where: str, *, changed_only: bool = False) -> int:
    """Plain JSON of orders, an object a row."""
    columns = "id, version, actualizado_en, estacion_id, diagnostico, trabajo_realizado, ubicacion_fisica, canal_origen"
    total = 0
    with station.replica.reading() as connection:
        for row in connection.exec_driver_sql(
            f"SELECT {columns if changed_only else '*'} FROM orden {where}"
        ).mappings():
            values = {k: v for k, v in row.items() if k != "rid"}
            total += len(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()) + 1
    return total


def _orders(full: bool) -> int:
    return 1_000_000 if full else 100_000
