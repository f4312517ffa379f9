"""From a save on one station to its commit on another; a thousand sockets; saves at the desk during a pull."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import websockets

from bench import floor
from bench.beside import Beside
from bench.measure import bar, quantile, result
from domain.base import actions
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from local_db import people, rows
from local_db.ordenes import reception
from local_db.replica import Changes, Replica
from sync.credentials import FileStore
from sync.engine import SyncEngine
from sync.live import Live
from sync.service import SyncService
from sync.transport import HttpTransport
from testing.yard import Station, Yard, seed

SAMPLES = 200
SOCKETS = 1000
EVENTS = 20
SAVES_EVERY_S = 0.05
ALONE = 100


class Running:
    """A station with its background work, as in the window."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.service = SyncService(station.replica, station.engine, None, 300)
        service = self.service
        service.live = Live(station.transport, station.replica.ambient, service.nudge, service.doubt, service.hear)
        self.service.start()

    def close(self) -> None:
        self.service.close()
        self.station.close()


def live(datos: Path | None, full: bool) -> dict[str, Any]:
    """200 changes, one after the other, each until the other station, a process of its own, has committed it."""
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), 1_000_000 if full else 100_000, datos)
        try:
            a, b = Running(yard.station("a")), yard.station("b")
            b.close()
            with Beside("bench.live", "station", str(b.folder), yard.company.url) as other:
                samples = [_seen_after(a.station, other, i) for i in range(SAMPLES + 5)][5:]
            a.close()
        finally:
            yard.close()
    least = quantile(floor.samples(), 0.5)
    bars = [
        bar("p50_vs_floor", quantile(samples, 0.5) / least, 1.6),
        bar("floor_p50_ms", 1000 * least, None),
        bar("p50_ms", 1000 * quantile(samples, 0.5), None),
        bar("p99_ms", 1000 * quantile(samples, 0.99), None),
    ]
    return result("live", statistics.fmean(samples), bars)


def _seen_after(a: Station, b: Beside, i: int) -> float:
    """Seconds from the call that saves on `a` to the commit on `b`."""
    with a.replica.reading() as connection:
        sql = f"SELECT id FROM orden ORDER BY id LIMIT 1 OFFSET {i * 7:d}"
        key = str(connection.exec_driver_sql(sql).scalar())
        vista = rows.get(rows.raw(connection), "orden", key) or {}
    started = time.perf_counter()
    people.guardar(a.replica, a.actor(), actions.editar("orden", vista, {"diagnostico": f"visto {i} {started}"}))
    while (told := b.line().split())[0] != key:
        pass
    time.sleep(0.01)
    return float(told[1]) - started


def watch(folder: Path, url: str) -> None:
    """A station in a process of its own: says "open" when its socket is, then each order that it commits, and when."""
    replica = Replica.open(folder)
    transport = HttpTransport(url, FileStore(folder / "credenciales.json"), 30)
    service, opened = SyncService(replica, SyncEngine(replica, transport), None, 300), threading.Event()

    def nudge() -> None:
        opened.set()
        service.nudge()

    def committed(changes: Changes) -> None:
        moment = time.perf_counter()
        for tabla, key in changes.rows:
            if tabla == "orden":
                print(key, moment, flush=True)

    service.live = Live(transport, replica.ambient, nudge, service.doubt, service.hear)
    service.start()
    opened.wait(60)
    replica.subscribe(committed)
    print("open", flush=True)
    sys.stdin.read()
    service.close()
    transport.close()
    replica.close()


