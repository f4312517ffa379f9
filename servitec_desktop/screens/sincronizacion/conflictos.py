"""The conflicts, and the two values of the selected one side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from local_db.open_items import ConflictoFila
from servitec_desktop.palabras import nombre_campo, nombre_tabla
from servitec_desktop.ui.lista import Lista
from servitec_desktop.ui.parts import heading, local, named


@dataclass(frozen=True, slots=True)
class Conflicto:
    """A conflict, and its two values as a person reads them. `resoluble`: by who is signed in."""

    fila: ConflictoFila
    servidor: str
    tardio: str
    resoluble: bool


class Conflictos(QWidget):
    """`botones`: restore the late value, keep the server's; each is under its value."""

    def __init__(self, restore: Callable[[str], None], accept: Callable[[str], None]) -> None:
        super().__init__()
        self._found: dict[str, Conflicto] = {}
        titles = [
            self.tr("Registro"),
            self.tr("Campo"),
            self.tr("Quedó en el servidor"),
            self.tr("De"),
            self.tr("Valor tardío"),
            self.tr("De"),
        ]
        self.lista = Lista(self.tr("Conflictos"), titles, [], wide=4)
        self.tabla, self.botones = self.lista.tabla, self.lista.botones
        restoring = self.lista.button_for(self.tr("Restaurar el &valor tardío"), restore)
        accepting = self.lista.button_for(self.tr("&Conservar el del servidor"), accept)
        self.titulo_servidor, self.titulo_tardio = heading("", "seccion"), heading("", "seccion")
        self.valor_servidor, self.valor_tardio = QPlainTextEdit(), QPlainTextEdit()
        self.valores = QWidget()
        columns = QHBoxLayout(self.valores)
        for title, value, action, name in (
            (self.titulo_servidor, self.valor_servidor, accepting, self.tr("Valor que quedó en el servidor")),
            (self.titulo_tardio, self.valor_tardio, restoring, self.tr("Valor tardío")),
        ):
            value.setReadOnly(True)
            value.setTabChangesFocus(True)
            named(value, name)
            title.setWordWrap(True)
            column = QVBoxLayout()
            column.addWidget(title)
            column.addWidget(value, 1)
            column.addWidget(action)
            columns.addLayout(column, 1)
        self.valores.hide()
        self.ajeno = heading(self.tr("Lo resuelven sus dos autores o un supervisor."), "nota")
        self.ajeno.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.lista, 1)
        layout.addWidget(self.ajeno)
        layout.addWidget(self.valores, 1)
        order = (self.tabla, self.valor_servidor, accepting, self.valor_tardio, restoring)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        self.lista.chosen.connect(self._show_values)

    @property
    def resolubles(self) -> int:
        """How many who is signed in may resolve."""
        return sum(c.resoluble for c in self._found.values())

    def show_conflicts(self, found: list[Conflicto]) -> None:
        """Fill."""
        self._found = {c.fila.id: c for c in found}
        self.lista.show_rows(
            [
                (
                    c.fila.id,
                    (
                        c.fila.folio or nombre_tabla(c.fila.tabla),
                        nombre_campo(c.fila.campo),
                        c.servidor,
                        c.fila.autor_servidor,
                        c.tardio,
                        c.fila.autor_tardio,
                    ),
                )
                for c in found
            ]
        )

    def _show_values(self) -> None:
        """The two values of the selected conflict."""
        found = self._found.get(self.lista.selected() or "")
        self.valores.setVisible(found is not None)
        for made in self.botones:
            made.setEnabled(found is not None and found.resoluble)
        self.ajeno.setVisible(found is not None and not found.resoluble)
        if found is None:
            return
        fila = found.fila
        self._head(self.titulo_servidor, self.tr("Quedó en el servidor"), fila.autor_servidor, fila.servidor_en)
        self._head(self.titulo_tardio, self.tr("Valor tardío"), fila.autor_tardio, fila.tardio_en)
        for box, text in ((self.valor_servidor, found.servidor), (self.valor_tardio, found.tardio)):
            if box.toPlainText() != text:
                box.setPlainText(text)

    def _head(self, label: QLabel, what: str, who: str | None, when: str | None) -> None:
        label.setText(self.tr("{0} — de {1}, {2}").format(what, who or "?", local(when) or "?"))
