"""One order: what it is, its history and comments, the changes its reader may make."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
)

from domain.base import actions
from domain.base.later import later
from domain.base.row import Row, Value
from domain.ordenes import actions as de_ordenes
from domain.ordenes.permissions import CABECERA
from domain.ordenes.states import ORDEN
from domain.permissions import puede
from local_db.catalogos import queries as leer_catalogos
from local_db.catalogos.queries import CatalogoFila
from local_db.ordenes import queries as leer_ordenes
from local_db.ordenes.queries import OrdenDetalle
from local_db.replica import Changes
from printing.encolar import Encoladas
from printing.permiso import imprime
from servitec_desktop.screens.orden.dialogos import CambioEstado
from servitec_desktop.screens.orden.imprimir import Imprimir
from servitec_desktop.station import Station
from servitec_desktop.theme import estado_color
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import button, error_shower, heading, local, message_label, named, tell

if TYPE_CHECKING:
    from printing.pdf import catalogo
    from servitec_desktop.ui import documento
else:
    catalogo, documento = later("printing.pdf.catalogo"), later("servitec_desktop.ui.documento")

SHOWN = frozenset({"orden", "cliente", "equipo", "historial_orden", "comentario", "usuario", "empleado"})
TEXTS = ("falla_reportada", "diagnostico", "trabajo_realizado")
LINES = ("titulo", "ubicacion_fisica")


class Orden(Screen):
    """Shows one order at a time. A change from elsewhere never touches what the person is typing."""

    closed = Signal()

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.orden_id: str | None = None
        self._detail: OrdenDetalle | None = None
        self._vista: Row = {}
        self.titulo = heading("")
        self.estado = QLabel()
        self.datos = QLabel()
        self.datos.setWordWrap(True)
        self.datos.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.campos: dict[str, QPlainTextEdit | QLineEdit | QComboBox] = {
            **{name: QLineEdit() for name in LINES},
            **{name: QPlainTextEdit() for name in TEXTS},
            "prioridad_id": QComboBox(),
        }
        self.historial, self.comentarios = QListWidget(), QListWidget()
        self.comentario = QLineEdit()
        self.comentario.setPlaceholderText(self.tr("Comentario interno; Intro lo agrega"))
        self.mensaje = message_label("exito")
        self.volver = button(self.tr("← Volver (Esc)"), self.tr("Volver a la lista"))
        self.cambiar = button(self.tr("Cambiar &estado (F9)"), self.tr("Cambiar estado"))
        self.etiqueta = button(self.tr("E&tiqueta (F8)"), self.tr("Imprimir etiqueta"))
        self.imprimir = button(self.tr("&Imprimir…"), self.tr("Imprimir otras etiquetas"))
        self.documentos = button(self.tr("Docu&mentos"), self.tr("Ver, imprimir o guardar un documento"))
        self.guardar = button(self.tr("&Guardar cambios (Ctrl+S)"), self.tr("Guardar cambios"))
        self.guardar.setShortcut("Ctrl+S")
        self._lay_out()
        self.volver.clicked.connect(self.closed)
        self.closed.connect(lambda: self.go.emit("", ""))
        self.cambiar.clicked.connect(self.choose_estado)
        self.etiqueta.clicked.connect(self.print_label)
        self.imprimir.clicked.connect(self.choose_label)
        menu = QMenu(self.documentos)
        for kind, text in (
            ("recibo", self.tr("Recibo de recepción")),
            ("entrega", self.tr("Recibo de entrega")),
            ("hoja", self.tr("Hoja de trabajo")),
            ("etiqueta", self.tr("Hoja de etiquetas")),
        ):
            menu.addAction(text, partial(self._document, kind, text))
        self.documentos.setMenu(menu)
        self.guardar.clicked.connect(self.save)
        self.comentario.returnPressed.connect(self._comment)
        station.changed.connect(self._changed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.volver, self.titulo, self.estado):
            top.addWidget(part)
        top.addStretch(1)
        for part in (self.cambiar, self.etiqueta, self.imprimir, self.documentos):
            top.addWidget(part)
        labels = {
            "titulo": self.tr("Tít&ulo"),
            "falla_reportada": self.tr("&Falla reportada"),
            "diagnostico": self.tr("&Diagnóstico"),
            "trabajo_realizado": self.tr("Trabajo reali&zado"),
            "prioridad_id": self.tr("&Prioridad"),
            "ubicacion_fisica": self.tr("Est&ante"),
        }
        form = QFormLayout()
        for name, text in labels.items():
            field = self.campos[name]
            form.addRow(text, field)
            named(field, text.replace("&", ""))
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
                field.setMaximumHeight(100)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.datos)
        left.addLayout(form)
        left.addWidget(self.guardar, alignment=Qt.AlignmentFlag.AlignRight)
        left.addStretch(1)
        for title, widget in ((self.tr("Historial"), self.historial), (self.tr("Comentarios"), self.comentarios)):
            right.addWidget(heading(title, "seccion"))
            right.addWidget(widget)
            widget.setWordWrap(True)
            widget.setAlternatingRowColors(True)
            named(widget, title)
        right.addWidget(self.comentario)
        named(self.comentario, self.tr("Comentario nuevo"))
        columns = QHBoxLayout()
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.mensaje)
        layout.addLayout(columns)

    def show_record(self, key: str) -> None:
        """Show this order."""
        self.open(key)

    def open(self, orden_id: str) -> None:
        """Show an order."""
        self.orden_id = orden_id
        self._vista = {}
        tell(self.mensaje, "")
        self._reload()

    def _reload(self) -> None:
        orden_id = self.orden_id
        if orden_id is None:
            return

        def show(result: tuple[OrdenDetalle | None, list[CatalogoFila]]) -> None:
            if orden_id == self.orden_id:
                self._show(*result)

        self._station.tasks.read(
            self, lambda c: (leer_ordenes.orden(c, orden_id), leer_catalogos.catalogo(c, "prioridad")), show
        )

    def _show(self, detail: OrdenDetalle | None, prioridades: list[CatalogoFila]) -> None:
        if detail is None:
            self.closed.emit()
            return
        self._detail = detail
        fila = detail.fila
        self.titulo.setText(str(fila["folio"]))
        estado = str(fila["estado"])
        pending = self.tr("  · por enviar") if detail.pendiente else ""
        self.estado.setText(ORDEN.nombre(estado, str(fila["tipo"])) + pending)
        self.estado.setStyleSheet(f"font-weight: 700; color: {estado_color(estado).name()};")
        self.datos.setText(self._facts(detail))
        self._show_fields(fila, prioridades)
        self._show_lists(detail)
        actor = self._station.person.actor
        self.cambiar.setEnabled(bool(actor and ORDEN.permitidos(actor, fila)))
        for tool in (self.etiqueta, self.imprimir, self.documentos):
            tool.setEnabled(imprime(actor, "orden", fila))

    def _facts(self, detail: OrdenDetalle) -> str:
        cliente, equipo, fila = detail.cliente or {}, detail.equipo or {}, detail.fila
        device = (detail.tipo_equipo, equipo.get("marca"), equipo.get("modelo"), equipo.get("serie"))
        extras = de_ordenes.accesorios_de(fila["accesorios"])
        lines = (
            (self.tr("Cliente"), f"{detail.cliente_nombre}  {cliente.get('telefono') or ''}"),
            (self.tr("Equipo"), " ".join(str(w) for w in device if w)),
            (self.tr("Accesorios"), ", ".join(extras)),
            (self.tr("Recibida"), f"{local(fila['recepcion_en'])}  {detail.recibido_por or ''}"),
            (self.tr("Técnico"), detail.tecnico or self.tr("sin asignar")),
            (self.tr("Vence"), local(fila["sla_vence_en"])),
        )
        return "\n".join(f"{name}: {value.strip()}" for name, value in lines if value.strip())

    def _show_fields(self, fila: Row, prioridades: list[CatalogoFila]) -> None:
        """Fields that the person hasn't touched follow the row; the others keep what he saw and typed."""
        actor = self._station.person.actor
        editable = actor is not None and puede(actor, "orden.editar", "orden", fila)
        combo = self.campos["prioridad_id"]
        if isinstance(combo, QComboBox) and combo.count() != len(prioridades) + 1:
            combo.clear()
            combo.addItem(self.tr("Sin prioridad"), None)
            for entry in prioridades:
                combo.addItem(entry.nombre, entry.id)
        dirty = self._dirty()
        for name, field in self.campos.items():
            header_only = actor is not None and actor.rol == "recepcionista" and name not in CABECERA
            field.setEnabled(editable and not header_only)
            if name not in dirty:
                self._set(name, fila[name])
        kept = {name: self._vista[name] for name in dirty}
        self._vista = {**fila, **kept}

    def _set(self, name: str, value: Value) -> None:
        field = self.campos[name]
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findData(value)))
        elif self._get(name) != value:
            text = "" if value is None else str(value)
            field.setPlainText(text) if isinstance(field, QPlainTextEdit) else field.setText(text)

    def _get(self, name: str) -> Value:
        field = self.campos[name]
        if isinstance(field, QComboBox):
            found: str | None = field.currentData()
            return found
        text = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
        return text if text.strip() else None

    def _dirty(self) -> set[str]:
        """The fields whose text isn't what the row said when it was shown."""
        return {name for name in self.campos if self._vista and self._get(name) != (self._vista[name] or None)}

    def _show_lists(self, detail: OrdenDetalle) -> None:
        history = []
        for line in reversed(detail.historial):
            what = ORDEN.nombre(line.a_estado, str(detail.fila["tipo"])) if line.a_estado else self.tr("Asignación")
            extra = [w for w in (line.tecnico and f"→ {line.tecnico}", line.motivo, line.nota) if w]
            history.append(f"{local(line.ocurrio_en)}  {what}  {line.autor or ''}\n{'  '.join(extra)}".strip())
        comments = [f"{local(c.creado_en)}  {c.autor or ''}\n{c.texto}" for c in reversed(detail.comentarios)]
        for widget, lines in ((self.historial, history), (self.comentarios, comments)):
            if [widget.item(i).text() for i in range(widget.count())] != lines:
                widget.clear()
                widget.addItems(lines)

    def _changed(self, changes: Changes) -> None:
        if self.orden_id is not None and SHOWN & changes.tables and self.isVisible():
            self._reload()

    def save(self) -> None:
        """Save the fields that the person changed, against what he saw."""
        vista = dict(self._vista)
        campos = {name: self._get(name) for name in self._dirty()}
        if not campos:
            return

        def done(_: object) -> None:
            self._vista |= campos
            tell(self.mensaje, self.tr("Cambios guardados."))
            self._reload()

        work = partial(self._station.saving.save, partial(actions.editar, "orden", vista, campos))
        self._station.tasks.write(self, work, done, error_shower(self))

    def _comment(self) -> None:
        text = self.comentario.text().strip()
        if not text or self._detail is None:
            return
        build = partial(de_ordenes.comentar, self._station.replica.ambient, self._detail.fila, text)
        work = partial(self._station.saving.save, build)
        self._station.tasks.write(self, work, lambda _: self.comentario.clear(), error_shower(self))

    def choose_estado(self) -> None:
        """Offer the states that the person may move this order to."""
        actor = self._station.person.actor
        if actor is None or self._detail is None:
            return
        menu = QMenu(self)
        for codigo in ORDEN.permitidos(actor, self._detail.fila):
            text = ORDEN.nombre(codigo, str(self._detail.fila["tipo"]))
            menu.addAction(text, partial(self._move, codigo))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.cambiar.mapToGlobal(self.cambiar.rect().bottomLeft()))

    def _move(self, codigo: str) -> None:
        """Ask for what the state needs, then move."""
        if self._detail is None:
            return
        fila = self._detail.fila
        needs_person = codigo == "asignada"
        if not needs_person and codigo not in ORDEN.exigen_motivo:
            self.move_to(codigo)
            return
        dialog = CambioEstado(self._station, codigo, fila, self)
        dialog.accepted_with.connect(self.move_to)
        dialog.open()

    def move_to(self, codigo: str, nota: str = "", motivo_id: str = "", tecnico_id: str = "") -> None:
        """Move the order that is shown."""
        if self._detail is None:
            return
        build = partial(
            de_ordenes.cambiar_estado,
            self._station.replica.ambient,
            self._detail.fila,
            codigo,
            nota=nota or None,
            motivo_id=motivo_id or None,
            tecnico_id=tecnico_id or None,
        )
        done = partial(self._said, self.tr("Ahora está en «{0}».").format(ORDEN.nombre(codigo)))
        self._station.tasks.write(self, partial(self._station.saving.save, build), done, error_shower(self))

    def _said(self, text: str, _: object) -> None:
        tell(self.mensaje, text)

    def print_label(self) -> None:
        """Queue the order's label once more."""
        if self.orden_id is not None and self.etiqueta.isEnabled():
            self._queue("orden", self.orden_id)

    def choose_label(self) -> None:
        """Ask which label, how many and where."""
        if self._detail is not None:
            dialog = Imprimir(self._station, self._labels(self._detail), self)
            dialog.chosen.connect(self._queue)
            dialog.open()

    def _labels(self, detail: OrdenDetalle) -> dict[str, tuple[str, str]]:
        """Kind of label -> its record and what it is, for what this order has."""
        fila, equipo = detail.fila, detail.equipo or {}
        names = de_ordenes.accesorios_de(fila["accesorios"])
        device = " ".join(str(w) for w in (detail.tipo_equipo, equipo.get("marca"), equipo.get("modelo")) if w)
        found = {"orden": (fila["id"], str(fila["folio"]))}
        if names:
            found["accesorio"] = (fila["id"], self.tr("{0} ({1})").format(len(names), ", ".join(names)))
        if detail.equipo is not None:
            found["equipo"] = (equipo["id"], device or self.tr("sin descripción"))
        if detail.cliente is not None:
            found["cliente"] = (detail.cliente["id"], detail.cliente_nombre)
        return {tipo: (str(key), what) for tipo, (key, what) in found.items()}

    def _queue(self, tipo: str, registro_id: str, copias: int = 1, impresora: str = "") -> None:
        def done(queued: Encoladas) -> None:
            several = len(queued.ids) * copias > 1
            words = (
                self.tr("Etiquetas en la cola de impresión.")
                if several
                else self.tr("Etiqueta en la cola de impresión.")
            )
            tell(self.mensaje, f"{words} {queued.aviso}".strip())

        work = partial(self._station.encolador.encolar, tipo, registro_id, copias, impresora or None)
        self._station.tasks.write(self, work, done, error_shower(self))

    def _document(self, kind: str, name: str) -> None:
        if self.orden_id is None or self._detail is None:
            return
        title = f"{name} {self._detail.fila['folio']}"
        make = partial(catalogo.documento, kind=kind, orden_id=self.orden_id)
        documento.Documento(self._station, title, make, self).open()