def swarm(datos: Path | None, full: bool) -> dict[str, Any]:
    """1,000 open sockets on one process: 20 changes, each heard by all."""
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), 1000, datos)
        try:
            station = yard.station("a")
            before = yard.rss_kb()
            token = station.store.load().access_token
            url = yard.company.url.replace("http", "ws") + "/ws"
            hearers = subprocess.Popen(
                [sys.executable, "-m", "bench.live", url, str(SOCKETS), str(EVENTS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            if hearers.stdin is None or hearers.stdout is None:
                raise RuntimeError("no pipes")
            hearers.stdin.write(f"{token}\n")
            hearers.stdin.flush()
            hearers.stdout.readline()
            per_socket = (yard.rss_kb() - before) / SOCKETS
            sent = [_push_one(station, i) for i in range(EVENTS)]
            heard: list[list[float]] = json.loads(hearers.stdout.readline())
            hearers.wait(30)
            station.close()
        finally:
            yard.close()
    delays = [moment - start for moments, start in zip(heard, sent, strict=True) for moment in moments]
    missing = SOCKETS * EVENTS - len(delays)
    bars = [
        bar("p95_ms", 1000 * quantile(delays, 0.95), 300.0),
        bar("missing", missing, 0),
        bar("server_kb_per_socket", per_socket, 100.0),
    ]
    return result("swarm", statistics.fmean(delays), bars, sockets=SOCKETS)


def _push_one(station: Station, i: int) -> float:
    """Save and push one change; the moment before."""
    with station.replica.reading() as connection:
        key = str(connection.exec_driver_sql("SELECT id FROM orden ORDER BY id LIMIT 1").scalar())
        vista = rows.get(rows.raw(connection), "orden", key) or {}
    people.guardar(station.replica, station.actor(), actions.editar("orden", vista, {"diagnostico": f"n {i}"}))
    started = time.perf_counter()
    station.engine.cycle()
    time.sleep(0.5)
    return started


async def _hear(url: str, sockets: int, events: int, token: str) -> None:
    """Open the sockets, say so, and print when each event arrived at each."""
    headers = {"Authorization": f"Bearer {token}"}
    gate = asyncio.Semaphore(50)

    async def opened() -> Any:
        async with gate:
            return await websockets.connect(url, additional_headers=headers, open_timeout=60, compression=None)

    found = await asyncio.gather(*(opened() for _ in range(sockets)))
    print("open", flush=True)
    heard: list[list[float]] = [[] for _ in range(events)]

    async def listen(socket: Any) -> None:
        for i in range(events):
            await socket.recv()
            heard[i].append(time.perf_counter())

    await asyncio.wait([asyncio.create_task(listen(s)) for s in found], timeout=60)
    print(json.dumps(heard), flush=True)
    os._exit(0)


def save_during_pull(datos: Path | None, full: bool) -> dict[str, Any]:
    """Receptions saved at the desk, as the window does, while 100,000 rows of others come in."""
    count = 1_000_000 if full else 100_000
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), 1000, datos)
        try:
            station = yard.station("a")
            alone = [_saved(station) for _ in range(ALONE)]
            yard.company.stop()
            seed(yard.root / "servidor", count, datos)
            yard.company.start()
            done = threading.Event()

            def fetch() -> None:
                station.engine.cycle()
                done.set()

            worker = threading.Thread(target=fetch)
            worker.start()
            samples = []
            while not done.is_set():
                samples.append(_saved(station))
            worker.join()
            with station.replica.reading() as connection:
                there = int(connection.exec_driver_sql("SELECT count(*) FROM orden").scalar() or 0)
            station.close()
        finally:
            yard.close()
    bars = [
        bar("save_p99_vs_alone", quantile(samples, 0.99) / quantile(alone, 0.99), 4.0),
        bar("save_p99_ms", 1000 * quantile(samples, 0.99), None),
        bar("save_p50_ms", 1000 * quantile(samples, 0.5), None),
        bar("missing_rows", float(max(0, count + 1000 - there)), 0),
    ]
    return result("save-during-pull", statistics.fmean(samples), bars, saves=len(samples))


def _saved(station: Station) -> float:
    """Seconds that one reception took; then a pause, as between two customers."""
    started = time.perf_counter()
    _receive(station)
    spent = time.perf_counter() - started
    time.sleep(SAVES_EVERY_S)
    return spent


def _receive(station: Station) -> None:
    orden: Row = {"falla_reportada": "No enciende"}
    recepcion = de_ordenes.Recepcion(
        cliente={"nombre": "Íñigo", "telefono": "+56955550102"}, equipo={"marca": "Epson"}, orden=orden
    )
    reception.recibir(station.replica, station.actor(), recepcion)


if __name__ == "__main__":
    if sys.argv[1] == "station":
        watch(Path(sys.argv[2]), sys.argv[3])
    else:
        asyncio.run(_hear(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.stdin.readline().strip()))
