"""Dialogs about a refused change: correct it, or forget it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from domain.base.ambient import INSTANT, to_instant
from domain.base.errors import KnownError
from domain.base.row import Value
from domain.base.table import Col
from domain.ordenes.states import ESTADOS, ORDEN
from domain.wire import Op
from local_db import people
from local_db.catalogos import queries as leer_catalogos
from local_db.open_items import RechazoFila
from local_db.organizacion import queries as leer_organizacion
from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.palabras import column, nombre_campo, nombre_fila, nombre_tabla
from servitec_desktop.propio import read_local
from servitec_desktop.screens.sincronizacion.legible import si_no, vacio
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import heading, local, message_label, named, tell

Clave = tuple[str, str, str]
"""Table, row's id, field."""
LINE_HEIGHT, REASON_HEIGHT = 72, 62


@dataclass(frozen=True, slots=True)
class Linea:
    """A field of a refused change. `opciones`: what may be chosen; `nombre`: an instant in words."""

    clave: Clave
    valor: Value
    opciones: tuple[tuple[str, Value], ...] = ()
    nombre: str = ""


@dataclass(frozen=True, slots=True)
class Grupo:
    """One operation of a refused change."""

    titulo: str
    lineas: tuple[Linea, ...]


def leer_grupos(connection: Reading, cambio_id: str) -> tuple[Grupo, ...]:
    """The operations of a refused change, ready for a form.

    Raises:
        KnownError: there is no such change.
    """
    seen: set[Clave] = set()
    groups = []
    ops = people.ops_de_rechazo(connection, cambio_id)
    names = {op.id: _name(connection, op) for op in ops}
    for op in ops:
        lines = []
        for campo, valor in op.campos.items():
            clave = (op.tabla, op.id, campo)
            if clave not in seen:
                seen.add(clave)
                lines.append(_line(connection, clave, valor, names))
        groups.append(Grupo(_title(op, names[op.id]), tuple(lines)))
    return tuple(groups)


def _name(connection: Reading, op: Op) -> str:
    """What the row is called, here or in the change itself."""
    own = [op.campos[name] for name in ("folio", "nombre", "marca") if op.campos.get(name)]
    return nombre_fila(connection, op.tabla, op.id) or str(next(iter(own), ""))


def _title(op: Op, name: str) -> str:
    verb = {
        "alta": tr("fila nueva"),
        "cambio": tr("cambio"),
        "baja": tr("se borra"),
    }[op.tipo]
    return f"{nombre_tabla(op.tabla)}{f' {name}' if name else ''} · {verb}"


def _line(connection: Reading, clave: Clave, valor: Value, names: dict[str, str]) -> Linea:
    tabla, _, campo = clave
    col = column(tabla, campo)
    options: list[tuple[str, Value]] = []
    name = names.get(str(valor), "") if col is not None and col.kind == "id" else ""
    if col is not None and col.ref is not None:
        name = name or nombre_fila(connection, col.ref, valor) or ""
        if col.ref in leer_catalogos.CATALOGOS:
            options = [(entry.nombre, entry.id) for entry in leer_catalogos.catalogo(connection, col.ref)]
        elif col.ref == "empleado":
            options = [(person.nombre, person.id) for person in leer_organizacion.tecnicos(connection)]
        if options and valor is not None and valor not in [value for _, value in options]:
            options.append((name or str(valor), valor))
        elif valor is not None and not options:
            options = [(name or tr("(no está en esta estación)"), valor)]
    elif (col is not None and col.kind == "bool") or isinstance(valor, bool):
        options = [(si_no(value), value) for value in (True, False)]
    elif col is not None and col.values:
        options = [(ORDEN.nombre(v) if v in ESTADOS else v, v) for v in col.values]
        if valor is not None and valor not in col.values:
            options.append((str(valor), valor))
    elif col is not None and col.kind == "instant" and INSTANT.fullmatch(str(valor)):
        name = local(valor)
    if options and (valor is None or col is None or not col.required):
        options.insert(0, (vacio(), None))
    return Linea(clave, valor, tuple(options), name if col is not None and col.kind == "instant" else "")


