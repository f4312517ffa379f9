"""An order's documents on screen, on a printer of the system, and as a file."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from printing.pdf.base import Marco
from printing.pdf.recibo import DatosRecibo, recibo_pdf
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.ui.documento import MOST_SHOWN, Documento
from testing.company import Company
from tests.desktop.person import aside

Open = Callable[[str], App]
WAIT_MS = 30_000


def text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def ready(made: Documento) -> bool:
    return made.pdf is not None


def told(made: Documento, words: str) -> bool:
    return words in made.dicho.text()


def test_every_document_of_an_order(company: Company, workstation: Open, qtbot: QtBot, tmp_path: Path) -> None:
    company.enroll("a")
    app = workstation("a")
    orden: Row = {"falla_reportada": "No enciende", "accesorios": '["cargador"]'}
    recepcion = de_ordenes.Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden=orden)
    orden_id, folio, _ = aside(partial(app.station.saving.receive, recepcion))
    app.window.go("orden", orden_id)
    page = pages.orden(app.window)
    qtbot.waitUntil(lambda: page.titulo.text() == folio, timeout=WAIT_MS)
    for action in page.documentos.menu().actions():
        action.trigger()
        made = page.findChildren(Documento)[-1]
        qtbot.waitUntil(partial(ready, made), timeout=WAIT_MS)
        file = tmp_path / f"{action.text()}.pdf"
        made.save(file)
        assert folio in text(file)
        assert "Guardado" in made.dicho.text()
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "impreso.pdf"))
        made.print_on(printer)
        qtbot.waitUntil(partial(told, made, "Enviado"), timeout=WAIT_MS)
        printed = pypdfium2.PdfDocument(tmp_path / "impreso.pdf")
        grey = printed[0].render(scale=1).to_pil().convert("L")
        assert grey.histogram()[0] > 100
        printed.close()
        made.save(tmp_path / "no" / "existe.pdf")
        qtbot.mouseClick(made.cerrar, Qt.MouseButton.LeftButton)
    shown_in_part_and_printed_whole(app, qtbot, tmp_path)


def shown_in_part_and_printed_whole(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    """A document of very many pages."""
    letters = DatosRecibo(Marco("Taller"), "A1-000123", "", "", falla="línea\n" * 1750)
    made = Documento(app.station, "Recibo", lambda _: recibo_pdf(letters), app.window)
    qtbot.waitUntil(partial(ready, made), timeout=WAIT_MS)
    document = pypdfium2.PdfDocument(made.pdf)
    pages = len(document)
    document.close()
    assert pages > MOST_SHOWN
    assert made.mensaje.text() == f"{pages} páginas; aquí se ven las primeras {MOST_SHOWN}"
    assert made._sheets.count() == MOST_SHOWN
    printer = QPrinter()
    printer.setResolution(30)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "impreso.pdf"))
    made.print_on(printer)
    qtbot.waitUntil(partial(told, made, "Enviado"), timeout=WAIT_MS)
    printed = pypdfium2.PdfDocument(tmp_path / "impreso.pdf")
    assert len(printed) == pages
    printed.close()
    qtbot.mouseClick(made.cerrar, Qt.MouseButton.LeftButton)
