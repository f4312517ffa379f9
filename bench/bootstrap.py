"""A new station's first sync: cold and warm, its time and its memory, against a plain `executemany` of its rows."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measure import bar, reference, result
from local_db import state
from local_db.replica import Replica
from sync.credentials import FileStore
from sync.engine import SyncEngine
from sync.transport import HttpTransport
from testing.yard import Station, Yard

REPEATS = 3


def bootstrap(datos: Path | None, full: bool) -> dict[str, Any]:
    """Snapshot, checksum, quick_check, swap, pull of the rest."""
    orders = 1_000_000 if full else 100_000
    goal = 0.20 if full else 0.35
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), orders, datos)
        try:
            started = time.perf_counter()
            a = yard.station("a")
            cold = time.perf_counter() - started
            with reference(a, Path(name) / "ref.db") as (ref_s, _, _):
                pass
            runs = [_again(a) for _ in range(REPEATS)]
            a.close()
            memory = _memory(a)
        finally:
            yard.close()
    warm = sorted(runs)[REPEATS // 2]
    bars = [
        bar("warm_vs_ref", warm / ref_s, goal),
        bar("cold_vs_ref", cold / ref_s, None),
        bar("memory_mb_above_idle", memory, 40.0),
    ]
    return result("bootstrap", ref_s, bars, warm_s=warm, cold_s=cold, orders=orders)


def _again(station: Station) -> float:
    """Seconds of a bootstrap with a warm cache on the server."""
    with station.replica.writing() as writing:
        state.write(writing, rebuild=True)
    started = time.perf_counter()
    station.engine.cycle()
    return time.perf_counter() - started


def _memory(station: Station) -> float:
    """Megabytes above idle at the peak of a bootstrap, in a process of its own (Linux)."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.bootstrap", str(station.folder), station.transport.url],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout))


def _measure_memory(folder: Path, url: str) -> float:
    replica = Replica.open(folder)
    transport = HttpTransport(url, FileStore(folder / "credenciales.json"), 30)
    engine = SyncEngine(replica, transport)
    engine.cycle()
    with replica.writing() as writing:
        state.write(writing, rebuild=True)
    Path("/proc/self/clear_refs").write_text("5")
    idle = _status("VmRSS")
    engine.cycle()
    peak = _status("VmHWM")
    transport.close()
    replica.close()
    return (peak - idle) / 1000


def _status(name: str) -> float:
    """A figure of this process, in kB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return float(line.split()[1])
    raise RuntimeError(name)


if __name__ == "__main__":
    print(json.dumps(_measure_memory(Path(sys.argv[1]), sys.argv[2])))
