"""What a template is as a whole: its name, kind and paper, and the resolution at which it is looked at."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from printing.labels.registry import KINDS
from servitec_desktop.i18n import tr
from servitec_desktop.screens.impresion.disenador.modelo import Edicion
from servitec_desktop.ui.parts import SPANISH, named

DPIS = (203, 300, 600)


class Cabecera(QWidget):
    """`kind_chosen`: the template is for another kind of label now; `dpi_chosen`: another resolution."""

    kind_chosen = Signal()
    dpi_chosen = Signal()

    def __init__(self, edicion: Edicion) -> None:
        super().__init__()
        self._edicion = edicion
        plantilla = edicion.plantilla
        self.nombre = QLineEdit(plantilla.nombre)
        self.nombre.editingFinished.connect(self._rename)
        self.tipo = QComboBox()
        for tipo, kind in KINDS.items():
            self.tipo.addItem(tr(kind.nombre), tipo)
        self.tipo.activated.connect(self._choose_kind)
        self.ancho = _millimetres(10, 220, plantilla.ancho_mm)
        self.alto = _millimetres(5, 1000, plantilla.alto_mm)
        self.ancho.valueChanged.connect(lambda v: edicion.cambiar_plantilla(self.tr("tamaño"), ancho_mm=v))
        self.alto.valueChanged.connect(lambda v: edicion.cambiar_plantilla(self.tr("tamaño"), alto_mm=v))
        self._dpi = QComboBox()
        for dpi in DPIS:
            self._dpi.addItem(self.tr("{0} ppp").format(dpi), dpi)
        self._dpi.activated.connect(lambda _: self.dpi_chosen.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for text, widget, name in (
            (self.tr("&Nombre"), self.nombre, self.tr("Nombre de la plantilla")),
            (self.tr("&Tipo"), self.tipo, self.tr("Tipo de etiqueta")),
            (self.tr("Papel"), self.ancho, self.tr("Ancho del papel")),
            ("×", self.alto, self.tr("Alto del papel")),
            (self.tr("I&mpresora de"), self._dpi, self.tr("Resolución")),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            named(widget, name)
            row.addWidget(label)
            row.addWidget(widget, 1 if widget is self.nombre else 0)
        edicion.changed.connect(self._fill)
        self._fill()

    @property
    def dpi(self) -> int:
        """The resolution of the printer that it is looked at for."""
        return int(self._dpi.currentData())

    def _rename(self) -> None:
        self._edicion.cambiar_plantilla(self.tr("nombre"), nombre=self.nombre.text().strip() or self.tr("Sin nombre"))

    def _choose_kind(self) -> None:
        self._edicion.cambiar_plantilla(self.tr("tipo"), tipo=self.tipo.currentData())
        self.kind_chosen.emit()

    def _fill(self) -> None:
        plantilla = self._edicion.plantilla
        for box, value in ((self.ancho, plantilla.ancho_mm), (self.alto, plantilla.alto_mm)):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        if not self.nombre.hasFocus():
            self.nombre.setText(plantilla.nombre)
        self.tipo.setCurrentIndex(self.tipo.findData(plantilla.tipo))


def _millimetres(low: float, high: float, value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox(minimum=low, maximum=high, decimals=1, suffix=" mm", value=value)
    box.setKeyboardTracking(False)
    box.setLocale(SPANISH)
    return box
