"""Labels on sheets of A4, for those without a label printer: as many a page as fit, with marks to cut along."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from domain.base.errors import KnownError
from printing.escritura import NORMAL, de_derecha
from printing.labels.codigos import QUIET
from printing.labels.layout import Pagina
from printing.labels.preview import preview_png
from printing.pdf.base import CREADOR, LINE
from printing.pdf.parrafo import escribir, imprimible

EDGE, GAP = 10 * mm, 3 * mm


def etiquetas_pdf(paginas: Sequence[Pagina], titulo: str, autor: str = "") -> bytes:
    """The labels in their true size. Their texts are also there to be searched and copied, unseen.

    Raises:
        KnownError: there is none, or one is larger than the sheet.
    """
    if not paginas:
        raise KnownError("No hay etiquetas que imprimir.")
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, lang="es")
    canvas.setTitle(imprimible(titulo))
    canvas.setSubject("Etiquetas")
    canvas.setAuthor(imprimible(autor) or CREADOR)
    canvas.setCreator(CREADOR)
    x, y, row = EDGE, A4[1] - EDGE, 0.0
    for page in paginas:
        width, height = page.ancho / page.dpmm * mm, page.alto / page.dpmm * mm
        if width > A4[0] - 2 * EDGE or height > A4[1] - 2 * EDGE:
            raise KnownError("La etiqueta es más grande que una hoja A4.")
        if x + width > A4[0] - EDGE + 0.1:
            x, y, row = EDGE, y - row - GAP, 0.0
        if y - height < EDGE - 0.1:
            canvas.showPage()
            x, y, row = EDGE, A4[1] - EDGE, 0.0
        canvas.drawImage(ImageReader(io.BytesIO(preview_png(page))), x, y - height, width, height)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.3)
        canvas.rect(x, y - height, width, height)
        _searchable(canvas, page, x, y)
        x, row = x + width + GAP, max(row, height)
    canvas.save()
    return buffer.getvalue()


def _searchable(canvas: Canvas, page: Pagina, x: float, y: float) -> None:
    for box in page.cajas:
        if box.texto:
            text = canvas.beginText(x + box.x / page.dpmm * mm, y - (box.y + box.alto) / page.dpmm * mm)
            text.setTextRenderMode(3)
            size = 6.0 if box.clase in QUIET else max(4.0, box.letra / page.dpmm * mm * 0.7)
            escribir(text, (box.texto, de_derecha(box.texto)), NORMAL, size)
            canvas.drawText(text)
