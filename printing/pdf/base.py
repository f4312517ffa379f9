"""What every document shares: fonts, the branch's head, tables, signatures, page numbers, and the 80 mm roll.

A document is a story of reportlab flowables and one call: `pagina` (sheets, «Página 1 de 3») or `rollo` (as long as
what stands on it).
"""

import base64
import binascii
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from PIL import Image as Picture
from reportlab.graphics.barcode import code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONTS = Path(__file__).parent.parent / "fonts"
REGULAR, BOLD = "Servitec", "Servitec-Bold"
MARGIN = 11 * mm
INK, MUTED, LINE, SHADE = (colors.HexColor(c) for c in ("#111827", "#4b5563", "#d1d5db", "#f3f4f6"))
ROLL_MARGIN = 4 * mm
MAX_LOGO_PIXELS = 4_000_000
LOGO_DOTS = 600
PIECE = 900
"""Letters of a text in one table row: a longer one goes on in the next, which may be on the next page."""


@dataclass(frozen=True, slots=True)
class Marco:
    """Who issues the document. logo: PNG or JPEG as base64 or data URL (sucursal.logo_claro); a broken one is
    left out.
    """

    sucursal: str
    direccion: str = ""
    telefono: str = ""
    logo: str | None = None


@dataclass(frozen=True, slots=True)
class Ficha:
    """Title, subject and the number in the foot: they are also the PDF's metadata."""

    titulo: str
    asunto: str
    numero: str = ""


@cache
def fuentes() -> None:
    """Register DejaVu Sans: Latin, Greek, Cyrillic and more; its licence allows embedding."""
    pdfmetrics.registerFont(TTFont(REGULAR, str(FONTS / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(FONTS / "DejaVuSans-Bold.ttf")))


@lru_cache(maxsize=400)
def estilo(
    size: float, *, bold: bool = False, color: Any = INK, align: Literal[0, 1, 2] = TA_LEFT, after: float = 0
) -> ParagraphStyle:
    """A paragraph's look."""
    fuentes()
    return ParagraphStyle(
        f"e{size}{bold}{align}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.32,
        textColor=color,
        alignment=align,
        spaceAfter=after,
        splitLongWords=True,
    )


def imprimible(texto: str) -> str:
    """Composed characters that the font has; pictures are left out, letters of other scripts become «?»."""
    if texto.isascii() and texto.isprintable():
        return texto
    fuentes()
    font: Any = pdfmetrics.getFont(REGULAR)
    glyphs = font.face.charToGlyph
    kept = []
    for char in unicodedata.normalize("NFC", texto):
        kind = unicodedata.category(char)
        if char in "\n\t":
            kept.append(char)
        elif kind in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            kept.append(" " if kind in ("Zl", "Zp") else "")
        elif ord(char) in glyphs:
            kept.append(char)
        else:
            kept.append("?" if kind[0] in "LN" else "")
    return "".join(kept)


def parrafo(texto: str, style: ParagraphStyle) -> Paragraph:
    """Text as it was typed: nothing in it is markup."""
    return Paragraph(escape(imprimible(texto)).replace("\n", "<br/>") or "—", style)


def cabeza(marco: Marco, nombre: str, numero: str, width: float, qr: str | None = None) -> Table:
    """Logo, branch, what this is, its number with a bar code, and a QR code at the right."""
    side = 27 * mm
    left: list[Any] = []
    picture = logo(marco.logo, 40 * mm, 13 * mm)
    if picture is not None:
        left += [picture, Spacer(1, 1.5 * mm)]
    left.append(parrafo(marco.sucursal, estilo(12, bold=True)))
    contact = " · ".join(part for part in (marco.direccion, marco.telefono) if part)
    if contact:
        left.append(parrafo(contact, estilo(7.5, color=MUTED)))
    left += [Spacer(1, 3 * mm), parrafo(nombre, estilo(8.5, color=MUTED)), parrafo(numero, estilo(20, bold=True))]
    left += [Spacer(1, 1.5 * mm), barras(numero)]
    table = Table([[left, codigo_qr(qr or numero, side)]], colWidths=[width - side, side])
    table.setStyle(TableStyle([*FLUSH, ("ALIGN", (1, 0), (1, 0), "RIGHT")]))
    return table


FLUSH = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]


def barras(texto: str, alto_mm: float = 8.5) -> Flowable:
    """A Code 128 without its text."""
    made: Flowable = code128.Code128(texto, barHeight=alto_mm * mm, barWidth=0.33 * mm, quiet=False)
    return made


def codigo_qr(texto: str, side: float) -> Drawing:
    """A QR code, error correction M, its quiet zone inside `side` points."""
    drawing = Drawing(side, side)
    drawing.add(QrCodeWidget(texto, barLevel="M", barWidth=side, barHeight=side, barBorder=2))
    return drawing


def logo(texto: str | None, ancho: float, alto: float) -> Image | None:
    """A branch's logo fitted into a box of points; None when there is none or it isn't a picture."""
    data = _logo_png(texto) if texto else None
    if data is None:
        return None
    png, width, height = data
    scale = min(ancho / width, alto / height)
    return Image(io.BytesIO(png), width * scale, height * scale, hAlign="LEFT", mask="auto")


