"""What was done is said over the foot of a page, and nothing of the page moves for it."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from servitec_desktop.demo import pages
from servitec_desktop.ui.toast import MARGIN, Toast
from testing.company import Company
from tests.desktop.person import WAIT_MS, Open, take_order


def test_it_covers_nothing_moves_nothing_and_goes_by_itself(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    pressed: list[bool] = []
    under = QPushButton("Guardar")
    under.setMinimumHeight(200)
    under.clicked.connect(pressed.append)
    layout = QVBoxLayout(page)
    layout.addWidget(under)
    toast = Toast(page)
    page.resize(500, 240)
    with qtbot.waitExposed(page):
        page.show()
    before = under.geometry()
    toast.say("Cambios guardados.")
    assert toast.isVisible()
    assert under.geometry() == before
    assert page.rect().contains(toast.geometry())
    assert page.height() - toast.geometry().bottom() - 1 == MARGIN
    hit = page.childAt(toast.geometry().center())
    assert hit is under, "the mouse reaches what stands under it"
    toast.say("x " * 2000)
    assert toast.width() <= page.width() - 2 * MARGIN
    page.resize(700, 400)
    qtbot.waitUntil(lambda: toast.geometry().center().x() in range(340, 360), timeout=WAIT_MS)
    toast._going.setInterval(1)
    toast.say("Guardado.")
    qtbot.waitUntil(lambda: not toast.isVisible(), timeout=WAIT_MS)
    assert toast.text() == "Guardado."


def test_an_order_is_saved_without_moving_its_form(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    app.window.go("orden", take_order(app))
    page = pages.orden(app.window)
    qtbot.waitUntil(lambda: page.historial.count() == 1, timeout=WAIT_MS)
    field = page.campos["titulo"]
    qtbot.waitUntil(lambda: page.datos.height() >= page.datos.sizeHint().height(), timeout=WAIT_MS)
    place = field.mapTo(page, QPoint(0, 0))
    field.setText("Fuente")  # type: ignore[union-attr]
    page.save()
    qtbot.waitUntil(page.mensaje.isVisible, timeout=WAIT_MS)
    app.window.grab()
    assert page.mensaje.text() == "Cambios guardados."
    assert field.mapTo(page, QPoint(0, 0)) == place
