"""Six labels through one fault, with or without a kill -9 of the program, against a printer that tells the truth.

`python -m tests.printing.matrix [--own] [--external PROGRAM] [--seed N] [--load N]` runs every combination and counts;
`--load`: beside so many processes that do nothing but compute.
PROGRAM is a virtual printer of another make, with `--port --control --out`, driven by JSON lines.
"""

import argparse
import contextlib
import json
import random
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from local_db import files
from local_db.replica import Replica
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from printing.virtual_paper import Faults
from testing.company import free_port
from testing.person import signed_in
from tests.printing.sender import obey

LABELS = 6
FAULT_S = 1.2
PATIENCE_S = 90.0
FAULTS: dict[str, dict[str, Any]] = {
    "none": {},
    "paper_out": {"paper_out": True},
    "ribbon_out": {"ribbon_out": True},
    "head_open": {"head_open": True},
    "pause": {"pause": True},
    "over_temp": {"over_temp": True},
    "silent_when_out": {"paper_out": True, "hs_mode": "silent"},
    "refuse": {"refuse": True},
    "drop_at_once": {"drop_after": 3},
    "drop_in_format": {"drop_after": 420},
    "drop_in_format_merged": {"drop_after": 420, "partial_policy": "merge"},
    "drop_near_end": {"drop_after": 1020},
    "drop_in_end": {"drop_after": 1056},
    "drop_behind_end": {"drop_after": 1057},
    "stall": {"stall": True},
    "slow": {"slow": 1500},
    "silent": {"silent": True},
    "garbage": {"garbage": True},
    "truncate_reply": {"truncate_reply": 7},
    "split_reply": {"split_reply": True},
    "reply_delay": {"reply_delay_ms": 300},
    "power_cycle": {"power_cycle": True},
    "counter_unreadable": {"no_odometer": True},
    "report_lost": {"no_hv": True},
    "foreign": {"foreign": 2},
    "line_print": {"language": "line_print"},
    "half_open": {"half_open": True},
}
"""Names and values of the external printer's faults; `Own` translates."""
PRINTERS: dict[str, dict[str, bool]] = {
    "whole": {},
    "no_hv": {"no_hv": True},
    "no_odometer": {"no_odometer": True},
    "neither": {"no_hv": True, "no_odometer": True},
}


class Printer(Protocol):
    """A printer under test."""

    url: str

    def inject(self, fault: dict[str, Any]) -> None: ...
    def heal(self) -> None: ...
    def texts(self) -> list[str]: ...
    def idle(self) -> bool: ...
    def close(self) -> None: ...


def label(text: str) -> bytes:
    """About 900 bytes."""
    filler = "".join(f"^FO10,{40 + 12 * i}^A0N,20,20^FH_^FDrelleno {i} {text}^FS" for i in range(14))
    return f"^XA^CI28^PW400^LL240^FO10,10^A0N,30,30^FH_^FD{text}^FS{filler}^PQ1^XZ".encode()


def _text(zpl: bytes) -> str:
    """What a label says first; what isn't a format is text that a printer in line mode made of one."""
    if not zpl.startswith(b"^XA"):
        return "junk"
    found = re.search(rb"\^FD([^\^]*)", zpl)
    return found[1].decode() if found else "?"


class Own:
    """printing.virtual."""

    def __init__(self, folder: Path, always: dict[str, bool]) -> None:
        self._always = always
        self.zebra = VirtualZebra(folder / "etiquetas")
        self.heal()
        self.zebra.start()
        self.url = f"tcp://127.0.0.1:{self.zebra.port}"

    def inject(self, fault: dict[str, Any]) -> None:
        values = dict(fault)
        if values.pop("power_cycle", False):
            self.zebra.power_cycle()
        if values.pop("refuse", False):
            self.zebra.refuse()
        if labels := values.pop("foreign", 0):
            self.zebra.foreign(labels)
        values["hs_silent"] = values.pop("hs_mode", "") == "silent"
        values["merge_partial"] = values.pop("partial_policy", "") == "merge"
        values["reply_delay_s"] = values.pop("reply_delay_ms", 0) / 1000
        for name, value in values.items():
            setattr(self.zebra.faults, name, value)

    def heal(self) -> None:
        self.zebra.faults = Faults(label_s=0.03)
        for name, value in self._always.items():
            setattr(self.zebra.faults, name, value)
        self.zebra.listen()

    def texts(self) -> list[str]:
        return [_text(path.read_bytes()) for path in self.zebra.labels()]

    def idle(self) -> bool:
        return self.zebra.pending == 0

    def close(self) -> None:
        self.zebra.close()


