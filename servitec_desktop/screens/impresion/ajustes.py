"""Settings that stay in a printer: darkness, speed, kind of paper."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from printing.printers import Impresora
from printing.zebra import Ajustes
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.ui.parts import make_room, message_label, named, tell

AS_IT_IS = -1
MEDIOS = (
    ("separacion", QT_TR_NOOP("Etiquetas con separación")),
    ("marca", QT_TR_NOOP("Con marca negra")),
    ("continuo", QT_TR_NOOP("Papel continuo")),
)


class AjustesImpresora(QDialog):
    """`chosen`: Ajustes to be sent. A field left at «Como está» isn't touched."""

    chosen = Signal(object)

    def __init__(self, impresora: Impresora, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Ajustes de «{0}»").format(impresora.nombre))
        self.setMinimumWidth(420)
        self.oscuridad, self.velocidad, self.medio = QSpinBox(), QSpinBox(), QComboBox()
        self.oscuridad.setRange(AS_IT_IS, 30)
        self.velocidad.setRange(0, 14)
        self.velocidad.setSuffix(tr(" pulg/s"))
        for spin in (self.oscuridad, self.velocidad):
            spin.setSpecialValueText(tr("Como está"))
            spin.setValue(spin.minimum())
        self.medio.addItem(tr("Como está"), None)
        for codigo, words in MEDIOS:
            self.medio.addItem(tr(words), codigo)
        note = QLabel(tr("Se envían ahora y quedan guardados en la impresora. Más oscuro gasta más el cabezal."))
        note.setObjectName("nota")
        note.setWordWrap(True)
        form = QFormLayout()
        for text, field in (
            (tr("&Oscuridad (0 a 30)"), self.oscuridad),
            (tr("&Velocidad"), self.velocidad),
            (tr("&Papel"), self.medio),
        ):
            form.addRow(text, field)
            named(field, text.replace("&", ""))
        self.error = message_label("error")
        self.botones = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.botones.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Enviar a la impresora"))
        self.botones.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Volver"))
        self.botones.accepted.connect(self._send)
        self.botones.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (note, form, self.error, self.botones):
            layout.addLayout(part) if isinstance(part, QFormLayout) else layout.addWidget(part)

    def _send(self) -> None:
        oscuridad = None if self.oscuridad.value() == AS_IT_IS else float(self.oscuridad.value())
        ajustes = Ajustes(oscuridad, self.velocidad.value() or None, self.medio.currentData())
        if ajustes == Ajustes():
            tell(self.error, tr("Elija al menos un ajuste."))
            make_room(self)
            return
        self.accept()
        self.chosen.emit(ajustes)
