"""What a state change has to be told: a reason, a technician."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from domain.base.row import Row
from domain.ordenes.states import ORDEN
from local_db.catalogos import queries as leer_catalogos
from local_db.catalogos.queries import CatalogoFila
from local_db.organizacion import queries as leer_organizacion
from local_db.organizacion.queries import TecnicoFila
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import make_room, message_label, named, tell

WIDTH = 420


class CambioEstado(QDialog):
    """`accepted_with`: state, note, reason's id, technician's id; empty where there is none."""

    accepted_with = Signal(str, str, str, str)

    def __init__(self, station: Station, codigo: str, orden: Row, parent: QWidget) -> None:
        super().__init__(parent)
        self._codigo = codigo
        self.setWindowTitle(self.tr("Pasar a «{0}»").format(ORDEN.nombre(codigo)))
        self.setMinimumWidth(WIDTH)
        self.tecnico, self.motivo, self.nota = QComboBox(), QComboBox(), QLineEdit()
        self.error = message_label("error")
        form = QFormLayout()
        self._needs_person = codigo == "asignada"
        self._needs_reason = codigo in ORDEN.exigen_motivo
        if self._needs_person:
            form.addRow(self.tr("&Técnico"), self.tecnico)
        if self._needs_reason:
            form.addRow(self.tr("&Motivo"), self.motivo)
        form.addRow(self.tr("&Nota"), self.nota)
        for field, name in (
            (self.tecnico, self.tr("Técnico")),
            (self.motivo, self.tr("Motivo")),
            (self.nota, self.tr("Nota")),
        ):
            named(field, name)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Aceptar"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancelar"))
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        self._own = station.person.actor.empleado_id if station.person.actor else None
        self._current = orden.get("tecnico_id")
        station.tasks.read(
            self, lambda c: (leer_organizacion.tecnicos(c), leer_catalogos.catalogo(c, "motivo")), self._show
        )

    def _show(self, found: tuple[list[TecnicoFila], list[CatalogoFila]]) -> None:
        people, reasons = found
        for person in people:
            self.tecnico.addItem(person.nombre, person.id)
        self.tecnico.setCurrentIndex(max(0, self.tecnico.findData(self._current or self._own)))
        self.motivo.addItem(self.tr("Escribir en la nota"), "")
        for reason in reasons:
            self.motivo.addItem(reason.nombre, reason.id)

    def _accept(self) -> None:
        person = (self.tecnico.currentData() or "") if self._needs_person else ""
        reason = (self.motivo.currentData() or "") if self._needs_reason else ""
        note = self.nota.text().strip()
        if self._needs_person and not person:
            self._wrong(self.tr("No hay técnicos: el administrador crea sus cuentas."))
        elif self._needs_reason and not reason and not note:
            self._wrong(self.tr("Elija un motivo, o escríbalo en la nota."))
        else:
            self.accept()
            self.accepted_with.emit(self._codigo, note, reason, person)

    def _wrong(self, text: str) -> None:
        tell(self.error, text)
        make_room(self)
