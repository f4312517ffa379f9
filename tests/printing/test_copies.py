"""Copies that break off, priorities, reprints, two stations on one printer, a printer that moves."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from local_db.replica import Replica
from printing.printers import Impresora, borrar_impresora, guardar_impresora, impresora
from printing.queue import PrintQueue
from printing.trabajos import Filtro, Pedido, trabajo, trabajos
from printing.virtual import VirtualZebra
from testing.person import signed_in
from tests.waiting import until

NOW = "2026-01-01T00:00:00.000Z"


def label(text: str) -> bytes:
    return f"^XA^CI28^FO10,10^A0N,30,30^FH_^FD{text}^FS^PQ1^XZ".encode()


def url(zebra: VirtualZebra) -> str:
    return f"tcp://127.0.0.1:{zebra.port}"


def save(replica: Replica, printer: Impresora) -> None:
    with replica.writing() as writing:
        guardar_impresora(writing, printer, NOW)


def test_only_the_missing_copies_are_printed(queue: PrintQueue, replica: Replica, zebra: VirtualZebra) -> None:
    save(replica, Impresora("p", "Mía", url(zebra), exclusiva=True))
    zebra.faults.label_s = 0.15
    job = queue.enqueue(Pedido("x", label("uno"), impresora_id="p", copias=5))
    until(lambda: len(zebra.labels()) == 2)
    zebra.power_cycle(0.1)
    done = queue.wait(job, 40)
    assert (done.estado, done.salidas, done.intentos) == ("impreso", 5, 2)
    assert len(zebra.labels()) == 5


def test_on_a_shared_printer_the_person_says_how_many(queue: PrintQueue, replica: Replica, zebra: VirtualZebra) -> None:
    save(replica, Impresora("p", "De todos", url(zebra)))
    zebra.faults.label_s = 0.15
    job = queue.enqueue(Pedido("x", label("uno"), impresora_id="p", copias=4))
    until(lambda: len(zebra.labels()) == 2)
    zebra.power_cycle(0.1)
    assert queue.wait(job, 40).estado == "incierto"
    queue.responder_incierto(job, salio=False, salidas=3)
    assert queue.wait(job, 40).estado == "impreso"
    assert len(zebra.labels()) == 3, "his word counts, beyond what reported itself"


def test_the_urgent_goes_first_the_others_in_order(queue: PrintQueue, replica: Replica, zebra: VirtualZebra) -> None:
    save(replica, Impresora("p", "Mía", url(zebra)))
    zebra.faults.pause = True
    first = queue.enqueue(Pedido("0", label("cero"), impresora_id="p"))
    jobs = [queue.enqueue(Pedido(str(i), label(f"t{i}"), impresora_id="p")) for i in range(3)]
    queue.priorizar(jobs[2], 5)
    until(lambda: any("en pausa" in (queue.wait(job, 0).error or "") for job in (first, jobs[2])))
    zebra.faults.pause = False
    for job in (first, *jobs):
        assert queue.wait(job, 30).estado == "impreso"
    texts = [path.read_bytes().split(b"^FD")[1].split(b"^")[0] for path in zebra.labels()]
    assert texts == [b"t2", b"cero", b"t0", b"t1"]


def test_a_reprint_is_a_job_of_its_own(queue: PrintQueue, replica: Replica, zebra: VirtualZebra) -> None:
    job = queue.enqueue(Pedido("Etiqueta A", label("a"), url(zebra), tipo="orden"))
    assert queue.wait(job, 20).estado == "impreso"
    again = queue.reimprimir(job)
    assert queue.wait(again, 20).estado == "impreso"
    assert len(zebra.labels()) == 2
    with replica.reading() as connection:
        made = trabajo(connection, again)
        assert made is not None
        assert (made.reimpresion_de, made.titulo, made.tipo) == (job, "Etiqueta A", "orden")
        assert [t.id for t in trabajos(connection, Filtro(("impreso",), texto="etiqueta a"))] == [again, job]
        assert trabajos(connection, Filtro(("fallido",))) == []
    with pytest.raises(KnownError, match="historial"):
        queue.reimprimir("no-hay")


def test_two_stations_share_a_printer(tmp_path: Path, zebra: VirtualZebra) -> None:
    zebra.faults.label_s = 0.02
    replicas = [signed_in(Replica.open(tmp_path / name)) for name in ("una", "otra")]
    queues = [PrintQueue(r) for r in replicas]
    try:
        jobs = [
            (q, q.enqueue(Pedido(f"{n} {i}", label(f"{n}-{i}"), url(zebra))))
            for i in range(5)
            for n, q in enumerate(queues)
        ]
        for queue in queues:
            queue.start()
        assert {q.wait(job, 60).estado for q, job in jobs} == {"impreso"}
    finally:
        for queue in queues:
            queue.close()
        for replica in replicas:
            replica.close()
    texts = sorted(path.read_bytes().split(b"^FD")[1].split(b"^")[0] for path in zebra.labels())
    assert texts == sorted(f"{n}-{i}".encode() for n in range(2) for i in range(5))


def test_waiting_jobs_follow_their_printer(queue: PrintQueue, replica: Replica, zebra: VirtualZebra) -> None:
    gone = Impresora("p", "Mostrador", "tcp://127.0.0.1:9")
    save(replica, gone)
    job = queue.enqueue(Pedido("x", label("a"), impresora_id="p"))
    until(lambda: "no responde" in (queue.wait(job, 0).error or ""))
    save(replica, replace(gone, destino=url(zebra)))
    assert queue.wait(job, 20).estado == "impreso"
    with replica.writing() as writing:
        borrar_impresora(writing, "p")
    with replica.reading() as connection:
        assert impresora(connection, "p") is None
    again = queue.reimprimir(job)
    assert queue.wait(again, 20).estado == "impreso"


@pytest.mark.parametrize("datos", [b"", b"hola", b"^XA^FDx^FS^XZ", b"^XA^FDx^FS^PQ1^XZ^XA^FDy^FS^PQ1^XZ"])
def test_what_is_not_one_label_never_enters_the_queue(queue: PrintQueue, zebra: VirtualZebra, datos: bytes) -> None:
    with pytest.raises(KnownError, match="no es una etiqueta entera"):
        queue.enqueue(Pedido("x", datos, url(zebra)))
    with pytest.raises(KnownError, match="0 copias"):
        queue.enqueue(Pedido("x", label("a"), url(zebra), copias=0))
