"""Several senders on one printer: what came out is never taken for another's, and theirs is left alone."""

import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_db.replica import Replica
from printing import job as job_module
from printing.errors import PrinterUnreachable
from printing.lane import NOT_AGAIN
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Pedido, Trabajo, trabajo, trabajos
from printing.transports.tcp import TcpTransport
from tests.printing.between import FOREIGN, NOW, Interrupted, label, texts, url
from tests.printing.shared import KINDS, run
from tests.waiting import until


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Interrupted]:
    made = Interrupted(tmp_path / "etiquetas")
    made.faults.parallel = True
    made.start()
    yield made
    made.close()


def save(replica: Replica, zebra: Interrupted, *, exclusiva: bool) -> None:
    with replica.writing() as writing:
        guardar_impresora(writing, Impresora("p", "Zebra", url(zebra), exclusiva=exclusiva), NOW)


def read(replica: Replica, key: str) -> Trabajo:
    with replica.reading() as connection:
        found = trabajo(connection, key)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ["whole", "no_hv", "no_odometer"])
def test_a_label_that_comes_between_is_not_taken_for_ours(queue: PrintQueue, printer: Interrupted, kind: str) -> None:
    """The other's format makes the printer forget ours; its label makes the counter rise by one. Our first job."""
    printer.faults.no_hv, printer.faults.no_odometer = kind == "no_hv", kind == "no_odometer"
    printer.between = FOREIGN
    key = queue.enqueue(Pedido("x", label("nuestra"), url(printer)))
    assert queue.wait(key, 30).estado == "incierto"
    assert texts(printer) == ["otro"]
    queue.responder_incierto(key, salio=False)
    until(lambda: "nuestra" in texts(printer))
    queue.wait(key, 30)
    assert texts(printer) == ["otro", "nuestra"]


def test_the_label_of_another_station_that_our_end_prints_is_not_ours(queue: PrintQueue, printer: Interrupted) -> None:
    printer.between = label("suya").replace(b"^PQ1^XZ", b"^FH_^HV0,1,{SVT:feedfeedfeed|,},L^FS^PQ1")
    key = queue.enqueue(Pedido("x", label("nuestra"), url(printer)))
    assert queue.wait(key, 30).estado == "impreso"
    assert texts(printer) == ["suya", "nuestra"]


def test_a_format_that_another_station_has_begun_is_left_alone(queue: PrintQueue, printer: Interrupted) -> None:
    with socket.create_connection(("127.0.0.1", printer.port)) as other:
        other.sendall(b"^XA^FO9,9^A0N,30,30^FDsuya^FS~HS")
        assert other.recv(100)
        key = queue.enqueue(Pedido("x", label("nuestra"), url(printer)))
        until(lambda: "ocupada" in (queue.wait(key, 0).error or ""))
        other.sendall(b"^XZ")
        assert queue.wait(key, 30).estado == "impreso"
    assert texts(printer) == ["suya", "nuestra"]


