"""Reception of a new order, by keyboard alone: Tab goes on, Ctrl+Enter saves and prints."""

from PySide6.QtCore import Qt, QTimer
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

from domain.actions import Recepcion as DatosRecepcion
from domain.actions import accesorios
from domain.errors import KnownError
from domain.tables import TIPOS_ORDEN, Row
from local_db import queries
from local_db.queries import CatalogoFila, EquipoFila
from local_db.replica import Changes
from printing.trabajos import Trabajo, trabajo
from servitec_desktop.screens.parts import button, heading, message_label, named, tell
from servitec_desktop.screens.recepcion.cliente import ClienteBuscador
from servitec_desktop.station import Station

DRAFT_MS = 2000
TIPOS = {"taller": "Taller", "campo": "Campo", "ticket": "Ticket", "solicitud": "Solicitud"}


class Recepcion(QWidget):
    """The counter's form. What is typed survives a refusal and a crash."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._job: str | None = None
        self._saved = ""
        self.cliente = ClienteBuscador(station)
        self.equipo, self.tipo, self.prioridad, self.tipo_orden = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.marca, self.modelo, self.serie, self.accesorios = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.accesorios.setPlaceholderText(self.tr("cargador, funda"))
        self.falla = QPlainTextEdit()
        self.falla.setTabChangesFocus(True)
        self.falla.setMaximumHeight(110)
        for codigo in TIPOS_ORDEN:
            self.tipo_orden.addItem(self.tr(TIPOS[codigo]), codigo)
        self.tipo_orden.setCurrentIndex(self.tipo_orden.findData("taller"))
        self.error, self.exito = message_label("error"), message_label("exito")
        self.guardar = button(self.tr("&Guardar e imprimir (Ctrl+Intro)"), self.tr("Guardar la orden"))
        self._lay_out()
        self.guardar.clicked.connect(self.save)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.cliente.chosen.connect(self._client_chosen)
        self.equipo.currentIndexChanged.connect(lambda _: self._device_chosen())
        station.changed.connect(self._changed)
        self._drafting = QTimer(self, interval=DRAFT_MS)
        self._drafting.timeout.connect(self.keep_draft)
        self._drafting.start()
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
        inner.addWidget(self.exito)
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
        self._station.tasks.write(self, lambda: self._station.receive(recepcion), self._done, self._failed)

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

    def _done(self, result: tuple[str, str, str | None]) -> None:
        _, folio, self._job = result
        self.guardar.setEnabled(True)
        self._saved = self.tr("Orden {0} guardada.").format(folio)
        note = "" if self._job else self.tr("Sin impresora configurada: la etiqueta no se imprimió.")
        tell(self.exito, f"{self._saved} {note}".strip())
        self.clear()
        if self._job:
            self._follow_label()

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
        self._station.keep_draft("recepcion", {})
        self.start()

    def _client_chosen(self, cliente_id: str | None) -> None:
        self.equipo.clear()
        self.equipo.addItem(self.tr("Equipo nuevo"), None)
        if cliente_id is not None:
            self._station.tasks.read(
                self, lambda connection: queries.equipos_de(connection, cliente_id), self._show_devices
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
            self, lambda connection: [queries.catalogo(connection, name) for name in names], self._show_catalogues
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
        if self._job is not None and ("trabajo_impresion", self._job) in changes.rows:
            self._follow_label()

    def _follow_label(self) -> None:
        job = self._job
        if job is not None:
            self._station.tasks.read(self, lambda connection: trabajo(connection, job), self._show_label)

    def _show_label(self, found: Trabajo | None) -> None:
        if found is None or found.id != self._job:
            return
        words = {
            "en_cola": self.tr("Etiqueta en cola."),
            "enviando": self.tr("Imprimiendo la etiqueta…"),
            "impreso": self.tr("Etiqueta impresa."),
            "incierto": self.tr("¿Salió la etiqueta? Respóndalo en Sincronización e impresión."),
            "fallido": self.tr("La etiqueta no se imprimió."),
        }
        tell(self.exito, f"{self._saved} {words[found.estado]} {found.error or ''}".strip())

    def keep_draft(self) -> None:
        """Keep what is typed, every two seconds and at the end."""
        new = self.cliente.fields() or {}
        values: Row = {"falla": self.falla.toPlainText(), "accesorios": self.accesorios.text()}
        values |= {"marca": self.marca.text(), "modelo": self.modelo.text(), "serie": self.serie.text(), **new}
        if values != self._drafted:
            self._drafted = values
            self._station.keep_draft("recepcion", values)

    _drafted: Row | None = None

    def _restore_draft(self) -> None:
        kept = self._station.draft("recepcion")
        for name in ("marca", "modelo", "serie", "accesorios"):
            getattr(self, name).setText(str(kept.get(name) or ""))
        self.falla.setPlainText(str(kept.get("falla") or ""))
        if kept.get("nombre") or kept.get("telefono"):
            self.cliente.create_new()
            for name in ("nombre", "apellido", "telefono"):
                getattr(self.cliente, name).setText(str(kept.get(name) or ""))
