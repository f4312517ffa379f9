"""A table with its buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from servitec_desktop.theme import tone_color
from servitec_desktop.ui.parts import button, named

WIDEST, LOWEST, DETAIL_HEIGHT = 340, 110, 130
INSET = (12, 12, 12, 12)
"""Margins of a tab in which a list stands under something else; the list itself is flushed."""


@dataclass(frozen=True, slots=True)
class Celda:
    """A text in the colour of a tone: `bien`, `aviso`, `mal`."""

    texto: str
    tono: str

    def __str__(self) -> str:
        return self.texto


class Lista(QWidget):
    """Remembers the key of each row; a button acts on the selected one."""

    chosen = Signal()
    """Another row is selected, or the rows are new."""

    def __init__(
        self, name: str, titles: list[str], buttons: list[tuple[str, Callable[[str], None]]], *, wide: int = -1
    ) -> None:
        """`wide`: the column that takes the room that is left."""
        super().__init__()
        self.tabla = QTableWidget(0, len(titles))
        self.tabla.setHorizontalHeaderLabels(titles)
        self.tabla.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.tabla.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.tabla.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.tabla.setTabKeyNavigation(False)
        self.tabla.setAlternatingRowColors(True)
        self.tabla.setWordWrap(False)
        self.tabla.setMinimumHeight(LOWEST)
        self.tabla.verticalHeader().hide()
        self._wide = wide % len(titles)
        self.tabla.horizontalHeader().setSectionResizeMode(self._wide, QHeaderView.ResizeMode.Stretch)
        self.tabla.horizontalHeader().setHighlightSections(False)
        self.tabla.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        named(self.tabla, name)
        self._keys: list[str] = []
        self._details: dict[str, str] = {}
        self.botones: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabla, 1)
        if buttons:
            row = QHBoxLayout()
            row.addStretch(1)
            for text, action in buttons:
                row.addWidget(self.button_for(text, action))
            layout.addLayout(row)
        self.tabla.itemSelectionChanged.connect(self.chosen)

    def flush(self) -> None:
        """No margin of its own, to stand in line with what is above it."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)

    def add_detail(self, name: str) -> None:
        """Under the table, the whole text of the selected row, to be read and copied; given by `show_details`."""
        self.detalle = QPlainTextEdit()
        self.detalle.setReadOnly(True)
        self.detalle.setTabChangesFocus(True)
        self.detalle.setMaximumHeight(DETAIL_HEIGHT)
        named(self.detalle, name)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, self.detalle)
        for before, after in pairwise((self.tabla, self.detalle, *self.botones)):
            self.setTabOrder(before, after)
        self.chosen.connect(self._show_detail)

    def show_details(self, texts: dict[str, str]) -> None:
        """What the detail says of each key; call it before `show_rows`."""
        self._details = texts

    def _show_detail(self) -> None:
        text = self._details.get(self.selected() or "", "")
        if self.detalle.toPlainText() != text:
            self.detalle.setPlainText(text)

    def button_for(self, text: str, action: Callable[[str], None]) -> QPushButton:
        """A button that acts on the selected row; the caller gives it its place."""
        made = button(text, text.replace("&", ""))
        made.clicked.connect(partial(self._run, action))
        made.setEnabled(bool(self._keys))
        self.botones.append(made)
        return made

    def show_rows(self, rows: list[tuple[str, tuple[object, ...]]]) -> None:
        """Fill; the selected row stays selected while it is there, else the one in its place is."""
        selected, place = self.selected(), max(0, self.tabla.currentRow())
        self._keys = [key for key, _ in rows]
        self.tabla.setRowCount(len(rows))
        for i, (_, values) in enumerate(rows):
            for j, value in enumerate(values):
                text = "" if value is None else str(value)
                item = QTableWidgetItem(" ".join(text.split()))
                item.setToolTip(text)
                if isinstance(value, Celda) and value.tono:
                    item.setForeground(tone_color(value.tono))
                self.tabla.setItem(i, j, item)
        if rows:
            place = self._keys.index(selected) if selected in self._keys else min(place, len(rows) - 1)
            self.tabla.selectRow(place)
        self._fit()
        for made in self.botones:
            made.setEnabled(bool(rows))
        self.chosen.emit()

    def _fit(self) -> None:
        """Each column as wide as its texts, within reason; the whole text is in the tooltip."""
        for column in range(self.tabla.columnCount()):
            if column != self._wide:
                self.tabla.resizeColumnToContents(column)
                self.tabla.setColumnWidth(column, min(WIDEST, self.tabla.columnWidth(column)))

    def selected(self) -> str | None:
        """The key of the selected row."""
        row = self.tabla.currentRow()
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def _run(self, action: Callable[[str], None], _: bool = False) -> None:
        key = self.selected()
        if key is not None:
            action(key)
