"""The list of orders: search as you type, filter by state, Enter opens."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
)

from domain.ordenes.states import ESTADOS
from local_db.ordenes import queries
from local_db.replica import Changes
from servitec_desktop.screens.ordenes.modelo import COLUMNAS, buscadas
from servitec_desktop.station import Station
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import heading, named
from servitec_desktop.ui.tabla import TablaModel

DEBOUNCE_MS = 80
REFRESH_MS = 100
SHOWN = frozenset({"orden", "cliente", "equipo", "tipo_equipo", "outbox"})
WIDTHS = (24, 110, 180, 200, 220, 320, 140)


class Ordenes(Screen):
    """`opened` carries the id of the order to open."""

    opened = Signal(str)

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.buscar = QLineEdit()
        self.buscar.setPlaceholderText(self.tr("Folio, cliente, teléfono, serie o falla"))
        self.buscar.setClearButtonEnabled(True)
        named(self.buscar, self.tr("Buscar órdenes"))
        self.estado = QComboBox()
        named(self.estado, self.tr("Filtrar por estado"))
        self.estado.addItem(self.tr("Todos los estados"), None)
        for item in ESTADOS.values():
            self.estado.addItem(item.nombre, item.codigo)
        self.cuenta = QLabel()
        self.model = TablaModel(station.tasks, COLUMNAS, buscadas("", None), self)
        self.tabla = QTableView()
        self._set_up_table()
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("Órdenes")))
        top.addSpacing(16)
        top.addWidget(self.buscar, 1)
        top.addWidget(self.estado)
        top.addWidget(self.cuenta)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.tabla)
        self._typing = self._timer(DEBOUNCE_MS, self._search)
        self._stale = self._timer(REFRESH_MS, self.model.refresh)
        self.buscar.textChanged.connect(lambda _: self._typing.start())
        self.buscar.returnPressed.connect(self._enter)
        self.buscar.installEventFilter(self)
        self.estado.currentIndexChanged.connect(lambda _: self._search())
        self.tabla.activated.connect(lambda index: self._open(index.row()))
        self.model.loaded.connect(self._counted)
        self.model.loaded.connect(lambda _: self.ready.emit())
        station.changed.connect(self._changed)
        self.opened.connect(lambda key: self.go.emit("orden", key))
        self._search()

    def _set_up_table(self) -> None:
        table = self.tabla
        named(table, self.tr("Lista de órdenes"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
        header = table.horizontalHeader()
        for i, width in enumerate(WIDTHS[: len(COLUMNAS)]):
            table.setColumnWidth(i, width)
        header.setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)

    def _timer(self, ms: int, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(action)
        return timer

    def enter(self) -> None:
        """Ready to search."""
        self.focus_search()

    def focus_search(self) -> None:
        """Go to the search box."""
        self.buscar.setFocus()
        self.buscar.selectAll()

    def _search(self) -> None:
        self.model.show_source(buscadas(self.buscar.text(), self.estado.currentData()))

    def _counted(self, total: int) -> None:
        self.cuenta.setText(self.tr("%n órdenes", "", total))
        if total and not self.tabla.currentIndex().isValid():
            self.tabla.selectRow(0)

    def _changed(self, changes: Changes) -> None:
        if SHOWN & changes.tables:
            self._stale.start()

    def _enter(self) -> None:
        """An exact folio opens; otherwise the first row found."""
        typed = self.buscar.text().strip()

        def open_exact(row: object) -> None:
            if isinstance(row, dict):
                self.opened.emit(str(row["id"]))
            else:
                self._open(max(0, self.tabla.currentIndex().row()))

        self._station.tasks.read(self, lambda connection: queries.orden_por_folio(connection, typed), open_exact)

    def _open(self, row: int) -> None:
        fila = self.model.fila(row)
        if fila is not None:
            self.opened.emit(fila.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Down goes from the search box to the list."""
        pressed = watched is self.buscar and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down and self.model.rowCount():
            self.tabla.setFocus()
            if not self.tabla.currentIndex().isValid():
                self.tabla.selectRow(0)
            return True
        return super().eventFilter(watched, event)
