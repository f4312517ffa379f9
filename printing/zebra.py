"""A Zebra printer on one connection: its status, its label counter, one job with proof.

~HS is read as in the ZPL II Programming Guide: three strings between STX and ETX.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from printing.errors import PrinterNotReady, PrinterUncertain, PrinterUnreachable
from printing.tcp import TcpTransport

COUNTER = b'! U1 getvar "odometer.total_label_count"\r\n'
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class ZebraStatus:
    """`problems` in words for a person; `waiting`: formats or labels still to be printed."""

    problems: tuple[str, ...]
    waiting: int

    @property
    def idle(self) -> bool:
        """Healthy, and nothing left to print."""
        return not self.problems and self.waiting == 0


def parse_status(reply: bytes) -> ZebraStatus | None:
    """The printer's answer to ~HS; None when it isn't one."""
    strings = re.findall(rb"\x02([^\x03]*)\x03", reply)
    if len(strings) < 2:
        return None
    first, second = (s.decode("ascii", "replace").split(",") for s in strings[:2])
    if len(first) < 12 or len(second) < 9:
        return None
    flags = (
        (first[1], "sin papel"),
        (first[2], "en pausa"),
        (first[5], "memoria llena"),
        (first[9], "memoria dañada"),
        (first[10], "cabezal frío"),
        (first[11], "cabezal caliente"),
        (second[2], "cabezal abierto"),
        (second[3], "sin cinta"),
    )
    try:
        waiting = int(first[4]) + int(second[8])
    except ValueError:
        return None
    return ZebraStatus(tuple(words for flag, words in flags if flag == "1"), waiting)


class ZebraPrinter:
    """One job at a time over a transport of its own."""

    def __init__(self, transport: TcpTransport) -> None:
        self._transport = transport

    def print_job(
        self, data: bytes, copies: int, before_sending: Callable[[int | None], None], timeout_s: float = 20.0
    ) -> None:
        """Print; returns when the label counter rose by `copies` and the printer is idle again.

        Args:
            data: one format, its ^PQ equal to `copies`.
            copies: labels that come out.
            before_sending: called with the counter just before the first byte; must store it durably.
            timeout_s: how long the printer may take.

        Raises:
            PrinterUnreachable, PrinterNotReady: nothing was sent.
            PrinterUncertain: sending began, and no proof came.
        """
        self._transport.open()
        try:
            before = self._ready()
            before_sending(before)
            self._transport.send(data)
            self._prove(before, copies, timeout_s)
        finally:
            self._transport.close()

    def status(self) -> ZebraStatus | None:
        """Its status; None when it stays silent.

        Raises:
            PrinterUncertain: the connection broke.
        """
        return parse_status(self._transport.query(b"~HS", b"\x03", 3))

    def counter(self) -> int | None:
        """Labels printed in its life; None where it doesn't count.

        Raises:
            PrinterUncertain: the connection broke.
        """
        found = re.search(rb'"(\d+)', self._transport.query(COUNTER, b'"', 2))
        return int(found[1]) if found else None

    def _ready(self) -> int | None:
        """The counter of an idle, healthy printer; nothing was sent yet, whatever goes wrong here."""
        try:
            status = self.status()
            if status is None:
                raise PrinterNotReady(
                    "La impresora no informa su estado.", "Revise que sea una Zebra en modo ZPL y que esté lista."
                )
            if status.problems:
                raise PrinterNotReady(
                    f"La impresora informa: {', '.join(status.problems)}.", "Atiéndala; se reintenta sola."
                )
            if status.waiting:
                raise PrinterNotReady("La impresora está ocupada con otro trabajo.", "Se reintenta sola.")
            return self.counter()
        except PrinterUncertain as error:
            raise PrinterUnreachable(error.message, "Se reintenta sola.") from error

    def _prove(self, before: int | None, copies: int, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        trouble = ""
        while time.monotonic() < deadline:
            status = self.status()
            if status is not None and status.idle:
                now = self.counter()
                if before is None or now is None:
                    raise PrinterUncertain(
                        "La impresora no lleva la cuenta de etiquetas.", "Mire si salió la etiqueta."
                    )
                if now >= before + copies:
                    return
            trouble = ", ".join(status.problems) if status is not None else "sin respuesta"
            time.sleep(POLL_S)
        detail = f" ({trouble})" if trouble else ""
        raise PrinterUncertain(f"La impresora no confirmó la etiqueta{detail}.", "Mire si salió.")
