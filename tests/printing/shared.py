"""Two stations and a foreign sender on one printer that serves them all at the same time.

`python -m tests.printing.shared 2000 [--kind KIND] [--seed N] [--external PROGRAM]` prints so many labels, a quarter on
each kind of printer, and counts. One job in eight has several copies, every other of these is cancelled in the middle.
Each station is a process; the foreign program sends whole labels. PROGRAM: as for tests.printing.matrix.
"""

import argparse
import contextlib
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from local_db.replica import Replica
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Filtro, Pedido, Trabajo, trabajos
from testing.person import signed_in
from tests.printing.matrix import PRINTERS, External, Own, Printer, Program, label

KINDS = tuple(PRINTERS)
PATIENCE_S = 30.0
"""So long nothing may happen."""
COPIES = 6


@dataclass
class Count:
    """What went wrong, and how often a person was asked. late: labels more than one after a cancel; wrong: jobs that
    say another number than came out."""

    labels: int = 0
    lost: int = 0
    doubled: int = 0
    false: int = 0
    stuck: int = 0
    late: int = 0
    wrong: int = 0
    foreign_lost: int = 0
    junk: int = 0
    cancelled: int = 0
    asked: int = 0

    @property
    def clean(self) -> bool:
        bad = self.lost, self.doubled, self.false, self.stuck, self.late, self.wrong, self.foreign_lost, self.junk
        return not any(bad)


@dataclass
class Station:
    """Who prints, and its replica."""

    program: Program
    replica: Replica
    asked: set[tuple[str, int, int]] = field(default_factory=set)
    cancelled: dict[str, int] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, url: str, wanted: list[tuple[str, int]], *, apart: bool) -> "Station":
        replica = signed_in(Replica.open(folder))
        queue = PrintQueue(replica)
        with replica.writing() as writing:
            guardar_impresora(writing, Impresora("p", "Zebra", url), "2026-01-01T00:00:00.000Z")
            for name, copies in wanted:
                queue.enqueue_en(writing, Pedido(name, label(name), impresora_id="p", copias=copies))
        replica.close()
        program = Program(folder, apart)
        program.start()
        return cls(program, Replica.open(folder, write=False))

    def jobs(self) -> list[Trabajo]:
        with self.replica.reading() as connection:
            return trabajos(connection, Filtro(), 100_000)

    def close(self) -> None:
        self.program.kill()
        self.replica.close()


class Foreign:
    """Another program: a connection, a whole label, and away; its labels are counted."""

    def __init__(self, url: str, rng: random.Random) -> None:
        parts = urlsplit(url)
        self._address = (str(parts.hostname), parts.port or 0)
        self._rng = rng
        self._stop = threading.Event()
        self.sent = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._rng.uniform(0.0, 0.6)):
            with socket.create_connection(self._address) as made:
                made.sendall(b"^XA^FO9,9^A0N,30,30^FDotro^FS^XZ")
            self.sent += 1

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)


def run(
    folder: Path, kind: str, labels: int, rng: random.Random, *, external: Path | None = None, apart: bool = False
) -> Count:
    """So many labels from two stations; questions are answered truly."""
    always = PRINTERS[kind] | {"parallel": True}
    printer: Printer = External(folder, always, external) if external else Own(folder, always)
    wanted: list[list[tuple[str, int]]] = [[], []]
    count, made = Count(labels=labels), 0
    while made < labels:
        copies = 1 if rng.random() < 0.875 else min(COPIES, labels - made)
        side = made % 2
        wanted[side].append(
            (f"{'cancelar' if copies == COPIES and rng.random() < 0.5 else 'etiqueta'}-{made:05d}", copies)
        )
        made += copies
    stations = [Station.make(folder / f"estacion-{i}", printer.url, mine, apart=apart) for i, mine in enumerate(wanted)]
    foreign = Foreign(printer.url, rng)
    try:
        _follow(printer, stations, count)
        foreign.close()
        deadline = time.monotonic() + 10
        while not printer.idle() and time.monotonic() < deadline:
            time.sleep(0.02)
        _sum_up(printer, stations, foreign.sent, count)
    finally:
        foreign.close()
        for station in stations:
            station.close()
        printer.close()
    return count


def _follow(printer: Printer, stations: list[Station], count: Count) -> None:
    """Look at both ends, answer and cancel, until all is done or nothing moves any more."""
    moved, before = time.monotonic(), ""
    while time.monotonic() < moved + PATIENCE_S:
        jobs = [station.jobs() for station in stations]
        idle = printer.idle()
        out = Counter(printer.texts())
        open_jobs = 0
        for station, mine in zip(stations, jobs, strict=True):
            for job in mine:
                count.false += job.salidas > out[job.titulo]
                open_jobs += job.estado not in ("impreso", "fallido")
                _attend(station, job, out[job.titulo], idle, count)
        if not open_jobs:
            return
        now = f"{jobs}{sum(out.values())}"
        if now != before:
            moved, before = time.monotonic(), now
        time.sleep(0.02)


def _attend(station: Station, job: Trabajo, out: int, idle: bool, count: Count) -> None:
    running = job.estado in ("en_cola", "enviando")
    if job.titulo.startswith("cancelar") and job.id not in station.cancelled and out >= 2 and running:
        station.cancelled[job.id] = -1
        station.program.tell(f"cancelar {job.id}")
    elif job.cancelado and station.cancelled.get(job.id) == -1:
        station.cancelled[job.id] = out
    key = (job.id, job.intentos, job.salidas)
    if job.estado == "incierto" and idle and key not in station.asked:
        station.asked.add(key)
        count.asked += 1
        station.program.tell(f"salieron {job.id} {out}")


def _sum_up(printer: Printer, stations: list[Station], foreign: int, count: Count) -> None:
    found = Counter(printer.texts())
    others = found.pop("otro", 0)
    count.foreign_lost = foreign - others
    for station in stations:
        for job in station.jobs():
            out = found.pop(job.titulo, 0)
            count.doubled += max(0, out - job.copias)
            if job.estado == "impreso":
                count.lost += max(0, job.copias - out)
            elif job.estado == "fallido" and job.id in station.cancelled:
                count.cancelled += 1
                count.wrong += job.salidas != out
                count.late += max(0, out - max(0, station.cancelled[job.id]) - 1)
            else:
                count.stuck += 1
    count.junk = sum(found.values())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.printing.shared")
    parser.add_argument("labels", type=int)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--external", type=Path)
    options = parser.parse_args()
    kinds = [options.kind] if options.kind else KINDS
    bad = 0
    for kind in kinds:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="servitec-shared-") as name, contextlib.suppress(KeyboardInterrupt):
            rng = random.Random(f"{options.seed} {kind}")
            count = run(Path(name), kind, options.labels // len(kinds), rng, external=options.external, apart=True)
            bad += not count.clean
            print(
                f"{kind}: {count} {'clean' if count.clean else 'NOT CLEAN'} {time.monotonic() - begun:.0f} s",
                flush=True,
            )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
