"""The order label in ZPL II, self-contained, from a description in millimetres.

Commands and limits are those of Zebra's ZPL II Programming Guide: ^BC (Code 128), ^BQ (QR), ^FH (hex escapes),
^CI28 (UTF-8), ^PQ (quantity).
"""

import re
import unicodedata
from dataclasses import dataclass

from domain.ambient import FOLIO
from domain.errors import KnownError

MM_PER_INCH = 25.4
MARGIN_MM = 2.0
CODE_MODULE_MM = 0.25
CODE_QUIET_MODULES = 10
QR_MODULE_MM = 0.5
QR_QUIET_MODULES = 4
FULL_MM = 38.0
"""From this height on, everything has its full size; below it, three quarters."""
QR_SIDES = {14: 21, 26: 25, 42: 29, 62: 33, 84: 37}
"""Bytes that fit -> modules a side, versions 1 to 5 at error correction M (ISO/IEC 18004, table 7)."""
ELLIPSIS = "…"
MAX_DOTS = 32_000
BY_HEIGHT = 10
"""Height given to ^BY: printers draw a ^BQ this many dots below its ^FO."""


@dataclass(frozen=True, slots=True)
class LabelSize:
    """The paper: width and height in millimetres, the printer's dots an inch."""

    ancho_mm: float
    alto_mm: float
    dpi: int

    def dots(self, mm: float) -> int:
        """Millimetres in dots, rounded. Zebra's heads have whole dots a millimetre: 8, 12 or 24."""
        return round(mm * self.dpmm)

    @property
    def dpmm(self) -> int:
        """Dots a millimetre."""
        return round(self.dpi / MM_PER_INCH)


@dataclass(frozen=True, slots=True)
class EtiquetaOrden:
    """What stands on an order's label. `qr`: what the QR says, the folio when None."""

    folio: str
    sucursal: str
    cliente: str
    equipo: str
    falla: str
    fecha: str
    telefono: str = ""
    qr: str | None = None


def orden_label(etiqueta: EtiquetaOrden, size: LabelSize, copias: int = 1) -> bytes:
    """The label's ZPL, UTF-8. Free text that doesn't fit is cut with «…».

    Raises:
        KnownError: a code that doesn't fit the paper, or isn't one; before anything reaches a printer.
    """
    if FOLIO.fullmatch(etiqueta.folio) is None:
        raise KnownError(f"«{etiqueta.folio}» no es un folio y no se puede codificar.")
    if not 1 <= copias <= 999:
        raise KnownError(f"No se pueden imprimir {copias} copias.", "Elija de 1 a 999.")
    page = _Page(size)
    header_bottom = page.header(etiqueta)
    page.lines(etiqueta, header_bottom)
    return page.zpl(copias)


def text_width(text: str, height: int) -> int:
    """A careful upper estimate, in dots, of a line in font 0 at this height."""
    total = 0.0
    for char in text:
        if unicodedata.combining(char):
            continue
        if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0x2FFF:
            total += 1.15
        elif char in "MWmw@%&…":
            total += 0.82
        elif char.isupper() or char.isdigit():
            total += 0.62
        elif char in "iljtfrI1.,:;'|!()[] -":
            total += 0.36
        else:
            total += 0.54
    return round(total * height)