class _Campo:
    """The widget of a line; knows the type of what is typed."""

    def __init__(self, linea: Linea) -> None:
        tabla, _, campo = linea.clave
        self.linea = linea
        self.nombre = nombre_campo(campo)
        self._col: Col | None = column(tabla, campo)
        self.widget: QComboBox | QPlainTextEdit | QLineEdit
        text = linea.nombre or ("" if linea.valor is None else str(linea.valor))
        if linea.opciones:
            self.widget = QComboBox()
            for name, value in linea.opciones:
                self.widget.addItem(name, value)
            self.choose(linea.valor)
        elif "\n" in text or (self._col is not None and self._col.kind == "text" and self._col.length is None):
            self.widget = QPlainTextEdit(text)
            self.widget.setTabChangesFocus(True)
            self.widget.setFixedHeight(LINE_HEIGHT)
        else:
            self.widget = QLineEdit(text)
            self.widget.setCursorPosition(0)
        named(self.widget, f"{nombre_tabla(tabla)}: {self.nombre}")
        self._initial = self._shown()

    def _shown(self) -> Value:
        if isinstance(self.widget, QComboBox):
            chosen: Value = self.widget.currentData()
            return chosen
        return self.widget.toPlainText() if isinstance(self.widget, QPlainTextEdit) else self.widget.text()

    def choose(self, value: Value) -> None:
        """Choose a value of the options; one that isn't there changes nothing."""
        if isinstance(self.widget, QComboBox):
            found = [i for i, (_, option) in enumerate(self.linea.opciones) if option is value or option == value]
            self.widget.setCurrentIndex(found[0] if found else self.widget.currentIndex())

    def value(self) -> Value:
        """What the field holds now, in the field's type; exactly the old value where nobody touched it.

        Raises:
            KnownError: what was typed isn't of that type.
        """
        shown = self._shown()
        if shown == self._initial and type(shown) is type(self._initial):
            return self.linea.valor
        if not isinstance(shown, str) or isinstance(self.widget, QComboBox):
            return shown
        if not shown.strip():
            return None
        if isinstance(self.linea.valor, int) or (self._col is not None and self._col.kind == "int"):
            digits = shown.strip()
            if not (digits.isascii() and digits.removeprefix("-").isdigit()):
                text = tr("«{0}» lleva un número entero, y dice «{1}».")
                raise KnownError(text.format(self.nombre, digits))
            return int(digits)
        return self._instant(shown.strip()) if self.linea.nombre else shown

    def _instant(self, shown: str) -> str:
        try:
            return to_instant(read_local(shown))
        except (ValueError, OverflowError):
            text = tr("«{0}» lleva una fecha y hora como {1}, y dice «{2}».")
            raise KnownError(text.format(self.nombre, self.linea.nombre, shown)) from None


