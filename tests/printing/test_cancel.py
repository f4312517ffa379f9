"""Given up in the middle, here or at the printer; broken in the middle; a full disk; the end of the program."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from local_db.replica import Replica
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from tests.printing.between import NOW, Stepped, label, texts, url
from tests.printing.matrix import PRINTERS
from tests.waiting import until

COPIES = 16
ALL = 1000


@pytest.fixture
def stepped(tmp_path: Path) -> Iterator[Stepped]:
    made = Stepped(tmp_path / "etiquetas")
    made.allowed = 2
    made.start()
    yield made
    made.close()


def be(zebra: VirtualZebra, **faults: bool) -> None:
    for name, value in faults.items():
        setattr(zebra.faults, name, value)


def save(replica: Replica, zebra: VirtualZebra, *, exclusiva: bool) -> None:
    with replica.writing() as writing:
        guardar_impresora(writing, Impresora("p", "Zebra", url(zebra), exclusiva=exclusiva), NOW)


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("kind", PRINTERS)
def test_a_running_job_stops_within_a_label_and_says_how_many(
    queue: PrintQueue, stepped: Stepped, kind: str, parallel: bool
) -> None:
    be(stepped, parallel=parallel, **PRINTERS[kind])
    key = queue.enqueue(Pedido("x", label("a"), url(stepped), copias=COPIES))
    until(lambda: len(stepped.labels()) == 2 and stepped.pending > 0)
    queue.cancelar(key)
    until(lambda: stepped.pending <= 1)
    stepped.allowed = ALL
    found = queue.wait(key, 30)
    out = len(stepped.labels())
    assert out in (2, 3)
    if found.estado == "incierto":
        assert kind == "neither" or (kind == "no_hv" and parallel)
        queue.responder_incierto(key, salio=False, salidas=out)
        found = queue.wait(key, 0)
    assert (found.estado, found.salidas) == ("fallido", out)
    assert found.error == f"Cancelado: salieron {out} de {COPIES}."


def test_a_cancelled_job_goes_on_with_what_is_missing(queue: PrintQueue, stepped: Stepped) -> None:
    key = queue.enqueue(Pedido("x", label("a"), url(stepped), copias=5))
    until(lambda: len(stepped.labels()) == 2 and stepped.pending > 0)
    queue.cancelar(key)
    until(lambda: stepped.pending <= 1)
    stepped.allowed = ALL
    assert queue.wait(key, 30).estado == "fallido"
    queue.reintentar(key)
    assert queue.wait(key, 30).estado == "impreso"
    assert len(stepped.labels()) == 5


@pytest.mark.parametrize("exclusiva", [False, True])
@pytest.mark.parametrize("kind", ["whole", "no_hv"])
def test_the_cancel_key_of_the_printer_is_obeyed(
    queue: PrintQueue, replica: Replica, stepped: Stepped, kind: str, exclusiva: bool
) -> None:
    save(replica, stepped, exclusiva=exclusiva)
    be(stepped, **PRINTERS[kind])
    key = queue.enqueue(Pedido("x", label("a"), impresora_id="p", copias=COPIES))
    until(lambda: stepped.pending == COPIES - 2)
    stepped.press_cancel()
    stepped.allowed = ALL
    found = queue.wait(key, 30)
    assert (found.estado, found.salidas, len(stepped.labels())) == ("fallido", 3, 3)
    assert found.error == f"Cancelado en la impresora: salieron 3 de {COPIES}."


def test_what_reported_itself_before_a_break_is_kept(queue: PrintQueue, stepped: Stepped) -> None:
    key = queue.enqueue(Pedido("x", label("a"), url(stepped), copias=COPIES))
    until(lambda: queue.wait(key, 0).salidas == 2)
    stepped.power_cycle(0.1)
    found = queue.wait(key, 30)
    assert (found.estado, found.salidas) == ("incierto", 2)
    stepped.allowed = ALL
    queue.responder_incierto(key, salio=False)
    assert queue.wait(key, 60).estado == "impreso"
    assert len(stepped.labels()) == COPIES


@pytest.mark.expects_log
def test_a_full_disk_after_sending_makes_no_failure_of_a_printed_label(
    queue: PrintQueue, replica: Replica, zebra: VirtualZebra
) -> None:
    with replica.writing() as writing:
        writing.connection.exec_driver_sql("CREATE TABLE relleno (contenido BLOB)")
        writing.connection.exec_driver_sql(
            "CREATE TRIGGER lleno AFTER UPDATE ON trabajo_impresion WHEN NEW.estado = 'impreso' "
            "BEGIN INSERT INTO relleno VALUES (zeroblob(1000000)); END"
        )
        pages = writing.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        writing.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    key = queue.enqueue(Pedido("x", label("a"), url(zebra)))
    until(lambda: len(zebra.labels()) == 1)
    until(lambda: not queue.lanes.estados()[url(zebra)].lista)
    with replica.writing() as writing:
        writing.connection.exec_driver_sql("DROP TRIGGER lleno")
    assert queue.wait(key, 30).estado == "impreso"
    assert len(zebra.labels()) == 1


def test_closing_right_after_printing_asks_nothing(replica: Replica, zebra: VirtualZebra) -> None:
    zebra.faults.label_s = 0.3
    queue = PrintQueue(replica)
    queue.start()
    key = queue.enqueue(Pedido("x", label("a"), url(zebra)))
    until(lambda: zebra.pending == 1)
    queue.close()
    assert (queue.wait(key, 0).estado, texts(zebra)) == ("impreso", ["a"])


def test_half_an_address_is_a_known_error(queue: PrintQueue) -> None:
    with pytest.raises(KnownError, match="no es una impresora"):
        queue.enqueue(Pedido("x", label("a"), "tcp://[::1"))


def test_a_cancelled_job_of_a_dead_process_is_not_printed(
    replica: Replica, zebra: VirtualZebra, tmp_path: Path
) -> None:  # noqa: ARG001
    queue = PrintQueue(replica)
    key = queue.enqueue(Pedido("x", label("a"), url(zebra), copias=3))
    with replica.writing() as writing:
        writing.connection.exec_driver_sql(
            "UPDATE trabajo_impresion SET estado = 'enviando', salidas = 1, empezado = 1"
        )
    queue.cancelar(key)
    queue.start()
    try:
        found = queue.wait(key, 30)
    finally:
        queue.close()
    assert (found.estado, found.error) == ("fallido", "Cancelado: salieron 1 de 3.")
    assert texts(zebra) == []
