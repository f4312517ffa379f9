"""The table model of the list of orders: pages of the replica, read when they are looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from domain.ordenes.states import ORDEN
from local_db import queries
from local_db.queries import OrdenFila
from local_db.reading import Reading
from servitec_desktop.station import Station
from servitec_desktop.theme import estado_color
from servitec_desktop.ui.parts import local

PAGE = 100
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Columna:
    """A column: its title, and what it shows of a row."""

    titulo: str
    texto: Callable[[OrdenFila], str]


COLUMNAS = (
    Columna("", lambda f: "●" if f.pendiente else ""),
    Columna("Folio", lambda f: f.folio),
    Columna("Estado", lambda f: ORDEN.nombre(f.estado, f.tipo)),
    Columna("Cliente", lambda f: f.cliente),
    Columna("Equipo", lambda f: " ".join(p for p in (f.tipo_equipo, f.marca) if p)),
    Columna("Falla", lambda f: " ".join((f.falla_reportada or "").split())),
    Columna("Recibida", lambda f: local(f.recepcion_en)),
)
ESTADO, FOLIO = 2, 1


class OrdenesModel(QAbstractTableModel):
    """Rows of one search, newest first. A refresh repaints what differs and keeps the place."""

    loaded = Signal(int)

    def __init__(self, station: Station, parent: QObject) -> None:
        super().__init__(parent)
        self._station = station
        self._buscar = ""
        self._estado: str | None = None
        self._total = 0
        self._pages: dict[int, list[OrdenFila]] = {}
        self._asked: set[int] = set()
        self._generation = 0

    def search(self, buscar: str, estado: str | None) -> None:
        """Show another search; an older one that is still running is forgotten."""
        self._buscar, self._estado = buscar, estado
        self._load(0, fresh=True)

    def refresh(self) -> None:
        """Read again what is shown."""
        self._load(0, fresh=False)

    def fila(self, row: int) -> OrdenFila | None:
        """The order in a row, when its page is here."""
        page = self._pages.get(row // PAGE)
        place = row % PAGE
        return page[place] if page is not None and place < len(page) else None

    def _load(self, top: int, *, fresh: bool) -> None:
        self._generation += 1
        generation, buscar, estado = self._generation, self._buscar, self._estado
        pages = {0} if fresh else ({*self._pages} or {0})

        def read(connection: Reading) -> tuple[int, dict[int, list[OrdenFila]]]:
            total = queries.contar_ordenes(connection, buscar, estado)
            found = {p: queries.ordenes(connection, buscar, estado, PAGE, p * PAGE) for p in sorted(pages)[:5]}
            return total, found

        def show(result: tuple[int, dict[int, list[OrdenFila]]]) -> None:
            if generation == self._generation:
                self._show(*result, fresh=fresh)

        self._station.tasks.read(self, read, show)

    def _show(self, total: int, pages: dict[int, list[OrdenFila]], *, fresh: bool) -> None:
        self._asked.clear()
        if fresh or total != self._total:
            if fresh:
                self.beginResetModel()
                self._pages, self._total = pages, total
                self.endResetModel()
            else:
                self._resize(total)
                self._pages = pages
                self._repaint(0, total - 1)
        else:
            for number, rows in pages.items():
                old = self._pages.get(number, [])
                self._pages[number] = rows
                for i, row in enumerate(rows):
                    if i >= len(old) or old[i] != row:
                        self._repaint(number * PAGE + i, number * PAGE + i)
        self.loaded.emit(total)

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        else:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _repaint(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNAS) - 1))

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        generation, buscar, estado = self._generation, self._buscar, self._estado

        def show(rows: list[OrdenFila]) -> None:
            if generation == self._generation:
                self._pages[page] = rows
                self._repaint(page * PAGE, min(self._total, (page + 1) * PAGE) - 1)

        self._station.tasks.read(
            self, lambda connection: queries.ordenes(connection, buscar, estado, PAGE, page * PAGE), show
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many orders the search has."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """The columns."""
        return len(COLUMNAS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802
        """The columns' titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.tr(COLUMNAS[section].titulo) if COLUMNAS[section].titulo else ""
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows; a page that isn't here is asked for."""
        fila = self.fila(index.row())
        if fila is None:
            if role == Qt.ItemDataRole.DisplayRole:
                self._ask(index.row() // PAGE)
                return "…" if index.column() == FOLIO else None
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNAS[index.column()].texto(fila)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == ESTADO:
            return estado_color(fila.estado)
        if role == Qt.ItemDataRole.FontRole and index.column() in (ESTADO, FOLIO):
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("Cambios por enviar") if index.column() == 0 and fila.pendiente else fila.falla_reportada
        return None
