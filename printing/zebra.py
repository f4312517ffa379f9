"""A Zebra printer on one open connection: what it says of itself, what it can be told.

Commands are those of Zebra's ZPL II Programming Guide, variables those of its Set-Get-Do guide.
"""

import re
from dataclasses import dataclass

from printing.errors import PrinterNotReady
from printing.replies import Replies
from printing.status import HS, ZebraStatus, parse_errors, read_hs
from printing.transports import Transport

LANGUAGE = b'! U1 getvar "device.languages"\r\n'
COUNTER = b'! U1 getvar "odometer.total_label_count"\r\n'
SERIAL = b'! U1 getvar "device.unique_id"\r\n'
STATUS = b"~HS"
CANCEL_PARTIAL = b"~JX"
"""Drops a format that began and didn't end; labels that are printing go on."""
CANCEL_ALL = b"~JA"
"""Drops everything that waits; the label that is printing comes out."""
MUTE = 2
"""So often a printer answers ~HS and no variable, outside a format, before it counts as one that knows none."""
SPEAK_ZPL = b'! U1 setvar "device.languages" "zpl"\r\n! U1 do "device.reset" ""\r\n'
SILENT_S = 1.5
"""No answer within this time is told to the person."""
IDENTITY = re.compile(rb"\x02([^,\x03]+),([^,\x03]+),(\d+),[^\x03]*\x03")
_QUOTED = rb'"([^"\x00-\x1f]*)"(?:\r?\n)?'


