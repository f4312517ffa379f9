"""The values that a template is looked at with: a sample, long texts, those of an order, or typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from domain.base.errors import KnownError
from local_db.ordenes import queries
from local_db.reading import Reading
from printing.labels.kind import LabelKind
from printing.labels.registry import KINDS
from servitec_desktop.i18n import tr
from servitec_desktop.screens.impresion.disenador.modelo import Edicion
from servitec_desktop.screens.impresion.disenador.revision import LARGO
from servitec_desktop.tasks import Tasks
from servitec_desktop.ui.parts import button, named

KEPT = ("folio", "codigo", "qr", "sku", "precio", "numero", "telefono")
"""What is never long."""


class ValoresDePrueba(QWidget):
    """`changed`: the values are others; `failed`: why they aren't, in words."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, edicion: Edicion, tasks: Tasks) -> None:
        super().__init__()
        self._edicion, self._tasks = edicion, tasks
        self.valores = self._kind.muestra()
        self.tabla = QTableWidget(0, 2)
        self.tabla.setHorizontalHeaderLabels([self.tr("Dato"), self.tr("Valor")])
        self.tabla.horizontalHeader().setStretchLastSection(True)
        self.tabla.setColumnWidth(0, 260)
        self.tabla.itemChanged.connect(self._edited)
        named(self.tabla, self.tr("Valores de prueba"))
        self.folio = QLineEdit(placeholderText=self.tr("folio de una orden"))
        named(self.folio, self.tr("Folio de una orden, para ver sus datos"))
        self.folio.returnPressed.connect(self._use_order)
        row = QHBoxLayout()
        for text, work in ((self.tr("De &ejemplo"), self.use_sample), (self.tr("Te&xto largo"), self._use_long)):
            tool = button(text, text.replace("&", ""))
            tool.clicked.connect(work)
            row.addWidget(tool)
        row.addWidget(self.folio)
        box = QVBoxLayout(self)
        box.addLayout(row)
        box.addWidget(self.tabla)
        self._fill()

    @property
    def _kind(self) -> LabelKind:
        return KINDS[self._edicion.plantilla.tipo]

    def use_sample(self) -> None:
        """Those that the kind of label declares."""
        self._use(self._kind.muestra())

    def _use_long(self) -> None:
        self._use({k: v if k in KEPT else f"{v} {tr(LARGO) * 6}" for k, v in self._kind.muestra().items()})

    def _use_order(self) -> None:
        folio, kind = self.folio.text(), self._kind

        def read(connection: Reading) -> dict[str, str] | None:
            row = queries.orden_por_folio(connection, folio) or {}
            key = row.get("id" if kind.tabla == "orden" else f"{kind.tabla}_id")
            try:
                return kind.valores(connection, str(key))[0] if key else None
            except KnownError:
                return None

        def show(found: dict[str, str] | None) -> None:
            if found is None:
                self.failed.emit(self.tr("La orden «{0}» no tiene datos para esta etiqueta.").format(folio))
            else:
                self._use(found)

        self._tasks.read(self, read, show)

    def _use(self, valores: dict[str, str]) -> None:
        self.valores = valores
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        self.tabla.blockSignals(True)
        offered = self._kind.campos
        self.tabla.setRowCount(len(offered))
        for row, (name, (what, _)) in enumerate(offered.items()):
            title = QTableWidgetItem(f"{tr(what)}  {{{name}}}")
            title.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tabla.setItem(row, 0, title)
            self.tabla.setItem(row, 1, QTableWidgetItem(self.valores.get(name, "")))
        self.tabla.blockSignals(False)

    def _edited(self, item: QTableWidgetItem) -> None:
        if item.column() == 1:
            self.valores[list(self._kind.campos)[item.row()]] = item.text()
            self.changed.emit()
