"""The label designer: paper, fields, properties, the bytes to be sent, sample values."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from domain.base import actions
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.permissions import alcance
from local_db import rows
from local_db.ordenes import queries
from local_db.reading import Reading
from printing.labels.plantilla import Campo, Code128, Ean13, Linea, Logo, Plantilla, Qr, Texto, escribir, leer
from printing.labels.registry import KINDS
from printing.printers import Impresora, impresoras
from printing.trabajos import Pedido
from servitec_desktop.i18n import tr
from servitec_desktop.screens.impresion.disenador.lienzo import Lienzo
from servitec_desktop.screens.impresion.disenador.modelo import Edicion
from servitec_desktop.screens.impresion.disenador.panel import NOMBRES, Panel
from servitec_desktop.screens.impresion.disenador.revision import LARGO, Revision, revisar
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import SPANISH, ask, button, message_label, named, retell, show_error
from storage.causes import cause

WAIT_MS = 90
BLANK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
"""A picture of one black dot, until one is chosen."""


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
        self.valores = KINDS[plantilla.tipo].muestra()
        self.revision: Revision | None = None
        self.lienzo, self.panel = Lienzo(self.edicion), Panel(self.edicion)
        self.aviso = message_label("exito")
        self._build()
        self._waiting = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._waiting.timeout.connect(self._check)
        self.edicion.changed.connect(self._changed)
        self.edicion.chosen.connect(self._show_chosen)
        self.edicion.pila.cleanChanged.connect(self._title)
        station.tasks.read(self, impresoras, self._show_printers)
        self._title()
        self._changed()

    def _build(self) -> None:
        left = QVBoxLayout()
        left.addLayout(self._head())
        left.addLayout(self._tools())
        scroll = QScrollArea()
        scroll.setWidget(self.lienzo)
        scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
        named(scroll, self.tr("Etiqueta"))
        self._scroll = scroll
        self.pestanas = QTabWidget()
        self.pestanas.addTab(scroll, self.tr("&Diseño"))
        self.pestanas.addTab(self._sample_tab(), self.tr("&Valores de prueba"))
        self.bytes = QPlainTextEdit(readOnly=True)
        named(self.bytes, self.tr("Lo que se envía a la impresora"))
        self.pestanas.addTab(self.bytes, self.tr("Lo &que se envía"))
        named(self.pestanas, self.tr("Vistas de la etiqueta"))
        left.addWidget(self.pestanas, 1)
        left.addWidget(self.aviso)
        side = QVBoxLayout()
        self.lista = QListWidget()
        named(self.lista, self.tr("Campos de la etiqueta"))
        self.lista.setMaximumHeight(210)
        self.lista.currentRowChanged.connect(lambda row: self.edicion.elegir(row if row >= 0 else None))
        side.addWidget(self.lista)
        side.addWidget(self.panel, 1)
        split = QSplitter()
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

    def _head(self) -> QHBoxLayout:
        plantilla = self.edicion.plantilla
        self.nombre = QLineEdit(plantilla.nombre)
        self.nombre.editingFinished.connect(
            lambda: self.edicion.cambiar_plantilla(
                self.tr("nombre"), nombre=self.nombre.text().strip() or self.tr("Sin nombre")
            )
        )
        self.tipo = QComboBox()
        for tipo in KINDS:
            self.tipo.addItem(tipo, tipo)
        self.tipo.setCurrentIndex(self.tipo.findData(plantilla.tipo))
        self.tipo.activated.connect(self._choose_tipo)
        self.ancho = _millimetres(10, 220, plantilla.ancho_mm)
        self.alto = _millimetres(5, 1000, plantilla.alto_mm)
        self.ancho.valueChanged.connect(lambda v: self.edicion.cambiar_plantilla(self.tr("tamaño"), ancho_mm=v))
        self.alto.valueChanged.connect(lambda v: self.edicion.cambiar_plantilla(self.tr("tamaño"), alto_mm=v))
        self.dpi = QComboBox()
        for dpi in (203, 300, 600):
            self.dpi.addItem(self.tr("{0} ppp").format(dpi), dpi)
        self.dpi.activated.connect(self._changed)
        row = QHBoxLayout()
        for text, widget, name in (
            (self.tr("&Nombre"), self.nombre, self.tr("Nombre de la plantilla")),
            (self.tr("&Tipo"), self.tipo, self.tr("Tipo de etiqueta")),
            (self.tr("Papel"), self.ancho, self.tr("Ancho del papel")),
            ("×", self.alto, self.tr("Alto del papel")),
            (self.tr("I&mpresora de"), self.dpi, self.tr("Resolución")),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            named(widget, name)
            row.addWidget(label)
            row.addWidget(widget, 1 if widget is self.nombre else 0)
        return row

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        add = QToolButton()
        add.setText(self.tr("Agregar"))
        add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        named(add, self.tr("Agregar un campo"))
        menu = QMenu(add)
        new: tuple[Campo, ...] = (
            Texto(5, 5, 30, 4, self.tr("Texto")),
            Code128(6, 5, 8, "ABC-123"),
            Ean13(6, 5, 8, "7801234567894"),
            Qr(6, 6, "https://example.com"),
            Linea(5, 5, 30, 0.4),
            Logo(5, 5, 15, 10, BLANK),
        )
        for campo in new:
            menu.addAction(tr(NOMBRES[campo.clase]), partial(self.edicion.agregar, campo))
        add.setMenu(menu)
        self.agregar = menu
        row.addWidget(add)
        todo: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("↶", self.tr("Deshacer"), "Ctrl+Z", self.edicion.pila.undo),
            ("↷", self.tr("Rehacer"), "Ctrl+Y", self.edicion.pila.redo),
            ("⧉", self.tr("Copiar"), "Ctrl+C", self._copy),
            ("⎘", self.tr("Pegar"), "Ctrl+V", self._paste),
            ("2×", self.tr("Duplicar"), "Ctrl+D", self.edicion.duplicar),
            ("✕", self.tr("Borrar"), "", self.edicion.borrar),
            ("⇤", self.tr("Alinear a la izquierda"), "", partial(self._align, "izquierda")),
            ("↔", self.tr("Centrar"), "", partial(self._align, "centro")),
            ("⇥", self.tr("Alinear a la derecha"), "", partial(self._align, "derecha")),
            ("⤒", self.tr("Alinear arriba"), "", partial(self._align, "arriba")),
            ("▲", self.tr("Antes en la lista"), "", partial(self.edicion.ordenar, -1)),
            ("▼", self.tr("Después en la lista"), "", partial(self.edicion.ordenar, 1)),
            ("−", self.tr("Alejar"), "Ctrl+-", lambda: self.lienzo.zoom(self.lienzo.escala / 1.25)),
            ("+", self.tr("Acercar"), "Ctrl++", lambda: self.lienzo.zoom(self.lienzo.escala * 1.25)),
        )
        for sign, name, key, work in todo:
            tool = QToolButton()
            tool.setText(sign)
            tool.setToolTip(f"{name} ({key})" if key else name)
            tool.setAutoRaise(True)
            named(tool, name)
            tool.clicked.connect(lambda _=False, work=work: work())
            if key:
                action = QAction(self)
                action.setShortcut(QKeySequence(key))
                action.triggered.connect(lambda _=False, work=work: work())
                self.addAction(action)
            row.addWidget(tool)
        row.addStretch(1)
        return row

    def _sample_tab(self) -> QWidget:
        self.tabla = QTableWidget(0, 2)
        self.tabla.setHorizontalHeaderLabels([self.tr("Dato"), self.tr("Valor")])
        self.tabla.horizontalHeader().setStretchLastSection(True)
        self.tabla.setColumnWidth(0, 260)
        self.tabla.itemChanged.connect(self._value_edited)
        named(self.tabla, self.tr("Valores de prueba"))
        self.folio = QLineEdit(placeholderText=self.tr("folio de una orden"))
        named(self.folio, self.tr("Folio de una orden, para ver sus datos"))
        self.folio.returnPressed.connect(self._use_order)
        row = QHBoxLayout()
        for text, work in ((self.tr("De &ejemplo"), self._use_sample), (self.tr("Te&xto largo"), self._use_long)):
            tool = button(text, text.replace("&", ""))
            tool.clicked.connect(work)
            row.addWidget(tool)
        row.addWidget(self.folio)
        tab = QWidget()
        box = QVBoxLayout(tab)
        box.addLayout(row)
        box.addWidget(self.tabla)
        self._show_values()
        return tab

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
        may = self._station.actor is not None and alcance(self._station.actor, "plantilla_etiqueta.editar") is not None
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
        plantilla = self.edicion.plantilla
        self._title()
        for box, value in ((self.ancho, plantilla.ancho_mm), (self.alto, plantilla.alto_mm)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        if not self.nombre.hasFocus():
            self.nombre.setText(plantilla.nombre)
        self.tipo.setCurrentIndex(self.tipo.findData(plantilla.tipo))
        names = [f"{tr(NOMBRES[c.clase])}  {getattr(c, 'contenido', '')}"[:60] for c in plantilla.campos]
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
        work = partial(revisar, self.edicion.plantilla, dict(self.valores), int(self.dpi.currentData()))
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

    def _show_values(self) -> None:
        self.tabla.blockSignals(True)
        offered = KINDS[self.edicion.plantilla.tipo].campos
        self.tabla.setRowCount(len(offered))
        for row, (name, (what, _)) in enumerate(offered.items()):
            title = QTableWidgetItem(f"{tr(what)}  {{{name}}}")
            title.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tabla.setItem(row, 0, title)
            self.tabla.setItem(row, 1, QTableWidgetItem(self.valores.get(name, "")))
        self.tabla.blockSignals(False)

    def _value_edited(self, item: QTableWidgetItem) -> None:
        if item.column() == 1:
            names = list(KINDS[self.edicion.plantilla.tipo].campos)
            self.valores[names[item.row()]] = item.text()
            self._waiting.start()

    def _use(self, valores: dict[str, str]) -> None:
        self.valores = valores
        self._show_values()
        self._waiting.start()

    def _use_sample(self) -> None:
        self._use(KINDS[self.edicion.plantilla.tipo].muestra())

    def _use_long(self) -> None:
        kept = ("folio", "codigo", "qr", "sku", "precio", "numero", "telefono")
        sample = KINDS[self.edicion.plantilla.tipo].muestra()
        self._use({k: v if k in kept else f"{v} {tr(LARGO) * 6}" for k, v in sample.items()})

    def _use_order(self) -> None:
        folio, tipo = self.folio.text(), self.edicion.plantilla.tipo

        def read(connection: Reading) -> dict[str, str] | None:
            row = queries.orden_por_folio(connection, folio)
            keys: dict[str, Any] = {} if row is None else {
                "orden": row["id"], "accesorio": row["id"], "equipo": row["equipo_id"], "cliente": row["cliente_id"]
            }  # fmt: skip
            try:
                return KINDS[tipo].valores(connection, str(keys[tipo]))[0] if keys.get(tipo) else None
            except KnownError:
                return None

        def show(found: dict[str, str] | None) -> None:
            if found is None:
                retell(self.aviso, "error", self.tr("La orden «{0}» no tiene datos para esta etiqueta.").format(folio))
            else:
                self._use(found)

        self._station.tasks.read(self, read, show)

    def _choose_tipo(self) -> None:
        self.edicion.cambiar_plantilla(self.tr("tipo"), tipo=self.tipo.currentData())
        self._use_sample()

    def _align(self, where: str) -> None:
        if self.edicion.elegido is not None:
            self.edicion.alinear(where, self.lienzo.rect_mm(self.edicion.elegido))

    def _show_printers(self, found: list[Impresora]) -> None:
        for printer in found:
            self.impresora.addItem(self.tr("{0} ({1} ppp)").format(printer.nombre, printer.dpi), printer)
        self.impresora.setVisible(bool(found))
        self.probar.setVisible(bool(found))

    def print_test(self) -> None:
        """One label with the values at hand, at the printer's resolution."""
        printer: Impresora = self.impresora.currentData()
        plantilla, valores = self.edicion.plantilla, dict(self.valores)

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
                self._station.save(lambda: [op])
                return op.id
            with self._station.replica.reading() as connection:
                row = rows.get(rows.raw(connection), "plantilla_etiqueta", self._clave)
            if row is None:
                raise KnownError(
                    self.tr("Otra persona borró esta plantilla."), self.tr("Expórtela, e impórtela como nueva.")
                )
            ops = actions.editar("plantilla_etiqueta", row, campos)
            if ops:
                self._station.save(lambda: ops)
            return self._clave

        def done(key: str) -> None:
            self._clave = key
            self.edicion.pila.setClean()
            self.guardar_boton.setText(self.tr("&Guardar"))
            retell(self.aviso, "exito", self.tr("Guardada. Elíjala en Impresión, Etiquetas."))
            self.saved.emit(key)

        self._station.tasks.write(self, work, done, partial(show_error, self))

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Exportar"), f"{self.edicion.plantilla.nombre}.json", self.tr("Plantillas (*.json)")
        )
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """The template as a file."""
        try:
            path.write_text(escribir(self.edicion.plantilla) + "\n", encoding="utf-8")
        except OSError as error:
            show_error(self, KnownError(self.tr("No se puede escribir {0}: {1}.").format(path, cause(error))))
        else:
            retell(self.aviso, "exito", self.tr("Exportada a {0}.").format(path))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.edicion.copiar())

    def _paste(self) -> None:
        try:
            self.edicion.pegar(QGuiApplication.clipboard().text())
        except KnownError as error:
            what = self.tr("En el portapapeles no hay campos de etiqueta: {0}").format(error.message)
            show_error(self, KnownError(what, self.tr("Copie un campo en este diseñador o en otro.")))

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Importar"), "", self.tr("Plantillas (*.json)"))
        if name:
            self.import_(Path(name))

    def import_(self, path: Path) -> None:
        """Replace what is edited by a file's template; undo brings it back."""
        try:
            found = leer(path.read_bytes())
        except OSError as error:
            show_error(self, KnownError(self.tr("No se puede leer {0}: {1}.").format(path, cause(error))))
        except KnownError as error:
            show_error(self, error)
        else:
            self.edicion.elegir(None)
            values = {n: getattr(found, n) for n in ("nombre", "tipo", "ancho_mm", "alto_mm", "campos")}
            self.edicion.cambiar_plantilla(self.tr("importar"), **values)
            self._use_sample()

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


def _millimetres(low: float, high: float, value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox(minimum=low, maximum=high, decimals=1, suffix=" mm", value=value)
    box.setKeyboardTracking(False)
    box.setLocale(SPANISH)
    return box
