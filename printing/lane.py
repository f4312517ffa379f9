"""A printer's own thread: its jobs in order, its status while somebody looks, what a person tells it to do."""

import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.base.errors import KnownError
from local_db.replica import Replica
from printing import printers, trabajos
from printing.errors import PrinterBusy, PrinterError, PrinterSilent, PrinterUncertain, PrinterUnreachable
from printing.job import Displaced, Job, Result, Stopped, busy, whole_job
from printing.record import Record
from printing.sender import CONNECT_S, Sender
from printing.silence import Silence
from printing.trabajos import Siguiente
from printing.transports import folder_of, open_transport
from printing.zebra import ZebraPrinter

log = logging.getLogger(__name__)

WATCH_S = 2.0
FIRST_RETRY_S, LAST_RETRY_S = 0.5, 10.0
GRACE_S = 8.0
"""So long a label in hand may take to prove itself when the program ends."""
NOT_AGAIN = "No se le pregunta más por ahora; en la pantalla Impresión, «Intentar ahora» lo hace."

Order = Callable[[ZebraPrinter], str]
Done = Callable[[str | KnownError], None]


@dataclass(frozen=True, slots=True)
class EstadoImpresora:
    """What a printer last said: `lista`, or `problemas` in words; `trabajo_id` is what it is doing for us."""

    destino: str
    lista: bool
    problemas: tuple[str, ...] = ()
    trabajo_id: str | None = None

    @property
    def palabras(self) -> str:
        """For a person."""
        return "Lista" if self.lista else ", ".join(self.problemas) or "Sin comprobar"


