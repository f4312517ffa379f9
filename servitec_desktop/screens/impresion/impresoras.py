"""The saved printers, with their live state, and what can be done to them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from printing.lane import EstadoImpresora
from printing.printers import Impresora
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.screens.impresion.ajustes import AjustesImpresora
from servitec_desktop.screens.impresion.ficha import FichaImpresora
from servitec_desktop.station import Station
from servitec_desktop.ui.impresion import donde, estado_impresora
from servitec_desktop.ui.lista import INSET, Lista
from servitec_desktop.ui.parts import ask, button, error_shower, message_label, tell

NONE_YET = QT_TR_NOOP("Todavía no hay impresoras. «Agregar impresora…» las busca en la red y por USB.")


class Impresoras(QWidget):
    """A row a printer. What a printer answers to an order is said in the line above the list."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._rows: dict[str, Impresora] = {}
        self.vacia, self.mensaje, self.error = QLabel(tr(NONE_YET)), message_label("exito"), message_label("error")
        self.vacia.setObjectName("nota")
        self.lista = Lista(
            tr("Impresoras"),
            [tr("Nombre"), tr("Estado"), tr("Dónde está"), tr("Modelo"), tr("Etiqueta"), tr("Uso")],
            [
                (tr("Etiqueta de &prueba"), self._test),
                (tr("Ca&librar"), self._calibrate),
                (tr("Poner en &ZPL"), self._speak_zpl),
                (tr("A&justes…"), self._settings),
                (tr("E&ditar…"), self._edit),
                (tr("&Quitar"), self._remove),
            ],
            wide=3,
        )
        self.prueba, self.calibrar, self.en_zpl, self.ajustes, self.editar, self.quitar = self.lista.botones
        self.agregar = button(tr("&Agregar impresora…"), tr("Agregar impresora"))
        self.agregar.clicked.connect(self._add)
        top = QHBoxLayout()
        top.addWidget(self.vacia, 1)
        top.addWidget(self.mensaje, 1)
        top.addWidget(self.error, 1)
        top.addStretch(0)
        top.addWidget(self.agregar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        layout.addLayout(top)
        self.lista.flush()
        layout.addWidget(self.lista, 1)

    def show_printers(self, impresoras: list[Impresora], estados: dict[str, EstadoImpresora]) -> None:
        """Fill."""
        self._rows = {i.id: i for i in impresoras}
        self.lista.show_rows(
            [
                (
                    i.id,
                    (
                        i.nombre,
                        estado_impresora(estados.get(i.destino)),
                        donde(i.destino),
                        i.modelo or "",
                        tr("{0} × {1} mm, {2} ppp").format(f"{i.ancho_mm:g}", f"{i.alto_mm:g}", i.dpi),
                        tr("Sólo esta estación") if i.exclusiva else tr("Compartida"),
                    ),
                )
                for i in impresoras
            ]
        )
        self.vacia.setVisible(not impresoras and not self.mensaje.text() and not self.error.text())

    def _say(self, text: str = "", error: str = "") -> None:
        tell(self.mensaje, text)
        tell(self.error, error)
        self.vacia.setVisible(not self._rows and not text and not error)

    def _order(self, key: str, send: Callable[[str], None], asked: str) -> None:
        """Have the printer do something; its answer comes by the station's signal."""
        self._say(tr("{0}: {1}").format(self._rows[key].nombre, asked))
        send(self._rows[key].destino)

    def show_answer(self, destino: str, text: str, problem: str) -> None:
        """What a printer answered to an order."""
        name = next((i.nombre for i in self._rows.values() if i.destino == destino), None)
        if name is None:
            return
        self._say(f"{name}: {text}" if text else "", f"{name}: {problem}" if problem else "")

    def _test(self, key: str) -> None:
        def done(_: object) -> None:
            self._say(tr("{0}: la etiqueta de prueba está en la cola.").format(self._rows[key].nombre))

        work = partial(self._station.impresion.imprimir_prueba, self._rows[key])
        self._station.tasks.write(self, work, done, error_shower(self))

    def _calibrate(self, key: str) -> None:
        text = tr("Al calibrar salen unas etiquetas en blanco. ¿Calibrar «{0}» ahora?").format(self._rows[key].nombre)
        doing = partial(self._order, key, self._station.impresion.calibrar, tr("calibrando…"))
        ask(self, text, tr("Calibrar"), doing)

    def _speak_zpl(self, key: str) -> None:
        text = tr("La impresora queda en lenguaje ZPL y se reinicia. ¿Poner «{0}» en ZPL ahora?")
        doing = partial(self._order, key, self._station.impresion.poner_en_zpl, tr("poniéndola en ZPL…"))
        ask(self, text.format(self._rows[key].nombre), tr("Poner en ZPL"), doing)

    def _settings(self, key: str) -> None:
        dialog = AjustesImpresora(self._rows[key], self)
        dialog.chosen.connect(
            lambda ajustes: self._order(
                key, partial(self._station.impresion.ajustar, ajustes=ajustes), tr("enviando los ajustes…")
            )
        )
        dialog.open()

    def _add(self) -> None:
        FichaImpresora(self._station, None, self).open()

    def _edit(self, key: str) -> None:
        FichaImpresora(self._station, self._rows[key], self).open()

    def _remove(self, key: str) -> None:
        def remove() -> None:
            work = partial(self._station.impresion.quitar, key)
            self._station.tasks.write(self, work, lambda _: self._say(), error_shower(self))

        text = tr("¿Quitar «{0}» de esta estación? Lo que ya espera en ella sigue en la cola.")
        ask(self, text.format(self._rows[key].nombre), tr("Quitar"), remove)
