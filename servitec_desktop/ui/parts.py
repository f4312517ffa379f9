"""Small parts that screens share."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QWidget

from domain.base.errors import KnownError
from servitec_desktop.i18n import tr
from servitec_desktop.propio import local as local
from servitec_desktop.propio import telefono as telefono

SPANISH = QLocale(QLocale.Language.Spanish, QLocale.Country.Chile)


def heading(text: str, kind: str = "titulo") -> QLabel:
    """A heading: `titulo` or `seccion`."""
    label = QLabel(text)
    label.setObjectName(kind)
    return label


def message_label(kind: str) -> QLabel:
    """An empty line for what went wrong (`error`) or well (`exito`)."""
    label = heading("", kind)
    label.setWordWrap(True)
    label.hide()
    return label


def tell(label: QLabel, text: str) -> None:
    """Show a text in a message line, or hide it."""
    label.setText(text)
    label.setVisible(bool(text))


def make_room(window: QWidget) -> None:
    """Let a dialog grow for a line that has just appeared, instead of squeezing its fields."""
    layout = window.layout()
    if layout is not None:
        layout.activate()
        window.resize(window.width(), max(window.height(), layout.totalHeightForWidth(window.width())))


def retell(label: QLabel, kind: str, text: str) -> None:
    """Show a text in a message line of another kind: `error`, `aviso`, `exito`, `nota`."""
    if label.objectName() != kind:
        label.setObjectName(kind)
        label.style().unpolish(label)
        label.style().polish(label)
    tell(label, text)


def ask(parent: QWidget, text: str, yes: str, action: Callable[[], None]) -> None:
    """A question; `action` runs when the person chooses `yes`. Esc and Enter leave everything as it is."""
    title = tr("Confirmar")
    box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=parent)
    doing = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    leave = box.addButton(tr("Volver"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leave)
    box.setEscapeButton(leave)
    box.setAccessibleName(title)
    doing.clicked.connect(action)
    box.open()


def button(text: str, name: str, *, main: bool = False) -> QPushButton:
    """A button with an accessible name; `main` ones answer to Enter in dialogs only."""
    made = QPushButton(text)
    made.setAccessibleName(name)
    made.setAutoDefault(main)
    return made


def named(widget: QWidget, name: str) -> None:
    """Give a widget its accessible name."""
    widget.setAccessibleName(name)


def show_error(parent: QWidget, error: KnownError) -> None:
    """A refusal, with what to do."""
    title = tr("No se pudo hacer")
    box = QMessageBox(QMessageBox.Icon.Warning, title, error.message, parent=parent)
    box.setInformativeText(error.hint)
    box.setAccessibleName(title)
    box.open()


def error_shower(parent: QWidget) -> "partial[None]":
    """A callback that shows a KnownError over `parent`."""
    return partial(show_error, parent)
