"""One order: what it is, its history and comments, the changes its reader may make."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QVBoxLayout,
)

from domain.base import actions
from domain.ordenes import actions as de_ordenes
from domain.ordenes.states import ORDEN
from local_db.catalogos import queries as leer_catalogos
from local_db.catalogos.queries import CatalogoFila
from local_db.ordenes import queries as leer_ordenes
from local_db.ordenes.queries import OrdenDetalle
from local_db.replica import Changes
from servitec_desktop.screens.orden.campos import Campos
from servitec_desktop.screens.orden.dialogos import CambioEstado
from servitec_desktop.screens.orden.papel import Papel
from servitec_desktop.station import Station
from servitec_desktop.theme import estado_color
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import button, error_shower, heading, local, named, telefono
from servitec_desktop.ui.toast import Toast

SHOWN = frozenset({"orden", "cliente", "equipo", "historial_orden", "comentario", "usuario", "empleado"})


class Orden(Screen):
    """Shows one order at a time. A change from elsewhere never touches what the person is typing."""

    closed = Signal()

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.orden_id: str | None = None
        self._detail: OrdenDetalle | None = None
        self.titulo = heading("")
        self.estado = QLabel()
        self.datos = QLabel()
        self.datos.setWordWrap(True)
        self.datos.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mensaje = Toast(self)
        self.formulario = Campos()
        self.campos = self.formulario.campos
        self.papel = Papel(station, self.mensaje)
        self.print_label = self.papel.print_label
        self.historial, self.comentarios = QListWidget(), QListWidget()
        self.comentario = QLineEdit()
        self.comentario.setPlaceholderText(self.tr("Comentario interno; Intro lo agrega"))
        self.volver = button(self.tr("← Volver (Esc)"), self.tr("Volver a la lista"))
        self.cambiar = button(self.tr("Cambiar &estado (F9)"), self.tr("Cambiar estado"))
        self.etiqueta, self.imprimir = self.papel.etiqueta, self.papel.imprimir
        self.documentos = self.papel.documentos
        self.guardar = button(self.tr("&Guardar cambios (Ctrl+S)"), self.tr("Guardar cambios"))
        self.guardar.setShortcut("Ctrl+S")
        self._lay_out()
        self.volver.clicked.connect(self.closed)
        self.closed.connect(lambda: self.go.emit("", ""))
        self.cambiar.clicked.connect(self.choose_estado)
        self.guardar.clicked.connect(self.save)
        self.comentario.returnPressed.connect(self._comment)
        station.changed.connect(self._changed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for part in (self.volver, self.titulo, self.estado):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.cambiar)
        top.addWidget(self.papel)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.datos)
        left.addWidget(self.formulario)
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
        layout.addLayout(columns)

    def show_record(self, key: str) -> None:
        """Show this order."""
        self.open(key)

    def open(self, orden_id: str) -> None:
        """Show an order."""
        self.orden_id = orden_id
        self.formulario.forget()
        self.mensaje.say("")
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
        actor = self._station.person.actor
        self.formulario.show_row(fila, prioridades, actor)
        self.papel.show_detail(detail, actor)
        self._show_lists(detail)
        self.cambiar.setEnabled(bool(actor and ORDEN.permitidos(actor, fila)))

    def _facts(self, detail: OrdenDetalle) -> str:
        cliente, equipo, fila = detail.cliente or {}, detail.equipo or {}, detail.fila
        device = (detail.tipo_equipo, equipo.get("marca"), equipo.get("modelo"), equipo.get("serie"))
        extras = de_ordenes.accesorios_de(fila["accesorios"])
        lines = (
            (self.tr("Cliente"), f"{detail.cliente_nombre}  {telefono(cliente.get('telefono'))}"),
            (self.tr("Equipo"), " ".join(str(w) for w in device if w)),
            (self.tr("Accesorios"), ", ".join(extras)),
            (self.tr("Recibida"), f"{local(fila['recepcion_en'])}  {detail.recibido_por or ''}"),
            (self.tr("Técnico"), detail.tecnico or self.tr("sin asignar")),
            (self.tr("Vence"), local(fila["sla_vence_en"])),
        )
        return "\n".join(f"{name}: {value.strip()}" for name, value in lines if value.strip())

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
        vista, campos = self.formulario.changed()
        if not campos:
            return

        def done(_: object) -> None:
            self.formulario.saved(campos)
            self.mensaje.say(self.tr("Cambios guardados."))
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
        said = self.tr("Ahora está en «{0}».").format(ORDEN.nombre(codigo))
        self._station.tasks.write(
            self, partial(self._station.saving.save, build), lambda _: self.mensaje.say(said), error_shower(self)
        )
