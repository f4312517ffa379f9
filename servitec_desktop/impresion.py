"""Printers and labels for the screens: found, tried, told what to do, watched while somebody looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from domain.base.errors import KnownError
from domain.base.later import later
from local_db.replica import Replica
from printing import printers
from printing.labels.registry import KINDS
from printing.lane import EstadoImpresora
from printing.printers import Impresora, PorTipo
from printing.prueba import Prueba, interrogate
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.transports import folder_of, open_transport
from printing.zebra import Ajustes, ZebraPrinter
from servitec_desktop.config import PrimeraImpresora
from servitec_desktop.i18n import QT_TR_NOOP, tr

if TYPE_CHECKING:
    from printing import discovery, etiquetas
else:
    discovery, etiquetas = later("printing.discovery"), later("printing.etiquetas")

SEARCH_S = 4.0
ANSWER_S = 15.0
RECEPTION = tuple(kind.name for kind in KINDS.values() if kind.al_recibir)
"""What a reception prints by itself."""
FIRST_NAME = QT_TR_NOOP("Etiquetas")


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """What a search found, and what couldn't be searched, in words."""

    encontradas: tuple[discovery.Encontrada, ...]
    notas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NuevaImpresora:
    """A printer's card as the person filled it in; `id` None: a new one."""

    id: str | None
    nombre: str
    destino: str
    exclusiva: bool
    dpi: int
    ancho_mm: float
    alto_mm: float
    prueba: Prueba | None


