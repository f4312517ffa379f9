"""Who brings the device: found by phone or name, or created on the spot."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from domain.base.row import Row
from local_db.clientes import queries
from local_db.clientes.queries import ClienteFila
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import named, telefono

DEBOUNCE_MS = 80
MOST = 6


class ClienteBuscador(QWidget):
    """A search box with suggestions; the last one creates a client. `chosen` when somebody was picked."""

    chosen = Signal(object)
    """The client's id, or None for a new one."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.cliente_id: str | None = None
        self.nuevo = False
        self.buscar = QLineEdit()
        self.buscar.setPlaceholderText(self.tr("Teléfono o nombre del cliente"))
        named(self.buscar, self.tr("Buscar cliente"))
        self.sugerencias = QListWidget()
        self.sugerencias.setMaximumHeight(150)
        named(self.sugerencias, self.tr("Clientes encontrados"))
        self.sugerencias.hide()
        self.elegido = QLabel()
        self.elegido.hide()
        self.nombre, self.apellido, self.telefono = QLineEdit(), QLineEdit(), QLineEdit()
        self._fields = QWidget()
        form = QFormLayout(self._fields)
        form.setContentsMargins(0, 0, 0, 0)
        for text, field in (
            (self.tr("&Nombre"), self.nombre),
            (self.tr("&Apellido"), self.apellido),
            (self.tr("Te&léfono"), self.telefono),
        ):
            form.addRow(text, field)
            named(field, text.replace("&", "") + self.tr(" del cliente nuevo"))
        self._fields.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.buscar, self.sugerencias, self.elegido, self._fields):
            layout.addWidget(part)
        self._typing = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._typing.timeout.connect(self._search)
        self.buscar.textEdited.connect(self._edited)
        self.buscar.installEventFilter(self)
        self.sugerencias.itemActivated.connect(self._pick)
        self.sugerencias.itemClicked.connect(self._pick)
        self._asked = 0

    def clear(self) -> None:
        """Ready for the next customer."""
        self.cliente_id, self.nuevo = None, False
        for field in (self.buscar, self.nombre, self.apellido, self.telefono):
            field.clear()
        for part in (self.sugerencias, self.elegido, self._fields):
            part.hide()

    def fields(self) -> Row | None:
        """The columns of a new client; None when an existing one was picked."""
        if not self.nuevo:
            return None
        values = {"nombre": self.nombre, "apellido": self.apellido, "telefono": self.telefono}
        return {name: field.text().strip() or None for name, field in values.items()}

    def create_new(self) -> None:
        """Open the fields of a new client, with what was typed."""
        typed = self.buscar.text().strip()
        self.cliente_id, self.nuevo = None, True
        self.elegido.hide()
        self.sugerencias.hide()
        self._fields.show()
        if any(c.isdigit() for c in typed):
            self.telefono.setText(typed)
        elif typed:
            first, _, rest = typed.partition(" ")
            self.nombre.setText(first)
            self.apellido.setText(rest)
        (self.apellido if self.nombre.text() else self.nombre).setFocus()
        self.chosen.emit(None)

    def _edited(self, _: str) -> None:
        if self.cliente_id is not None or self.nuevo:
            self.cliente_id, self.nuevo = None, False
            self.elegido.hide()
            self._fields.hide()
        self._typing.start()

    def _search(self) -> None:
        typed = self.buscar.text().strip()
        self._asked += 1
        asked = self._asked
        if not typed:
            self.sugerencias.hide()
            return

        def show(found: list[ClienteFila]) -> None:
            if asked == self._asked and not self.nuevo and self.cliente_id is None:
                self._suggest(typed, found)

        self._station.tasks.read(self, lambda connection: queries.clientes(connection, typed, MOST), show)

    def _suggest(self, typed: str, found: list[ClienteFila]) -> None:
        self.sugerencias.clear()
        for fila in found:
            item = QListWidgetItem(f"{fila.nombre}   {telefono(fila.telefono)}")
            item.setData(Qt.ItemDataRole.UserRole, fila)
            self.sugerencias.addItem(item)
        self.sugerencias.addItem(QListWidgetItem(self.tr("Crear cliente «{0}»").format(typed)))
        self.sugerencias.setCurrentRow(0)
        self.sugerencias.show()

    def _pick(self, item: QListWidgetItem) -> None:
        fila = item.data(Qt.ItemDataRole.UserRole)
        if fila is None:
            self.create_new()
            return
        self.cliente_id, self.nuevo = fila.id, False
        self.elegido.setText(self.tr("Cliente: {0}  {1}").format(fila.nombre, telefono(fila.telefono)))
        self.elegido.show()
        self._fields.hide()
        self.sugerencias.hide()
        self.chosen.emit(fila.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Arrows and Enter work on the suggestions while the person types."""
        if watched is not self.buscar or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self.sugerencias.isVisibleTo(self):
            return super().eventFilter(watched, event)
        row, last = self.sugerencias.currentRow(), self.sugerencias.count() - 1
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.sugerencias.setCurrentRow(max(0, min(last, row + step)))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._pick(self.sugerencias.item(row))
            return True
        return super().eventFilter(watched, event)
