"""The table model of a list: columns, and pages of the replica that are read when they are looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.tasks import Tasks

PAGE = 100
Index = QModelIndex | QPersistentModelIndex
Fila = TypeVar("Fila")


@dataclass(frozen=True, slots=True)
class Columna(Generic[Fila]):
    """A column: its title, and what it shows of a row."""

    titulo: str
    texto: Callable[[Fila], str]
    nota: Callable[[Fila], str | None] = lambda _: None
    """What is told under the pointer."""
    color: Callable[[Fila], QColor] | None = None
    clave: bool = False
    """Is it what the row is known by?"""


@dataclass(frozen=True, slots=True)
class Fuente(Generic[Fila]):
    """Where the rows come from: how many there are, and so many of them after the first so many."""

    contar: Callable[[Reading], int]
    pagina: Callable[[Reading, int, int], list[Fila]]


class TablaModel(QAbstractTableModel, Generic[Fila]):
    """Rows of one source, in its order. A refresh repaints what differs and keeps the place."""

    loaded = Signal(int)

    def __init__(
        self, tasks: Tasks, columnas: tuple[Columna[Fila], ...], fuente: Fuente[Fila], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._columnas = columnas
        self._source = fuente
        self._total = 0
        self._pages: dict[int, list[Fila]] = {}
        self._asked: set[int] = set()
        self._generation = 0

    def show_source(self, fuente: Fuente[Fila]) -> None:
        """Show other rows; an older question that is still running is forgotten."""
        self._source = fuente
        self._load(0, fresh=True)

    def refresh(self) -> None:
        """Read again what is shown."""
        self._load(0, fresh=False)

    def fila(self, row: int) -> Fila | None:
        """What stands in a row, when its page is here."""
        page = self._pages.get(row // PAGE)
        place = row % PAGE
        return page[place] if page is not None and place < len(page) else None

    def _load(self, top: int, *, fresh: bool) -> None:
        self._generation += 1
        generation, source = self._generation, self._source
        pages = {0} if fresh else ({*self._pages} or {0})

        def read(connection: Reading) -> tuple[int, dict[int, list[Fila]]]:
            total = source.contar(connection)
            found = {p: source.pagina(connection, PAGE, p * PAGE) for p in sorted(pages)[:5]}
            return total, found

        def show(result: tuple[int, dict[int, list[Fila]]]) -> None:
            if generation == self._generation:
                self._show(*result, fresh=fresh)

        self._tasks.read(self, read, show)

    def _show(self, total: int, pages: dict[int, list[Fila]], *, fresh: bool) -> None:
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
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columnas) - 1))

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        generation, source = self._generation, self._source

        def show(rows: list[Fila]) -> None:
            if generation == self._generation:
                self._pages[page] = rows
                self._repaint(page * PAGE, min(self._total, (page + 1) * PAGE) - 1)

        self._tasks.read(self, lambda connection: source.pagina(connection, PAGE, page * PAGE), show)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """How many rows the source has."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        """The columns."""
        return len(self._columnas)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802
        """The columns' titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self._columnas[section].titulo) if self._columnas[section].titulo else ""
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows; a page that isn't here is asked for."""
        columna, fila = self._columnas[index.column()], self.fila(index.row())
        if fila is None:
            if role == Qt.ItemDataRole.DisplayRole:
                self._ask(index.row() // PAGE)
                return "…" if columna.clave else None
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return columna.texto(fila)
        if role == Qt.ItemDataRole.ForegroundRole and columna.color is not None:
            return columna.color(fila)
        if role == Qt.ItemDataRole.FontRole and (columna.clave or columna.color is not None):
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            return columna.nota(fila)
        return None
