"""What every document shares: fonts, the branch's head, tables, signatures, page numbers, and the 80 mm roll.

A document is a story of reportlab flowables and one call: `pagina` (sheets, «Página 1 de 3») or `rollo` (as long as
what stands on it).
"""

import base64
import binascii
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal

from PIL import Image as Picture
from reportlab.graphics.barcode import code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, SimpleDocTemplate, Spacer, Table, TableStyle

from printing.escritura import NEGRITA, NORMAL, aparte
from printing.pdf.parrafo import Parrafo, imprimible, renglones, trazar

CREADOR = "Servitec"
MARGIN = 11 * mm
INK, MUTED, LINE, SHADE = (colors.HexColor(c) for c in ("#111827", "#4b5563", "#d1d5db", "#f3f4f6"))
ROLL_MARGIN = 4 * mm
MAX_LOGO_PIXELS = 4_000_000
LOGO_DOTS = 600
PIECE = 6
"""Lines of a text in one table row: a longer one goes on in the next, which may be on the next page."""


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


@lru_cache(maxsize=400)
def estilo(
    size: float,
    *,
    bold: bool = False,
    color: Any = INK,
    align: Literal[0, 1, 2] = TA_LEFT,
    after: float = 0,
    beside: float | None = None,
) -> ParagraphStyle:
    """A paragraph's look; `beside`: the size of the letters that it stands beside, on their line."""
    return ParagraphStyle(
        f"e{size}{bold}{align}",
        fontName=NEGRITA if bold else NORMAL,
        fontSize=size,
        leading=(beside or size) * 1.32,
        textColor=color,
        alignment=align,
        spaceAfter=after,
        splitLongWords=True,
    )


def parrafo(texto: str, style: ParagraphStyle) -> Parrafo:
    """Text as it was typed: nothing in it is markup."""
    return Parrafo(texto or "—", style)


def cabeza(marco: Marco, nombre: str, numero: str, width: float, qr: str | None = None) -> Table:
    """Logo, branch, what this is, its number with a bar code, and a QR code at the right."""
    side = 27 * mm
    left: list[Any] = []
    picture = logo(marco.logo, 40 * mm, 13 * mm)
    if picture is not None:
        left += [picture, Spacer(1, 1.5 * mm)]
    left.append(parrafo(marco.sucursal, estilo(12, bold=True)))
    contact = " · ".join(aparte(part) for part in (marco.direccion, marco.telefono) if part)
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
    return _pairs(filas, width, rotulo, estilo(7.5, color=MUTED, beside=9), estilo(9), 2.1, LINE)


def puntos(textos: Sequence[str], width: float) -> Table:
    """Texts one below the other, a dot before each; long ones go over pages."""
    return _pairs([("•", text) for text in textos], width, 3 * mm, estilo(8), estilo(8), 0.5 * mm, None)


def _pairs(
    filas: Sequence[tuple[str, str]],
    width: float,
    rotulo: float,
    left: ParagraphStyle,
    right: ParagraphStyle,
    padding: float,
    line: Any,
) -> Table:
    cells: list[list[Any]] = []
    styles: list[Any] = list(FLUSH)
    for name, value in filas:
        lines = renglones(value or "—", width - rotulo, right)
        first = len(cells)
        for i in range(0, len(lines), PIECE):
            cells.append(["" if i else parrafo(name, left), Parrafo("", right, lines[i : i + PIECE])])
        last = len(cells) - 1
        styles += [("TOPPADDING", (0, first), (-1, first), padding), ("BOTTOMPADDING", (0, last), (-1, last), padding)]
        if line is not None:
            styles.append(("LINEBELOW", (0, last), (-1, last), 0.4, line))
    return Table(cells, colWidths=[rotulo, width - rotulo], style=TableStyle(styles), emptyTableAction="ignore")


def seccion(titulo: str) -> Parrafo:
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
            self.setFillColor(MUTED)
            trazar(self, MARGIN, MARGIN - 4 * mm, foot, 7)
            width = self._pagesize[0]  # type: ignore[attr-defined]
            ending = f"Página {number} de {len(pages)}"
            trazar(self, width - MARGIN, MARGIN - 4 * mm, ending, 7, a_la_derecha=True)
            super().showPage()
        super().save()


def pagina(
    story: list[Any], ficha: Ficha, marco: Marco, tamano: tuple[float, float] = A5, pie: str | None = None
) -> bytes:
    """The document on sheets of this size."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=tamano, leftMargin=MARGIN - 6, rightMargin=MARGIN - 6, topMargin=MARGIN - 6,
        bottomMargin=MARGIN, **_metadata(ficha, marco),
    )  # fmt: skip
    foot = imprimible(pie if pie is not None else " · ".join(aparte(p) for p in (ficha.titulo, marco.sucursal) if p))[
        :110
    ]
    document.build(story, canvasmaker=partial(_Numerado, pie=foot))
    return buffer.getvalue()


def rollo(story: list[Any], ficha: Ficha, marco: Marco, ancho_mm: float = 80) -> bytes:
    """The document on a roll: one page, as long as what stands on it."""
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
        "author": imprimible(marco.sucursal) or CREADOR,
        "subject": imprimible(ficha.asunto),
        "creator": CREADOR,
        "lang": "es",
    }


CENTRO, DERECHA = TA_CENTER, TA_RIGHT
