"""The technician's worksheet: what was reported, what to look at, room for notes. A4."""

from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer, Table, TableStyle

from printing.escritura import aparte
from printing.pdf.base import (
    FLUSH,
    LINE,
    Ficha,
    Marco,
    ancho_util,
    cabeza,
    datos,
    estilo,
    firmas,
    pagina,
    parrafo,
    puntos,
    seccion,
)

REVISION = (
    "Estado físico revisado y fotografiado",
    "Enciende / no enciende anotado",
    "Falla reproducida",
    "Respaldo de datos acordado con el cliente",
    "Repuestos usados anotados",
    "Prueba final hecha",
    "Limpieza hecha",
    "Accesorios completos",
)
NOTE_LINES = 9
NOTE_MM = 8.5


@dataclass(frozen=True, slots=True)
class DatosHoja:
    """What stands on the worksheet."""

    marco: Marco
    folio: str
    fecha: str
    prometida: str
    prioridad: str
    tecnico: str
    cliente: str
    telefono: str
    equipo: str
    serie: str
    accesorios: str
    ubicacion: str
    falla: str
    diagnostico: str
    comentarios: tuple[str, ...]


def hoja_pdf(hoja: DatosHoja) -> bytes:
    """The worksheet; long texts flow to further pages."""
    width = ancho_util(A4)
    rows = [
        ("Recibido", hoja.fecha),
        ("Fecha prometida", hoja.prometida),
        ("Prioridad", hoja.prioridad),
        ("Técnico", hoja.tecnico),
        ("Cliente", " · ".join(aparte(p) for p in (hoja.cliente, hoja.telefono) if p)),
        ("Equipo", hoja.equipo),
        ("Serie", hoja.serie),
        ("Accesorios", hoja.accesorios),
        ("Lugar", hoja.ubicacion),
        ("Falla reportada", hoja.falla),
        ("Diagnóstico", hoja.diagnostico),
    ]
    story: list[Any] = [
        cabeza(hoja.marco, "Hoja de trabajo", hoja.folio, width),
        Spacer(1, 4 * mm),
        datos([row for row in rows if row[1]], width),
    ]
    if hoja.comentarios:
        story += [Spacer(1, 3 * mm), seccion("Comentarios"), puntos(hoja.comentarios, width)]
    story.append(KeepTogether([Spacer(1, 4 * mm), seccion("Revisión"), _boxes(width)]))
    lines = Table([[""]] * NOTE_LINES, colWidths=[width], rowHeights=[NOTE_MM * mm] * NOTE_LINES)
    lines.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)]))
    story.append(KeepTogether([Spacer(1, 4 * mm), seccion("Notas, mediciones y repuestos"), lines]))
    story.append(KeepTogether([Spacer(1, 16 * mm), firmas("Técnico", "Fecha y hora de término", width)]))
    return pagina(story, Ficha(f"Hoja de trabajo {hoja.folio}", "Hoja de trabajo", hoja.folio), hoja.marco, A4)


def _boxes(width: float) -> Table:
    """Two columns of boxes to tick."""
    box, half = 6 * mm, (len(REVISION) + 1) // 2
    tick = parrafo("☐", estilo(12))
    cells: list[list[Any]] = []
    for left, right in zip(REVISION[:half], (*REVISION[half:], ""), strict=False):
        cells.append(
            [tick, parrafo(left, estilo(8.5)), tick if right else "", parrafo(right, estilo(8.5)) if right else ""]
        )
    text = width / 2 - box
    table = Table(cells, colWidths=[box, text, box, text], rowHeights=[6.4 * mm] * len(cells))
    table.setStyle(TableStyle([*FLUSH, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    return table
