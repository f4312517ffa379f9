"""Two values of one field: read side by side, and one click decides."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from servitec_desktop.app import App
from servitec_desktop.demo import pages
from testing.company import Company
from tests.desktop.person import (
    WAIT_MS,
    Open,
    aside,
    badge,
    cell,
    edit,
    focused,
    orden,
    shown,
    take_order,
    wait_up_to_date,
)

LONG = "Se revisó la fuente y la placa.\n" * 40


@pytest.fixture
def conflict(company: Company, workstation: Open, qtbot: QtBot) -> tuple[App, App, str]:
    """Two stations that changed the same two fields; the second one's values came late."""
    company.enroll("a")
    company.enroll("b")
    a, b = workstation("a"), workstation("b")
    orden_id = take_order(a)
    qtbot.waitUntil(lambda: pages.ordenes(b.window).model.rowCount() == 1, timeout=WAIT_MS)
    for app in (a, b):
        wait_up_to_date(qtbot, app)
    aside(b.station.sync.pause)
    edit(a, orden_id, titulo="de a", diagnostico="fuente quemada", en_garantia=True)
    edit(b, orden_id, titulo="de b", diagnostico=LONG)
    wait_up_to_date(qtbot, a)
    aside(b.station.sync.resume)
    qtbot.waitUntil(lambda: "2 en conflicto" in badge(b), timeout=WAIT_MS)
    return a, b, orden_id


def test_both_values_are_read_side_by_side_and_one_click_decides(conflict: tuple[App, App, str], qtbot: QtBot) -> None:
    a, b, orden_id = conflict
    page = shown(b, qtbot)
    lista = page.conflictos
    qtbot.waitUntil(lambda: page.pestanas.currentWidget() is lista and lista.tabla.rowCount() == 2, timeout=WAIT_MS)
    by_field = {cell(lista.tabla, 1, row): row for row in range(2)}
    lista.tabla.selectRow(by_field["Diagnóstico"])
    assert lista.valores.isVisible()
    assert lista.titulo_servidor.text().startswith("Quedó en el servidor — de jefa, ")
    assert lista.titulo_tardio.text().startswith("Valor tardío — de jefa, ")
    assert lista.valor_servidor.toPlainText() == "fuente quemada"
    assert lista.valor_tardio.toPlainText() == LONG
    assert "\n" not in cell(lista.tabla, 4, by_field["Diagnóstico"])
    restore, keep = lista.botones
    for made, box in ((keep, lista.valor_servidor), (restore, lista.valor_tardio)):
        assert made.x() == box.x()
        assert made.y() > box.y()
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lista.tabla.rowCount() == 1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: orden(a, orden_id)["diagnostico"] == LONG, timeout=WAIT_MS)
    assert (lista.valor_servidor.toPlainText(), lista.valor_tardio.toPlainText()) == ("de a", "de b")
    qtbot.waitUntil(lambda: "1 en conflicto" in badge(b), timeout=WAIT_MS)
    assert "Al día" not in badge(b)
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    wait_up_to_date(qtbot, b)
    qtbot.waitUntil(lambda: not lista.valores.isVisible(), timeout=WAIT_MS)
    assert orden(b, orden_id)["titulo"] == "de a"
    wait_up_to_date(qtbot, a)


def test_tab_goes_through_the_screen_in_reading_order(conflict: tuple[App, App, str], qtbot: QtBot) -> None:
    _, b, _ = conflict
    page = shown(b, qtbot)
    lista = page.conflictos
    qtbot.waitUntil(lambda: QApplication.focusWidget() is lista.tabla, timeout=WAIT_MS)
    restore, keep = lista.botones
    for expected in (lista.valor_servidor, keep, lista.valor_tardio, restore):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        assert focused() is expected
    page.pausar.setFocus()
    for following in (page.ahora, page.pestanas.tabBar(), lista.tabla):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        assert focused() is following
