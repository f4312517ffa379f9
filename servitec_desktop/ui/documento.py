"""A PDF on screen: its pages, «Imprimir…» by the system's dialog, «Guardar…»."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from domain.base.errors import KnownError
from local_db.reading import Reading
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import button, message_label, named, retell, show_error
from servitec_desktop.ui.toast import Toast
from storage.causes import cause

SCREEN_SCALE = 1.5
SIZE = QSize(980, 900)
"""A whole sheet is as wide; smaller on a smaller screen."""
MOST_SHOWN = 40
"""Pages drawn on screen; all are printed and saved."""
PRINT_DPI = 300
POINTS = 72
_DRAWING = threading.Lock()
"""pdfium draws for one thread at a time."""


def paginas(pdf: bytes, scale: float) -> Iterator[QImage]:
    """The pages as pictures, one after the other, `scale` pixels a point."""
    with _DRAWING:
        document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(_count(pdf)):
            with _DRAWING:
                drawn = document[number].render(scale=scale).to_pil().convert("RGB")
            size = (drawn.width, drawn.height, 3 * drawn.width)
            yield QImage(drawn.tobytes(), *size, QImage.Format.Format_RGB888).copy()
    finally:
        with _DRAWING:
            document.close()


def _count(pdf: bytes) -> int:
    with _DRAWING:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def _print(pdf: bytes, printer: QPrinter) -> bool:
    """Every page fitted to a sheet, one at a time; did the printer of the system take them?"""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    try:
        for number, picture in enumerate(paginas(pdf, min(PRINT_DPI, printer.resolution()) / POINTS)):
            if number:
                printer.newPage()
            room = QRectF(painter.viewport())
            scale = min(room.width() / picture.width(), room.height() / picture.height())
            painter.drawImage(QRectF(0, 0, picture.width() * scale, picture.height() * scale), picture)
    finally:
        painter.end()
    return True


class Documento(QDialog):
    """Made and drawn away from the window."""

    def __init__(self, station: Station, titulo: str, hacer: Callable[[Reading], bytes], parent: QWidget) -> None:
        """`hacer` makes the PDF on a connection of the replica; `titulo` is also the name of the file."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(titulo)
        self.resize(SIZE.boundedTo(self.screen().availableSize() * 0.9))
        self._station, self._titulo = station, titulo
        self.pdf: bytes | None = None
        self._sheets = QVBoxLayout()
        self._sheets.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sheets.setSpacing(12)
        inner = QWidget()
        inner.setLayout(self._sheets)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inner)
        named(scroll, self.tr("Páginas del documento"))
        self.mensaje = message_label("nota")
        self.imprimir = button(self.tr("&Imprimir…"), self.tr("Imprimir el documento"), main=True)
        self.guardar = button(self.tr("&Guardar…"), self.tr("Guardar el documento"))
        self.cerrar = button(self.tr("&Cerrar"), self.tr("Cerrar"))
        self.imprimir.clicked.connect(self._ask_print)
        self.guardar.clicked.connect(self._ask_save)
        self.cerrar.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(self.mensaje, 1)
        for tool in (self.imprimir, self.guardar, self.cerrar):
            row.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addLayout(row)
        self.dicho = Toast(self)
        self._count = ""
        self._allow(False)
        retell(self.mensaje, "nota", self.tr("Preparando…"))

        def work() -> tuple[bytes, list[QImage], int]:
            with station.replica.reading() as connection:
                pdf = hacer(connection)
            shown = list(islice(paginas(pdf, SCREEN_SCALE), MOST_SHOWN))
            return pdf, shown, _count(pdf)

        station.tasks.write(self, work, self._show, lambda error: retell(self.mensaje, "error", str(error)))

    def _allow(self, ready: bool) -> None:
        self.imprimir.setEnabled(ready)
        self.guardar.setEnabled(ready)

    def _show(self, found: tuple[bytes, list[QImage], int]) -> None:
        self.pdf, pictures, count = found
        for number, picture in enumerate(pictures, 1):
            sheet = QLabel()
            sheet.setPixmap(QPixmap.fromImage(picture))
            named(sheet, self.tr("Página {0} de {1}").format(number, count))
            self._sheets.addWidget(sheet)
        words = self.tr("%n páginas", "", count)
        if len(pictures) < count:
            words = self.tr("{0} páginas; aquí se ven las primeras {1}").format(count, len(pictures))
        self._count = words
        retell(self.mensaje, "nota", words)
        self._allow(True)

    def _ask_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._titulo)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """The pages on the system's printer, each fitted to the sheet."""
        if self.pdf is None:
            return
        self._allow(False)
        retell(self.mensaje, "nota", self.tr("Imprimiendo…"))
        self._station.tasks.write(self, partial(_print, self.pdf, printer), self._printed)

    def _printed(self, taken: bool) -> None:
        self._allow(True)
        if taken:
            retell(self.mensaje, "nota", self._count)
            self.dicho.say(self.tr("Enviado a la impresora."))
        else:
            retell(self.mensaje, "error", self.tr("La impresora del sistema no aceptó el documento."))

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Guardar"), f"{self._titulo}.pdf", "PDF (*.pdf)")
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """The document as a file."""
        try:
            path.write_bytes(self.pdf or b"")
        except OSError as error:
            show_error(self, KnownError(self.tr("No se puede escribir {0}: {1}.").format(path, cause(error))))
        else:
            self.dicho.say(self.tr("Guardado en {0}").format(path))
