"""One job to one printer, with proof: sent in two steps, believed only when the printer says so.

The format goes out without its end; the printer is asked once more whether it is well; what is about to happen is
stored; then the end follows. Whatever breaks before the end was handed over has printed nothing, because no
printer prints a format that never ended. What breaks after it is judged by the printer's own word: the label's
report (^HV, by name), or the label counter.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import KnownError
from printing.errors import PrinterNotReady, PrinterUncertain, PrinterUnreachable
from printing.zebra import Reading, ZebraPrinter

_TAIL = re.compile(rb"\^PQ\d+(?:,\d*)*(?:,[YN])?(?=(?:\^XZ)\s*\Z)")
END = b"^XZ"
READY_S, MIDDLE_S = 6.0, 20.0
"""Patience before a job, and in its middle: a slow line takes its time."""
SETTLE_S = 2.0
"""So long a printer has to be idle, every question answered, before "nothing came out" is believed."""
SILENCE_S = 15.0
POLL_S = 0.03
MOST_COPIES = 999

Told = Callable[[str], None]


class Stopped(Exception):
    """The program ends; the job is judged at its next start."""


@dataclass(frozen=True, slots=True)
class Result:
    """Copies known to be out, and whether the others are known not to be: `seguro` False asks the person."""

    salidas: int
    seguro: bool
    motivo: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """What may be believed of this printer. exclusiva: nobody else prints there; nombra: its labels report
    themselves, so that the counter alone is no proof where others print too.
    """

    exclusiva: bool = False
    nombra: bool = False


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


class Job:
    """One sending of what is still missing of a job, over one connection."""

    def __init__(self, printer: ZebraPrinter, told: Told, stopped: Callable[[], bool]) -> None:
        self._printer = printer
        self._told = told
        self._stopped = stopped

    def ready(self) -> Reading:
        """The reading of an idle, healthy printer that speaks ZPL; nothing was sent.

        Raises:
            PrinterUnreachable, PrinterNotReady: what is the matter.
        """
        try:
            reading = self._answer()
            if reading.status is None or reading.status.problems:
                raise PrinterNotReady(f"La impresora informa: {self._words(reading)}.", "Atiéndala; sigue sola.")
            if reading.status.waiting:
                raise PrinterNotReady("La impresora está ocupada con otro trabajo.", "Sigue sola cuando termine.")
            if reading.status.partial:
                self._printer.cancel_partial()
                again = self._printer.poll(READY_S)
                if again is None or again.status is None or again.status.partial or not again.status.idle:
                    raise PrinterNotReady("La impresora espera el resto de otro trabajo.", "Sigue sola.")
                reading = again
            return reading
        except PrinterUncertain as error:
            raise PrinterUnreachable(error.message, "Se reintenta sola.") from error

    def begin(self, head: bytes) -> None:
        """Hand over all but the end, and see that the printer is still well.

        Raises:
            PrinterUnreachable, PrinterNotReady: nothing can print; what was sent is dropped with the next job.
        """
        try:
            self._printer.send(head)
            status = self._printer.status(MIDDLE_S)
        except PrinterUncertain as error:
            raise PrinterUnreachable(
                "Se cortó la conexión antes de terminar de enviar.", "Se reintenta sola."
            ) from error
        if status is None:
            raise PrinterNotReady("La impresora dejó de responder mientras recibía.", "Se reintenta sola.")
        if status.problems or status.waiting:
            self._drop()
            words = ", ".join(status.problems) or "ocupada con otro trabajo"
            raise PrinterNotReady(f"La impresora informa: {words}.", "Atiéndala; sigue sola.")

    def prove(self, end: bytes, name: str, before: int | None, copies: int, trust: Trust) -> Result:
        """Send the end, and wait for the printer's word.

        Waits as long as the printer answers that it has something left to print.

        Raises:
            PrinterUncertain: the connection broke, or it keeps silent: judge it by another one.
            Stopped: the program ends.
        """
        printer = self._printer
        printer.send(end)
        heard = calm = time.monotonic()
        pause, unanswered = POLL_S, printer.unanswered
        while True:
            if printer.marks.get(name, 0) >= copies:
                return Result(copies, True)
            if self._stopped():
                raise Stopped
            reading, now = printer.poll(), time.monotonic()
            named = printer.marks.get(name, 0)
            if named >= copies:
                return Result(copies, True)
            if reading is None or reading.status is None:
                if now - heard > SILENCE_S:
                    raise PrinterUncertain("La impresora dejó de responder.", "Mire si salió la etiqueta.")
                self._told("La impresora dejó de responder; se sigue esperando.")
                calm = now
                continue
            heard = now
            if reading.status.problems:
                self._told(f"Enviada; la impresora informa: {', '.join(reading.status.problems)}.")
            if not reading.status.idle:
                calm = now
            else:
                risen = None if before is None or reading.counter is None else reading.counter - before
                believed = trust.exclusiva or not (trust.nombra or named)
                if risen is not None and believed and risen == copies:
                    return Result(copies, True)
                if now - calm >= SETTLE_S:
                    return _settled(risen, named, copies, trust, answered=printer.unanswered == unanswered == 0)
            printer.listen(pause)
            pause = min(0.25, pause * 1.3)

    def judge(self, before: int | None, copies: int) -> Result:
        """After a break, on a printer that is this station's alone: what the counter says.

        Raises:
            PrinterUnreachable, PrinterNotReady: it can't be asked yet.
            PrinterUncertain: the connection broke.
        """
        first = self.ready()
        time.sleep(SETTLE_S)
        second = self._printer.poll(READY_S)
        if second is None or second.status is None or not second.status.idle or second.counter != first.counter:
            raise PrinterNotReady("Se comprueba si la etiqueta salió.", "La impresora sigue trabajando.")
        if before is None or second.counter is None:
            return Result(0, False, "La impresora no lleva la cuenta de etiquetas.")
        risen = second.counter - before
        if 0 <= risen <= copies:
            return Result(risen, True)
        return Result(0, False, "La cuenta de la impresora no corresponde: alguien más imprimió en ella.")

    def _answer(self) -> Reading:
        reading = self._printer.probe()
        if reading is None:
            self._told("La impresora no responde a la pregunta por su estado.")
            reading = self._printer.probe(READY_S)
        if reading is None:
            raise PrinterNotReady(
                "La impresora no informa su estado.",
                "Revise que sea una Zebra, encendida y en lenguaje ZPL (no EPL ni «line print»).",
            )
        if reading.language is not None and "zpl" not in reading.language.lower():
            raise PrinterNotReady(
                f"La impresora está en otro lenguaje ({reading.language}).", "Cámbiela a ZPL en la pantalla Impresión."
            )
        return reading

    def _words(self, reading: Reading) -> str:
        if reading.status is not None:
            return ", ".join(reading.status.problems)
        return ", ".join(self._printer.errors() or ()) or "no está lista: revise papel, cinta y cabezal"

    def _drop(self) -> None:
        try:
            self._printer.cancel_partial()
        except PrinterUncertain:
            return


def _settled(risen: int | None, named: int, copies: int, trust: Trust, *, answered: bool) -> Result:
    """The printer is done, and not all copies proved themselves: what is certain?"""
    if risen is None:
        return Result(named, False, "La impresora no lleva la cuenta de etiquetas.")
    if answered and 0 <= risen <= copies and (trust.exclusiva or risen == named):
        return Result(risen, True)
    if risen > copies:
        return Result(named, False, "Otro imprimió en la misma impresora al mismo tiempo.")
    return Result(named, False, "La impresora no confirmó la etiqueta.")
