"""What the server refused, as a person reads it, corrects it, sends it again or forgets it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMessageBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from domain.base.ambient import to_instant
from domain.base.errors import KnownError
from local_db import open_items, people
from local_db.ordenes import queries
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.sincronizacion.dialogos import Enmienda, _Campo
from servitec_desktop.screens.sincronizacion.pantalla import Sincronizacion
from testing.company import Company
from tests.desktop.person import WAIT_MS, Open, aside, badge, focused, move, orden, shown, take_order, wait_up_to_date


def dialog_of(qtbot: QtBot, page: Sincronizacion) -> Enmienda:
    """The dialog that is open for a refused change."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Enmienda), timeout=WAIT_MS)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Enmienda)
    assert dialog.parent() is page.rechazados
    return dialog


def field(dialog: Enmienda, tabla: str, campo: str) -> _Campo:
    (found,) = [made for (t, _, c), made in dialog.campos.items() if (t, c) == (tabla, campo)]
    return found


@pytest.fixture
def refused(company: Company, workstation: Open, qtbot: QtBot) -> tuple[App, App]:
    """Two stations that took the same reference in; the second one's whole order was refused."""
    company.enroll("a")
    company.enroll("b")
    a, b = workstation("a"), workstation("b")
    for app in (a, b):
        wait_up_to_date(qtbot, app)
    aside(b.station.sync.pause)
    take_order(a, referencia_externa="GARANTÍA-7")
    take_order(b, referencia_externa="GARANTÍA-7", garantia_dias=30)
    wait_up_to_date(qtbot, a)
    aside(b.station.sync.resume)
    qtbot.waitUntil(lambda: "1 rechazado" in badge(b), timeout=WAIT_MS)
    return a, b


def test_a_refused_order_is_read_in_words(refused: tuple[App, App], qtbot: QtBot) -> None:
    _, b = refused
    assert "Al día" not in badge(b)
    page = shown(b, qtbot)
    table = page.rechazados.tabla
    qtbot.waitUntil(lambda: page.pestanas.currentWidget() is page.rechazados, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is table, timeout=WAIT_MS)
    page.rechazados.botones[0].click()
    dialog = dialog_of(qtbot, page)
    assert dialog.motivo.toPlainText() == table.item(0, 3).toolTip()  # type: ignore[union-attr]
    said = dialog.motivo.toPlainText()
    assert "«Referencia externa» (orden) «GARANTÍA-7» ya está en uso." in said
    assert "Escriba otro valor" in said
    assert {tabla for tabla, _, _ in dialog.campos} == {"cliente", "equipo", "orden", "historial_orden"}
    shown_texts = [
        made.widget.currentText()
        if isinstance(made.widget, QComboBox)
        else made.widget.toPlainText()
        if isinstance(made.widget, QPlainTextEdit)
        else made.widget.text()
        for made in dialog.campos.values()
    ]
    assert [t for t in shown_texts if re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|T\d\d:\d\d:", t)] == [], (
        "no id, no raw instant"
    )
    taken_in = field(dialog, "orden", "recepcion_en").widget
    assert isinstance(taken_in, QLineEdit)
    moment = taken_in.text()
    taken_in.setText("ayer")
    dialog.save()
    assert "una fecha y hora como" in dialog.error.text()
    taken_in.setText("02-01-2026 10:30")
    assert dialog.changed() == {
        field(dialog, "orden", "recepcion_en").linea.clave: to_instant(
            datetime(2026, 1, 2, 10, 30, tzinfo=ZoneInfo("America/Santiago"))
        )
    }
    taken_in.setText(moment)
    assert dialog.changed() == {}
    dialog.reject()


