"""What the server refused: corrected, sent again as it is, or forgotten."""

from collections.abc import Callable
from functools import partial

from local_db import people
from local_db.open_items import RechazoFila
from servitec_desktop.i18n import tr
from servitec_desktop.screens.sincronizacion.dialogos import Enmienda, Grupo, leer_grupos, preguntar_descarte
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import Lista
from servitec_desktop.ui.parts import error_shower, local


class Rechazados(Lista):
    """The list "Rechazados". `write` runs a change of the replica away from the window's thread."""

    def __init__(
        self, station: Station, write: Callable[[Callable[[], object]], None], refresh: Callable[[], None]
    ) -> None:
        super().__init__(
            tr("Rechazados"),
            [tr("N.º"), tr("Autor"), tr("Cuándo"), tr("Por qué"), tr("Cambio")],
            [
                (tr("&Corregir y reenviar…"), self._mend),
                (tr("R&eenviar"), self._retry),
                (tr("&Descartar"), self._discard),
            ],
            wide=3,
        )
        self._station = station
        self._write, self._refresh = write, refresh
        self._refused: dict[str, RechazoFila] = {}
        self.chosen.connect(self._enable_mending)

    def show_refused(self, found: list[RechazoFila]) -> None:
        """Fill."""
        self._refused = {f.cambio_id: f for f in found}
        self.show_rows([(f.cambio_id, (f.n, f.autor, local(f.rechazado_en), f.mensaje, f.resumen)) for f in found])

    def _enable_mending(self) -> None:
        """Of a change of which nothing could be read there is nothing to correct nor to send."""
        refused = self._refused.get(self.selected() or "")
        for made in self.botones[:2]:
            made.setEnabled(refused is not None and bool(refused.resumen))

    def _mend(self, key: str) -> None:
        """Read the whole change, then open the dialog."""
        refused = self._refused[key]

        def read() -> tuple[Grupo, ...]:
            with self._station.replica.reading() as connection:
                return leer_grupos(connection, key)

        def show(grupos: tuple[Grupo, ...]) -> None:
            dialog = Enmienda(self._station, refused, grupos, self)
            dialog.accepted.connect(self._refresh)
            dialog.open()

        self._station.tasks.write(self, read, show, error_shower(self))

    def _retry(self, key: str) -> None:
        replica, person = self._station.replica, self._station.person
        self._write(lambda: people.reofrecer_rechazo(replica, person.signed_in(), key))

    def _discard(self, key: str) -> None:
        forget = partial(people.descartar_rechazo, self._station.replica, key)
        preguntar_descarte(self._refused[key], lambda: self._write(forget), self)
