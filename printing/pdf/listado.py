"""A report of any list: columns, rows, what was filtered, totals. A4, upright or on its side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Spacer, TableStyle

from printing.escritura import aparte
from printing.pdf.base import DERECHA, FLUSH, INK, LINE, MUTED, SHADE, Ficha, Marco, ancho_util, estilo, pagina, parrafo

CELL_MOST = 700
"""Letters in a cell: a longer text is cut with «…», because a row stays on its page."""
WIDE_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Columna:
    """A column: its title, how much room it gets beside the others, and whether it holds figures."""

    titulo: str
    parte: float = 1.0
    cifras: bool = False


def listado_pdf(
    marco: Marco,
    titulo: str,
    columnas: Sequence[Columna],
    filas: Sequence[Sequence[str]],
    *,
    filtro: str = "",
    fecha: str = "",
    totales: Sequence[str] | None = None,
) -> bytes:
    """The report; the header comes again on every page. `totales`: a last row."""
    size = landscape(A4) if len(columnas) > WIDE_COLUMNS else A4
    width = ancho_util(size)
    whole = sum(c.parte for c in columnas)
    cells = [_row(columnas, [c.titulo for c in columnas], bold=True), *(_row(columnas, row) for row in filas)]
    if totales is not None:
        cells.append(_row(columnas, totales, bold=True))
    table = LongTable(cells, colWidths=[width * c.parte / whole for c in columnas], repeatRows=1)
    styles: list[Any] = [
        *FLUSH,
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
    ]
    if totales is not None:
        styles.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, INK))
    table.setStyle(TableStyle(styles))
    count = "1 fila" if len(filas) == 1 else f"{len(filas)} filas"
    under = " · ".join(aparte(part) for part in (marco.sucursal, fecha, filtro, count) if part)
    story = [
        parrafo(titulo, estilo(15, bold=True)),
        parrafo(under, estilo(8, color=MUTED)),
        Spacer(1, 4 * mm),
        table,
    ]
    return pagina(story, Ficha(titulo, "Listado"), marco, size)


def _row(columnas: Sequence[Columna], values: Sequence[str], *, bold: bool = False) -> list[Any]:
    return [
        parrafo(
            value if len(value) <= CELL_MOST else value[: CELL_MOST - 1] + "…",
            estilo(7.5, bold=bold, align=DERECHA) if column.cifras else estilo(7.5, bold=bold),
        )
        if value
        else ""
        for column, value in zip(columnas, values, strict=True)
    ]
