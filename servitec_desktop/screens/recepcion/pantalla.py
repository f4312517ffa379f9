"""Reception of a new order, by keyboard alone: Tab goes on, Ctrl+Enter saves and prints."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from domain.base.errors import KnownError
from domain.base.row import Row
from domain.ordenes.actions import Recepcion as DatosRecepcion
from domain.ordenes.actions import accesorios
from domain.ordenes.states import TIPOS as TIPOS_ORDEN
from local_db.catalogos import queries as leer_catalogos
from local_db.catalogos.queries import CatalogoFila
from local_db.clientes import queries as leer_clientes
from local_db.clientes.queries import EquipoFila
from local_db.replica import Changes
from printing.encolar import Encoladas
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.screens.recepcion.borrador import Borrador
from servitec_desktop.screens.recepcion.cliente import ClienteBuscador
from servitec_desktop.screens.recepcion.etiquetas import Etiquetas
from servitec_desktop.station import Station
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import button, heading, message_label, named, tell
from servitec_desktop.ui.toast import Toast

TIPOS = {
    "taller": QT_TR_NOOP("Taller"),
    "campo": QT_TR_NOOP("Campo"),
    "ticket": QT_TR_NOOP("Ticket"),
    "solicitud": QT_TR_NOOP("Solicitud"),
}


class Recepcion(Screen):
    """The counter's form. What is typed survives a refusal and a crash."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.error, self.exito = message_label("error"), Toast(self)
        self.etiquetas = Etiquetas(station, self.exito)
        self.inciertos = self.etiquetas.inciertos
        self.cliente = ClienteBuscador(station)
        self.equipo, self.tipo, self.prioridad, self.tipo_orden = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.marca, self.modelo, self.serie, self.accesorios = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.accesorios.setPlaceholderText(self.tr("cargador, funda"))
        self.falla = QPlainTextEdit()
        self.falla.setTabChangesFocus(True)
        self.falla.setMaximumHeight(110)
        for codigo in TIPOS_ORDEN:
            self.tipo_orden.addItem(tr(TIPOS[codigo]), codigo)
        self.tipo_orden.setCurrentIndex(self.tipo_orden.findData("taller"))
        self.guardar = button(self.tr("&Guardar e imprimir (Ctrl+Intro)"), self.tr("Guardar la orden"))
        self._lay_out()
        self.guardar.clicked.connect(self.save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.cliente.chosen.connect(self._client_chosen)
        self.cliente.chosen.connect(lambda _: tell(self.error, ""))
        self.equipo.currentIndexChanged.connect(lambda _: self._device_chosen())
        station.changed.connect(self._changed)
        self._borrador = Borrador(station.borradores, "recepcion", self._typed, self.error, self)
        self._client_chosen(None)
        self._load_catalogues()
        self._restore_draft()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        parts: tuple[tuple[str, QWidget], ...] = (
            (self.tr("&Cliente"), self.cliente),
            (self.tr("&Equipo"), self.equipo),
            (self.tr("&Tipo de equipo"), self.tipo),
            (self.tr("&Marca"), self.marca),
            (self.tr("M&odelo"), self.modelo),
            (self.tr("&Serie"), self.serie),
            (self.tr("Accesor&ios"), self.accesorios),
            (self.tr("&Falla"), self.falla),
            (self.tr("&Prioridad"), self.prioridad),
            (self.tr("Tipo de o&rden"), self.tipo_orden),
        )
        for text, field in parts:
            form.addRow(text, field)
            if field is not self.cliente:
                named(field, text.replace("&", ""))
        box = QWidget()
        box.setMaximumWidth(760)
        inner = QVBoxLayout(box)
        inner.addWidget(heading(self.tr("Nueva orden")))
        inner.addWidget(self.etiquetas)
        inner.addLayout(form)
        inner.addWidget(self.error)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self.guardar)
        inner.addLayout(bottom)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(box)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        QVBoxLayout(self).addWidget(scroll)

    def enter(self) -> None:
        """A new order."""
        self.start()

    def start(self) -> None:
        """Go to the first field."""
        self.cliente.buscar.setFocus()

    def save(self) -> None:
        """Check, save and queue the label in one commit, away from the window's thread."""
        problem = self._problem()
        tell(self.error, problem)
        if problem or not self.guardar.isEnabled():
            return
        recepcion = self._recepcion()
        self.guardar.setEnabled(False)
        self._station.tasks.write(self, lambda: self._station.saving.receive(recepcion), self._done, self._failed)

    def _problem(self) -> str:
        if self.cliente.cliente_id is None and not self.cliente.nuevo:
            self.cliente.buscar.setFocus()
            return self.tr("Falta el cliente: búsquelo, o elija «Crear cliente».")
        new = self.cliente.fields()
        if new is not None and not new["nombre"]:
            self.cliente.nombre.setFocus()
            return self.tr("Falta el nombre del cliente.")
        needs_device = self.tipo_orden.currentData() == "taller" and self.equipo.currentData() is None
        if needs_device and self.tipo.currentData() is None and not self.marca.text().strip():
            self.tipo.setFocus()
            return self.tr("Falta el equipo: elija su tipo o escriba su marca.")
        return ""

    def _recepcion(self) -> DatosRecepcion:
        equipo_id = self.equipo.currentData()
        equipo: Row = {
            "tipo_equipo_id": self.tipo.currentData(),
            "marca": self.marca.text().strip() or None,
            "modelo": self.modelo.text().strip() or None,
            "serie": self.serie.text().strip() or None,
        }
        names = [name.strip() for name in self.accesorios.text().split(",") if name.strip()]
        return DatosRecepcion(
            tipo=self.tipo_orden.currentData(),
            cliente_id=self.cliente.cliente_id,
            cliente=self.cliente.fields(),
            equipo_id=equipo_id,
            equipo=equipo if equipo_id is None and any(equipo.values()) else None,
            orden={
                "falla_reportada": self.falla.toPlainText().strip() or None,
                "prioridad_id": self.prioridad.currentData(),
                "accesorios": accesorios(names),
            },
        )

    def _done(self, result: tuple[str, str, Encoladas]) -> None:
        _, folio, queued = result
        self.guardar.setEnabled(True)
        self.etiquetas.follow(folio, queued)
        self.clear()

    def _failed(self, error: KnownError) -> None:
        self.guardar.setEnabled(True)
        tell(self.error, str(error))

    def clear(self) -> None:
        """Ready for the next customer."""
        self.cliente.clear()
        for field in (self.marca, self.modelo, self.serie, self.accesorios):
            field.clear()
        self.falla.clear()
        self.tipo.setCurrentIndex(0)
        self._client_chosen(None)
        self._borrador.forget()
        self.start()

    def _client_chosen(self, cliente_id: str | None) -> None:
        self.equipo.clear()
        self.equipo.addItem(self.tr("Equipo nuevo"), None)
        if cliente_id is not None:
            self._station.tasks.read(
                self, lambda connection: leer_clientes.equipos_de(connection, cliente_id), self._show_devices
            )
            self.equipo.setFocus()

    def _show_devices(self, found: list[EquipoFila]) -> None:
        for fila in found:
            words = (fila.tipo_equipo, fila.marca, fila.modelo, fila.serie)
            self.equipo.addItem(" ".join(w for w in words if w) or self.tr("Sin descripción"), fila.id)

    def _device_chosen(self) -> None:
        new = self.equipo.currentData() is None
        for field in (self.tipo, self.marca, self.modelo, self.serie):
            field.setEnabled(new)

    def _load_catalogues(self) -> None:
        names = ("tipo_equipo", "prioridad", "marca")
        self._station.tasks.read(
            self,
            lambda c: [leer_catalogos.catalogo(c, name) for name in names],
            self._show_catalogues,
        )

    def _show_catalogues(self, found: list[list[CatalogoFila]]) -> None:
        tipos, prioridades, marcas = found
        for combo, entries, empty in ((self.tipo, tipos, self.tr("Elegir…")), (self.prioridad, prioridades, "")):
            kept = combo.currentData()
            combo.clear()
            if empty:
                combo.addItem(empty, None)
            for entry in entries:
                combo.addItem(entry.nombre, entry.id)
            combo.setCurrentIndex(max(0, combo.findData(kept)))
        completer = QCompleter([entry.nombre for entry in marcas], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.marca.setCompleter(completer)

    def _changed(self, changes: Changes) -> None:
        if {"tipo_equipo", "prioridad", "marca"} & changes.tables:
            self._load_catalogues()

    def keep_draft(self) -> None:
        """Keep what is typed."""
        self._borrador.keep()

    def _typed(self) -> Row:
        new = self.cliente.fields() or {}
        values: Row = {"falla": self.falla.toPlainText(), "accesorios": self.accesorios.text()}
        return values | {"marca": self.marca.text(), "modelo": self.modelo.text(), "serie": self.serie.text(), **new}

    def _restore_draft(self) -> None:
        kept = self._borrador.read()
        for name in ("marca", "modelo", "serie", "accesorios"):
            getattr(self, name).setText(str(kept.get(name) or ""))
        self.falla.setPlainText(str(kept.get("falla") or ""))
        if kept.get("nombre") or kept.get("telefono"):
            self.cliente.create_new()
            for name in ("nombre", "apellido", "telefono"):
                getattr(self.cliente, name).setText(str(kept.get(name) or ""))
