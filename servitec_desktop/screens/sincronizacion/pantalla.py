"""What waits to be sent, what the server refused, what is in conflict, and labels that nobody is sure of."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QTabWidget, QVBoxLayout, QWidget

from local_db import people, queries
from local_db.replica import Changes
from printing.queue import trabajos
from servitec_desktop.screens.parts import button, error_shower, heading, local, named
from servitec_desktop.station import Station

SHOWN = frozenset({"outbox", "rechazo", "conflicto", "trabajo_impresion"})
ESTADOS_TRABAJO = {
    "en_cola": "En cola",
    "enviando": "Enviando",
    "impreso": "Impresa",
    "incierto": "¿Salió la etiqueta?",
    "fallido": "No se imprimió",
}


class _Lista(QWidget):
    """A table with its buttons; remembers the key of each row."""

    def __init__(self, name: str, titles: list[str], buttons: list[tuple[str, Callable[[str], None]]]) -> None:
        super().__init__()
        self.tabla = QTableWidget(0, len(titles))
        self.tabla.setHorizontalHeaderLabels(titles)
        self.tabla.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.tabla.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.tabla.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.tabla.setTabKeyNavigation(False)
        self.tabla.setAlternatingRowColors(True)
        self.tabla.verticalHeader().hide()
        self.tabla.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tabla.horizontalHeader().setStretchLastSection(True)
        named(self.tabla, name)
        self._keys: list[str] = []
        row = QHBoxLayout()
        row.addStretch(1)
        self.botones = []
        for text, action in buttons:
            made = button(text, text.replace("&", ""))
            made.clicked.connect(partial(self._run, action))
            row.addWidget(made)
            self.botones.append(made)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabla)
        layout.addLayout(row)

    def show_rows(self, rows: list[tuple[str, tuple[object, ...]]]) -> None:
        """Fill; the selected row stays selected while it is there."""
        selected = self.selected()
        self._keys = [key for key, _ in rows]
        self.tabla.setRowCount(len(rows))
        for i, (_, values) in enumerate(rows):
            for j, value in enumerate(values):
                self.tabla.setItem(i, j, QTableWidgetItem("" if value is None else str(value)))
        if rows:
            self.tabla.selectRow(self._keys.index(selected) if selected in self._keys else 0)
        for made in self.botones:
            made.setEnabled(bool(rows))

    def selected(self) -> str | None:
        """The key of the selected row."""
        row = self.tabla.currentRow()
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def _run(self, action: Callable[[str], None], _: bool = False) -> None:
        key = self.selected()
        if key is not None:
            action(key)


class Sincronizacion(QWidget):
    """Opened by the status bar."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        tr = self.tr
        self.pendientes = _Lista(tr("Por enviar"), [tr("N.º"), tr("Autor"), tr("Enviado"), tr("Cambio")], [])
        self.rechazados = _Lista(
            tr("Rechazados"),
            [tr("N.º"), tr("Autor"), tr("Cuándo"), tr("Por qué"), tr("Cambio")],
            [(tr("&Reintentar"), self._retry), (tr("&Descartar"), self._discard)],
        )
        self.conflictos = _Lista(
            tr("Conflictos"),
            [tr("Registro"), tr("Campo"), tr("Quedó en el servidor"), tr("De"), tr("Valor tardío"), tr("De")],
            [(tr("Restaurar el &valor tardío"), self._restore), (tr("&Conservar el del servidor"), self._accept)],
        )
        self.impresion = _Lista(
            tr("Impresión"),
            [tr("Trabajo"), tr("Impresora"), tr("Estado"), tr("Creado"), tr("Detalle")],
            [(tr("&Sí salió"), partial(self._came_out, salio=True)), (tr("&No salió: reimprimir"), self._again)],
        )
        self.pestanas = QTabWidget()
        named(self.pestanas, tr("Qué está abierto"))
        self._tabs = (
            (self.pendientes, tr("Por enviar")),
            (self.rechazados, tr("Rechazados")),
            (self.conflictos, tr("Conflictos")),
            (self.impresion, tr("Impresión")),
        )
        for widget, name in self._tabs:
            self.pestanas.addTab(widget, name)
        self.ahora = button(tr("Sincronizar &ahora (F5)"), tr("Sincronizar ahora"))
        self.ahora.clicked.connect(station.sync_now)
        top = QHBoxLayout()
        top.addWidget(heading(tr("Sincronización e impresión")))
        top.addStretch(1)
        top.addWidget(self.ahora)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.pestanas)
        station.changed.connect(self._changed)
        self.refresh()

    def refresh(self) -> None:
        """Read everything again."""

        def read(connection: Any) -> tuple[Any, ...]:
            return (
                queries.pendientes(connection),
                queries.rechazos(connection),
                queries.conflictos(connection),
                trabajos(connection),
            )

        self._station.tasks.read(self, read, self._show)

    def open_first_problem(self) -> None:
        """Show the tab where a person has something to decide."""
        for i in (1, 2, 0):
            if self._tabs[i][0].tabla.rowCount():
                self.pestanas.setCurrentIndex(i)
                return

    def _show(self, found: tuple[Any, ...]) -> None:
        waiting, refused, conflicts, jobs = found
        sent = {True: self.tr("sí"), False: self.tr("no")}
        self.pendientes.show_rows([(f.id, (f.n, f.autor, sent[f.enviado], f.resumen)) for f in waiting])
        self.rechazados.show_rows(
            [(f.cambio_id, (f.n, f.autor, local(f.rechazado_en), f.mensaje, f.resumen)) for f in refused]
        )
        self.conflictos.show_rows(
            [
                (
                    f.id,
                    (f.folio or f.tabla, f.campo, f.valor_servidor, f.autor_servidor, f.valor_tardio, f.autor_tardio),
                )
                for f in conflicts
            ]
        )
        self.impresion.show_rows(
            [
                (t.id, (t.titulo, t.destino, self.tr(ESTADOS_TRABAJO[t.estado]), local(t.creado_en), t.error))
                for t in jobs
            ]
        )
        uncertain = [t for t in jobs if t.estado == "incierto"]
        counts = (len(waiting), len(refused), len(conflicts), len(uncertain))
        for i, ((_, name), count) in enumerate(zip(self._tabs, counts, strict=True)):
            self.pestanas.setTabText(i, f"{name} ({count})" if count else name)

    def _changed(self, changes: Changes) -> None:
        if SHOWN & changes.tables:
            self.refresh()

    def _write(self, work: Callable[[], object]) -> None:
        self._station.tasks.write(self, work, lambda _: self.refresh(), error_shower(self))

    def _retry(self, key: str) -> None:
        self._write(lambda: people.reofrecer_rechazo(self._station.replica, self._station.person(), key))

    def _discard(self, key: str) -> None:
        self._write(lambda: people.descartar_rechazo(self._station.replica, key))

    def _restore(self, key: str) -> None:
        self._write(lambda: people.restaurar_conflicto(self._station.replica, self._station.person(), key))

    def _accept(self, key: str) -> None:
        self._write(lambda: people.aceptar_conflicto(self._station.replica, self._station.person(), key))

    def _came_out(self, key: str, *, salio: bool) -> None:
        self._write(lambda: self._station.printing.responder_incierto(key, salio))

    def _again(self, key: str) -> None:
        self._came_out(key, salio=False)
