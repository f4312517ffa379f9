"""What can be set of the chosen field."""

import base64
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from domain.base.errors import KnownError
from printing.labels.plantilla import Campo, Logo, imagen
from printing.labels.registry import KINDS
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.screens.impresion.disenador.modelo import Edicion
from servitec_desktop.ui.parts import SPANISH, button, heading, named, show_error
from storage.causes import cause

NOMBRES = {
    "texto": QT_TR_NOOP("Texto"),
    "code128": QT_TR_NOOP("Código de barras"),
    "ean13": QT_TR_NOOP("Código EAN-13"),
    "qr": QT_TR_NOOP("Código QR"),
    "linea": QT_TR_NOOP("Línea"),
    "logo": QT_TR_NOOP("Logo"),
}
_MM = {
    "x_mm": QT_TR_NOOP("&Desde la izquierda"),
    "y_mm": QT_TR_NOOP("Desde a&rriba"),
    "ancho_mm": QT_TR_NOOP("&Ancho"),
    "alto_mm": QT_TR_NOOP("A&lto"),
    "modulo_mm": QT_TR_NOOP("&Barra más fina"),
}


class Panel(QWidget):
    """Rebuilt for another field, filled again when this one changes."""

    def __init__(self, edicion: Edicion) -> None:
        super().__init__()
        self._edicion = edicion
        self._shown: tuple[int | None, str] = (None, "")
        self.campos: dict[str, Any] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._body = QWidget()
        self._layout.addWidget(self._body)
        self._layout.addStretch(1)
        edicion.chosen.connect(self.refresh)
        edicion.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen field."""
        campo = self._edicion.campo
        key = (self._edicion.elegido, f"{campo.clase if campo else ''}{self._edicion.plantilla.tipo}")
        if key != self._shown or not self.campos:
            self._shown = key
            self._build(campo)
        if campo is not None:
            self._fill(campo)

    def _build(self, campo: Campo | None) -> None:
        self._layout.removeWidget(self._body)
        self._body.hide()
        self._body.deleteLater()
        self._body = QWidget()
        self._layout.insertWidget(0, self._body)
        self.campos = {}
        box = QVBoxLayout(self._body)
        box.setContentsMargins(0, 0, 0, 0)
        if campo is None:
            hint = QLabel(self.tr("Elija un campo en la etiqueta, o agregue uno."))
            hint.setObjectName("nota")
            hint.setWordWrap(True)
            box.addWidget(hint)
            return
        box.addWidget(heading(tr(NOMBRES[campo.clase]), "seccion"))
        form = QFormLayout()
        box.addLayout(form)
        if hasattr(campo, "contenido"):
            form.addRow(self.tr("&Contenido"), self._content())
        for name, label in _MM.items():
            if hasattr(campo, name):
                letters = self.tr("Letra (a&lto)") if campo.clase == "texto" and name == "alto_mm" else tr(label)
                form.addRow(letters, self._millimetres(name, letters))
        if campo.clase == "texto":
            self._text_only(form)
        if isinstance(campo, Logo):
            form.addRow(self._choose_picture())

    def _text_only(self, form: QFormLayout) -> None:
        lines = QSpinBox(minimum=1, maximum=40)
        lines.valueChanged.connect(partial(self._edit, "lineas"))
        named(lines, self.tr("Líneas"))
        align = QComboBox()
        for value, text in (
            ("izquierda", self.tr("Izquierda")),
            ("centro", self.tr("Centro")),
            ("derecha", self.tr("Derecha")),
        ):
            align.addItem(text, value)
        align.activated.connect(lambda _: self._edit("alineacion", align.currentData()))
        named(align, self.tr("Alineación"))
        whole = QCheckBox(self.tr("Nunca se corta: si no cabe, no se imprime"))
        whole.toggled.connect(partial(self._edit, "identificador"))
        form.addRow(self.tr("Lí&neas"), lines)
        form.addRow(self.tr("Al&ineación"), align)
        form.addRow(whole)
        self.campos |= {"lineas": lines, "alineacion": align, "identificador": whole}

    def _content(self) -> QWidget:
        line = QLineEdit()
        line.textEdited.connect(lambda text: self._edicion.cambiar(self.tr("contenido"), run=True, contenido=text))
        line.editingFinished.connect(self._edicion.stop_run)
        named(line, self.tr("Contenido"))
        insert = QToolButton()
        insert.setText("{…}")
        insert.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        named(insert, self.tr("Insertar un dato"))
        menu = QMenu(insert)
        for name, (what, sample) in KINDS[self._edicion.plantilla.tipo].campos.items():
            menu.addAction(f"{tr(what)}  ({sample})", partial(self._insert, name))
        insert.setMenu(menu)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(line, 1)
        row.addWidget(insert)
        self.campos["contenido"] = line
        return both

    def _insert(self, name: str) -> None:
        line = self.campos["contenido"]
        line.insert("{" + name + "}")
        self._edicion.cambiar(self.tr("contenido"), contenido=line.text())

    def _millimetres(self, name: str, label: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox(minimum=0, maximum=1000, decimals=2, singleStep=0.5, suffix=" mm")
        if name == "modulo_mm":
            box.setRange(0.19, 3)
            box.setSingleStep(0.05)
        elif name == "alto_mm":
            box.setMinimum(1.5 if self._edicion.campo is not None and self._edicion.campo.clase == "texto" else 0.1)
        elif name == "ancho_mm":
            box.setMinimum(0.1)
        box.setKeyboardTracking(False)
        box.setLocale(SPANISH)
        box.valueChanged.connect(partial(self._edit, name))
        named(box, label.replace("&", ""))
        self.campos[name] = box
        return box

    def _choose_picture(self) -> QPushButton:
        made = button(self.tr("Elegir &imagen…"), self.tr("Elegir la imagen del logo"))
        made.clicked.connect(self._ask_picture)
        return made

    def _ask_picture(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Imagen"), "", self.tr("Imágenes (*.png *.jpg *.jpeg)"))
        if name:
            self.use_picture(Path(name))

    def use_picture(self, path: Path) -> None:
        """Put the picture of a file into the chosen logo."""
        try:
            text = base64.b64encode(path.read_bytes()).decode()
            imagen(text)
        except OSError as error:
            show_error(self, KnownError(self.tr("No se puede leer {0}: {1}.").format(path, cause(error))))
        except KnownError as error:
            show_error(self, error)
        else:
            self._edicion.cambiar(self.tr("imagen"), imagen=text)

    def _edit(self, name: str, value: Any) -> None:
        self._edicion.cambiar(self.tr("propiedad"), **{name: value})

    def _fill(self, campo: Campo) -> None:
        for name, widget in self.campos.items():
            value = getattr(campo, name)
            widget.blockSignals(True)
            if isinstance(widget, QLineEdit):
                if widget.text() != value:
                    widget.setText(value)
            elif isinstance(widget, QComboBox):
                widget.setCurrentIndex(widget.findData(value))
            elif isinstance(widget, QCheckBox):
                widget.setChecked(value)
            else:
                widget.setValue(value)
            widget.blockSignals(False)