def test_a_format_that_a_station_left_behind_is_dropped_in_the_end(
    queue: PrintQueue, printer: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printing.sender.ABANDONED_S", 0.5)
    with socket.create_connection(("127.0.0.1", printer.port)) as other:
        other.sendall(b"^XA^FO9,9^A0N,30,30^FDsuya^FS~HS")
        assert other.recv(100)
    key = queue.enqueue(Pedido("x", label("nuestra"), url(printer)))
    assert queue.wait(key, 30).estado == "impreso"
    assert texts(printer) == ["nuestra"]


def test_an_end_of_another_that_prints_our_format_is_asked_about_not_printed_twice(
    queue: PrintQueue, printer: Interrupted
) -> None:
    """A reset after our format began, and another station's end comes: our label is out, though we never ended it."""
    printer.between = b"^XZ"
    printer.then = lambda: setattr(printer.faults, "drop_after", 0)
    key = queue.enqueue(Pedido("x", label("nuestra"), url(printer)))
    assert queue.wait(key, 30).estado == "incierto"
    assert texts(printer) == ["nuestra"]


def test_one_reset_inside_a_format_costs_no_questions(queue: PrintQueue, printer: Interrupted) -> None:
    """The printer then takes the question for its counter for a part of the format; that isn't how it is for good."""
    printer.faults.parallel, printer.faults.no_hv = False, True
    printer.faults.drop_after = 150
    keys = [queue.enqueue(Pedido(str(i), label(f"n{i}"), url(printer))) for i in range(3)]
    assert [queue.wait(key, 60).estado for key in keys] == ["impreso"] * 3
    assert texts(printer) == ["n0", "n1", "n2"]


def test_what_a_printer_in_line_mode_made_of_the_end_is_no_label(
    queue: PrintQueue, replica: Replica, printer: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It prints a line of text, its counter rises by one; then it speaks ZPL again."""
    monkeypatch.setattr(job_module, "READY_S", 0.3)
    save(replica, printer, exclusiva=True)

    def switch() -> None:
        printer.faults.language = "line_print"

    printer.then, printer.faults.variables_inside = switch, True
    key = queue.enqueue(Pedido("x", label("nuestra"), impresora_id="p"))
    until(lambda: len(printer.labels()) == 1)
    printer.faults.language = "epl_zpl"
    found = queue.wait(key, 40)
    out = sum(b"nuestra" in path.read_bytes() and path.read_bytes().startswith(b"^XA") for path in printer.labels())
    assert (found.estado, out) in (("incierto", 0), ("impreso", 1))


def test_another_printer_in_the_place_of_ours_is_not_judged_by_its_counter(
    queue: PrintQueue, replica: Replica, printer: Interrupted
) -> None:
    save(replica, printer, exclusiva=True)
    printer.faults.label_s = 0.2
    key = queue.enqueue(Pedido("x", label("nuestra"), impresora_id="p"))
    until(lambda: printer.pending == 1)
    printer.serial = "OTRA"
    printer.power_cycle(0.1)
    assert queue.wait(key, 40).estado == "incierto"


def test_a_printer_of_another_make_is_asked_once(
    queue: PrintQueue, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "READY_S", 0.2)
    monkeypatch.setattr("printing.silence.FIRST_S", 0.1)
    got = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        destino = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        listener.settimeout(30)
        keys = [queue.enqueue(Pedido("x", label("a"), destino))]
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(4096):
                got += data
        until(lambda: NOT_AGAIN in (read(replica, keys[0]).error or ""))
        for i in range(3):
            keys.append(queue.enqueue(Pedido(str(i), label("b"), destino)))
            queue.priorizar(keys[-1], i + 1)
        listener.settimeout(1)
        with pytest.raises(TimeoutError):
            listener.accept()
        assert got.count(b"~HS") <= 2
        queue.reintentar(keys[0])
        listener.settimeout(30)
        listener.accept()[0].close()


def test_the_queue_goes_out_in_the_order_of_enqueueing(replica: Replica, printer: Interrupted) -> None:
    """Forty of the same instant."""
    queue = PrintQueue(replica)
    with replica.writing() as writing:
        keys = [queue.enqueue_en(writing, Pedido(str(i), label(f"n{i}"), url(printer))) for i in range(40)]
        writing.connection.exec_driver_sql(f"UPDATE trabajo_impresion SET creado_en = '{NOW}'")
    with replica.reading() as connection:
        assert [t.id for t in trabajos(connection)] == keys[::-1]
    queue.start()
    try:
        assert queue.wait(keys[-1], 60).estado == "impreso"
    finally:
        queue.close()
    assert texts(printer) == [f"n{i}" for i in range(40)]


@pytest.mark.parametrize("kind", KINDS)
def test_two_stations_and_a_foreign_sender_share_a_printer(kind: str, tmp_path: Path) -> None:
    """The small form of `python -m tests.printing.shared 2000`."""
    count = run(tmp_path, kind, 12, random.Random(1))
    assert count.clean, count


def test_a_job_for_a_printer_that_is_left_alone_says_so_at_once(
    queue: PrintQueue, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only looked at before, it kept silent: the job doesn't "wait its turn", and the words keep what to do."""
    monkeypatch.setattr(job_module, "READY_S", 0.2)
    heard = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        destino = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with replica.writing() as writing:
            guardar_impresora(writing, Impresora("p", "Otra marca", destino), NOW)
        leave = queue.lanes.watch(lambda _: heard.set())
        listener.settimeout(30)
        connection, _ = listener.accept()
        with connection:
            while connection.recv(4096):
                pass
        lane = queue.lanes.lane(destino)
        until(lambda: lane._silence.left_s() > 0 and heard.is_set())
        key = queue.enqueue(Pedido("x", label("a"), destino))
        until(lambda: NOT_AGAIN in (read(replica, key).error or ""))
        assert "Revise que sea una Zebra" in (read(replica, key).error or "")
        leave()


def test_a_name_that_no_printer_has_is_told_as_that() -> None:
    with pytest.raises(PrinterUnreachable, match="No se encuentra «impresora.invalid» en la red") as refused:
        TcpTransport("impresora.invalid").open(5.0)
    assert refused.value.hint == "Revise la dirección de la impresora."
