"""The screen `Impresión`: what nobody is sure of on top; printers, queue, history and labels below."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from local_db.reading import Reading
from local_db.replica import Changes
from printing.labels.catalogo import Disponible, disponibles
from printing.printers import Impresora, PorTipo, impresoras, por_tipo
from printing.trabajos import Filtro, Trabajo, trabajos
from servitec_desktop.i18n import tr
from servitec_desktop.screens.impresion.cola import Cola
from servitec_desktop.screens.impresion.historial import Historial
from servitec_desktop.screens.impresion.impresoras import Impresoras
from servitec_desktop.screens.impresion.plantillas import Plantillas
from servitec_desktop.screens.impresion.por_tipo import PorTipoTabla
from servitec_desktop.station import Station
from servitec_desktop.ui.inciertos import Inciertos
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import error_shower, heading, named

SHOWN = frozenset({"trabajo_impresion", "impresora", "impresion_por_tipo", "plantilla_etiqueta"})
GATHER_MS = 80
OPEN_STATES = ("en_cola", "enviando", "incierto")

Leido = tuple[list[Trabajo], list[Impresora], dict[str, PorTipo], list[Disponible]]


class PantallaImpresion(Screen):
    """Printers are asked how they are while this is visible. `counted`: questions that wait for an answer."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._impresoras: list[Impresora] = []
        self.inciertos = Inciertos()
        self.impresoras = Impresoras(station)
        self.cola = Cola(station)
        self.historial = Historial(station)
        self.por_tipo = PorTipoTabla()
        self.plantillas = Plantillas(station)
        self.pestanas = QTabWidget()
        named(self.pestanas, tr("Partes de la impresión"))
        self._tabs: tuple[tuple[QWidget, str], ...] = (
            (self.impresoras, tr("&Impresoras")),
            (self.cola, tr("&Cola")),
            (self.historial, tr("&Historial")),
            (self.por_tipo, tr("&Etiquetas")),
            (self.plantillas, tr("&Plantillas")),
        )
        for widget, name in self._tabs:
            self.pestanas.addTab(widget, name)
        layout = QVBoxLayout(self)
        layout.addWidget(heading(tr("Impresión")))
        layout.addWidget(self.inciertos)
        layout.addWidget(self.pestanas, 1)
        self.inciertos.answered.connect(self._answer)
        self.por_tipo.chosen.connect(self._choose)
        self.pestanas.currentChanged.connect(lambda _: self.refresh())
        self._gathering = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gathering.timeout.connect(self.refresh)
        station.changed.connect(self._changed)
        station.impresion.estado_cambiado.connect(self._show_states)
        station.impresion.respuesta.connect(self.impresoras.show_answer)
        self.refresh()

    def enter(self) -> None:
        """At the oldest question, with what is so now."""
        self.refresh()
        self.open_first_problem()

    def refresh(self) -> None:
        """Read again what is shown."""

        def read(connection: Reading) -> Leido:
            return (
                trabajos(connection, Filtro(OPEN_STATES)),
                impresoras(connection),
                por_tipo(connection),
                disponibles(connection),
            )

        self._station.tasks.read(self, read, self._show)
        if self.pestanas.currentWidget() is self.historial:
            self.historial.refresh()

    def open_first_problem(self) -> None:
        """Ready for the keyboard: at the oldest question, else at the tabs."""
        asked = self.inciertos.preguntas
        (asked[0].si if asked else self.pestanas.tabBar()).setFocus()

    def _show(self, found: Leido) -> None:
        jobs, self._impresoras, choices, templates = found
        unsure = [t for t in jobs if t.estado == "incierto"]
        waiting = [t for t in jobs if t.estado != "incierto"]
        waiting.reverse()
        waiting.sort(key=lambda t: (t.estado != "enviando", -t.prioridad))
        self.inciertos.show_jobs(unsure)
        self.cola.show_jobs(waiting)
        self.historial.show_printers(self._impresoras)
        entries: dict[str, list[tuple[str, str]]] = {}
        for item in templates:
            name = item.plantilla.nombre if item.propia else tr("{0} (de fábrica)").format(item.plantilla.nombre)
            entries.setdefault(item.plantilla.tipo, []).append((item.clave, name))
        self.por_tipo.show_choices(choices, self._impresoras, entries)
        self.plantillas.show_templates(templates)
        self._show_states()
        count = f" ({len(waiting)})" if waiting else ""
        self.pestanas.setTabText(1, self._tabs[1][1] + count)
        self.counted.emit(len(unsure))

    def _show_states(self) -> None:
        self.impresoras.show_printers(self._impresoras, self._station.impresion.estados())

    def _changed(self, changes: Changes) -> None:
        if SHOWN & changes.tables and not self._gathering.isActive():
            self._gathering.start()

    def _answer(self, key: str, salidas: int) -> None:
        work = partial(self._station.printing.responder_incierto, key, salio=False, salidas=salidas)
        self._station.tasks.write(self, work, lambda _: self.refresh(), partial(self.inciertos.refused, key))

    def _choose(self, eleccion: PorTipo) -> None:
        work = partial(self._station.impresion.elegir, eleccion)
        self._station.tasks.write(self, work, lambda _: None, error_shower(self))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look at the printers."""
        super().showEvent(event)
        self._look(True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Look no longer."""
        super().hideEvent(event)
        self._look(False)

    def _look(self, now: bool) -> None:
        follow = self._station.impresion.observar(now)
        self._station.tasks.write(self, follow, lambda _: self._show_states())