def test_a_refused_order_is_corrected_and_taken(refused: tuple[App, App], qtbot: QtBot) -> None:
    a, b = refused
    page = shown(b, qtbot)
    table, mend = page.rechazados.tabla, page.rechazados.botones[0]
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=WAIT_MS)
    mend.click()
    dialog = dialog_of(qtbot, page)
    reference = field(dialog, "orden", "referencia_externa").widget
    days = field(dialog, "orden", "garantia_dias").widget
    problem = field(dialog, "orden", "falla_reportada").widget
    assert isinstance(reference, QLineEdit)
    assert isinstance(days, QLineEdit)
    assert isinstance(problem, QPlainTextEdit)
    assert (reference.text(), days.text(), problem.toPlainText()) == ("GARANTÍA-7", "30", "No enciende")
    days.setText("un mes")
    dialog.save()
    assert "número entero" in dialog.error.text()
    days.setText("90")
    brand = field(dialog, "equipo", "marca").widget
    assert isinstance(brand, QLineEdit)
    brand.setText("x" * 200)
    dialog.guardar.click()
    qtbot.waitUntil(lambda: "admite 120 caracteres" in dialog.error.text(), timeout=WAIT_MS)
    assert dialog.isVisible()
    assert table.rowCount() == 1
    brand.setText("")
    reference.setText("GARANTÍA-8")
    with qtbot.waitSignal(dialog.accepted, timeout=WAIT_MS):
        dialog.guardar.click()
    wait_up_to_date(qtbot, b)
    qtbot.waitUntil(lambda: table.rowCount() == 0 and not mend.isEnabled(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: pages.ordenes(a.window).model.rowCount() == 2, timeout=WAIT_MS)
    with a.station.replica.reading() as connection:
        arrived = {fila.referencia_externa: fila for fila in queries.ordenes(connection)}["GARANTÍA-8"]
        detail = queries.orden(connection, arrived.id)
    assert detail is not None
    assert detail.equipo is not None
    assert (detail.fila["garantia_dias"], detail.fila["en_garantia"]) == (90, False)
    assert (detail.equipo["marca"], detail.fila["falla_reportada"]) == (None, "No enciende")


def test_a_state_that_was_refused_is_corrected_with_its_history(
    company: Company, workstation: Open, qtbot: QtBot
) -> None:
    company.enroll("a")
    company.enroll("b")
    a, b = workstation("a"), workstation("b")
    orden_id = take_order(a, referencia_externa="T-1", estado="en_reparacion")
    qtbot.waitUntil(lambda: pages.ordenes(b.window).model.rowCount() == 1, timeout=WAIT_MS)
    for app in (a, b):
        wait_up_to_date(qtbot, app)
    aside(b.station.sync.pause)
    move(a, orden_id, "pausada", "falta la fuente")
    move(b, orden_id, "pausada", "el cliente pidió esperar")
    wait_up_to_date(qtbot, a)
    aside(b.station.sync.resume)
    qtbot.waitUntil(lambda: "1 rechazado" in badge(b), timeout=WAIT_MS)
    page = shown(b, qtbot)
    qtbot.waitUntil(lambda: page.pestanas.currentWidget() is page.rechazados, timeout=WAIT_MS)
    again = page.rechazados.botones[1]
    again.click()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox), timeout=WAIT_MS)
    refusal = QApplication.activeModalWidget()
    assert isinstance(refusal, QMessageBox)
    refusal.accept()
    page.rechazados.botones[0].click()
    dialog = dialog_of(qtbot, page)
    state, history = (field(dialog, *key).widget for key in (("orden", "estado"), ("historial_orden", "a_estado")))
    assert isinstance(state, QComboBox)
    assert isinstance(history, QComboBox)
    state.setCurrentText("Cancelada")
    assert history.currentText() == "Cancelada"
    with qtbot.waitSignal(dialog.accepted, timeout=WAIT_MS):
        dialog.guardar.click()
    wait_up_to_date(qtbot, b)
    qtbot.waitUntil(lambda: orden(a, orden_id)["estado"] == "cancelada", timeout=WAIT_MS)


def test_a_correction_of_a_field_that_the_change_has_not_is_refused(refused: tuple[App, App]) -> None:
    _, b = refused
    with b.station.replica.reading() as connection:
        (found,) = open_items.rechazos(connection)
        made = next(op for op in people.ops_de_rechazo(connection, found.cambio_id) if op.tabla == "orden")
    actor = b.station.person.actor
    assert actor is not None
    for key in (("orden", made.id, "titulo"), ("equipo", made.id, "marca")):
        with pytest.raises(KnownError, match="no lleva"):
            people.enmendar_rechazo(b.station.replica, actor, found.cambio_id, {key: "x"})
    with b.station.replica.reading() as connection:
        assert open_items.rechazos(connection) == [found]
        assert open_items.pendientes(connection) == []


def test_discarding_asks_first_and_no_is_the_usual_answer(refused: tuple[App, App], qtbot: QtBot) -> None:
    _, b = refused
    page = shown(b, qtbot)
    table, discard = page.rechazados.tabla, page.rechazados.botones[2]
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=WAIT_MS)

    def ask() -> QMessageBox:
        discard.click()
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        return box

    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        box = ask()
        assert "GARANTÍA-7" in box.informativeText()
        assert box.defaultButton() is box.button(QMessageBox.StandardButton.No)
        with qtbot.waitSignal(box.finished, timeout=WAIT_MS):
            qtbot.keyClick(box, key)
        assert "1 rechazado" in badge(b)
        assert table.rowCount() == 1
    ask().button(QMessageBox.StandardButton.Yes).click()
    wait_up_to_date(qtbot, b)
    qtbot.waitUntil(lambda: table.rowCount() == 0, timeout=WAIT_MS)


def test_everything_in_the_dialog_has_a_name_and_its_turn(refused: tuple[App, App], qtbot: QtBot) -> None:
    _, b = refused
    page = shown(b, qtbot)
    qtbot.waitUntil(lambda: page.rechazados.tabla.rowCount() == 1, timeout=WAIT_MS)
    page.rechazados.botones[0].click()
    dialog = dialog_of(qtbot, page)
    unnamed = [
        type(widget).__name__
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
        and widget.metaObject().className() not in ("QListView", "QComboBoxListView", "QLabel")
    ]
    assert unnamed == []
    fields = [made.widget for made in dialog.campos.values()]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is fields[0], timeout=WAIT_MS)
    for expected in (*fields[1:], dialog.guardar):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        assert focused() is expected
    dialog.reject()