@lru_cache(maxsize=8)
def _logo_png(texto: str) -> tuple[bytes, int, int] | None:
    try:
        data = base64.b64decode(texto.rpartition(",")[2], validate=True)
        opened = Picture.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if opened.width * opened.height > MAX_LOGO_PIXELS:
            return None
        found = opened.convert("RGBA")
    except (binascii.Error, ValueError, OSError, SyntaxError):
        return None
    found.thumbnail((LOGO_DOTS, LOGO_DOTS))
    file = io.BytesIO()
    found.save(file, "PNG")
    return file.getvalue(), found.width, found.height


def datos(filas: Sequence[tuple[str, str]], width: float, rotulo: float = 31 * mm) -> Table:
    """Names and values, a line under each; long values go over pages."""
    cells = []
    for name, value in filas:
        pieces = [value[i : i + PIECE] for i in range(0, len(value), PIECE)] or [""]
        for i, piece in enumerate(pieces):
            cells.append([parrafo(name if i == 0 else " ", estilo(7.5, color=MUTED)), parrafo(piece, estilo(9))])
    table = Table(cells, colWidths=[rotulo, width - rotulo])
    table.setStyle(
        TableStyle(
            [*FLUSH, ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("TOPPADDING", (0, 0), (-1, -1), 2.1),
             ("BOTTOMPADDING", (0, 0), (-1, -1), 2.1)]
        )
    )  # fmt: skip
    return table


def seccion(titulo: str) -> Paragraph:
    """A heading inside a document."""
    return parrafo(titulo, estilo(8.5, bold=True, after=1.2 * mm))


def firmas(izquierda: str, derecha: str, width: float) -> Table:
    """Two lines to sign on."""
    small, gap = estilo(7.5, color=MUTED), 10 * mm
    table = Table(
        [[parrafo(izquierda, small), "", parrafo(derecha, small)]],
        colWidths=[(width - gap) / 2, gap, (width - gap) / 2],
    )
    lines = [("LINEABOVE", (i, 0), (i, 0), 0.6, INK) for i in (0, 2)]
    table.setStyle(TableStyle([*FLUSH, *lines, ("TOPPADDING", (0, 0), (-1, -1), 3)]))
    return table


def ancho_util(tamano: tuple[float, float]) -> float:
    """Points between the margins."""
    return tamano[0] - 2 * MARGIN


class _Numerado(Canvas):
    """Writes the foot of every page when the number of pages is known."""

    def __init__(self, *args: Any, pie: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._pie = pie
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        """Keep the page open."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Number the pages, and write them."""
        pages, foot = self._kept, self._pie
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self.setFont(REGULAR, 7)
            self.setFillColor(MUTED)
            self.drawString(MARGIN, MARGIN - 4 * mm, foot)
            width = self._pagesize[0]  # type: ignore[attr-defined]
            self.drawRightString(width - MARGIN, MARGIN - 4 * mm, f"Página {number} de {len(pages)}")
            super().showPage()
        super().save()


def pagina(
    story: list[Any], ficha: Ficha, marco: Marco, tamano: tuple[float, float] = A5, pie: str | None = None
) -> bytes:
    """The document on sheets of this size."""
    fuentes()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=tamano, leftMargin=MARGIN - 6, rightMargin=MARGIN - 6, topMargin=MARGIN - 6,
        bottomMargin=MARGIN, **_metadata(ficha, marco),
    )  # fmt: skip
    foot = imprimible(pie if pie is not None else " · ".join(p for p in (ficha.titulo, marco.sucursal) if p))[:110]
    document.build(story, canvasmaker=partial(_Numerado, pie=foot))
    return buffer.getvalue()


def rollo(story: list[Any], ficha: Ficha, marco: Marco, ancho_mm: float = 80) -> bytes:
    """The document on a roll: one page, as long as what stands on it."""
    fuentes()
    width = ancho_mm * mm
    room = width - 2 * ROLL_MARGIN
    height = sum(_height(item, room) for item in story) + 2 * ROLL_MARGIN + 2
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=(width, max(height, 30 * mm)), leftMargin=ROLL_MARGIN - 6, rightMargin=ROLL_MARGIN - 6,
        topMargin=ROLL_MARGIN - 6, bottomMargin=ROLL_MARGIN - 6, **_metadata(ficha, marco),
    )  # fmt: skip
    document.build(list(story))
    return buffer.getvalue()


def _height(item: Any, room: float) -> float:
    _, height = item.wrap(room, 1e6)
    return float(height) + float(item.getSpaceBefore()) + float(item.getSpaceAfter())


def _metadata(ficha: Ficha, marco: Marco) -> dict[str, Any]:
    return {
        "title": imprimible(ficha.titulo),
        "author": imprimible(marco.sucursal),
        "subject": imprimible(ficha.asunto),
        "creator": "Servitec",
        "lang": "es",
    }


CENTRO, DERECHA = TA_CENTER, TA_RIGHT