def clean(text: str) -> str:
    """Free text as one line of composed characters, without control bytes."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") else c for c in text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", plain)).strip()


def fit(text: str, width: int, height: int) -> str:
    """The text, cut with «…» to what fits the width."""
    if text_width(text, height) <= width:
        return text
    while text and text_width(text.rstrip() + ELLIPSIS, height) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS if text else ""


def wrap(text: str, width: int, height: int, lines: int) -> list[str]:
    """At most `lines` lines of the text; the last one is cut with «…» when more remains."""
    made: list[str] = []
    words = text.split(" ") if text else []
    while words and len(made) < lines:
        if len(made) == lines - 1:
            made.append(fit(" ".join(words), width, height))
            break
        line = words.pop(0)
        if text_width(line, height) > width:
            keep = len(line)
            while keep > 1 and text_width(line[:keep], height) > width:
                keep -= 1
            words.insert(0, line[keep:])
            line = line[:keep]
        else:
            while words and text_width(f"{line} {words[0]}", height) <= width:
                line += " " + words.pop(0)
        made.append(line)
    return made


def escape(text: str) -> str:
    """Field data under ^FH_: nothing in it can be taken as a command."""
    return "".join(f"_{ord(c):02X}" if c in "_^~\\" else c for c in text)


class _Page:
    """Collects fields, in dots."""

    def __init__(self, size: LabelSize) -> None:
        self.size = size
        self.width, self.height = size.dots(size.ancho_mm), size.dots(size.alto_mm)
        if not (0 < self.width <= MAX_DOTS and 0 < self.height <= MAX_DOTS):
            raise KnownError(f"La etiqueta de {size.ancho_mm} x {size.alto_mm} mm no es posible.")
        self.margin = size.dots(MARGIN_MM)
        self._fields: list[str] = []

    def text(self, x: int, y: int, height: int, text: str) -> None:
        """One line whose top left corner is (x, y)."""
        if text:
            self._fields.append(f"^FO{x},{y}^A0N,{height},{height}^FH_^FD{escape(text)}^FS")

    def header(self, etiqueta: EtiquetaOrden) -> int:
        """Branch, folio, QR at the right, Code 128; gives the y below it all."""
        dots, size = self.size.dots, self.size
        qr_x, qr_side = self._qr(etiqueta.qr or etiqueta.folio)
        room = qr_x - 2 * self.margin
        scale = 1.0 if size.alto_mm >= FULL_MM else 0.75
        small, big = dots(max(3.5, 4.0 * scale)), dots(5.5 * scale)
        self.text(self.margin, self.margin, small, fit(clean(etiqueta.sucursal), room, small))
        while big > dots(2.5) and text_width(etiqueta.folio, big) > room:
            big -= 1
        if text_width(etiqueta.folio, big) > room:
            raise KnownError(f"El folio {etiqueta.folio} no cabe en una etiqueta de {size.ancho_mm:g} mm de ancho.")
        folio_y = self.margin + small + dots(0.8)
        self.text(self.margin, folio_y, big, etiqueta.folio)
        module = max(1, round(CODE_MODULE_MM * size.dpmm))
        bars = module * (11 * (len(etiqueta.folio) + 2) + 13)
        quiet = module * CODE_QUIET_MODULES
        code_y, bar_height = folio_y + big + dots(1.2), dots(7.0 * scale)
        qr_bottom = self.margin + qr_side
        if self.margin + bars + 2 * quiet > qr_x:
            code_y = max(code_y, qr_bottom + dots(0.5))
        if bars + 2 * quiet > self.width or code_y + bar_height > self.height - self.margin:
            raise KnownError(
                f"El código de barras de {etiqueta.folio} no cabe en una etiqueta de "
                f"{size.ancho_mm:g} x {size.alto_mm:g} mm.",
                "Use una etiqueta más grande.",
            )
        x = max(self.margin, quiet)
        self._fields.append(
            f"^FO{x},{code_y}^BY{module},3,{bar_height}^BCN,{bar_height},N,N,N^FH_^FD{escape(etiqueta.folio)}^FS"
        )
        return max(code_y + bar_height, qr_bottom) + dots(1.0)

    def _qr(self, data: str) -> tuple[int, int]:
        """Draw the QR in the top right corner; gives its left edge and side, quiet zone included."""
        length = len(data.encode("utf-8"))
        modules = next((side for most, side in QR_SIDES.items() if length <= most), None)
        if modules is None:
            raise KnownError("El texto del QR es demasiado largo para la etiqueta.", "Admite 84 bytes.")
        module = min(10, max(1, round((QR_MODULE_MM if self.size.alto_mm >= FULL_MM else 0.4) * self.size.dpmm)))
        side = module * (modules + 2 * QR_QUIET_MODULES)
        left = self.width - side
        if left < self.width // 3 or side > self.height - self.margin:
            raise KnownError("El QR no cabe en la etiqueta.", "Use una etiqueta más grande.")
        quiet = module * QR_QUIET_MODULES
        self._fields.append(f"^FO{left + quiet},{max(0, quiet - BY_HEIGHT)}^BQN,2,{module}^FH_^FDMA,{escape(data)}^FS")
        return left, side + max(0, BY_HEIGHT - quiet)

    def lines(self, etiqueta: EtiquetaOrden, top: int) -> None:
        """Client, device, problem and date, as many lines as the paper has room for."""
        dots = self.size.dots
        scale = 1.0 if self.size.alto_mm >= FULL_MM else 0.75
        height, step = dots(3.0 * scale), dots(3.6 * scale)
        room = self.width - 2 * self.margin
        bottom = self.height - self.margin
        slots = max(0, (bottom - top + (step - height)) // step)
        who = clean(f"{etiqueta.cliente}  {etiqueta.telefono}")
        fixed = [fit(clean(t), room, height) for t in (who, etiqueta.equipo)][:slots]
        date = clean(etiqueta.fecha) if slots > len(fixed) else ""
        problem = wrap(clean(etiqueta.falla), room, height, max(0, slots - len(fixed) - bool(date)))
        for i, line in enumerate([*fixed, *problem]):
            self.text(self.margin, top + i * step, height, line)
        if date:
            self.text(self.margin, bottom - height, height, fit(date, room, height))

    def zpl(self, copias: int) -> bytes:
        """The whole format."""
        start = f"^XA^CI28^PW{self.width}^LL{self.height}^LH0,0^LS0^LT0^PON^PMN^JZY^BY2,3,{BY_HEIGHT}"
        return (start + "".join(self._fields) + f"^PQ{copias}^XZ").encode("utf-8")
