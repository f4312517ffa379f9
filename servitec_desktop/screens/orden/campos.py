"""The fields of an order that its reader may change."""

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from domain.base.actor import Actor
from domain.base.row import Row, Value
from domain.ordenes.permissions import CABECERA
from domain.permissions import puede
from local_db.catalogos.queries import CatalogoFila
from servitec_desktop.ui.parts import named

TEXTS = ("falla_reportada", "diagnostico", "trabajo_realizado")
LINES = ("titulo", "ubicacion_fisica")


class Campos(QWidget):
    """What a person has touched stays as he typed it; the rest follows the row."""

    def __init__(self) -> None:
        super().__init__()
        self.campos: dict[str, QPlainTextEdit | QLineEdit | QComboBox] = {
            **{name: QLineEdit() for name in LINES},
            **{name: QPlainTextEdit() for name in TEXTS},
            "prioridad_id": QComboBox(),
        }
        self._vista: Row = {}
        labels = {
            "titulo": self.tr("Tít&ulo"),
            "falla_reportada": self.tr("&Falla reportada"),
            "diagnostico": self.tr("&Diagnóstico"),
            "trabajo_realizado": self.tr("Trabajo reali&zado"),
            "prioridad_id": self.tr("&Prioridad"),
            "ubicacion_fisica": self.tr("Est&ante"),
        }
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for name, text in labels.items():
            field = self.campos[name]
            form.addRow(text, field)
            named(field, text.replace("&", ""))
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
                field.setMaximumHeight(100)

    def forget(self) -> None:
        """Another order comes: nothing of what is typed is its."""
        self._vista = {}

    def show_row(self, fila: Row, prioridades: list[CatalogoFila], actor: Actor | None) -> None:
        """Fields that the person hasn't touched follow the row; the others keep what he saw and typed."""
        editable = actor is not None and puede(actor, "orden.editar", "orden", fila)
        combo = self.campos["prioridad_id"]
        if isinstance(combo, QComboBox) and combo.count() != len(prioridades) + 1:
            combo.clear()
            combo.addItem(self.tr("Sin prioridad"), None)
            for entry in prioridades:
                combo.addItem(entry.nombre, entry.id)
        dirty = self._dirty()
        for name, field in self.campos.items():
            header_only = actor is not None and actor.rol == "recepcionista" and name not in CABECERA
            field.setEnabled(editable and not header_only)
            if name not in dirty:
                self._set(name, fila[name])
        kept = {name: self._vista[name] for name in dirty}
        self._vista = {**fila, **kept}

    def changed(self) -> tuple[Row, Row]:
        """The row as the person saw it, and the fields that he changed."""
        return dict(self._vista), {name: self._get(name) for name in self._dirty()}

    def saved(self, campos: Row) -> None:
        """These are in the row now."""
        self._vista |= campos

    def _set(self, name: str, value: Value) -> None:
        field = self.campos[name]
        if isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findData(value)))
        elif self._get(name) != value:
            text = "" if value is None else str(value)
            field.setPlainText(text) if isinstance(field, QPlainTextEdit) else field.setText(text)

    def _get(self, name: str) -> Value:
        field = self.campos[name]
        if isinstance(field, QComboBox):
            found: str | None = field.currentData()
            return found
        text = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
        return text if text.strip() else None

    def _dirty(self) -> set[str]:
        """The fields whose text isn't what the row said when it was shown."""
        return {name for name in self.campos if self._vista and self._get(name) != (self._vista[name] or None)}
