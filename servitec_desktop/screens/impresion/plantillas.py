"""The templates of labels: those shipped and the business's own; the way into the designer."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from domain.base import actions
from domain.base.later import later
from domain.permissions import alcance
from local_db import rows
from printing.labels.catalogo import Disponible
from printing.labels.plantilla import Plantilla, Texto
from printing.labels.registry import KINDS
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.screens.impresion.archivos import ask_file, ask_new_file, read_template, write_template
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import INSET
from servitec_desktop.ui.parts import ask, button, heading, named, show_error

if TYPE_CHECKING:
    from servitec_desktop.screens.impresion.disenador import pantalla as disenador
else:
    disenador = later("servitec_desktop.screens.impresion.disenador.pantalla")

NUEVA = Plantilla(QT_TR_NOOP("Nueva etiqueta"), "orden", 60, 40, (Texto(2, 3, 56, 6, "{folio}", identificador=True),))


class Plantillas(QWidget):
    """`designing`: the designer that was opened."""

    designing = Signal(object)

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._found: list[Disponible] = []
        self.lista = QListWidget()
        named(self.lista, tr("Plantillas de etiquetas"))
        self.lista.itemActivated.connect(lambda _: self.design())
        self.lista.currentRowChanged.connect(lambda _: self._allow())
        self.disenar = button(tr("&Diseñar…"), tr("Diseñar la plantilla elegida"))
        self.nueva = button(tr("&Nueva…"), tr("Nueva plantilla"))
        self.importar = button(tr("I&mportar…"), tr("Importar una plantilla"))
        self.exportar = button(tr("E&xportar…"), tr("Exportar la plantilla elegida"))
        self.borrar = button(tr("&Borrar"), tr("Borrar la plantilla elegida"))
        row = QHBoxLayout()
        for tool, work in (
            (self.disenar, self.design),
            (self.nueva, self.new),
            (self.importar, self._ask_import),
            (self.exportar, self._ask_export),
            (self.borrar, self._ask_delete),
        ):
            tool.clicked.connect(work)
            row.addWidget(tool)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        layout.addWidget(heading(tr("Plantillas"), "seccion"))
        layout.addWidget(self.lista, 1)
        layout.addLayout(row)
        self._allow()

    def show_templates(self, found: list[Disponible]) -> None:
        """Fill, and keep the one that was chosen."""
        if found == self._found:
            return
        chosen = self.elegida
        self._found = found
        self.lista.clear()
        for item in found:
            p = item.plantilla
            whose = tr("propia") if item.propia else tr("de fábrica")
            line = f"{p.nombre}   ·   {tr(KINDS[p.tipo].nombre)}   ·   {p.ancho_mm:g} × {p.alto_mm:g} mm   ·   {whose}"
            entry = QListWidgetItem(line)
            entry.setData(Qt.ItemDataRole.UserRole, item.clave)
            self.lista.addItem(entry)
            if chosen is not None and item.clave == chosen.clave:
                self.lista.setCurrentItem(entry)
        self._allow()

    @property
    def elegida(self) -> Disponible | None:
        """The chosen template."""
        row = self.lista.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def design(self) -> None:
        """Open the designer; of a shipped template it edits a copy."""
        item = self.elegida
        if item is None:
            return
        if item.propia:
            self._open(item.plantilla, item.clave)
        else:
            self._open(replace(item.plantilla, nombre=tr("{0} (copia)").format(item.plantilla.nombre)), None)

    def new(self) -> None:
        """Begin a template."""
        self._open(replace(NUEVA, nombre=tr(NUEVA.nombre)), None)

    def import_(self, path: Path) -> None:
        """Open a file's template in the designer."""
        found = read_template(self, path)
        if found is not None:
            self._open(found, None)

    def export(self, path: Path) -> None:
        """Write the chosen template to a file."""
        item = self.elegida
        if item is not None:
            write_template(self, item.plantilla, path)

    def _open(self, plantilla: Plantilla, clave: str | None) -> None:
        made = disenador.Disenador(self._station, plantilla, self.window(), clave)
        self.designing.emit(made)
        made.open()

    def _ask_import(self) -> None:
        path = ask_file(self)
        if path is not None:
            self.import_(path)

    def _ask_export(self) -> None:
        item = self.elegida
        path = ask_new_file(self, item.plantilla) if item is not None else None
        if path is not None:
            self.export(path)

    def _ask_delete(self) -> None:
        item = self.elegida
        if item is not None and item.propia:
            text = tr("¿Borrar la plantilla «{0}» en todas las estaciones?").format(item.plantilla.nombre)
            ask(self, text, tr("Borrar"), lambda: self.delete(item.clave))

    def delete(self, clave: str) -> None:
        """Remove a template of the business."""

        def work() -> None:
            with self._station.replica.reading() as connection:
                row = rows.get(rows.raw(connection), "plantilla_etiqueta", clave)
            if row is not None:
                ops = actions.editar("plantilla_etiqueta", row, {"activa": False})
                self._station.saving.save(lambda: ops)

        self._station.tasks.write(self, work, lambda _: None, lambda error: show_error(self, error))

    def _allow(self) -> None:
        item, actor = self.elegida, self._station.person.actor
        may = actor is not None and alcance(actor, "plantilla_etiqueta.borrar") is not None
        self.disenar.setEnabled(item is not None)
        self.exportar.setEnabled(item is not None)
        self.borrar.setEnabled(item is not None and item.propia and may)
