"""What was printed, with a filter; print again."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from local_db.reading import Reading
from printing.permiso import imprimibles
from printing.printers import Impresora
from printing.trabajos import Filtro, Trabajo, trabajos
from servitec_desktop.i18n import tr
from servitec_desktop.i18n.causas import said
from servitec_desktop.station import Station
from servitec_desktop.ui.impresion import ESTADOS_TRABAJO, estado_trabajo, impresora_de
from servitec_desktop.ui.lista import INSET, Lista
from servitec_desktop.ui.parts import error_shower, local, message_label, named, tell

TYPED_MS = 200
LIMIT = 300


def _copies(t: Trabajo) -> str:
    """How many came out, where it isn't all of them."""
    part = t.estado == "fallido" or (t.estado == "incierto" and t.copias > 1)
    return tr("{0} de {1}").format(t.salidas, t.copias) if part else str(t.copias)


class Historial(QWidget):
    """The newest first."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._asked = 0
        self._printers: list[tuple[str, str]] = []
        self._titles: dict[str, str] = {}
        self._failed: set[str] = set()
        self._mine: frozenset[str] = frozenset()
        """What whoever is signed in may print again."""
        self.buscar, self.estado, self.impresora = QLineEdit(), QComboBox(), QComboBox()
        self.buscar.setPlaceholderText(tr("Folio o texto de la etiqueta"))
        self.buscar.setClearButtonEnabled(True)
        self.estado.addItem(tr("Todos los estados"), None)
        for codigo, (words, _) in ESTADOS_TRABAJO.items():
            self.estado.addItem(tr(words), codigo)
        self.impresora.addItem(tr("Todas las impresoras"), None)
        self.impresora.setMinimumWidth(200)
        filters = QHBoxLayout()
        for field, name, stretch in (
            (self.buscar, tr("Buscar en el historial"), 1),
            (self.estado, tr("Estado"), 0),
            (self.impresora, tr("Impresora"), 0),
        ):
            named(field, name)
            filters.addWidget(field, stretch)
        self.lista = Lista(
            tr("Historial de impresión"),
            [tr("Etiqueta"), tr("Copias"), tr("Impresora"), tr("Estado"), tr("Cuándo"), tr("Detalle")],
            [(tr("Imprimir lo que &falta"), self._rest), (tr("&Reimprimir"), self._again)],
        )
        self.faltante, self.reimprimir = self.lista.botones
        self.lista.chosen.connect(self._chosen)
        self.mensaje = message_label("exito")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        layout.addLayout(filters)
        layout.addWidget(self.mensaje)
        self.lista.flush()
        layout.addWidget(self.lista, 1)
        self._typing = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typing.timeout.connect(self.refresh)
        self.buscar.textChanged.connect(lambda _: self._typing.start())
        for combo in (self.estado, self.impresora):
            combo.currentIndexChanged.connect(lambda _: self.refresh())

    def show_printers(self, impresoras: list[Impresora]) -> None:
        """The printers to choose from."""
        printers = [(i.nombre, i.id) for i in impresoras]
        if printers == self._printers:
            return
        self._printers = printers
        kept = self.impresora.currentData()
        self.impresora.blockSignals(True)
        while self.impresora.count() > 1:
            self.impresora.removeItem(1)
        for nombre, key in printers:
            self.impresora.addItem(nombre, key)
        self.impresora.setCurrentIndex(max(0, self.impresora.findData(kept)))
        self.impresora.blockSignals(False)

    def refresh(self) -> None:
        """Read what the filter says; the answer to an older question is dropped."""
        self._asked += 1
        mine = self._asked
        estado: str | None = self.estado.currentData()
        filtro = Filtro(
            estados=(estado,) if estado else (),
            impresora_id=self.impresora.currentData(),
            texto=self.buscar.text().strip(),
        )

        def read(connection: Reading) -> tuple[list[Trabajo], frozenset[str]]:
            found = trabajos(connection, filtro, LIMIT)
            return found, imprimibles(connection, {t.id: (t.tabla, t.registro_id) for t in found})

        def show(found: tuple[list[Trabajo], frozenset[str]]) -> None:
            if mine == self._asked:
                self._show(*found)

        self._station.tasks.read(self, read, show)

    def _show(self, found: list[Trabajo], mine: frozenset[str]) -> None:
        self._titles = {t.id: t.titulo for t in found}
        self._mine = mine
        self._failed = {t.id for t in found if t.estado == "fallido"}
        self.lista.show_rows(
            [
                (
                    t.id,
                    (
                        t.titulo,
                        _copies(t),
                        impresora_de(t),
                        estado_trabajo(t),
                        local(t.creado_en),
                        said(t.error or ""),
                    ),
                )
                for t in found
            ]
        )

    def _chosen(self) -> None:
        chosen = self.lista.selected()
        self.faltante.setEnabled(chosen in self._failed & self._mine)
        self.reimprimir.setEnabled(chosen in self._mine)

    def _rest(self, key: str) -> None:
        self._station.tasks.write(
            self, partial(self._station.printing.reintentar, key), lambda _: None, error_shower(self)
        )

    def _again(self, key: str) -> None:
        def done(_: object) -> None:
            tell(self.mensaje, tr("«{0}» está otra vez en la cola.").format(self._titles.get(key, "")))

        self._station.tasks.write(self, partial(self._station.printing.reimprimir, key), done, error_shower(self))
