"""What waits for the server's answer; what only waits for something else can be copied, and discarded."""

import json
from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QGuiApplication

from local_db import fallback, open_items
from local_db.open_items import PendienteFila
from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.palabras import nombre_campo, nombre_fila
from servitec_desktop.screens.sincronizacion.legible import legible
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import Celda, Lista
from servitec_desktop.ui.parts import ask, error_shower


class Pendientes(Lista):
    """The list "Por enviar". `write` runs a change of the replica away from the window's thread."""

    def __init__(self, station: Station, write: Callable[[Callable[[], object]], None]) -> None:
        super().__init__(
            tr("Por enviar"),
            [tr("N.º"), tr("Autor"), tr("En el servidor"), tr("Cambio")],
            [(tr("&Copiar el texto"), self._copy), (tr("&Descartar…"), self._ask)],
        )
        self._station = station
        self._write = write

    def show_pending(self, found: list[PendienteFila]) -> None:
        """Fill."""
        self.show_rows([(f.id, (f.n, f.autor, _where(f), f.resumen)) for f in found])

    def _copy(self, key: str) -> None:
        self._station.tasks.read(self, partial(_text, key), QGuiApplication.clipboard().setText)

    def _ask(self, key: str) -> None:
        replica = self._station.replica

        def show(count: int) -> None:
            text = tr("¿Descartar este cambio? Lo que dice se pierde.")
            if count > 1:
                text = tr("¿Descartar este cambio y {0} que dependen de él? Lo que dicen se pierde.").format(count - 1)
            ask(self, text, tr("&Sí, descartar"), lambda: self._write(partial(fallback.discard, replica, key)))

        self._station.tasks.write(self, partial(fallback.count_dependents, replica, key), show, error_shower(self))


def _where(fila: PendienteFila) -> Celda:
    """What is known of it on the server: a change that was tried may be there or not."""
    if fila.espera:
        return Celda(tr("en espera: {0}").format(fila.espera), "aviso")
    return Celda(tr("intentado, sin respuesta") if fila.enviado else tr("todavía no"), "")


def _text(key: str, connection: Reading) -> str:
    """The whole change, to be noted down elsewhere."""
    lines = []
    for op in json.loads(open_items.cuerpo(connection, key) or '{"ops": []}')["ops"]:
        name = nombre_fila(connection, op["tabla"], op["id"]) or ""
        lines.append(f"{nombre_campo(op['tabla'])} {name}".strip())
        for campo, valor in op["campos"].items():
            lines.append(f"    {nombre_campo(campo)}: {legible(connection, op['tabla'], campo, valor)}")
    return "\n".join(lines)