class Enmienda(QDialog):
    """The whole reason of a refusal and every field of the change; stays open until the change is saved."""

    def __init__(self, station: Station, rechazo: RechazoFila, grupos: tuple[Grupo, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._station = station
        self._cambio_id = rechazo.cambio_id
        self.setWindowTitle(self.tr("Corregir y reenviar"))
        self.resize(720, 640)
        self.motivo = QPlainTextEdit(rechazo.mensaje)
        self.motivo.setReadOnly(True)
        self.motivo.setTabChangesFocus(True)
        self.motivo.setMaximumHeight(REASON_HEIGHT)
        named(self.motivo, self.tr("Por qué se rechazó"))
        self.campos: dict[Clave, _Campo] = {}
        self.error = message_label("error")
        self.botones = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel,
        )
        self.guardar = self.botones.button(QDialogButtonBox.StandardButton.Save)
        cancel = self.botones.button(QDialogButtonBox.StandardButton.Cancel)
        for made, text, name in (
            (self.guardar, self.tr("&Guardar y reenviar"), self.tr("Guardar y reenviar")),
            (cancel, self.tr("Cancelar"), self.tr("Cancelar")),
        ):
            made.setText(text)
            named(made, name)
        self.botones.accepted.connect(self.save)
        self.botones.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(heading(self.tr("El servidor rechazó este cambio"), "seccion"))
        layout.addWidget(self.motivo)
        layout.addWidget(self._form(grupos), 1)
        layout.addWidget(self.error)
        layout.addWidget(self.botones)
        self._tie_states()
        first = next(iter(self.campos.values()), None)
        (first.widget if first is not None else self.guardar).setFocus()

    def _form(self, grupos: tuple[Grupo, ...]) -> QScrollArea:
        inside = QWidget()
        form = QFormLayout(inside)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for grupo in grupos:
            form.addRow(heading(grupo.titulo, "seccion"))
            for linea in grupo.lineas:
                campo = _Campo(linea)
                self.campos[linea.clave] = campo
                form.addRow(campo.nombre, campo.widget)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        named(area, self.tr("Campos del cambio"))
        return area

    def _tie_states(self) -> None:
        """An order's new state is also in its line of history."""
        for (tabla, key, name), line in self.campos.items():
            if (tabla, name) != ("historial_orden", "orden_id"):
                continue
            order = self.campos.get(("orden", str(line.linea.valor), "estado"))
            history = self.campos.get((tabla, key, "a_estado"))
            if order is not None and history is not None and isinstance(order.widget, QComboBox):
                order.widget.currentIndexChanged.connect(partial(self._follow, order, history))

    def _follow(self, order: _Campo, history: _Campo, _: int) -> None:
        history.choose(order.value())

    def changed(self) -> dict[Clave, Value]:
        """The fields that the person changed.

        Raises:
            KnownError: one isn't of its type.
        """
        values = {clave: campo.value() for clave, campo in self.campos.items()}
        return {clave: value for clave, value in values.items() if value != self.campos[clave].linea.valor}

    def save(self) -> None:
        """Send the change again with what the fields hold."""
        try:
            values = self.changed()
        except KnownError as error:
            self._failed(error)
            return
        tell(self.error, "")
        self.guardar.setEnabled(False)

        def work() -> object:
            person = self._station.person.signed_in()
            return people.enmendar_rechazo(self._station.replica, person, self._cambio_id, values)

        self._station.tasks.write(self, work, lambda _: self.accept(), self._failed)

    def _failed(self, error: KnownError) -> None:
        self.guardar.setEnabled(True)
        tell(self.error, str(error))


def preguntar_descarte(rechazo: RechazoFila, discard: Callable[[], None], parent: QWidget) -> QMessageBox:
    """Ask whether to forget a refused change; nothing happens unless the answer is yes."""
    title = tr("Descartar el cambio")
    box = QMessageBox(QMessageBox.Icon.Question, title, tr("¿Descartar este cambio?"), parent=parent)
    text = tr("{0}\n\n{1}\n\nLo que decía el cambio se pierde.").format(rechazo.resumen, rechazo.mensaje)
    if not rechazo.resumen:
        box.setText(tr("¿Quitar este aviso?"))
        text = tr("{0}\n\nDe ese trabajo no queda nada aquí: sólo se quita el aviso.").format(rechazo.mensaje)
    box.setInformativeText(text)
    box.setAccessibleName(title)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    yes = tr("&Sí, descartar") if rechazo.resumen else tr("&Sí, quitar")
    box.button(QMessageBox.StandardButton.Yes).setText(yes)
    box.button(QMessageBox.StandardButton.No).setText(tr("&No"))
    box.setDefaultButton(QMessageBox.StandardButton.No)
    box.setEscapeButton(QMessageBox.StandardButton.No)

    def answered(answer: int) -> None:
        if answer == QMessageBox.StandardButton.Yes:
            discard()

    box.finished.connect(answered)
    box.open()
    return box
