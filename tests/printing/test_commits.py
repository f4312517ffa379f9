"""At each commit of the print queue the disk is full, or the program killed: no label is lost, doubled or invented."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local_db.failures import DiskTrouble
from local_db.replica import Replica, Writing
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from testing.person import signed_in
from tests.printing.between import NOW, label, url
from tests.printing.dying import LANE

COPIES = 3
TIMES = 3
"""So often in a row the disk refuses."""


def enqueued(replica: Replica, zebra: VirtualZebra, *, exclusiva: bool) -> str:
    with replica.writing() as writing:
        guardar_impresora(writing, Impresora("p", "Mía", url(zebra), exclusiva=exclusiva), NOW)
        return PrintQueue(replica).enqueue_en(writing, Pedido("x", label("uno"), impresora_id="p", copias=COPIES))


def ends_well(replica: Replica, job_id: str, zebra: VirtualZebra, *, sure: bool) -> None:
    """What is said to be out is out, and nothing twice; a printer of our own has no questions. Where there is one, the
    person counts what came out, and it goes on to its end.
    """
    queue = PrintQueue(replica)
    queue.start()
    try:
        job = queue.wait(job_id, 60)
        out = len(zebra.labels())
        told = (job.estado, job.salidas, out, job.error)
        assert out <= COPIES, told
        assert job.salidas <= out, told
        assert job.estado == "impreso" or (job.estado == "incierto" and not sure), told
        assert job.estado != "impreso" or out == COPIES, told
        if job.estado == "incierto":
            queue.responder_incierto(job_id, salio=False, salidas=out)
        assert (queue.wait(job_id, 60).estado, len(zebra.labels())) == ("impreso", COPIES)
    finally:
        queue.close()


CASES = [pytest.param(own, at, marks=() if at == 1 else pytest.mark.soak) for own in (True, False) for at in range(9)]


@pytest.mark.expects_log
@pytest.mark.parametrize(("exclusiva", "at"), CASES)
def test_a_full_disk_at_a_commit(
    replica: Replica, zebra: VirtualZebra, monkeypatch: pytest.MonkeyPatch, exclusiva: bool, at: int
) -> None:
    real, tried = Replica.writing, 0

    @contextmanager
    def writing(self: Replica) -> Iterator[Writing]:
        nonlocal tried
        with real(self) as made:
            yield made
            if threading.current_thread().name.startswith(LANE):
                tried += 1
                if at < tried <= at + TIMES:
                    raise DiskTrouble("El disco está lleno.")

    job_id = enqueued(replica, zebra, exclusiva=exclusiva)
    monkeypatch.setattr(Replica, "writing", writing)
    ends_well(replica, job_id, zebra, sure=exclusiva)


@pytest.mark.parametrize("when", [pytest.param("before", marks=pytest.mark.soak), "after"])
@pytest.mark.parametrize(("exclusiva", "at"), CASES)
def test_a_kill_at_a_commit(tmp_path: Path, zebra: VirtualZebra, exclusiva: bool, at: int, when: str) -> None:
    replica = signed_in(Replica.open(tmp_path / "a"))
    job_id = enqueued(replica, zebra, exclusiva=exclusiva)
    replica.close()
    command = [sys.executable, "-m", "tests.printing.dying", str(tmp_path / "a"), str(at), when]
    dying = subprocess.Popen(command)
    try:
        dying.wait(8)
    except subprocess.TimeoutExpired:
        dying.kill()
        dying.wait()
    replica = Replica.open(tmp_path / "a")
    try:
        ends_well(replica, job_id, zebra, sure=exclusiva)
    finally:
        replica.close()
