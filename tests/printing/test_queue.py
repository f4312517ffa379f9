"""Jobs outlive faults; a label is never reported that nobody proved."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.base.causes import IMPRESORA_MUDA
from domain.base.errors import KnownError
from local_db.replica import Replica
from printing.queue import PrintQueue
from printing.record import Record
from printing.status import HS, read_hs
from printing.trabajos import Pedido, trabajos
from printing.transports import open_transport
from printing.transports.tcp import TcpTransport
from printing.virtual import VirtualZebra
from tests.waiting import until

REPORT = re.compile(rb"\^FH_\^HV[^^]*\^FS")
LABEL = b"^XA^FO10,10^A0N,30,30^FH_^FDhola^FS^PQ1^XZ"


def url(zebra: VirtualZebra) -> str:
    return f"tcp://127.0.0.1:{zebra.port}"


def test_a_job_is_impreso_when_the_counter_says_so(queue: PrintQueue, zebra: VirtualZebra) -> None:
    jobs = [queue.enqueue(Pedido(f"Etiqueta {i}", LABEL, url(zebra))) for i in range(3)]
    assert [queue.wait(job, 15).estado for job in jobs] == ["impreso"] * 3
    assert [REPORT.sub(b"", path.read_bytes()) for path in zebra.labels()] == [LABEL] * 3


def test_it_waits_for_paper_and_says_so(queue: PrintQueue, zebra: VirtualZebra, replica: Replica) -> None:
    zebra.faults.paper_out = True
    job = queue.enqueue(Pedido("x", LABEL, url(zebra)))
    assert queue.wait(job, 1.5).estado == "en_cola"
    with replica.reading() as connection:
        (waiting,) = trabajos(connection)
    assert "sin papel" in (waiting.error or "")
    assert zebra.labels() == []
    zebra.faults.paper_out = False
    assert queue.wait(job, 20).estado == "impreso"
    assert len(zebra.labels()) == 1


def test_a_printer_that_is_off_loses_nothing(replica: Replica, tmp_path: Path) -> None:
    gone = VirtualZebra(tmp_path / "z")
    gone.start()
    gone.close()
    queue = PrintQueue(replica)
    queue.start()
    try:
        job = queue.enqueue(Pedido("x", LABEL, url(gone)))
        assert queue.wait(job, 1).estado == "en_cola"
        back = VirtualZebra(tmp_path / "z", gone.port)
        back.start()
        assert queue.wait(job, 20).estado == "impreso"
        back.close()
        assert len(back.labels()) == 1
    finally:
        queue.close()


def test_a_connection_that_breaks_after_sending_is_asked_about(queue: PrintQueue, zebra: VirtualZebra) -> None:
    zebra.faults.drop_after_label = True
    job = queue.enqueue(Pedido("x", LABEL, url(zebra)))
    assert queue.wait(job, 15).estado == "incierto"
    zebra.faults.drop_after_label = False
    queue.responder_incierto(job, salio=False)
    assert queue.wait(job, 15).estado == "impreso"
    assert len(zebra.labels()) == 2
    other = queue.enqueue(Pedido("y", LABEL, url(zebra)))
    assert queue.wait(other, 15).estado == "impreso"
    queue.responder_incierto(other, salio=False)
    assert queue.wait(other, 1).estado == "impreso"


def test_a_job_that_was_being_sent_at_a_kill_is_asked_about_not_sent_again(tmp_path: Path, zebra: VirtualZebra) -> None:
    zebra.faults.pause = True
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from testing.person import signed_in\nfrom local_db.replica import Replica\n"
        "from printing.queue import PrintQueue\nfrom printing.trabajos import Pedido\n"
        f"replica = signed_in(Replica.open(Path({str(tmp_path / 'a')!r})))\n"
        "with replica.writing() as w:\n"
        "    PrintQueue(replica).enqueue_en(w, Pedido('x', b'^XA^FDx^FS^PQ1^XZ', 'tcp://127.0.0.1:9'))\n"
        "    w.connection.exec_driver_sql(\"UPDATE trabajo_impresion SET estado = 'enviando', intento = 'a'\")\n"
        "print('ready', flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    replica = Replica.open(tmp_path / "a")
    queue = PrintQueue(replica)
    queue.start()
    try:
        with replica.reading() as connection:
            (job,) = trabajos(connection)
        job = queue.wait(job.id, 10)
        assert (job.estado, "¿Salió la etiqueta?" in (job.error or "")) == ("incierto", True)
        queue.cancelar(job.id)
        assert queue.wait(job.id, 5).estado == "fallido"
    finally:
        queue.close()
        replica.close()


def test_destinations_are_checked_before_anything_is_kept(queue: PrintQueue, replica: Replica) -> None:
    assert isinstance(open_transport("tcp://impresora"), TcpTransport)
    for wrong in ("usb://x", "tcp://", "10.0.0.1:9100", "tcp://x:puerto"):
        with pytest.raises(KnownError, match="no es una impresora"):
            queue.enqueue(Pedido("x", LABEL, wrong))
    with replica.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM trabajo_impresion")).scalar_one() == 0


def test_a_printer_that_does_not_answer_is_told_with_what_to_do(
    queue: PrintQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    tell = Record.tell

    def heard(record: Record, words: str, *, estado: str | None = None) -> None:
        said.append(words)
        tell(record, words, estado=estado)

    monkeypatch.setattr(Record, "tell", heard)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        queue.enqueue(Pedido("x", LABEL, f"tcp://127.0.0.1:{mute.getsockname()[1]}"))
        until(lambda: bool(said))
    assert said[0] == str(KnownError.of(IMPRESORA_MUDA))


def test_a_silent_printer_is_a_fault(queue: PrintQueue) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    try:
        job = queue.enqueue(Pedido("x", LABEL, f"tcp://127.0.0.1:{listener.getsockname()[1]}"))
        deadline = time.monotonic() + 15
        while not queue.wait(job, 0.2).error and time.monotonic() < deadline:
            continue
        found = queue.wait(job, 0.2)
        assert (found.estado, "estado" in (found.error or "")) == ("en_cola", True)
    finally:
        listener.close()


HEALTHY = b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
TROUBLED = b"\x02030,1,1,0320,002,0,0,0,000,0,0,0\x03\r\n\x02000,0,1,1,0,2,4,0,00000003,1,000\x03\x021234,0\x03"


@pytest.mark.parametrize(
    ("reply", "problems", "waiting"),
    [(HEALTHY, (), 0), (TROUBLED, ("sin papel", "en pausa", "cabezal abierto", "sin cinta"), 5)],
)
def test_status_in_words(reply: bytes, problems: tuple[str, ...], waiting: int) -> None:
    found = HS.search(reply)
    assert found is not None
    status = read_hs(found)
    assert (status.problems, status.waiting) == (problems, waiting)
    assert HS.search(b"garbage") is None
    assert HS.search(b"\x02a\x03\x02b\x03") is None
