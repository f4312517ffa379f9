"""The reception receipt: an A5 page for the customer, PDF with embedded fonts."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.graphics.barcode import code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

MARGIN = 10 * mm
FRAME_PADDING = 6
INK, MUTED, LINE = colors.HexColor("#111827"), colors.HexColor("#4b5563"), colors.HexColor("#d1d5db")


@dataclass(frozen=True, slots=True)
class DatosRecibo:
    """What stands on the receipt; `condiciones` are the terms of service, a paragraph each."""

    folio: str
    sucursal: str
    direccion: str
    telefono_sucursal: str
    fecha: str
    cliente: str
    telefono: str
    equipo: str
    serie: str
    accesorios: str
    falla: str
    prioridad: str
    recibido_por: str
    condiciones: tuple[str, ...]


@cache
def _fonts() -> tuple[str, str]:
    """Register Bitstream Vera, which reportlab ships and which covers Spanish; its licence allows embedding."""
    folder = Path(reportlab.__file__).parent / "fonts"
    pdfmetrics.registerFont(TTFont("Vera", str(folder / "Vera.ttf")))
    pdfmetrics.registerFont(TTFont("VeraBd", str(folder / "VeraBd.ttf")))
    return "Vera", "VeraBd"


def _style(size: float, *, bold: bool = False, color: Any = INK, after: float = 0) -> ParagraphStyle:
    font = _fonts()[1 if bold else 0]
    return ParagraphStyle(
        f"{font}{size}", fontName=font, fontSize=size, leading=size * 1.3, textColor=color, spaceAfter=after,
        splitLongWords=True,
    )  # fmt: skip


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    plain = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not "\ud800" <= c <= "\udfff"))
    return Paragraph(escape(plain).replace("\n", "<br/>") or "—", style)


def recibo_pdf(datos: DatosRecibo) -> bytes:
    """The receipt as PDF; long texts flow to further pages."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A5,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6 * mm,
        title=f"Recibo {datos.folio}",
        author=datos.sucursal,
        subject="Recibo de recepción",
        creator="Servitec",
        lang="es",
    )
    width = A5[0] - 2 * MARGIN - 2 * FRAME_PADDING

    def footer(canvas: Canvas, _: object) -> None:
        canvas.setFont(_fonts()[0], 7)
        canvas.setFillColor(MUTED)
        canvas.drawString(MARGIN + FRAME_PADDING, MARGIN - 2 * mm, f"Recibo {datos.folio}")
        canvas.drawRightString(A5[0] - MARGIN - FRAME_PADDING, MARGIN - 2 * mm, f"Página {canvas.getPageNumber()}")

    story: list[Any] = [_head(datos, width), Spacer(1, 4 * mm), _body(datos, width), Spacer(1, 4 * mm)]
    story += [_text("Condiciones del servicio", _style(8, bold=True, after=1 * mm))]
    story += [_text(term, _style(7, color=MUTED, after=1 * mm)) for term in datos.condiciones]
    story += [Spacer(1, 14 * mm), _signatures(datos, width)]
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def _head(datos: DatosRecibo, width: float) -> Table:
    left: list[Any] = [_text(datos.sucursal, _style(13, bold=True))]
    left += [_text(t, _style(8, color=MUTED)) for t in (datos.direccion, datos.telefono_sucursal) if t]
    left += [Spacer(1, 2 * mm), _text("Recibo de recepción", _style(9, color=MUTED))]
    left += [_text(datos.folio, _style(20, bold=True)), Spacer(1, 2 * mm)]
    left += [code128.Code128(datos.folio, barHeight=9 * mm, barWidth=0.33 * mm, quiet=False)]
    side = 28 * mm
    qr = QrCodeWidget(datos.folio, barLevel="M", barWidth=side, barHeight=side)
    picture = Drawing(side, side)
    picture.add(qr)
    table = Table([[left, picture]], colWidths=[width - side, side])
    table.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0)])
    )  # fmt: skip
    return table


def _body(datos: DatosRecibo, width: float) -> Table:
    rows = (
        ("Fecha", datos.fecha),
        ("Cliente", datos.cliente),
        ("Teléfono", datos.telefono),
        ("Equipo", datos.equipo),
        ("Serie", datos.serie),
        ("Accesorios", datos.accesorios),
        ("Prioridad", datos.prioridad),
        ("Falla reportada", datos.falla),
    )
    cells = []
    for label, value in rows:
        pieces = _pieces(value)
        cells += [
            [_text(label if i == 0 else " ", _style(8, color=MUTED)), _text(p, _style(9))] for i, p in enumerate(pieces)
        ]
    table = Table(cells, colWidths=[30 * mm, width - 30 * mm])
    table.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 2)])
    )  # fmt: skip
    return table


def _pieces(text: str, size: int = 900) -> list[str]:
    """A long text in rows that can go to the next page."""
    return [text[i : i + size] for i in range(0, len(text), size)] or [""]


def _signatures(datos: DatosRecibo, width: float) -> Table:
    small = _style(7.5, color=MUTED)
    gap = 10 * mm
    cells = [[_text("Firma del cliente", small), "", _text(f"Recibido por {datos.recibido_por}".strip(), small)]]
    table = Table(cells, colWidths=[(width - gap) / 2, gap, (width - gap) / 2])
    table.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (0, 0), 0.6, INK),
                ("LINEABOVE", (2, 0), (2, 0), 0.6, INK),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table
