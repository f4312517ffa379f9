"""The search for printers: what was found so far, on the network and by USB."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QProgressBar, QVBoxLayout, QWidget

from domain.base.errors import KnownError
from servitec_desktop.i18n import tr
from servitec_desktop.i18n.causas import said
from servitec_desktop.impresion import Hallazgo, Imprenta
from servitec_desktop.tasks import Tasks
from servitec_desktop.ui.impresion import donde
from servitec_desktop.ui.parts import button, named

if TYPE_CHECKING:
    from printing.discovery import Encontrada

ROWS_HEIGHT, BAR_WIDTH = 112, 120


class Busqueda(QWidget):
    """`chosen`: the destination of one that was found."""

    chosen = Signal(str)

    def __init__(self, imprenta: Imprenta, tasks: Tasks) -> None:
        super().__init__()
        self._imprenta, self._tasks = imprenta, tasks
        self._destino = ""
        self.encontradas, self.avance, self.palabras = QListWidget(), QProgressBar(), QLabel()
        self.buscar = button(tr("&Buscar"), tr("Buscar impresoras"))
        self.detener = button(tr("D&etener"), tr("Detener la búsqueda"))
        self.palabras.setObjectName("nota")
        self.palabras.setWordWrap(True)
        self.avance.setRange(0, 0)
        self.avance.setFixedWidth(BAR_WIDTH)
        self.avance.setTextVisible(False)
        self.encontradas.setFixedHeight(ROWS_HEIGHT)
        self.encontradas.setAlternatingRowColors(True)
        named(self.encontradas, tr("Impresoras encontradas"))
        named(self.avance, tr("Búsqueda en curso"))
        top = QHBoxLayout()
        for part, stretch in ((self.palabras, 1), (self.avance, 0), (self.detener, 0), (self.buscar, 0)):
            top.addWidget(part, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.encontradas)
        self._searching(False)
        self.buscar.clicked.connect(self.begin)
        self.detener.clicked.connect(imprenta.detener_busqueda)
        self.encontradas.currentItemChanged.connect(self._choose)
        imprenta.encontrada.connect(self._found)

    def begin(self) -> None:
        """Search everywhere."""
        self.encontradas.clear()
        self._searching(True)
        self.palabras.setText(tr("Buscando en la red y por USB…"))
        self._tasks.ask(self, self._imprenta.buscar, self._searched, self._failed)

    def keep(self, destino: str) -> None:
        """This one is chosen now, found or typed: a search that ends leaves it so."""
        self._destino = destino

    def _searching(self, now: bool) -> None:
        self.avance.setVisible(now)
        self.detener.setVisible(now)
        self.buscar.setVisible(not now)

    def _places(self) -> list[str]:
        rows = range(self.encontradas.count())
        return [str(self.encontradas.item(i).data(Qt.ItemDataRole.UserRole)) for i in rows]

    def _found(self, one: "Encontrada") -> None:
        """An answer, while the search goes on."""
        if one.destino not in self._places():
            item = QListWidgetItem("  ·  ".join(w for w in (one.modelo, one.nombre, donde(one.destino)) if w))
            item.setData(Qt.ItemDataRole.UserRole, one.destino)
            item.setToolTip(tr("Encontrada por: {0}").format(one.por))
            self.encontradas.addItem(item)

    def _searched(self, result: Hallazgo) -> None:
        self._searching(False)
        self.encontradas.blockSignals(True)
        self.encontradas.clear()
        for one in result.encontradas:
            self._found(one)
        places = self._places()
        if self._destino in places:
            self.encontradas.setCurrentRow(places.index(self._destino))
        self.encontradas.blockSignals(False)
        words = tr("%n encontradas. Elija una, o escriba su dirección.", "", len(places))
        if not places:
            words = tr("No se encontró ninguna. Escriba su dirección: la impresora la muestra en su menú de red.")
        self.palabras.setText(" ".join((words, *map(said, result.notas))))

    def _failed(self, error: KnownError) -> None:
        self._searching(False)
        self.palabras.setText(str(error))

    def _choose(self, item: QListWidgetItem | None, _: QListWidgetItem | None = None) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
