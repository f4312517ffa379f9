"""One job's turn at its printer: what is missing of it goes out, and what the printer proves is written down."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.base import causes
from printing.alone import serves_only_us
from printing.errors import PrinterError, PrinterNotReady, PrinterUncertain
from printing.job import Displaced, Job, Result, Told, Trust, whole_job
from printing.record import Record, insist
from printing.trabajos import Siguiente
from printing.transports import Transport
from printing.zebra import Reading, ZebraPrinter
from storage.causes import cause

CONNECT_S = 3.0
ABANDONED_S = 10.0
"""After so long, a format that somebody began and didn't end is dropped."""
DISPLACED = 4
"""So often in a row a printer may seem to have lost a format, before it counts as one that never says it holds one."""


@dataclass(slots=True)
class Learned:
    """What was learned of a printer while the program runs. variables: it answers Set-Get-Do; nombra: its labels
    report themselves; sola: it serves one connection at a time (None: nobody knows yet); others: somebody else seems
    to print there; holds: it said that it holds a format; displaced: formats lost in a row; partial_since: since when
    it holds one that isn't ours.
    """

    variables: bool = True
    nombra: bool = False
    sola: bool | None = None
    others: bool = False
    holds: bool = False
    displaced: int = 0
    partial_since: float | None = None

    @property
    def flags(self) -> bool:
        """Is it believed when it says that it holds no format?"""
        return self.holds or self.displaced < DISPLACED


class Sender:
    """Sends jobs to one printer. told: hears what is the matter; printing: hears the job that goes out; stopped: must
    the label in hand be left? wait: sleeps, and says whether the program ends.
    """

    def __init__(
        self,
        destino: str,
        told: Callable[[Record, str], None],
        printing: Callable[[str], None],
        stopped: Callable[[], bool],
        wait: Callable[[float], bool],
    ) -> None:
        self.learned = Learned()
        self._destino = destino
        self._told = told
        self._printing = printing
        self._stopped = stopped
        self._wait = wait

    def send(self, record: Record, transport: Transport) -> None:
        """What is missing of a job, or of what is known of it.

        Raises:
            PrinterError, Displaced: why not; what is written down stays true.
            KnownError: the database refused before anything was printed.
            Stopped: the program ends.
        """
        transport.open(CONNECT_S)
        job = record.job
        if not transport.answers:
            self._blind(record, transport)
            return
        printer = ZebraPrinter(transport, variables=self.learned.variables)
        if not self._destino.startswith("tcp:"):
            printer.replies.drain()
        sending = Job(
            printer, self._teller(record), self._stopped, record.cancelled, record.progress, flags=self.learned.flags
        )
        if job.estado == "enviando" and job.intento is not None:
            result = sending.judge(job.contador_antes, job.serie_antes, job.faltan)
            self._settle(record, result, job.faltan)
        else:
            self._copies(record, printer, sending)

    def keep(self, record: Record, folder: Path) -> None:
        """Into a folder: the label is out when its file is there whole; doing it again makes the same file.

        Raises:
            PrinterNotReady: nothing can be written there.
        """
        job = record.job
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
            raise PrinterNotReady.of(causes.CARPETA_DE_ETIQUETAS, path=folder, reason=cause(error)) from error
        self._settle(record, Result(job.faltan, True), job.faltan)

    def _copies(self, record: Record, printer: ZebraPrinter, sending: Job) -> None:
        """All that is missing. On a printer that serves others meanwhile: one copy, because a batch couldn't be
        cancelled there without their labels; and whole, because their end could print our format, and ours theirs.
        """
        job, learned = record.job, self.learned
        reading = sending.ready(lambda: self._abandoned(job, printer))
        learned.variables, learned.partial_since = printer.variables, None
        if job.empezado and not self._certain(job, printer, reading):
            record.settle(Result(0, False, "Otra estación puede haber terminado la etiqueta."), 1)
            return
        self._printing(job.id)
        trust = Trust(job.exclusiva, learned.nombra, lambda: self._alone(printer))
        shared = not job.exclusiva and (job.faltan > 1 or learned.others) and not self._alone(printer)
        copies = 1 if shared else job.faltan
        name = secrets.token_hex(6)
        head, end = whole_job(job.datos, copies, name)
        if not record.begun(self._destino, reading.counter, reading.serie, name if shared else None):
            return
        if not shared and not self._handed_over(record, printer, sending, head, name):
            return
        try:
            data = head + end if shared else end
            result = sending.prove(data, name, reading.counter, copies, trust, whole=shared)
        except PrinterUncertain:
            record.progress(printer.replies.marks.get(name, 0))
            raise
        self._settle(record, result, copies)
        learned.nombra = learned.nombra or name in printer.replies.marks
        learned.others = learned.others or not result.salidas

    def _handed_over(self, record: Record, printer: ZebraPrinter, sending: Job, head: bytes, name: str) -> bool:
        """All but the end, and the intention to send that; False when somebody gave the job up."""
        sending.begin(head)
        self.learned.holds, self.learned.displaced = self.learned.flags, 0
        if record.cancelled() or not record.ending(name):
            printer.cancel_partial()
            record.settle(Result(0, True), 0)
            return False
        try:
            sending.still_holds()
        except (PrinterError, Displaced):
            record.ending(None)
            raise
        return True

    def _blind(self, record: Record, transport: Transport) -> None:
        """A printer that can't be asked: the person is."""
        job = record.job
        head, end = whole_job(job.datos, job.faltan, secrets.token_hex(6))
        if record.begun(self._destino, None, None) and record.ending("sin confirmación"):
            transport.send(head + end)
        self._settle(record, Result(0, False, "Esta impresora no confirma lo que imprime."), job.faltan)

    def _settle(self, record: Record, result: Result, sent: int) -> None:
        """Write it down, though the disk be full: what came out is known now and never again."""
        insist(lambda: record.settle(result, sent), self._teller(record), self._wait)

    def _certain(self, job: Siguiente, printer: ZebraPrinter, reading: Reading) -> bool:
        """A format began and its end wasn't sent: is it certain that nobody else's end printed it?"""
        if job.exclusiva or (job.contador_antes is not None and reading.counter == job.contador_antes):
            return True
        return self._alone(printer)

    def _alone(self, printer: ZebraPrinter) -> bool:
        """Does nobody else reach this printer as long as the connection holds?"""
        if self.learned.sola is None:
            self.learned.sola = serves_only_us(self._destino, printer)
        return bool(self.learned.sola)

    def _abandoned(self, job: Siguiente, printer: ZebraPrinter) -> bool:
        """The printer holds a format that began: ours, or one that nobody will end?"""
        now = time.monotonic()
        since = self.learned.partial_since = self.learned.partial_since or now
        return job.exclusiva or job.empezado or self._alone(printer) or now - since > ABANDONED_S

    def _teller(self, record: Record) -> Told:
        return lambda words: self._told(record, words)