class Imprenta(QObject):
    """Blocking methods are for the pool (`station.tasks`); signals arrive in the window's thread."""

    encontrada = Signal(object)
    """discovery.Encontrada, while a search goes on."""
    estado_cambiado = Signal()
    """A printer that is looked at said something new: see `estados`."""
    respuesta = Signal(str, str, str)
    """What a printer answered to an order: destino, words, or else what went wrong."""

    def __init__(self, replica: Replica, cola: PrintQueue) -> None:
        super().__init__()
        self._replica = replica
        self._cola = cola
        self._stop_search = threading.Event()
        self._looking = threading.Lock()
        self._leave: Callable[[], None] | None = None
        self._wanted = False
        self._closing = threading.Event()

    def close(self) -> None:
        """End what waits for a printer."""
        self._closing.set()
        self._stop_search.set()
        self.observar(False)()

    def adoptar(self, papel: PrimeraImpresora) -> None:
        """The printer of config.json becomes the station's first saved one, for orders and accessories."""
        if papel.impresora is None:
            return
        with self._replica.reading() as connection:
            begun = printers.impresoras(connection) or any(
                p.impresora_id or p.plantilla for p in printers.por_tipo(connection).values()
            )
        if begun:
            return
        first = Impresora(
            self._replica.ambient.new_id(), tr(FIRST_NAME), papel.impresora, papel.dpi, papel.ancho_mm, papel.alto_mm
        )
        with self._replica.writing() as writing:
            printers.guardar_impresora(writing, first, self._replica.ambient.instant())
            for tipo in RECEPTION:
                printers.guardar_por_tipo(writing, PorTipo(tipo, first.id, None))

    def observar(self, ahora: bool) -> Callable[[], None]:
        """Ask the printers how they are every two seconds, or no longer.

        Gives what does it, for the pool; of several such wishes the last one counts, whichever runs last.
        """
        self._wanted = ahora
        return self._follow

    def _follow(self) -> None:
        with self._looking:
            if self._wanted and self._leave is None:
                self._leave = self._cola.lanes.watch(lambda _: self.estado_cambiado.emit())
            elif not self._wanted and self._leave is not None:
                self._leave()
                self._leave = None

    def estados(self) -> dict[str, EstadoImpresora]:
        """What each printer last said, by destination."""
        return self._cola.lanes.estados()

    def buscar(self) -> Hallazgo:
        """Look for printers everywhere; blocks for some seconds, or until `detener_busqueda`."""
        self._stop_search = threading.Event()
        if self._closing.is_set():
            self._stop_search.set()
        notes: list[str] = []
        found = discovery.buscar(SEARCH_S, cancel=self._stop_search, found=self.encontrada.emit, note=notes.append)
        return Hallazgo(tuple(found), tuple(notes))

    def detener_busqueda(self) -> None:
        """End a search with what it found."""
        self._stop_search.set()

    def probar(self, destino: str) -> Prueba:
        """Ask a printer who it is and how it is; blocks.

        Raises:
            KnownError: it doesn't answer, or `destino` isn't a printer.
        """
        folder = folder_of(destino)
        if folder is not None:
            return Prueba(folder.name, tr("Carpeta: cada etiqueta queda como un archivo."), True)
        if not open_transport(destino).answers:
            words = tr("No confirma lo que imprime: se preguntará por cada etiqueta.")
            return Prueba(destino.rpartition("/")[2], words, False)
        said: list[Prueba] = []

        def ask(printer: ZebraPrinter) -> str:
            said.append(interrogate(printer))
            return ""

        self._wait(destino, ask)
        return said[0]

    def guardar(self, card: NuevaImpresora) -> str:
        """Save a printer; the first one prints orders and accessories. Gives its id.

        Raises:
            KnownError: a name that another one has, or a value that makes no sense.
        """
        with self._replica.writing() as writing:
            others = printers.impresoras(writing.connection)
            old = next((i for i in others if i.id == card.id), None)
            made = self._impresora(card, old)
            printers.guardar_impresora(writing, made, self._replica.ambient.instant())
            if not others:
                for tipo in RECEPTION:
                    known = printers.por_tipo(writing.connection)[tipo]
                    printers.guardar_por_tipo(writing, replace(known, impresora_id=made.id))
            return made.id

    def _impresora(self, card: NuevaImpresora, old: Impresora | None) -> Impresora:
        base = old or Impresora(card.id or self._replica.ambient.new_id(), card.nombre, card.destino)
        if card.prueba is not None:
            said = card.prueba
            base = replace(base, modelo=said.modelo or None, firmware=said.firmware or None, serie=said.serie or None)
        return replace(
            base,
            nombre=card.nombre,
            destino=card.destino,
            exclusiva=card.exclusiva,
            dpi=card.dpi,
            ancho_mm=card.ancho_mm,
            alto_mm=card.alto_mm,
        )

    def quitar(self, key: str) -> None:
        """Forget a printer; what waits for it stays in the queue."""
        with self._replica.writing() as writing:
            printers.borrar_impresora(writing, key)

    def elegir(self, eleccion: PorTipo) -> None:
        """Printer and template for a kind of label."""
        with self._replica.writing() as writing:
            printers.guardar_por_tipo(writing, eleccion)

    def calibrar(self, destino: str) -> None:
        """Have a printer measure its paper; the answer comes by `respuesta`."""

        def order(printer: ZebraPrinter) -> str:
            printer.calibrate()
            return tr("calibración enviada.")

        self._order(destino, order)

    def poner_en_zpl(self, destino: str) -> None:
        """Have a printer that is set to another language speak ZPL; the answer comes by `respuesta`."""

        def order(printer: ZebraPrinter) -> str:
            printer.speak_zpl()
            return tr("puesta en ZPL; se está reiniciando.")

        self._order(destino, order)

    def ajustar(self, destino: str, ajustes: Ajustes) -> None:
        """Send settings to a printer; the answer comes by `respuesta`."""

        def order(printer: ZebraPrinter) -> str:
            printer.configure(ajustes)
            return tr("ajustes guardados en la impresora.")

        self._order(destino, order)

    def imprimir_prueba(self, impresora: Impresora) -> str:
        """Queue a test label."""
        made = etiquetas.prueba(impresora)
        pedido = Pedido(made.titulo, made.datos, impresora.destino, impresora.id, tipo="prueba", prioridad=1)
        return self._cola.enqueue(pedido)

    def muestra(self, card: NuevaImpresora) -> str:
        """Queue a test label for a printer that isn't saved yet."""
        made = etiquetas.prueba(self._impresora(card, None))
        return self._cola.enqueue(Pedido(made.titulo, made.datos, card.destino, tipo="prueba", prioridad=1))

    def _order(self, destino: str, order: Callable[[ZebraPrinter], str]) -> None:
        def done(answer: str | KnownError) -> None:
            problem = isinstance(answer, KnownError)
            self.respuesta.emit(destino, "" if problem else str(answer), str(answer) if problem else "")

        self._cola.lanes.hacer(destino, order, done)

    def _wait(self, destino: str, order: Callable[[ZebraPrinter], str]) -> None:
        """Have a printer do something, and wait for it.

        Raises:
            KnownError: it doesn't answer, or not in time.
        """
        ended = threading.Event()
        answers: list[str | KnownError] = []

        def done(answer: str | KnownError) -> None:
            answers.append(answer)
            ended.set()

        self._cola.lanes.hacer(destino, order, done)
        deadline = time.monotonic() + ANSWER_S
        while not ended.wait(0.1) and time.monotonic() < deadline:
            if self._closing.is_set():
                raise KnownError(tr("El programa se cierra."))
        if not answers:
            raise KnownError(
                tr("La impresora está ocupada y no responde todavía."), tr("Espere a que termine e intente otra vez.")
            )
        if isinstance(answers[0], KnownError):
            raise answers[0]
