"""Which printer takes each kind of label by itself."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from printing.labels.registry import KINDS
from printing.printers import Impresora, PorTipo
from servitec_desktop.i18n import tr
from servitec_desktop.ui.lista import INSET
from servitec_desktop.ui.parts import heading, named


class PorTipoTabla(QWidget):
    """A row a kind: what it is, its printer, its template. `chosen`: PorTipo."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.impresoras: dict[str, QComboBox] = {}
        self.plantillas: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for column, title in enumerate((tr("Etiqueta"), tr("Impresora"), tr("Plantilla"), "")):
            grid.addWidget(heading(title, "seccion"), 0, column)
        for row, (tipo, kind) in enumerate(KINDS.items(), start=1):
            name = tr(kind.nombre)
            printer, template, note = QComboBox(), QComboBox(), QLabel(tr(kind.explicacion))
            note.setObjectName("nota")
            for combo, words in ((printer, tr("Impresora de «{0}»")), (template, tr("Plantilla de «{0}»"))):
                named(combo, words.format(name))
                combo.setMinimumWidth(200)
                combo.activated.connect(partial(self._choose, tipo))
            self.impresoras[tipo], self.plantillas[tipo] = printer, template
            for column, widget in enumerate((QLabel(name), printer, template, note)):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(3, 1)
        hint = QLabel(
            tr("Al guardar una recepción se imprimen solas la etiqueta de la orden y una por accesorio. Un tipo sin "
               "impresora no se imprime solo; a pedido se usa la impresora de las órdenes.")
        )  # fmt: skip
        hint.setObjectName("nota")
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        layout.addWidget(hint)
        layout.addLayout(grid)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_choices(
        self, elegidas: dict[str, PorTipo], impresoras: list[Impresora], plantillas: dict[str, list[tuple[str, str]]]
    ) -> None:
        """Fill. `plantillas`: key and name of the templates of each kind."""
        for tipo, now in elegidas.items():
            none = tr("No se imprime sola") if KINDS[tipo].al_recibir else tr("La de las órdenes")
            self._fill(self.impresoras[tipo], none, [(i.id, i.nombre) for i in impresoras], now.impresora_id)
            fits = tr("La que mejor cabe en el papel")
            self._fill(self.plantillas[tipo], fits, plantillas.get(tipo, []), now.plantilla)

    def _fill(self, combo: QComboBox, none: str, entries: list[tuple[str, str]], current: str | None) -> None:
        wanted = [(None, none), *entries]
        if [(combo.itemData(i), combo.itemText(i)) for i in range(combo.count())] != wanted:
            combo.clear()
            for key, text in wanted:
                combo.addItem(text, key)
        combo.setCurrentIndex(max(0, combo.findData(current)))

    def _choose(self, tipo: str, _: int) -> None:
        printer, template = self.impresoras[tipo].currentData(), self.plantillas[tipo].currentData()
        self.chosen.emit(PorTipo(tipo, printer, template))