class External:
    """Another virtual printer, in a process of its own."""

    def __init__(self, folder: Path, always: dict[str, bool], program: Path) -> None:
        self._always = always
        self._out = folder / "etiquetas"
        port, control = free_port(), free_port()
        self._process = subprocess.Popen(
            [sys.executable, str(program), "--port", str(port), "--control", str(control), "--out", str(self._out)],
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self._control = socket.create_connection(("127.0.0.1", control))
        self._answers = self._control.makefile("r")
        self.url = f"tcp://127.0.0.1:{port}"
        self.heal()

    def _tell(self, **message: Any) -> Any:
        self._control.sendall((json.dumps(message) + "\n").encode())
        return json.loads(self._answers.readline())

    def inject(self, fault: dict[str, Any]) -> None:
        values = dict(fault)
        if values.pop("power_cycle", False):
            self._tell(cmd="power_cycle", off_s=0.5)
        values.pop("half_open", None)
        if labels := values.pop("foreign", 0):
            self._tell(cmd="foreign", n=labels)
        if values:
            self._tell(cmd="set", **values)

    def heal(self) -> None:
        self._tell(cmd="clear")
        always: dict[str, Any] = dict(self._always)
        always["connections"] = "parallel" if always.pop("parallel", False) else "first"
        self._tell(cmd="set", refuse=False, hs_mode="flags", partial_policy="drop", **always)

    def texts(self) -> list[str]:
        return [_text(path.read_bytes()) for path in sorted(self._out.glob("label-*.zpl"))]

    def idle(self) -> bool:
        state = self._tell(cmd="state")
        return not state["queued"] and not state["printing"]

    def close(self) -> None:
        self._answers.close()
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@dataclass
class Count:
    """What went wrong in one run, and how often a person was asked."""

    lost: int = 0
    doubled: int = 0
    false: int = 0
    stuck: int = 0
    asked: int = 0
    asked_twice: int = 0
    junk: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.false or self.stuck or self.asked_twice or self.junk)


@dataclass
class Program:
    """Who sends, a process of its own to be killed or this one, and what its replica says."""

    folder: Path
    apart: bool = True
    process: subprocess.Popen[str] | None = None
    here: tuple[Replica, PrintQueue] | None = None

    def start(self) -> None:
        if not self.apart:
            replica = Replica.open(self.folder)
            self.here = replica, PrintQueue(replica)
            self.here[1].start()
            return
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.printing.sender", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def kill(self) -> None:
        if self.here is not None:
            replica, queue = self.here
            queue.close()
            replica.close()
            self.here = None
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def tell(self, order: str) -> None:
        if self.here is not None:
            obey(self.here[1], order)
            return
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()

    def jobs(self) -> list[tuple[str, str, str, int]]:
        """Id, title, state, tries."""
        path = files.current(self.folder)
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
            sql = "SELECT id, titulo, estado, intentos FROM trabajo_impresion ORDER BY rowid"
            return list(db.execute(sql))


