"""What others made while they had the right to, and the server took no more: a supervisor decides."""

from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from domain.errors import KnownError
from local_db import queries
from servitec_desktop.palabras import nombre_campo, nombre_fila
from servitec_desktop.screens.lista import INSET, Lista
from servitec_desktop.screens.parts import ask, error_shower, local, message_label, retell
from servitec_desktop.screens.sincronizacion.legible import legible
from servitec_desktop.station import Station
from sync.transport import Decision


def en_palabras(connection: Any, op: dict[str, Any]) -> str:
    """An operation with its values: `orden A1-000002: Diagnóstico (vacío) → fuente quemada`."""
    tabla, campos = op["tabla"], op["campos"]
    name = nombre_fila(connection, tabla, op["id"]) or campos.get("folio") or ""
    head = f"{tabla} {name}".strip()
    if op["tipo"] == "baja":
        return QCoreApplication.translate("PorAprobar", "{0}: borrar").format(head)
    fields = []
    for campo in sorted(campos):
        value = legible(connection, tabla, campo, campos[campo])
        if op["tipo"] == "cambio":
            value = f"{legible(connection, tabla, campo, op['antes'].get(campo))} → {value}"
        elif campos[campo] is None:
            continue
        fields.append(f"{nombre_campo(campo)} {value}")
    return f"{head}: {', '.join(fields)}"


class PorAprobar(QWidget):
    """Asks the server whenever it is shown: what waits for a decision is on no replica."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._found: dict[str, dict[str, Any]] = {}
        tr = self.tr
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
        layout.addWidget(self.mensaje)
        layout.addWidget(self.lista, 1)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt)
        """Ask anew."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask the server what waits."""
        retell(self.mensaje, "nota", self.tr("Preguntando al servidor…"))
        self._station.tasks.ask(self, self._station.por_aprobar, self._read, self._unreachable)

    def _unreachable(self, error: KnownError) -> None:
        retell(self.mensaje, "aviso", f"{error.message} {error.hint}")

    def _read(self, found: list[dict[str, Any]]) -> None:
        """Name authors and rows as this replica knows them."""

        def read(connection: Any) -> list[tuple[str, tuple[object, ...]]]:
            rows: list[tuple[str, tuple[object, ...]]] = []
            for record in found:
                body = record["cuerpo"]
                author = queries.row(connection, "usuario", str(body["usuario_id"])) or {}
                name = author.get("nombre") or author.get("username") or "?"
                words = "; ".join(en_palabras(connection, op) for op in body["ops"] if op["tabla"] != "historial_orden")
                rows.append((record["cambio_id"], (name, local(record["respondido_en"]), words, record["mensaje"])))
            return rows

        self._station.tasks.read(self, read, self._show)

    def _show(self, rows: list[tuple[str, tuple[object, ...]]]) -> None:
        nothing = "" if rows else self.tr("Nada espera su aprobación.")
        retell(self.mensaje, "nota", nothing)
        self.lista.show_rows(rows)

    def _decide(self, decision: Decision, key: str) -> None:
        def done(_: object) -> None:
            self.refresh()

        self._station.tasks.ask(self, partial(self._station.decidir, key, decision), done, error_shower(self))

    def _dismiss(self, key: str) -> None:
        text = self.tr("El cambio queda sin hacer. En la estación de su autor sigue entre los rechazados.")
        ask(self, text, self.tr("No aprobar"), partial(self._decide, "descartar", key))
