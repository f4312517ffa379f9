"""«Agregar impresora» and its editing: found or typed, tested, named, saved."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from domain.base.errors import KnownError
from printing.printers import Impresora
from printing.prueba import Prueba
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.impresion import NuevaImpresora
from servitec_desktop.screens.impresion.busqueda import Busqueda
from servitec_desktop.station import Station
from servitec_desktop.ui.impresion import READY
from servitec_desktop.ui.parts import SPANISH, button, heading, make_room, message_label, named, retell, tell

DPIS = (203, 300, 600)
LABEL_WIDTH = 76
EXCLUSIVE = QT_TR_NOOP(
    "Marque esto sólo si ninguna otra estación ni programa imprime en ella. Entonces, si se corta la conexión, su "
    "contador dice si la etiqueta salió y no hace falta preguntar."
)


class FichaImpresora(QDialog):
    """A printer's card. A new one begins with a search; what the printer says of itself fills the card."""

    def __init__(self, station: Station, impresora: Impresora | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._station = station
        self._impresora = impresora
        self._prueba: Prueba | None = None
        self._asked = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Editar «{0}»").format(impresora.nombre) if impresora else tr("Agregar impresora"))
        self.setMinimumWidth(640)
        self.busqueda = Busqueda(station.impresion, station.tasks)
        self.resultado = message_label("exito")
        self.error = message_label("error")
        self.destino, self.nombre = QLineEdit(), QLineEdit()
        self.destino.setPlaceholderText("192.168.1.50")
        self.nombre.setPlaceholderText(tr("Mostrador"))
        self.probar = button(tr("&Probar"), tr("Probar la conexión"))
        self.muestra = button(tr("Imprimir etiqueta de pr&ueba"), tr("Imprimir una etiqueta de prueba"))
        self.ancho, self.alto, self.dpi = QDoubleSpinBox(), QDoubleSpinBox(), QComboBox()
        self.exclusiva = QCheckBox(tr("S&ólo esta estación imprime en ella"))
        self._lay_out()
        self._connect()
        if impresora is not None:
            self._fill(impresora)
        else:
            paper = station.config.impresion
            self._size(paper.ancho_mm, paper.alto_mm, paper.dpi)
            self.busqueda.begin()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(heading(tr("1. ¿Dónde está?"), "seccion"))
        layout.addWidget(self.busqueda)
        self.busqueda.setVisible(self._impresora is None)
        where = QHBoxLayout()
        where.addWidget(self.destino, 1)
        where.addWidget(self.probar)
        address = QFormLayout()
        address.addRow(tr("&Dirección"), where)
        self._label(address, where, self.destino)
        layout.addLayout(address)
        layout.addWidget(self.resultado)
        layout.addSpacing(10)
        layout.addWidget(heading(tr("2. ¿Cómo se usa?"), "seccion"))
        layout.addLayout(self._use())
        layout.addWidget(self.error)
        self.botones = QDialogButtonBox()
        self.guardar = button(tr("&Guardar"), tr("Guardar la impresora"), main=True)
        self.botones.addButton(self.muestra, QDialogButtonBox.ButtonRole.ActionRole)
        self.botones.addButton(self.guardar, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancelar = button(tr("Cancelar"), tr("Cancelar"))
        self.botones.addButton(self.cancelar, QDialogButtonBox.ButtonRole.RejectRole)
        layout.addWidget(self.botones)
        for widget, name in (
            (self.destino, tr("Dirección de la impresora")),
            (self.nombre, tr("Nombre")),
            (self.ancho, tr("Ancho de la etiqueta")),
            (self.alto, tr("Alto de la etiqueta")),
            (self.dpi, tr("Resolución")),
            (self.exclusiva, tr("Sólo esta estación imprime en ella")),
        ):
            named(widget, name)

    def _use(self) -> QFormLayout:
        """Its name and paper, and whether others print there too."""
        form = QFormLayout()
        form.addRow(tr("&Nombre"), self.nombre)
        for spin, most in ((self.ancho, 200.0), (self.alto, 300.0)):
            spin.setRange(10.0, most)
            spin.setDecimals(1)
            spin.setSuffix(" mm")
            spin.setLocale(SPANISH)
        for dpi in DPIS:
            self.dpi.addItem(tr("{0} puntos por pulgada").format(dpi), dpi)
        paper = QHBoxLayout()
        for part in (self.ancho, QLabel("×"), self.alto, self.dpi):
            paper.addWidget(part)
        paper.addStretch(1)
        form.addRow(tr("E&tiqueta"), paper)
        self._label(form, paper, self.ancho)
        note = QLabel(tr(EXCLUSIVE))
        note.setObjectName("nota")
        note.setWordWrap(True)
        form.addRow("", self.exclusiva)
        form.addRow("", note)
        return form

    @staticmethod
    def _label(form: QFormLayout, row: QHBoxLayout, field: QWidget) -> None:
        """Let the label's mnemonic lead to the first field of a row of several."""
        label = form.labelForField(row)
        if isinstance(label, QLabel):
            label.setBuddy(field)
            label.setMinimumWidth(LABEL_WIDTH)

    def _connect(self) -> None:
        self.busqueda.chosen.connect(self._choose)
        self.destino.textChanged.connect(lambda _: self.busqueda.keep(self.address()))
        self.probar.clicked.connect(self._try)
        self.destino.returnPressed.connect(self._try)
        self.muestra.clicked.connect(self._sample)
        self.guardar.clicked.connect(self._save)
        self.cancelar.clicked.connect(self.reject)
        self.finished.connect(lambda _: self._station.impresion.detener_busqueda())

    def _fill(self, impresora: Impresora) -> None:
        self.destino.setText(impresora.destino)
        self.nombre.setText(impresora.nombre)
        self.exclusiva.setChecked(impresora.exclusiva)
        self._size(impresora.ancho_mm, impresora.alto_mm, impresora.dpi)

    def _size(self, ancho_mm: float | None, alto_mm: float | None, dpi: int | None) -> None:
        if ancho_mm:
            self.ancho.setValue(ancho_mm)
        if alto_mm:
            self.alto.setValue(alto_mm)
        if dpi:
            self.dpi.setCurrentIndex(max(0, self.dpi.findData(dpi)))

    def _choose(self, destino: str) -> None:
        self.destino.setText(destino)
        self._try()

    def address(self) -> str:
        """The destination that is typed; a bare address means the network."""
        text = self.destino.text().strip()
        return text if not text or "://" in text else f"tcp://{text}"

    def _try(self) -> None:
        self._asked = self.address()
        self._prueba = None
        if not self._asked:
            self._wrong(tr("Escriba la dirección de la impresora, o elija una de la lista."))
            return
        self._wrong("")
        self._say("nota", tr("Preguntando a la impresora…"))
        work = partial(self._station.impresion.probar, self._asked)
        self._station.tasks.ask(self, work, partial(self._tried, self._asked), partial(self._refused, self._asked))

    def _tried(self, destino: str, prueba: Prueba) -> None:
        if destino != self._asked:
            return
        self._prueba = prueba
        who = "  ·  ".join(
            w for w in (prueba.modelo, prueba.firmware, tr(READY) if prueba.lista else prueba.estado) if w
        )
        self._say("exito" if prueba.lista else "aviso", who)
        self._size(prueba.ancho_mm, prueba.alto_mm, prueba.dpi)
        if not self.nombre.text().strip():
            self.nombre.setText(prueba.nombre)

    def _refused(self, destino: str, error: KnownError) -> None:
        if destino == self._asked:
            self._say("error", str(error))

    def _wrong(self, text: str) -> None:
        tell(self.error, text)
        make_room(self)

    def _say(self, kind: str, text: str) -> None:
        retell(self.resultado, kind, text)
        make_room(self)

    def _card(self) -> NuevaImpresora | None:
        nombre, destino = self.nombre.text().strip(), self.address()
        if not destino:
            self.destino.setFocus()
            self._wrong(tr("Falta la dirección: elija una impresora de la lista, o escríbala."))
            return None
        if not nombre:
            self.nombre.setFocus()
            self._wrong(tr("Falta el nombre: cómo la llaman en el taller."))
            return None
        self._wrong("")
        return NuevaImpresora(
            id=self._impresora.id if self._impresora else None,
            nombre=nombre,
            destino=destino,
            exclusiva=self.exclusiva.isChecked(),
            dpi=self.dpi.currentData(),
            ancho_mm=self.ancho.value(),
            alto_mm=self.alto.value(),
            prueba=self._prueba if self._asked == destino else None,
        )

    def _sample(self) -> None:
        card = self._card()
        if card is not None:
            done = partial(self._say, "exito")
            work = partial(self._station.impresion.muestra, card)
            self._station.tasks.write(self, work, lambda _: done(tr("Etiqueta de prueba en camino.")), self._failed)

    def _save(self) -> None:
        card = self._card()
        if card is not None:
            self.guardar.setEnabled(False)
            work = partial(self._station.impresion.guardar, card)
            self._station.tasks.write(self, work, lambda _: self.accept(), self._failed)

    def _failed(self, error: KnownError) -> None:
        self.guardar.setEnabled(True)
        if self.resultado.text() == str(error):
            self._say("error", "")
        self._wrong(str(error))
