"""What of an order goes on paper: its label, its other labels, its documents."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from domain.base.actor import Actor
from domain.base.later import later
from domain.ordenes.actions import accesorios_de
from local_db.ordenes.queries import OrdenDetalle
from printing.encolar import Encoladas
from printing.permiso import imprime
from servitec_desktop.screens.orden.imprimir import Imprimir
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import button, error_shower
from servitec_desktop.ui.toast import Toast

if TYPE_CHECKING:
    from printing.pdf import catalogo
    from servitec_desktop.ui import documento
else:
    catalogo, documento = later("printing.pdf.catalogo"), later("servitec_desktop.ui.documento")


class Papel(QWidget):
    """The buttons, for the order that `show_detail` told of."""

    def __init__(self, station: Station, mensaje: Toast) -> None:
        super().__init__()
        self._station, self._mensaje = station, mensaje
        self._detail: OrdenDetalle | None = None
        self.etiqueta = button(self.tr("E&tiqueta (F8)"), self.tr("Imprimir etiqueta"))
        self.imprimir = button(self.tr("&Imprimir…"), self.tr("Imprimir otras etiquetas"))
        self.documentos = button(self.tr("Docu&mentos"), self.tr("Ver, imprimir o guardar un documento"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.etiqueta, self.imprimir, self.documentos):
            row.addWidget(part)
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

    def show_detail(self, detail: OrdenDetalle, actor: Actor | None) -> None:
        """Of this order from now on, for who may print it."""
        self._detail = detail
        for tool in (self.etiqueta, self.imprimir, self.documentos):
            tool.setEnabled(imprime(actor, "orden", detail.fila))

    def print_label(self) -> None:
        """Queue the order's label once more."""
        if self._detail is not None and self.etiqueta.isEnabled():
            self._queue("orden", str(self._detail.fila["id"]))

    def choose_label(self) -> None:
        """Ask which label, how many and where."""
        if self._detail is not None:
            dialog = Imprimir(self._station, self._labels(self._detail), self)
            dialog.chosen.connect(self._queue)
            dialog.open()

    def _labels(self, detail: OrdenDetalle) -> dict[str, tuple[str, str]]:
        """Kind of label -> its record and what it is, for what this order has."""
        fila, equipo = detail.fila, detail.equipo or {}
        names = accesorios_de(fila["accesorios"])
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
            one, many = self.tr("Etiqueta en la cola de impresión."), self.tr("Etiquetas en la cola de impresión.")
            self._mensaje.say(" ".join((many if several else one, queued.aviso)).strip())

        work = partial(self._station.encolador.encolar, tipo, registro_id, copias, impresora or None)
        self._station.tasks.write(self, work, done, error_shower(self))

    def _document(self, kind: str, name: str) -> None:
        if self._detail is None:
            return
        title = f"{name} {self._detail.fila['folio']}"
        make = partial(catalogo.documento, kind=kind, orden_id=str(self._detail.fila["id"]))
        documento.Documento(self._station, title, make, self).open()