@dataclass(frozen=True, slots=True)
class Reading:
    """One whole answer. status: None when only the variables were answered; counter: labels in its life, None where
    it doesn't count; language, serie: None where it wasn't asked or doesn't say. A printer in the middle of a format
    takes a variable's question for a part of it, and answers the status alone.
    """

    status: ZebraStatus | None
    counter: int | None
    language: str | None = None
    serie: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the printer is; `serie` and `lenguaje` may be empty."""

    modelo: str
    firmware: str
    dpi: int
    serie: str = ""
    lenguaje: str = ""


@dataclass(frozen=True, slots=True)
class Ajustes:
    """Settings that stay in the printer: oscuridad 0-30, velocidad in inches a second, medio."""

    oscuridad: float | None = None
    velocidad: int | None = None
    medio: str | None = None
    """`separacion` (gap), `marca` (black mark) or `continuo`."""


class ZebraPrinter:
    """Questions and answers over an open transport.

    `unanswered` counts the questions whose answer never came whole; `heard` says whether it ever answered as a Zebra
    does; `replies` has all that it says.
    """

    def __init__(self, transport: Transport, *, variables: bool = True) -> None:
        """`variables`: False for a printer that is known not to answer Set-Get-Do."""
        self._transport = transport
        self.replies = Replies(transport)
        self._mute = 0
        self.variables = variables
        self.unanswered = 0
        self.heard = False

    def probe(self, timeout_s: float = SILENT_S) -> Reading | None:
        """Language, counter and serial number, then the status; None when it stays silent.

        ~HS goes only to a printer that said it speaks ZPL, or, should it not answer variables, behind a line that
        every language takes for a command: to a printer in line mode it would be text to print.

        Raises:
            PrinterUncertain: the connection broke.
        """
        variables = self._ask(LANGUAGE + COUNTER + SERIAL, timeout_s / 2) if self.variables else b""
        words = re.findall(_QUOTED, variables)
        language = words[0].decode("ascii", "replace") if len(words) == 3 and words[0] != b"?" else None
        if language is not None and "zpl" not in language.lower():
            self.heard = True
            return Reading(None, None, language)
        if words:
            return self._read(variables + self._ask(STATUS, timeout_s), quoted=3)
        rest_s = timeout_s / 2 if self.variables else timeout_s
        reading = self._read(self._ask((LANGUAGE if self.variables else b"") + STATUS, rest_s), quoted=1)
        if reading is None or reading.counter is None:
            return reading
        self.unanswered += 1  # that number is the language's place: a late answer to another question
        return None

    def poll(self, timeout_s: float = SILENT_S) -> Reading | None:
        """Counter and status; None when no whole answer came. The variable goes first: a printer that was set to
        line mode meanwhile takes a line that begins with it for a command, not for text to print.

        Raises:
            PrinterUncertain: the connection broke.
        """
        return self._read(self._ask((COUNTER if self.variables else b"") + STATUS, timeout_s), quoted=1)

    def begin(self, head: bytes, timeout_s: float) -> tuple[ZebraStatus, ZebraStatus] | None:
        """Hand over a format without its end: how it was just before, and behind it; None when it keeps silent.

        Raises:
            PrinterUncertain: the connection broke.
        """
        self.replies.ask(STATUS + head + STATUS)
        found = self.replies.statuses(2, timeout_s)
        return (found[0], found[1]) if len(found) > 1 else None

    def end(self, end: bytes, timeout_s: float = SILENT_S) -> ZebraStatus | None:
        """Send a format's end: how the printer was just before, in the same breath; None when it didn't say.

        Raises:
            PrinterUncertain: the connection broke.
        """
        self.replies.ask(STATUS + end)
        return next(iter(self.replies.statuses(1, timeout_s)), None)

    def status(self, timeout_s: float = SILENT_S) -> ZebraStatus | None:
        """The status alone, also in the middle of a format; None when no whole answer came."""
        self.replies.ask(STATUS)
        return next(iter(self.replies.statuses(1, timeout_s)), None)

    def errors(self, timeout_s: float = SILENT_S) -> tuple[str, ...] | None:
        """What ~HQES says, which printers answer also where they keep silent on ~HS."""
        self.replies.ask(b"~HQES")
        return self.replies.until(parse_errors, timeout_s)[0]

    def identity(self, timeout_s: float = 2.0) -> Identity | None:
        """Model, firmware, resolution, serial number and languages; None when it doesn't say."""
        self.replies.ask(b"~HI")
        found, _ = self.replies.until(IDENTITY.search, timeout_s)
        if found is None:
            return None
        modelo, firmware = (found[i].decode("ascii", "replace").strip() for i in (1, 2))
        dpi = {6: 152, 8: 203, 12: 300, 24: 600}.get(int(found[3]), 203)
        serie, lenguaje = self.variable("device.unique_id"), self.variable("device.languages")
        return Identity(modelo, firmware, dpi, serie or "", lenguaje or "")

    def variable(self, name: str, timeout_s: float = 0.7) -> str | None:
        """A Set-Get-Do variable; None when the printer doesn't answer or doesn't know it."""
        self.replies.ask(b'! U1 getvar "%s"\r\n' % name.encode("ascii"))
        found, _ = self.replies.until(re.compile(_QUOTED).search, timeout_s)
        value = found[1].decode("ascii", "replace") if found else "?"
        return None if value == "?" else value

    def cancel_partial(self) -> None:
        """Drop what a sender began and didn't end."""
        self._transport.send(CANCEL_PARTIAL)

    def cancel_all(self) -> None:
        """Drop all that waits in it, whoever sent it."""
        self._transport.send(CANCEL_ALL)

    def calibrate(self) -> None:
        """Measure gap and length of the paper; feeds a few labels."""
        self._transport.send(b"~JC")

    def speak_zpl(self) -> None:
        """Cure a printer that is set to another language; it restarts."""
        self._transport.send(SPEAK_ZPL)

    def configure(self, ajustes: Ajustes) -> None:
        """Settings, kept in the printer (^JUS), never part of a job.

        Raises:
            PrinterNotReady: a value that no Zebra takes; nothing was sent.
        """
        self._transport.send(settings_zpl(ajustes))

    def _ask(self, question: bytes, timeout_s: float) -> bytes:
        """The answer: it ends with the status, where that was asked, because it is asked last."""
        self.replies.ask(question)
        wanted = question.count(b"getvar")

        def whole(said: bytes) -> bool | None:
            return bool(HS.search(said) if STATUS in question else len(re.findall(_QUOTED, said)) >= wanted) or None

        return self.replies.until(whole, timeout_s)[1]

    def _read(self, reply: bytes, quoted: int) -> Reading | None:
        """The whole reply, or None: nothing may be left over, nothing may be missing but what it never says."""
        found = HS.search(reply)
        rest = (HS.sub(b"", reply, count=1) if found else reply).strip(b"\r\n")
        values = re.fullmatch((rb"(?:" + _QUOTED + rb")?") * 3, rest) if rest else None
        words = [v.decode("ascii", "replace") for v in (values.groups() if values else ()) if v is not None]
        if (rest and values is None) or (found is None and not words) or (words and len(words) != quoted):
            self.unanswered += 1
            return None
        status = read_hs(found) if found else None
        if not words and status is not None and self.variables and not status.partial:
            self.unanswered += 1
            self._mute += 1
            self.variables = self._mute < MUTE
        if words:
            self._mute = 0
        language, counted, serie = (words if quoted == 3 else ["?", *words, "?"]) if words else ("?", "?", "?")
        if counted != "?" and not (counted.isascii() and counted.isdigit()):
            self.unanswered += 1
            return None
        self.heard = True
        return Reading(status, None if counted == "?" else int(counted), _said(language), _said(serie))


def _said(word: str) -> str | None:
    return None if word in ("", "?") else word


def settings_zpl(ajustes: Ajustes) -> bytes:
    """The settings as one format that prints nothing.

    Raises:
        PrinterNotReady: a value that no Zebra takes.
    """
    parts: list[str] = []
    if ajustes.oscuridad is not None:
        if not 0 <= ajustes.oscuridad <= 30:
            raise PrinterNotReady(f"La oscuridad va de 0 a 30, no {ajustes.oscuridad:g}.")
        parts.append(f"~SD{ajustes.oscuridad:04.1f}")
    inside = ""
    if ajustes.velocidad is not None:
        if not 1 <= ajustes.velocidad <= 14:
            raise PrinterNotReady(f"La velocidad va de 1 a 14 pulgadas por segundo, no {ajustes.velocidad}.")
        inside += f"^PR{ajustes.velocidad}"
    if ajustes.medio is not None:
        media = {"separacion": "Y", "marca": "M", "continuo": "N"}.get(ajustes.medio)
        if media is None:
            raise PrinterNotReady(f"«{ajustes.medio}» no es un tipo de papel.", "separacion, marca o continuo.")
        inside += f"^MN{media}"
    return ("".join(parts) + f"^XA{inside}^JUS^XZ").encode("ascii")
