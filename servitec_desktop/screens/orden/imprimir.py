"""«Imprimir…»: which label of an order, how many, where."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget
from PySide6.QtWidgets import QDialogButtonBox as Buttons

from printing.labels.registry import KINDS
from printing.printers import Impresora, impresoras
from servitec_desktop.i18n import tr
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import named

MOST = 99


class Imprimir(QDialog):
    """`chosen`: kind, the record's id, copies, the printer's name (empty: the usual one)."""

    chosen = Signal(str, str, int, str)

    def __init__(self, station: Station, registros: dict[str, tuple[str, str]], parent: QWidget) -> None:
        """`registros`: for each kind of label its record's id and what stands on it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Imprimir etiquetas"))
        self.setMinimumWidth(420)
        self._registros = registros
        self.tipo, self.copias, self.impresora = QComboBox(), QSpinBox(), QComboBox()
        for tipo, (_, what) in registros.items():
            self.tipo.addItem(f"{tr(KINDS[tipo].nombre)}: {what}", tipo)
        self.copias.setRange(1, MOST)
        self.impresora.addItem(self.tr("La de siempre"), "")
        form = QFormLayout()
        for text, field in (
            (self.tr("&Etiqueta"), self.tipo),
            (self.tr("&Copias"), self.copias),
            (self.tr("&Impresora"), self.impresora),
        ):
            form.addRow(text, field)
            named(field, text.replace("&", ""))
        self.botones = Buttons(Buttons.StandardButton.Ok | Buttons.StandardButton.Cancel)
        self.botones.button(Buttons.StandardButton.Ok).setText(self.tr("Imprimir"))
        self.botones.button(Buttons.StandardButton.Cancel).setText(self.tr("Volver"))
        self.botones.accepted.connect(self._print)
        self.botones.rejected.connect(self.reject)
        note = QLabel(self.tr("«La de siempre» es la elegida para ese tipo en la pantalla Impresión (F6)."))
        note.setObjectName("nota")
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self.botones)
        station.tasks.read(self, impresoras, self._show)

    def _show(self, found: list[Impresora]) -> None:
        for printer in found:
            self.impresora.addItem(printer.nombre, printer.nombre)

    def _print(self) -> None:
        tipo = str(self.tipo.currentData())
        self.accept()
        self.chosen.emit(tipo, self._registros[tipo][0], self.copias.value(), self.impresora.currentData())
