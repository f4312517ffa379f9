"""One sending to one printer, with proof: in two steps, believed only when the printer says so (adr/0007).

The format goes out without its end; the printer is asked whether it is well; what is about to happen is stored; it is
asked whether it still holds the format; then the end follows. What came out is told by the label's report (^HV, by
name), or by the label counter where nobody else can print between.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.base import causes
from domain.base.errors import KnownError
from printing.errors import PrinterBusy, PrinterNotReady, PrinterSilent, PrinterUncertain, PrinterUnreachable
from printing.status import ZebraStatus
from printing.zebra import Reading, ZebraPrinter

_TAIL = re.compile(rb"\^PQ\d+(?:,\d*)*(?:,[YN])?(?=(?:\^XZ)\s*\Z)")
END = b"^XZ"
READY_S, MIDDLE_S = 6.0, 20.0
"""Patience before a job, and in its middle: a slow line takes its time."""
SETTLE_S = 2.0
"""So long a printer has to be idle, every question answered, before "nothing came out" is believed."""
HOLD_S = 0.3
"""So long a printer may take to say that it holds a format."""
ASK_S = 0.5
"""So long, before a person is asked because the printer can prove nothing."""
SILENCE_S = 15.0
POLL_S = 0.03
MOST_COPIES = 999

Told = Callable[[str], None]


class Stopped(Exception):
    """The program ends; the job is judged at its next start."""


class Displaced(Exception):
    """Before its end was sent, the printer no longer held the format alone: another sender came between."""


@dataclass(frozen=True, slots=True)
class Result:
    """Copies known to be out, and whether the others are known not to be: `seguro` False asks the person.
    cancelada: somebody cancelled the rest, here or with the printer's own key. muda: the printer works and proves
    nothing, so that asking can wait until the last copy.
    """

    salidas: int
    seguro: bool
    motivo: str = ""
    cancelada: bool = False
    muda: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """What may be believed of this printer. exclusiva: nobody else prints there; nombra: its labels report
    themselves, so that the counter alone is no proof where others print too; sola: does it serve nobody else as long
    as our connection is open (asked only when it matters)?
    """

    exclusiva: bool
    nombra: bool
    sola: Callable[[], bool]

    def counts(self, named: int) -> bool:
        """Does the counter tell how many of our copies came out, of which `named` reported themselves?"""
        return self.exclusiva or (not self.nombra and not named and self.sola())


def whole_job(datos: bytes, copies: int, name: str) -> tuple[bytes, bytes]:
    """A label's bytes as sent, up to the end of the format, and that end.

    `name` is what each label reports when it came out. ^HV as in the guide: header, one byte of an unused field,
    terminator, once a label.

    Raises:
        KnownError: not one format that says how many labels it makes.
    """
    if _TAIL.search(datos) is None or datos.count(b"^XZ") != 1 or not 1 <= copies <= MOST_COPIES:
        raise KnownError("El trabajo no es una etiqueta entera.", "Imprímala de nuevo desde la orden.")
    report = b"^FH_^HV0,1,{SVT:%s|,},L^FS^PQ%d" % (name.encode("ascii"), copies)
    head = _TAIL.sub(lambda _: report, datos).rstrip()
    return head[: -len(END)], END


def busy() -> PrinterBusy:
    """Another sender is at work."""
    return PrinterBusy.of(causes.IMPRESORA_OCUPADA)


class Job:
    """One sending of what is still missing of a job, over one connection."""

    def __init__(
        self,
        printer: ZebraPrinter,
        told: Told,
        stopped: Callable[[], bool] = lambda: False,
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[int], None] = lambda _: None,
        *,
        flags: bool = True,
    ) -> None:
        """`progress` hears how many copies of this sending are known to be out; `flags`: False for a printer that
        never said that it holds a format.
        """
        self._printer = printer
        self._told = told
        self._stopped = stopped
        self._cancelled = cancelled
        self._progress = progress
        self._flags = flags

    def look(self) -> Reading:
        """How the printer is; nothing is sent to it but questions.

        Raises:
            PrinterUnreachable, PrinterNotReady: what is the matter.
        """
        try:
            reading = self._answer()
            if reading.status is None or reading.status.problems:
                raise PrinterNotReady.of(causes.IMPRESORA_INFORMA, problem=self._words(reading))
        except PrinterUncertain as error:
            raise PrinterUnreachable.of(causes.IMPRESORA_SE_FUE, why=error.message) from error
        return reading

    def ready(self, leftover: Callable[[], bool]) -> Reading:
        """The reading of an idle, healthy printer that speaks ZPL; nothing was sent.

        `leftover`: it holds a format that began and didn't end; will nobody end that any more?

        Raises:
            PrinterUnreachable, PrinterNotReady: what is the matter.
        """
        for _ in range(3):
            reading = self.look()
            status = reading.status
            if status is None or status.waiting:
                raise busy()
            try:
                if status.partial:
                    if not leftover():
                        raise busy()
                    self._printer.cancel_partial()
                elif reading.counter is not None or reading.language is not None or not self._printer.variables:
                    return reading
            except PrinterUncertain as error:
                raise PrinterUnreachable.of(causes.IMPRESORA_SE_FUE, why=error.message) from error
        if reading.status is not None and reading.status.idle and not reading.status.partial:
            return reading
        raise busy()

    def begin(self, head: bytes) -> None:
        """Hand over all but the end, and see that the printer is still well.

        Raises:
            PrinterUnreachable, PrinterNotReady: the end was not sent.
            Displaced: nor was it, and another sender is at work.
        """
        try:
            around = self._printer.begin(head, MIDDLE_S)
            if around is None:
                raise PrinterNotReady.of(causes.IMPRESORA_SE_CALLO)
            before, behind = around
            self._check(behind if not before.partial else None)
        except PrinterUncertain as error:
            raise PrinterUnreachable.of(causes.IMPRESORA_CORTADA) from error

    def still_holds(self) -> None:
        """See, right before the end, that the printer is well and holds a format that began.

        Raises:
            PrinterUnreachable, PrinterNotReady, Displaced: as `begin`.
        """
        try:
            status = self._printer.status(READY_S)
            if status is None:
                raise PrinterNotReady.of(causes.IMPRESORA_SE_CALLO)
            self._check(status)
        except PrinterUncertain as error:
            raise PrinterUnreachable.of(causes.IMPRESORA_CORTADA) from error

    def prove(
        self, end: bytes, name: str, before: int | None, copies: int, trust: Trust, *, whole: bool = False
    ) -> Result:
        """Send the end, or the whole format, and wait for the printer's word.

        Waits as long as the printer answers that it has something left to print.

        Raises:
            PrinterUncertain: the connection broke, or it keeps silent: judge it by another one.
            Stopped: the program ends.
        """
        printer = self._printer
        held = printer.end(end, READY_S)
        ended = held is not None and (whole or held.partial or not self._flags)
        gone = held is not None and not ended
        heard = counted = calm = open_ = time.monotonic()
        done: float | None = None
        pause, cancelling = POLL_S, False
        while True:
            if self._stopped():
                raise Stopped
            if not cancelling and self._cancelled():
                cancelling = True
                if trust.exclusiva or trust.sola():
                    printer.cancel_all()
            reading, now = printer.poll(), time.monotonic()
            named, marks = printer.replies.marks.get(name, 0), sum(printer.replies.marks.values())
            if named >= copies and marks == named:
                return Result(copies, True)
            if reading is None or reading.status is None:
                self._silent(now - heard)
                calm = now
                continue
            heard = now
            if before is None or reading.counter is not None:
                counted = now
            if not reading.status.partial:
                open_ = now
            elif held is None and now - open_ >= SETTLE_S and (trust.exclusiva or trust.sola()):
                printer.cancel_partial()
                return Result(0, True)  # it was no ZPL when the end came: the format is still open
            if reading.status.problems:
                self._told(f"Enviada; la impresora informa: {', '.join(reading.status.problems)}.")
            risen = None if before is None or reading.counter is None else reading.counter - before
            if copies > 1:
                sure = ended and marks == named and trust.counts(named)
                self._progress(risen if sure and risen is not None and 0 < risen < copies else named)
            if not reading.status.idle or counted < now < counted + SILENCE_S:
                calm = now
            else:
                done = done or now
                result = self._settled(reading.status, risen, name, copies, trust, heard=held is not None, ended=ended)
                if (
                    result.salidas >= copies
                    or gone
                    or now - (calm if result.seguro else done) >= (SETTLE_S if result.seguro else ASK_S)
                ):
                    return result
            printer.replies.listen(pause)
            pause = min(0.25 if copies == 1 else 0.05, pause * 1.3)

    def _silent(self, for_s: float) -> None:
        if for_s > SILENCE_S:
            raise PrinterUncertain.of(causes.IMPRESORA_SIN_RESPUESTA)
        self._told("La impresora dejó de responder; se sigue esperando. Revise que esté encendida.")

    def judge(self, before: int | None, serie: str | None, copies: int) -> Result:
        """After a break, on a printer that is this station's alone: what the counter of the same printer says.

        Raises:
            PrinterUnreachable, PrinterNotReady: it can't be asked yet.
            PrinterUncertain: the connection broke.
        """
        first = self.look()
        if first.status is not None and first.status.partial:
            self._printer.cancel_partial()
            return Result(0, True)  # the end never reached it, or it was no ZPL then
        first = self.ready(lambda: True)
        time.sleep(SETTLE_S)
        second = self._printer.poll(READY_S)
        if second is None or second.status is None or not second.status.idle or second.counter != first.counter:
            raise PrinterNotReady.of(causes.IMPRESORA_SIGUE)
        if before is None or second.counter is None:
            return Result(0, False, "La impresora no lleva la cuenta de etiquetas.")
        if serie is None or first.serie != serie:
            return Result(0, False, "No se sabe si es la misma impresora: su cuenta no prueba nada.")
        risen = second.counter - before
        if 0 <= risen <= copies:
            return Result(risen, True)
        return Result(0, False, "La cuenta de la impresora no corresponde: alguien más imprimió en ella.")

    def _settled(
        self, status: ZebraStatus, risen: int | None, name: str, copies: int, trust: Trust, *, heard: bool, ended: bool
    ) -> Result:
        """The printer is done, and not all copies proved themselves: what is certain? heard: it said how it was right
        before the end; ended: that it held a format then.
        """
        named, marks = self._printer.replies.marks.get(name, 0), sum(self._printer.replies.marks.values())
        answered = heard and not self._printer.unanswered
        if risen is None and named and marks == named and ended and answered:
            risen = named  # it reports its labels, and prints no more
        if risen is None:
            return Result(named, False, "La impresora no lleva la cuenta de etiquetas.", muda=True)
        if named and marks > named:
            return Result(0, False, "La etiqueta puede haber salido mezclada con la de otro.")
        if risen > max(copies, marks):
            return Result(named, False, "Otro imprimió en la misma impresora al mismo tiempo.")
        told = risen == marks or (ended and marks == named and trust.counts(named))
        if not heard or risen < 0 or not told or (risen < copies and not answered):
            muda = ended and not marks and risen == copies
            return Result(named, False, "La impresora no confirmó la etiqueta.", muda=muda)
        out = named if risen == marks else risen
        vanished = ended and marks == named and not status.partial
        return Result(out, True, cancelada=vanished and out < copies)

    def _check(self, status: ZebraStatus | None) -> None:
        """Healthy, nothing waiting, and a format begun; that it was begun may be said a little late."""
        deadline = time.monotonic() + HOLD_S
        while status is not None and not status.partial and self._flags and time.monotonic() < deadline:
            status = self._printer.status()
        if status is None or status.waiting or (self._flags and not status.partial):
            self._printer.cancel_partial()
            raise Displaced
        if status.problems:
            self._printer.cancel_partial()
            raise PrinterNotReady.of(causes.IMPRESORA_INFORMA, problem=", ".join(status.problems))

    def _answer(self) -> Reading:
        reading = self._printer.probe()
        if reading is None:
            self._told(str(KnownError.of(causes.IMPRESORA_MUDA)))
            reading = self._printer.probe(READY_S)
        if reading is None:
            raise PrinterSilent.of(causes.IMPRESORA_MUDA)
        if reading.language is not None and "zpl" not in reading.language.lower():
            raise PrinterNotReady.of(causes.IMPRESORA_OTRO_LENGUAJE, name=reading.language)
        return reading

    def _words(self, reading: Reading) -> str:
        if reading.status is not None:
            return ", ".join(reading.status.problems)
        return ", ".join(self._printer.errors() or ()) or "no está lista: revise papel, cinta y cabezal"
