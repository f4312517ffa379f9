"""What the server holds no proof of, shown to its author with all its values: he confirms it, or doesn't."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from local_db import confirmar
from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.palabras import operaciones
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import INSET, Lista
from servitec_desktop.ui.parts import ask, error_shower, heading

Fila = tuple[str, int, str]
"""Id and number of a change, and its values in words."""


class PorConfirmar(QWidget):
    """Only what the person at the desk made."""

    counted = Signal(int)

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._words: dict[str, str] = {}
        self.lista = Lista(
            tr("Por confirmar"),
            [tr("N.º"), tr("Cambio")],
            [(tr("&Confirmar y enviar…"), self._confirm), (tr("&Descartar…"), self._discard)],
            wide=1,
        )
        self.tabla, self.botones = self.lista.tabla, self.lista.botones
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        self.lista.flush()
        self.lista.add_detail(tr("Todo lo que dice el cambio"))
        said = tr("El servidor no puede comprobar que estos cambios son suyos. Confirme sólo los que usted hizo.")
        self.nota = heading(said, "nota")
        self.nota.setWordWrap(True)
        layout.addWidget(self.nota)
        layout.addWidget(self.lista, 1)

    def refresh(self) -> None:
        """Read what waits for this person's word."""
        actor = self._station.person.actor

        def read(connection: Reading) -> list[Fila]:
            found = confirmar.por_confirmar(connection, actor) if actor is not None else []
            return [(f.cambio_id, f.n, "\n".join(operaciones(connection, f.ops))) for f in found]

        self._station.tasks.read(self, read, self._show)

    def _show(self, found: list[Fila]) -> None:
        self._words = {key: words for key, _, words in found}
        self.lista.show_details(self._words)
        self.lista.show_rows([(key, (n, words)) for key, n, words in found])
        self.counted.emit(len(found))

    def _confirm(self, key: str) -> None:
        text = self.tr("¿Hizo usted este cambio?") + f"\n\n{self._words[key]}"
        ask(self, text, self.tr("Lo hice: enviar"), partial(self._write, partial(self._station.person.confirm, key)))

    def _discard(self, key: str) -> None:
        text = self.tr("Pasa a los rechazados, con lo que depende de él. Ningún servidor lo tiene.")
        own = self._station
        forget: Callable[[], object] = lambda: confirmar.no_es_mio(own.replica, own.person.signed_in(), key)  # noqa: E731
        ask(self, f"{text}\n\n{self._words[key]}", self.tr("Descartar"), partial(self._write, forget))

    def _write(self, work: Callable[[], object]) -> None:
        self._station.tasks.write(self, work, lambda _: self.refresh(), error_shower(self))
