"""What waits to be printed, and why."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from printing.trabajos import Trabajo
from servitec_desktop.i18n import tr
from servitec_desktop.i18n.causas import said
from servitec_desktop.station import Station
from servitec_desktop.ui.impresion import estado_trabajo, impresora_de
from servitec_desktop.ui.lista import INSET, Lista
from servitec_desktop.ui.parts import ask, error_shower, local


class Cola(QWidget):
    """Jobs that wait or are being sent, in the order in which they go out."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._titles: dict[str, str] = {}
        self._going: set[str] = set()
        self.lista = Lista(
            tr("Cola de impresión"),
            [tr("Etiqueta"), tr("Copias"), tr("Impresora"), tr("Estado"), tr("Desde"), tr("Por qué espera")],
            [
                (tr("&Adelantar"), self._first),
                (tr("Intentar a&hora"), self._now),
                (tr("Cancelar la i&mpresión"), self._cancel),
            ],
        )
        self.vacia = QLabel(tr("No hay nada en espera."))
        self.vacia.setObjectName("nota")
        self.adelantar, self.ahora, self.cancelar = self.lista.botones
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        layout.addWidget(self.vacia)
        self.lista.flush()
        layout.addWidget(self.lista, 1)

    def show_jobs(self, trabajos: list[Trabajo]) -> None:
        """Fill."""
        self._titles = {t.id: t.titulo for t in trabajos}
        self._going = {t.id for t in trabajos if t.estado == "enviando"}
        self.lista.show_rows(
            [
                (
                    t.id,
                    (
                        t.titulo,
                        tr("{0} de {1}").format(t.salidas, t.copias) if t.salidas else t.copias,
                        impresora_de(t),
                        estado_trabajo(t),
                        local(t.creado_en),
                        said(t.error or "") or (tr("Espera su turno.") if t.estado == "en_cola" else ""),
                    ),
                )
                for t in trabajos
            ]
        )
        self.vacia.setVisible(not trabajos)

    def _do(self, work: Callable[[], object]) -> None:
        self._station.tasks.write(self, work, lambda _: None, error_shower(self))

    def _first(self, key: str) -> None:
        self._do(partial(self._station.encolador.adelantar, key))

    def _now(self, key: str) -> None:
        self._do(partial(self._station.printing.reintentar, key))

    def _cancel(self, key: str) -> None:
        work = partial(self._do, partial(self._station.printing.cancelar, key))
        text = tr("¿Cancelar «{0}»? No se imprimirá; queda en el historial.").format(self._titles[key])
        if key in self._going:
            text = tr("¿Cancelar «{0}»? La etiqueta en curso todavía sale; el historial dice cuántas salieron.").format(
                self._titles[key]
            )
        ask(self, text, tr("Cancelar la impresión"), work)
