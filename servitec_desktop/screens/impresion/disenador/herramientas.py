"""What can be done to the fields: add, undo, copy, align, order, look nearer."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from domain.base.errors import KnownError
from printing.labels.plantilla import Campo, Code128, Ean13, Linea, Logo, Qr, Texto
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.screens.impresion.disenador.lienzo import Lienzo
from servitec_desktop.screens.impresion.disenador.modelo import Edicion
from servitec_desktop.screens.impresion.disenador.panel import NOMBRES
from servitec_desktop.ui.parts import named, show_error

BLANK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
"""A picture of one black dot, until one is chosen."""
NUEVOS: tuple[Campo, ...] = (
    Texto(5, 5, 30, 4, QT_TR_NOOP("Texto")),
    Code128(6, 5, 8, "ABC-123"),
    Ean13(6, 5, 8, "7801234567894"),
    Qr(6, 6, "https://example.com"),
    Linea(5, 5, 30, 0.4),
    Logo(5, 5, 15, 10, BLANK),
)
"""What a new field of each kind is like."""

Work = Callable[[], object]


class Herramientas(QWidget):
    """A row of tools. Their keys work in the whole window."""

    def __init__(self, edicion: Edicion, lienzo: Lienzo, window: QWidget) -> None:
        super().__init__()
        self._edicion, self._lienzo = edicion, lienzo
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.agregar = self._menu()
        tools: tuple[tuple[str, str, str, Work], ...] = (
            ("↶", self.tr("Deshacer"), "Ctrl+Z", edicion.pila.undo),
            ("↷", self.tr("Rehacer"), "Ctrl+Y", edicion.pila.redo),
            ("⧉", self.tr("Copiar"), "Ctrl+C", self._copy),
            ("⎘", self.tr("Pegar"), "Ctrl+V", self._paste),
            ("2×", self.tr("Duplicar"), "Ctrl+D", edicion.duplicar),
            ("✕", self.tr("Borrar"), "", edicion.borrar),
            ("⇤", self.tr("Alinear a la izquierda"), "", partial(self._align, "izquierda")),
            ("↔", self.tr("Centrar"), "", partial(self._align, "centro")),
            ("⇥", self.tr("Alinear a la derecha"), "", partial(self._align, "derecha")),
            ("⤒", self.tr("Alinear arriba"), "", partial(self._align, "arriba")),
            ("▲", self.tr("Antes en la lista"), "", partial(edicion.ordenar, -1)),
            ("▼", self.tr("Después en la lista"), "", partial(edicion.ordenar, 1)),
            ("−", self.tr("Alejar"), "Ctrl+-", lambda: lienzo.zoom(lienzo.escala / 1.25)),
            ("+", self.tr("Acercar"), "Ctrl++", lambda: lienzo.zoom(lienzo.escala * 1.25)),
        )
        for sign, name, key, work in tools:
            self._tool(sign, name, key, work)
            if key:
                action = QAction(window)
                action.setShortcut(QKeySequence(key))
                action.triggered.connect(lambda _=False, work=work: work())
                window.addAction(action)
        self._row.addStretch(1)

    def _menu(self) -> QMenu:
        add = QToolButton()
        add.setText(self.tr("Agregar"))
        add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        named(add, self.tr("Agregar un campo"))
        menu = QMenu(add)
        for campo in NUEVOS:
            new = replace(campo, contenido=tr(campo.contenido)) if isinstance(campo, Texto) else campo
            menu.addAction(tr(NOMBRES[campo.clase]), partial(self._edicion.agregar, new))
        add.setMenu(menu)
        self._row.addWidget(add)
        return menu

    def _tool(self, sign: str, name: str, key: str, work: Work) -> None:
        tool = QToolButton()
        tool.setText(sign)
        tool.setToolTip(f"{name} ({key})" if key else name)
        tool.setAutoRaise(True)
        named(tool, name)
        tool.clicked.connect(lambda _=False: work())
        self._row.addWidget(tool)

    def _align(self, where: str) -> None:
        if self._edicion.elegido is not None:
            self._edicion.alinear(where, self._lienzo.rect_mm(self._edicion.elegido))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._edicion.copiar())

    def _paste(self) -> None:
        try:
            self._edicion.pegar(QGuiApplication.clipboard().text())
        except KnownError as error:
            what = self.tr("En el portapapeles no hay campos de etiqueta: {0}").format(error.message)
            show_error(self, KnownError(what, self.tr("Copie un campo en este diseñador o en otro.")))