def run(
    printer: Printer,
    folder: Path,
    fault: dict[str, Any],
    exclusive: bool,
    kill: bool,
    rng: random.Random,
    labels: int = LABELS,
    fault_s: float = FAULT_S,
) -> Count:
    """Six labels; the fault comes after the second; everything heals, and questions are answered truly."""
    names = [f"etiqueta-{i}-{rng.randrange(10**9):09d}" for i in range(labels)]
    replica = signed_in(Replica.open(folder / "estacion"))
    queue = PrintQueue(replica)
    with replica.writing() as writing:
        guardar_impresora(
            writing, Impresora("p", "Zebra", printer.url, exclusiva=exclusive), "2026-01-01T00:00:00.000Z"
        )
        for name in names:
            queue.enqueue_en(writing, Pedido(name, label(name), impresora_id="p"))
    replica.close()
    program, count = Program(folder / "estacion", kill), Count()
    program.start()
    try:
        _watch(printer, program, count, until=lambda: len(printer.texts()) >= labels // 3, limit_s=60)
        printer.inject(fault)
        if kill:
            _watch(printer, program, count, until=lambda: False, limit_s=rng.random() * 0.6)
            program.kill()
            time.sleep(rng.random() * 0.3)
            program.start()
        _watch(printer, program, count, until=lambda: False, limit_s=fault_s)
        printer.heal()
        asked: set[tuple[str, int]] = set()

        def done() -> bool:
            jobs = program.jobs()
            if printer.idle():
                for job_id, titulo, estado, tries in jobs:
                    if estado == "incierto" and (job_id, tries) not in asked:
                        asked.add((job_id, tries))
                        program.tell(f"salieron {job_id} {int(titulo in printer.texts())}")
            return all(estado == "impreso" for _, _, estado, _ in jobs)

        _watch(printer, program, count, until=done, limit_s=PATIENCE_S)
        count.asked = len(asked)
        per_job = Counter(job_id for job_id, _ in asked)
        count.asked_twice = sum(1 for times in per_job.values() if times > 1)
        count.stuck = sum(1 for _, _, estado, _ in program.jobs() if estado != "impreso")
    finally:
        program.kill()
    found = Counter(printer.texts())
    count.lost = sum(1 for name in names if not found[name])
    count.doubled = sum(found[name] - 1 for name in names if found[name] > 1)
    strange = sum(n for text, n in found.items() if text not in names and text not in ("otro", "foreign"))
    count.junk = strange if "language" not in fault else max(0, strange - 1)  # somebody changed it inside a format
    return count


def _watch(printer: Printer, program: Program, count: Count, *, until: Any, limit_s: float) -> None:
    """Look at both ends all the time: nothing may be `impreso` that isn't out."""
    deadline = time.monotonic() + limit_s
    while not until() and time.monotonic() < deadline:
        said = [titulo for _, titulo, estado, _ in program.jobs() if estado == "impreso"]
        out = set(printer.texts())
        count.false = max(count.false, sum(1 for titulo in said if titulo not in out))
        time.sleep(0.02)


def combinations(seed: int) -> Iterator[tuple[str, str, bool, bool, random.Random]]:
    """Every fault, kind of printer, shared or its own, with and without a kill."""
    for fault in FAULTS:
        for kind in PRINTERS:
            for exclusive in (False, True):
                for kill in (False, True):
                    yield fault, kind, exclusive, kill, random.Random(f"{seed} {fault} {kind} {exclusive} {kill}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.printing.matrix")
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--external", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="a fault")
    parser.add_argument(
        "--half", type=int, choices=(0, 1), help="every other combination: two processes share the work"
    )
    parser.add_argument("--load", type=int, default=0, metavar="PROCESSES")
    options = parser.parse_args()
    with load(options.load):
        return soak(options)


@contextlib.contextmanager
def load(processes: int) -> Iterator[None]:
    """So many cores are busy meanwhile."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def soak(options: argparse.Namespace) -> int:
    """All combinations; 1 when one of them wasn't clean."""
    total, runs, bad = Count(), 0, 0
    for i, (fault, kind, exclusive, kill, rng) in enumerate(combinations(options.seed)):
        if (options.only and fault != options.only) or (options.half is not None and i % 2 != options.half):
            continue
        with tempfile.TemporaryDirectory(prefix="servitec-matrix-") as name:
            folder = Path(name)
            printer: Printer = (
                External(folder, PRINTERS[kind], options.external) if options.external else Own(folder, PRINTERS[kind])
            )
            try:
                count = run(printer, folder, FAULTS[fault], exclusive, kill, rng)
            finally:
                printer.close()
        runs += 1
        for item in vars(count):
            setattr(total, item, getattr(total, item) + getattr(count, item))
        if not count.clean:
            bad += 1
            print(f"{fault} {kind} exclusive={exclusive} kill={kill}: {count}", flush=True)
    print(f"{runs} runs, {runs * LABELS} labels, {bad} not clean: {total}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
