"""What a restore of the server lost and nobody brought back."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from local_db import reading
from local_db.perdidas import FilaPerdida, filas_perdidas
from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.palabras import nombre_campo, nombre_tabla, valor
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import INSET, Lista
from servitec_desktop.ui.parts import local


class Perdidas(QWidget):
    """Read when the screen is shown; `counted` says how many rows there are."""

    counted = Signal(int)

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._texts: dict[str, str] = {}
        nota = QLabel(
            tr(
                "El servidor se restauró de un respaldo más viejo que estos registros, y nadie los devolvió todavía. "
                "Revíselos y vuelva a anotar lo que haga falta: se muestran 30 días."
            )
        )
        nota.setObjectName("nota")
        nota.setWordWrap(True)
        self.lista = Lista(
            tr("Historia perdida"),
            [tr("Registro"), tr("Lo que se perdió"), tr("De"), tr("Cuándo")],
            [(tr("&Copiar el texto"), self._copy)],
            wide=1,
        )
        self.tabla = self.lista.tabla
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        self.lista.flush()
        layout.addWidget(nota)
        layout.addWidget(self.lista, 1)

    def refresh(self) -> None:
        """Compare the replicas of lost histories with the present one."""
        self._station.tasks.write(self, lambda: filas_perdidas(self._station.replica), self._read)

    def _read(self, found: list[FilaPerdida]) -> None:
        def read(connection: Reading) -> list[tuple[str, tuple[object, ...]]]:
            return [(f"{f.tabla}/{f.id}", _columns(connection, f)) for f in found]

        self._station.tasks.read(self, read, self._show)

    def _show(self, rows: list[tuple[str, tuple[object, ...]]]) -> None:
        self._texts = {key: " · ".join(str(value) for value in values) for key, values in rows}
        self.lista.show_rows(rows)
        self.counted.emit(len(rows))

    def _copy(self, key: str) -> None:
        QGuiApplication.clipboard().setText(self._texts[key])


def _columns(connection: Reading, lost: FilaPerdida) -> tuple[object, ...]:
    """The row's name, its lost values in words, author and time."""
    name = next((str(lost.fila[n]) for n in ("folio", "nombre", "username", "marca") if lost.fila.get(n)), "")
    author = reading.row(connection, "usuario", str(lost.fila["actualizado_por"])) or {}
    words = []
    for campo, (then, now) in sorted(lost.campos.items()):
        value = valor(connection, lost.tabla, campo, then, {})
        if value is None:
            continue
        if lost.ahora is not None:
            value += f" ({valor(connection, lost.tabla, campo, now, {}) or '?'})"
        words.append(f"{nombre_campo(campo)} {value}")
    who = author.get("nombre") or author.get("username") or "?"
    return (f"{nombre_tabla(lost.tabla)} {name}".strip(), ", ".join(words), who, local(lost.fila["actualizado_en"]))