class Lane:
    """The one owner of a printer."""

    def __init__(
        self, replica: Replica, destino: str, watched: Callable[[], bool], heard: Callable[[str], None]
    ) -> None:
        self.destino = destino
        self.estado = EstadoImpresora(destino, lista=False)
        self._replica = replica
        self._watched = watched
        self._heard = heard
        self._orders: list[tuple[Order, Done]] = []
        self._silence = Silence()
        self._why = ""
        self._retry_s = FIRST_RETRY_S
        self._again_s = 0.0
        self._wake, self._urgent = threading.Event(), threading.Event()
        self._stop = threading.Event()
        self._stop_at = 0.0
        self._sender = Sender(destino, self._told, self._goes_out, self._must_stop, self._stop.wait)
        self._thread = threading.Thread(target=self._run, name=f"servitec-print {destino}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something may be there to do."""
        self._wake.set()

    def stop(self) -> None:
        """Ask it to end after the label in hand."""
        self._stop_at = time.monotonic() + GRACE_S
        self._stop.set()
        self._wake.set()
        self._urgent.set()

    def join(self, timeout_s: float) -> None:
        """Wait for its end."""
        self._thread.join(timeout_s)

    def hurry(self) -> None:
        """Somebody wants it tried now, also where nobody answered."""
        self._silence.forget()
        self.wake()
        self._urgent.set()

    def order(self, order: Order, done: Done) -> None:
        """Have something done on a connection between jobs; `done` is called in the lane's thread."""
        self._orders.append((order, done))
        self._wake.set()
        self._urgent.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            self._urgent.clear()
            self._again_s = 0.0
            try:
                moved = self._turn()
            except Exception:
                log.exception("printer %s", self.destino)
                moved, self._again_s = False, LAST_RETRY_S
            if moved:
                self._retry_s = FIRST_RETRY_S
            elif self._again_s:
                # while a silent printer is left alone, a new job is only told why it waits
                (self._wake if self._silence.left_s() > 0 else self._urgent).wait(self._again_s)
            else:
                self._wake.wait(WATCH_S if self._watched() else None)

    def _turn(self) -> bool:
        """One order, one job, or one look; True when something got done."""
        if self._orders:
            order, done = self._orders.pop(0)
            self._obey(order, done)
            return True
        with self._replica.reading() as connection:
            job = trabajos.siguiente(connection, self.destino)
            saved = any(p.destino == self.destino for p in printers.impresoras(connection))
            self._silence.known = self._silence.known or trabajos.conocida(connection, self.destino)
        if self._silence.left_s() > 0:
            self._again_s = self._silence.left_s()
            if job is not None:
                Record(self._replica, job).waits(self._why)
            return False
        if job is None:
            if self._watched() and saved:
                self._look()
            return False
        return self._do(job)

    def _do(self, job: Siguiente) -> bool:
        record, folder = Record(self._replica, job), folder_of(self.destino)
        if job.cancelado and job.intento is None:
            record.settle(Result(0, True), 0)
            return True
        if job.estado == "enviando" and job.intento is not None and not job.exclusiva:
            record.settle(Result(0, False, "La conexión se cortó mientras imprimía."), job.faltan)
            return True
        try:
            whole_job(job.datos, job.faltan, "0")
            transport = open_transport(self.destino) if folder is None else None
        except KnownError as error:
            record.fail(str(error))
            return True
        try:
            if folder is not None:
                self._sender.keep(record, folder)
                self._say(EstadoImpresora(self.destino, True))
            elif transport is not None:
                self._sender.send(record, transport)
            self._silence.broken(heard=True)
            return True
        except PrinterUncertain as error:
            record.broke(error.message)
            return True
        except PrinterError as error:
            self._note(record, error)
        except Displaced:
            self._sender.learned.displaced += 1
            self._sender.learned.others = True
            self._note(record, busy())
        except KnownError as error:
            log.error("printer %s: %s", self.destino, error)
            self._again_s = FIRST_RETRY_S
            self._say(EstadoImpresora(self.destino, False, (error.message.rstrip("."),)))
        except Stopped:
            log.info("printer %s: stopped with a label in hand", self.destino)
        finally:
            if transport is not None:
                transport.close()
        return False

    def _must_stop(self) -> bool:
        """Does the program end, and the label in hand won't prove itself soon?"""
        return self._stop.is_set() and (not self.estado.lista or time.monotonic() > self._stop_at)

    def _note(self, record: Record, error: PrinterError) -> None:
        """Nothing was printed: the job says why it waits."""
        self._again_s = self._retry_s
        if isinstance(error, PrinterBusy):
            self._sender.learned.others = True
            self._again_s *= random.uniform(0.2, 1.0)  # noqa: S311
        self._retry_s = min(LAST_RETRY_S if isinstance(error, PrinterUnreachable) else WATCH_S, self._retry_s * 2)
        self._say(EstadoImpresora(self.destino, False, (error.message.rstrip("."),)))
        record.waits(self._silenced(error))

    def _silenced(self, error: PrinterError) -> str:
        """One that answers nothing isn't asked again and again: to a printer of another make it is text to print.
        Gives why a job waits.
        """
        if isinstance(error, PrinterSilent):
            self._silence.kept()
            self._again_s = self._silence.left_s()
            self._why = str(error) if self._silence.known else f"{error} {NOT_AGAIN}"
            return self._why
        if not isinstance(error, PrinterUnreachable) or self._silence.known:
            self._silence.broken(heard=True)
        return str(error)

    def _told(self, record: Record, words: str) -> None:
        self._say(EstadoImpresora(self.destino, False, (words.rstrip("."),), record.job.id))
        record.tell(words)

    def _goes_out(self, job_id: str) -> None:
        self._say(EstadoImpresora(self.destino, True, (), job_id))

    def _look(self) -> None:
        """Ask for its status, for those who look at it."""
        if folder_of(self.destino) is not None:
            self._say(EstadoImpresora(self.destino, True))
            return
        problem: tuple[str, ...] = ()
        transport = open_transport(self.destino)
        try:
            transport.open(1.5)
            if transport.answers:
                Job(ZebraPrinter(transport, variables=self._sender.learned.variables), self._troubled).look()
                self._silence.broken(heard=True)
            else:
                problem = ("Sin confirmación",)
        except PrinterError as error:
            self._silenced(error)
            problem = (error.message.rstrip("."),)
        finally:
            transport.close()
        self._say(EstadoImpresora(self.destino, not problem, problem))

    def _troubled(self, words: str) -> None:
        self._say(EstadoImpresora(self.destino, False, (words.rstrip("."),)))

    def _obey(self, order: Order, done: Done) -> None:
        answer: str | KnownError
        try:
            transport = open_transport(self.destino)
            try:
                transport.open(CONNECT_S)
                printer = ZebraPrinter(transport)
                answer = order(printer)
                self._silence.broken(heard=printer.heard)
            finally:
                transport.close()
        except KnownError as error:
            answer = error
        with contextlib.suppress(RuntimeError):
            done(answer)

    def _say(self, estado: EstadoImpresora) -> None:
        if estado != self.estado:
            self.estado = estado
            self._heard(self.destino)
