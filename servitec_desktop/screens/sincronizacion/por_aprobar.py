"""What others made while they had the right to, and the server took no more: a supervisor decides."""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from domain.base.errors import KnownError
from local_db import reading
from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.palabras import operaciones
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import INSET, Lista
from servitec_desktop.ui.parts import ask, error_shower, local, message_label, retell
from sync.transport import Decision

Rows = list[tuple[str, tuple[object, ...]]]


class PorAprobar(QWidget):
    """Asks the server whenever it is shown, and after each cycle: what waits for a decision is on no replica."""

    counted = Signal(int)

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._found: dict[str, dict[str, Any]] = {}
        self.lista = Lista(
            tr("Por aprobar"),
            [tr("Autor"), tr("Cuándo"), tr("Cambio"), tr("Por qué no se hizo")],
            [(tr("&Aprobar"), partial(self._decide, "aprobar")), (tr("&No aprobar…"), self._dismiss)],
            wide=2,
        )
        self.tabla, self.botones = self.lista.tabla, self.lista.botones
        self.mensaje = message_label("nota")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        self.lista.flush()
        self.lista.add_detail(tr("Todo el cambio, y por qué no se hizo"))
        layout.addWidget(self.mensaje)
        layout.addWidget(self.lista, 1)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt)
        """Ask anew."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask the server what waits."""
        retell(self.mensaje, "nota", self.tr("Preguntando al servidor…"))
        self._station.tasks.ask(self, self._station.sync.por_aprobar, self._read, self._unreachable)

    def look(self) -> None:
        """Ask without a word: what can't be asked now is asked after the next cycle."""
        self._station.tasks.ask(self, self._station.sync.por_aprobar, self._read, lambda _: None)

    def _unreachable(self, error: KnownError) -> None:
        retell(self.mensaje, "aviso", f"{error.message} {error.hint}")

    def _read(self, found: list[dict[str, Any]]) -> None:
        """Name authors and rows as this replica knows them."""

        def read(connection: Reading) -> tuple[Rows, dict[str, str]]:
            rows: Rows = []
            details = {}
            for record in found:
                body = record["cuerpo"]
                author = reading.row(connection, "usuario", str(body["usuario_id"])) or {}
                name = author.get("nombre") or author.get("username") or "?"
                words, why = "\n".join(operaciones(connection, body["ops"])), record["mensaje"]
                rows.append((record["cambio_id"], (name, local(record["respondido_en"]), words, why)))
                details[record["cambio_id"]] = f"{words}\n\n{why}"
            return rows, details

        self._station.tasks.read(self, read, self._show)

    def _show(self, found: tuple[Rows, dict[str, str]]) -> None:
        rows, details = found
        self.lista.show_details(details)
        nothing = "" if rows else self.tr("Nada espera su aprobación.")
        retell(self.mensaje, "nota", nothing)
        self.lista.show_rows(rows)
        self.counted.emit(len(rows))

    def _decide(self, decision: Decision, key: str) -> None:
        def done(_: object) -> None:
            self.refresh()

        self._station.tasks.ask(self, partial(self._station.sync.decidir, key, decision), done, error_shower(self))

    def _dismiss(self, key: str) -> None:
        text = self.tr("El cambio queda sin hacer. En la estación de su autor sigue entre los rechazados.")
        ask(self, text, self.tr("No aprobar"), partial(self._decide, "descartar", key))
