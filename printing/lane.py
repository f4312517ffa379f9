"""A printer's own thread: its jobs in order, its status while somebody looks, what a person tells it to do."""

import contextlib
import logging
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import KnownError
from local_db.replica import Replica
from printing import printers, trabajos
from printing.errors import PrinterError, PrinterNotReady, PrinterUncertain, PrinterUnreachable
from printing.job import Job, Result, Stopped, Trust, whole_job
from printing.trabajos import Siguiente
from printing.transports import folder_of, open_transport
from printing.zebra import ZebraPrinter

log = logging.getLogger(__name__)

WATCH_S = 2.0
FIRST_RETRY_S, LAST_RETRY_S = 0.5, 10.0
CONNECT_S = 3.0
QUESTION = "¿Salió la etiqueta?"

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
        self._trust = Trust()
        self._variables = True
        self._retry_s = FIRST_RETRY_S
        self._again_s = 0.0
        self._wake, self._urgent = threading.Event(), threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"servitec-print {destino}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something may be there to do."""
        self._wake.set()

    def stop(self) -> None:
        """Ask it to end after what it is doing now."""
        self._stop.set()
        self._wake.set()
        self._urgent.set()

    def join(self, timeout_s: float) -> None:
        """Wait for its end."""
        self._thread.join(timeout_s)

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
                self._urgent.wait(self._again_s)
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
        if job is None:
            if self._watched() and saved:
                self._look()
            return False
        return self._do(job)

    def _do(self, job: Siguiente) -> bool:
        folder = folder_of(self.destino)
        if folder is not None:
            return self._keep(job, folder)
        if job.estado == "enviando" and job.intento is None:
            self._set(job, estado="en_cola", error=None)
            return True
        if job.estado == "enviando" and not job.exclusiva:
            self._settle(job, Result(0, False, "La conexión se cortó mientras imprimía."))
            return True
        transport = open_transport(self.destino)
        try:
            transport.open(CONNECT_S)
            if not transport.answers:
                return self._blind(job, transport.send)
            printer = ZebraPrinter(transport, variables=self._variables)
            if not self.destino.startswith("tcp:"):
                printer.drain()
            return self._send(job, printer)
        except PrinterUncertain as error:
            self._broke(job, error)
            return True
        except PrinterError as error:
            self._note(job, error)
            return False
        except KnownError as error:
            self._set(job, estado="fallido", error=str(error))
            return True
        except Stopped:
            return False
        finally:
            transport.close()

    def _send(self, job: Siguiente, printer: ZebraPrinter) -> bool:
        sending = Job(printer, lambda words: self._told(job, words), self._stop.is_set)
        missing = job.copias - job.salidas
        if job.estado == "enviando":
            self._settle(job, sending.judge(job.contador_antes, missing))
            return True
        name = secrets.token_hex(6)
        head, end = whole_job(job.datos, missing, name)
        reading = sending.ready()
        self._variables = printer.variables
        self._say(EstadoImpresora(self.destino, True, (), job.id))
        trust = Trust(job.exclusiva, self._trust.nombra)
        if not self._set(job, estado="enviando", error=None, intento=None, contador_antes=None):
            return True
        sending.begin(head)
        self._set(job, intento=name, contador_antes=reading.counter)
        self._settle(job, sending.prove(end, name, reading.counter, missing, trust))
        if printer.marks:
            self._trust = Trust(nombra=True)
        return True

    def _blind(self, job: Siguiente, send: Callable[[bytes], None]) -> bool:
        """A printer that can't be asked: the person is."""
        head, end = whole_job(job.datos, job.copias - job.salidas, secrets.token_hex(6))
        if job.intento is None and self._set(job, estado="enviando", intento="sin confirmación"):
            send(head + end)
        self._settle(job, Result(0, False, "Esta impresora no confirma lo que imprime."))
        return True

    def _keep(self, job: Siguiente, folder: Path) -> bool:
        """A folder: the label is out when its file is there whole; doing it again makes the same file."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for copy in range(1, job.copias + 1):
                path = folder / f"{job.id}-{copy}.zpl"
                part = path.with_suffix(".part")
                with part.open("wb") as file:
                    file.write(job.datos)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
        except OSError as error:
            self._note(job, PrinterNotReady(f"No se puede escribir en {folder}: {error.strerror}."))
            return False
        self._settle(job, Result(job.copias - job.salidas, True))
        self._say(EstadoImpresora(self.destino, True))
        return True

    def _broke(self, job: Siguiente, error: PrinterUncertain) -> None:
        """After the end may have been sent: on a printer of our own the counter tells later, else a person does."""
        with self._replica.reading() as connection:
            now = trabajos.siguiente(connection, self.destino)
        if now is None or now.id != job.id or now.estado != "enviando" or now.intento is None:
            self._set(job, estado="en_cola", error=str(error))
        elif job.exclusiva:
            self._set(job, error="Se cortó la conexión; se comprueba si la etiqueta salió.")
        else:
            self._settle(now, Result(0, False, error.message))

    def _settle(self, job: Siguiente, result: Result) -> None:
        """Write down what is certain, and ask once about the rest."""
        out = job.salidas + result.salidas
        if out >= job.copias:
            self._set(job, estado="impreso", salidas=job.copias, error=None, intento=None, tried=True)
        elif result.seguro:
            self._set(
                job, estado="en_cola", salidas=out, error="No salió; se envía de nuevo.", intento=None, tried=True
            )
        else:
            words = f"{result.motivo} {QUESTION}"
            self._set(job, estado="incierto", salidas=out, error=words, intento=None, tried=True)

    def _note(self, job: Siguiente, error: PrinterError) -> None:
        """Nothing was printed: the job says why it waits."""
        self._again_s = self._retry_s
        self._retry_s = min(LAST_RETRY_S if isinstance(error, PrinterUnreachable) else WATCH_S, self._retry_s * 2)
        self._say(EstadoImpresora(self.destino, False, (error.message.rstrip("."),)))
        with self._replica.reading() as connection:
            now = trabajos.trabajo(connection, job.id)
            begun = trabajos.siguiente(connection, self.destino)
        if now is None or now.estado not in ("en_cola", "enviando"):
            return
        judged = begun is not None and begun.id == job.id and begun.intento is not None
        estado = "enviando" if judged else "en_cola"
        if (now.estado, now.error) != (estado, str(error)):
            self._set(job, estado=estado, error=str(error))

    def _told(self, job: Siguiente, words: str) -> None:
        self._say(EstadoImpresora(self.destino, False, (words.rstrip("."),), job.id))
        with self._replica.reading() as connection:
            now = trabajos.trabajo(connection, job.id)
        if now is not None and now.error != words:
            self._set(job, error=words)

    def _set(self, job: Siguiente, *, tried: bool = False, **values: object) -> bool:
        """Write down how the job stands; False when somebody cancelled it meanwhile."""
        with self._replica.writing() as writing:
            now = trabajos.trabajo(writing.connection, job.id)
            if now is None or now.estado == "fallido":
                return False
            more = {"intentos": now.intentos + 1} if tried else {}
            trabajos.update(writing, job.id, self._replica.ambient.instant(), **values, **more)
            return True

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
                printer = ZebraPrinter(transport, variables=self._variables)
                Job(printer, self._troubled, lambda: True).ready()
                self._variables = printer.variables
            else:
                problem = ("Sin confirmación",)
        except PrinterError as error:
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
                answer = order(ZebraPrinter(transport))
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
