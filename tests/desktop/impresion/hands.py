"""What a person does on the screen, and what he sees there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMessageBox, QTableWidget
from pytestqt.qtbot import QtBot

from printing import printers
from printing.printers import Impresora
from printing.trabajos import Pedido
from servitec_desktop.app import App
from servitec_desktop.screens.impresion.ficha import FichaImpresora

WAIT_MS = 15_000
LABEL = "^XA^CI28^FO10,10^A0N,30,30^FD{0}^FS^PQ1^XZ"


def cell(table: QTableWidget, column: int, row: int = 0) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def queue(app: App, titulo: str, destino: str) -> str:
    return app.station.printing.enqueue(Pedido(titulo, LABEL.format(titulo).encode(), destino))


def saved(app: App) -> list[Impresora]:
    with app.station.replica.reading() as connection:
        return printers.impresoras(connection)


def estado(app: App, key: str) -> str:
    with app.station.replica.reading() as connection:
        (found,) = app.station.encolador.trabajos_de(connection, (key,))
    return found.estado


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def confirm(qtbot: QtBot, *, yes: bool = True) -> None:
    """Answer the question that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox), timeout=WAIT_MS)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    role = QMessageBox.ButtonRole.AcceptRole if yes else QMessageBox.ButtonRole.RejectRole
    next(b for b in box.buttons() if box.buttonRole(b) is role).click()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=WAIT_MS)


def dialog(qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=WAIT_MS)
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def card(qtbot: QtBot) -> FichaImpresora:
    found = dialog(qtbot, FichaImpresora)
    assert isinstance(found, FichaImpresora)
    return found
