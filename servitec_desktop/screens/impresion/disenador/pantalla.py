"""The label designer: paper, fields, properties, the bytes to be sent, sample values."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from domain.base import actions
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.permissions import alcance
from local_db import rows
from printing.labels.plantilla import Plantilla, escribir, leer
from printing.printers import Impresora, impresoras
from printing.trabajos import Pedido
from servitec_desktop.i18n import tr
from servitec_desktop.screens.impresion.archivos import ask_file, ask_new_file, read_template, write_template
from servitec_desktop.screens.impresion.disenador.cabecera import Cabecera
from servitec_desktop.screens.impresion.disenador.herramientas import Herramientas
from servitec_desktop.screens.impresion.disenador.lienzo import Lienzo
from servitec_desktop.screens.impresion.disenador.modelo import Edicion
from servitec_desktop.screens.impresion.disenador.panel import NOMBRES, Panel
from servitec_desktop.screens.impresion.disenador.prueba import ValoresDePrueba
from servitec_desktop.screens.impresion.disenador.revision import Revision, revisar
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import ask, button, message_label, named, retell, show_error

WAIT_MS = 90


class Disenador(QDialog):
    """Edits a template of the business, or a copy of a shipped one. `saved`: the row's id."""

    saved = Signal(str)

    def __init__(
        self, station: Station, plantilla: Plantilla, parent: QWidget | None = None, clave: str | None = None
    ) -> None:
        """`clave`: the row that is edited; None: saving makes a new one."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1180, 740)
        self._station = station
        self._clave = clave
        self.edicion = Edicion(plantilla)
        self.revision: Revision | None = None
        self.lienzo, self.panel = Lienzo(self.edicion), Panel(self.edicion)
        self.cabecera = Cabecera(self.edicion)
        self.herramientas = Herramientas(self.edicion, self.lienzo, self)
        self.prueba = ValoresDePrueba(self.edicion, station.tasks)
        self.aviso = message_label("exito")
        self._build()
        self._waiting = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._waiting.timeout.connect(self._check)
        self.edicion.changed.connect(self._changed)
        self.edicion.chosen.connect(self._show_chosen)
        self.edicion.pila.cleanChanged.connect(self._title)
        self.cabecera.kind_chosen.connect(self.prueba.use_sample)
        self.cabecera.dpi_chosen.connect(self._waiting.start)
        self.prueba.changed.connect(self._waiting.start)
        self.prueba.failed.connect(partial(retell, self.aviso, "error"))
        station.tasks.read(self, impresoras, self._show_printers)
        self._changed()

    def _build(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.lienzo)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
        named(self._scroll, self.tr("Etiqueta"))
        self.bytes = QPlainTextEdit(readOnly=True)
        named(self.bytes, self.tr("Lo que se envía a la impresora"))
        self.pestanas = QTabWidget()
        self.pestanas.addTab(self._scroll, self.tr("&Diseño"))
        self.pestanas.addTab(self.prueba, self.tr("&Valores de prueba"))
        self.pestanas.addTab(self.bytes, self.tr("Lo &que se envía"))
        named(self.pestanas, self.tr("Vistas de la etiqueta"))
        self.lista = QListWidget()
        named(self.lista, self.tr("Campos de la etiqueta"))
        self.lista.setMaximumHeight(210)
        self.lista.currentRowChanged.connect(lambda row: self.edicion.elegir(row if row >= 0 else None))
        left, side, split = QVBoxLayout(), QVBoxLayout(), QSplitter()
        for part in (self.cabecera, self.herramientas):
            left.addWidget(part)
        left.addWidget(self.pestanas, 1)
        left.addWidget(self.aviso)
        side.addWidget(self.lista)
        side.addWidget(self.panel, 1)
        for inner in (left, side):
            box = QWidget()
            inner.setContentsMargins(0, 0, 8, 0)
            box.setLayout(inner)
            split.addWidget(box)
        split.setStretchFactor(0, 1)
        split.setSizes([830, 330])
        whole = QVBoxLayout(self)
        whole.addWidget(split, 1)
        whole.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.impresora = QComboBox()
        self.impresora.setMinimumContentsLength(14)
        named(self.impresora, self.tr("Impresora para la prueba"))
        self.probar = button(self.tr("Imprimir &prueba"), self.tr("Imprimir una prueba"))
        self.importar_boton = button(self.tr("&Importar…"), self.tr("Importar de un archivo"))
        self.exportar_boton = button(self.tr("E&xportar…"), self.tr("Exportar a un archivo"))
        self.guardar_boton = button(
            self.tr("&Guardar") if self._clave else self.tr("&Guardar como nueva"), self.tr("Guardar")
        )
        self.guardar_boton.setShortcut(QKeySequence("Ctrl+S"))
        actor = self._station.person.actor
        may = actor is not None and alcance(actor, "plantilla_etiqueta.editar") is not None
        self.guardar_boton.setEnabled(may)
        if not may:
            self.guardar_boton.setToolTip(self.tr("Guardar plantillas es de supervisores y administradores."))
        self.probar.clicked.connect(self.print_test)
        self.importar_boton.clicked.connect(self._ask_import)
        self.exportar_boton.clicked.connect(self._ask_export)
        self.guardar_boton.clicked.connect(self.save)
        row = QHBoxLayout()
        for widget in (self.impresora, self.probar, self.importar_boton, self.exportar_boton):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.guardar_boton)
        return row

    def _title(self) -> None:
        star = "" if self.edicion.pila.isClean() else " *"
        self.setWindowTitle(self.tr("Diseñar etiqueta: {0}{1}").format(self.edicion.plantilla.nombre, star))

    def _changed(self) -> None:
        self._title()
        campos = self.edicion.plantilla.campos
        names = [f"{tr(NOMBRES[c.clase])}  {getattr(c, 'contenido', '')}"[:60] for c in campos]
        if [self.lista.item(i).text() for i in range(self.lista.count())] != names:
            self.lista.blockSignals(True)
            self.lista.clear()
            self.lista.addItems(names)
            self.lista.blockSignals(False)
        self._show_chosen()
        self._waiting.start()

    def _show_chosen(self) -> None:
        row = -1 if self.edicion.elegido is None else self.edicion.elegido
        if self.lista.currentRow() != row:
            self.lista.blockSignals(True)
            self.lista.setCurrentRow(row)
            self.lista.blockSignals(False)

    def _check(self) -> None:
        work = partial(revisar, self.edicion.plantilla, dict(self.prueba.valores), self.cabecera.dpi)
        self._station.tasks.write(self, work, self._show)

    def _show(self, found: Revision) -> None:
        self.revision = found
        if found.pagina is None:
            self.lienzo.mark(found.campo)
            retell(self.aviso, "error", found.problema)
            self.bytes.setPlainText("")
        else:
            self.lienzo.show_page(found.pagina, found.png)
            retell(self.aviso, "exito", self.tr("Se puede imprimir: {0} bytes.").format(len(found.zpl)))
            self.bytes.setPlainText(found.zpl.decode("utf-8").replace("^FS", "^FS\n"))
        self.probar.setEnabled(found.pagina is not None and self.impresora.count() > 0)

    def _show_printers(self, found: list[Impresora]) -> None:
        for printer in found:
            self.impresora.addItem(self.tr("{0} ({1} ppp)").format(printer.nombre, printer.dpi), printer)
        self.impresora.setVisible(bool(found))
        self.probar.setVisible(bool(found))

    def print_test(self) -> None:
        """One label with the values at hand, at the printer's resolution."""
        printer: Impresora = self.impresora.currentData()
        plantilla, valores = self.edicion.plantilla, dict(self.prueba.valores)

        def work() -> str:
            found = revisar(plantilla, valores, printer.dpi)
            if found.pagina is None:
                raise KnownError(found.problema)
            title = self.tr("Prueba de «{0}»").format(plantilla.nombre)
            return self._station.printing.enqueue(Pedido(title, found.zpl, impresora_id=printer.id))

        done = self.tr("La prueba quedó en la cola de {0}.").format(printer.nombre)
        self._station.tasks.write(
            self, work, lambda _: retell(self.aviso, "exito", done), lambda e: retell(self.aviso, "error", str(e))
        )

    def save(self) -> None:
        """Keep the template with the business's own."""
        plantilla = self.edicion.plantilla

        def work() -> str:
            checked = leer(escribir(plantilla))
            campos: Row = {"nombre": checked.nombre, "tipo": checked.tipo, "cuerpo": escribir(checked), "activa": True}
            if self._clave is None:
                op = actions.alta(self._station.replica.ambient, "plantilla_etiqueta", campos)
                self._station.saving.save(lambda: [op])
                return op.id
            with self._station.replica.reading() as connection:
                row = rows.get(rows.raw(connection), "plantilla_etiqueta", self._clave)
            if row is None:
                raise KnownError(
                    self.tr("Otra persona borró esta plantilla."), self.tr("Expórtela, e impórtela como nueva.")
                )
            ops = actions.editar("plantilla_etiqueta", row, campos)
            if ops:
                self._station.saving.save(lambda: ops)
            return self._clave

        def done(key: str) -> None:
            self._clave = key
            self.edicion.pila.setClean()
            self.guardar_boton.setText(self.tr("&Guardar"))
            retell(self.aviso, "exito", self.tr("Guardada. Elíjala en Impresión, Etiquetas."))
            self.saved.emit(key)

        self._station.tasks.write(self, work, done, partial(show_error, self))

    def _ask_export(self) -> None:
        path = ask_new_file(self, self.edicion.plantilla)
        if path is not None:
            self.export(path)

    def export(self, path: Path) -> None:
        """The template as a file."""
        if write_template(self, self.edicion.plantilla, path):
            retell(self.aviso, "exito", self.tr("Exportada a {0}.").format(path))

    def _ask_import(self) -> None:
        path = ask_file(self)
        if path is not None:
            self.import_(path)

    def import_(self, path: Path) -> None:
        """Replace what is edited by a file's template; undo brings it back."""
        found = read_template(self, path)
        if found is not None:
            self.edicion.elegir(None)
            values = {n: getattr(found, n) for n in ("nombre", "tipo", "ancho_mm", "alto_mm", "campos")}
            self.edicion.cambiar_plantilla(self.tr("importar"), **values)
            self.prueba.use_sample()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """The paper as large as fits."""
        super().showEvent(event)
        self.lienzo.fit(self._scroll.viewport().width() or 800)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Nothing that was drawn is thrown away unasked."""
        if self.edicion.pila.isClean():
            super().closeEvent(event)
        else:
            event.ignore()
            self._ask_leave()

    def reject(self) -> None:
        """Esc asks as the window's cross does."""
        if self.edicion.pila.isClean():
            super().reject()
        else:
            self._ask_leave()

    def _ask_leave(self) -> None:
        ask(self, self.tr("Hay cambios sin guardar."), self.tr("Cerrar sin guardar"), self._give_up)

    def _give_up(self) -> None:
        self.edicion.pila.setClean()
        self.close()
