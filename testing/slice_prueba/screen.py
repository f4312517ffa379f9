"""The screen of accounts: who owes what, and the label of one."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from domain.base.row import Row
from local_db import rows
from local_db.reading import Reading
from local_db.replica import Changes
from printing.encolar import Encoladas
from printing.permiso import imprime
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import Lista
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import error_shower, heading, message_label, tell

TABLE = "prueba_cuenta"


def _cuentas(connection: Reading) -> list[Row]:
    db = rows.raw(connection)
    keys = [key for (key,) in db.execute(f"SELECT id FROM {TABLE} ORDER BY id").fetchall()]  # noqa: S608
    return [row for key in keys if (row := rows.get(db, TABLE, key)) is not None]


class Pruebas(Screen):
    """A row an account."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._rows: dict[str, Row] = {}
        self.lista = Lista("Cuentas", ["Nombre", "Estado", "Saldo"], [("Imprimir etiqueta", self._print)])
        (self.etiqueta,) = self.lista.botones
        self.mensaje = message_label("exito")
        layout = QVBoxLayout(self)
        for part in (heading("Cuentas"), self.mensaje, self.lista):
            layout.addWidget(part)
        self.lista.chosen.connect(self._chosen)
        station.changed.connect(self._changed)
        station.person.changed.connect(self._chosen)
        self._read()

    def show_record(self, key: str) -> None:
        """Choose this account."""
        self.lista.tabla.selectRow(list(self._rows).index(key))

    def _read(self) -> None:
        self._station.tasks.read(self, _cuentas, self._show)

    def _show(self, found: list[Row]) -> None:
        self._rows = {str(row["id"]): row for row in found}
        self.lista.show_rows([(k, (r["nombre"], r["estado"], r["saldo_centavos"])) for k, r in self._rows.items()])
        self.ready.emit()

    def _changed(self, changes: Changes) -> None:
        if TABLE in changes.tables:
            self._read()

    def _chosen(self) -> None:
        row = self._rows.get(self.lista.selected() or "")
        self.etiqueta.setEnabled(row is not None and imprime(self._station.person.actor, TABLE, row))

    def _print(self, key: str) -> None:
        def done(queued: Encoladas) -> None:
            tell(self.mensaje, f"{len(queued.ids)} en la cola.")

        self._station.tasks.write(self, partial(self._station.encolador.encolar, TABLE, key), done, error_shower(self))
