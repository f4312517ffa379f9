"""The desktop as a person uses it: real window (offscreen), real server process, real printer protocol."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from domain.base import actions
from domain.ordenes import actions as de_ordenes
from local_db import people, reading
from printing.virtual import VirtualZebra
from servitec_desktop.demo import pages
from servitec_desktop.screens.orden.dialogos import CambioEstado
from servitec_desktop.screens.recepcion.pantalla import Recepcion
from testing.company import PERSON, Company
from tests.desktop.person import WAIT_MS, Open, aside, badge, cell, sign_out, take_order, wait_up_to_date


def type_into(qtbot: QtBot, widget: QWidget, text: str) -> None:
    widget.setFocus()
    qtbot.keyClicks(widget, text)


def test_enrolment_and_sign_in_by_form(company: Company, workstation: Open, qtbot: QtBot) -> None:
    app = workstation("nueva")
    form = pages.entrar(app.window)
    assert app.window.paginas.currentWidget() is form
    assert not app.window.barra.isVisible()
    type_into(qtbot, form.estacion, "Mostrador")
    type_into(qtbot, form.usuario, PERSON)
    type_into(qtbot, form.clave, "equivocada")
    qtbot.keyClick(form.clave, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no son correctos" in form.error.text(), timeout=WAIT_MS)
    form.clave.clear()
    type_into(qtbot, form.clave, company.password)
    qtbot.keyClick(form.clave, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: app.window.paginas.currentWidget() is pages.ordenes(app.window), timeout=WAIT_MS)
    assert re.search(r"Central · jefa · [0-9A-Z]{2,3} Mostrador$", app.window.windowTitle())
    wait_up_to_date(qtbot, app)
    sign_out(qtbot, app)
    type_into(qtbot, form.usuario, PERSON) if not form.usuario.text() else None
    type_into(qtbot, form.clave, company.password)
    qtbot.keyClick(form.clave, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: app.window.paginas.currentWidget() is pages.ordenes(app.window), timeout=WAIT_MS)


def test_a_reception_by_keyboard_alone_ends_in_an_order_and_a_label(
    company: Company, workstation: Open, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    window, form = app.window, pages.recepcion(app.window)
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert window.paginas.currentWidget() is form
    qtbot.waitUntil(lambda: form.tipo.count() > 1 and form.prioridad.count() > 1, timeout=WAIT_MS)

    def focused() -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    qtbot.waitUntil(lambda: QApplication.focusWidget() is form.cliente.buscar, timeout=WAIT_MS)
    qtbot.keyClicks(focused(), "Begonia Flores")
    qtbot.waitUntil(form.cliente.sugerencias.isVisible, timeout=WAIT_MS)
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is form.cliente.apellido, timeout=WAIT_MS)
    assert form.cliente.nombre.text() == "Begonia"
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    qtbot.keyClicks(focused(), "955550103")
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is form.equipo
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    qtbot.keyClick(focused(), Qt.Key.Key_Down)
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    qtbot.keyClicks(focused(), "Epson")
    for _ in range(4):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is form.falla
    qtbot.keyClicks(focused(), "Atasca el papel")
    qtbot.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Etiqueta impresa" in form.exito.text(), timeout=WAIT_MS)
    (folio,) = re.findall(r"\w+-000001", form.exito.text())
    (label,) = zebra.labels()
    assert folio.encode() in label.read_bytes()
    assert "Begonia Flores" in label.read_text(encoding="utf-8")
    assert QApplication.focusWidget() is form.cliente.buscar
    assert form.falla.toPlainText() == ""
    qtbot.keyClicks(focused(), "5555 0103")
    qtbot.waitUntil(lambda: form.cliente.sugerencias.count() == 2, timeout=WAIT_MS)
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.equipo.count() == 2, timeout=WAIT_MS)
    assert "Begonia Flores" in form.cliente.elegido.text()
    wait_up_to_date(qtbot, app)


def test_an_incomplete_reception_says_what_is_missing_and_keeps_what_was_typed(
    company: Company, workstation: Open, qtbot: QtBot
) -> None:
    company.enroll("a")
    app = workstation("a")
    form = pages.recepcion(app.window)
    app.window.go("recepcion")
    form.falla.setPlainText("Se apaga")
    form.save()
    assert "Falta el cliente" in form.error.text()
    form.cliente.create_new()
    form.save()
    assert "Falta el nombre" in form.error.text()
    form.cliente.nombre.setText("Rosa")
    form.save()
    assert "Falta el equipo" in form.error.text()
    assert form.falla.toPlainText() == "Se apaga"
    form.keep_draft()
    again = Recepcion(app.station)
    qtbot.addWidget(again)
    assert (again.falla.toPlainText(), again.cliente.nombre.text()) == ("Se apaga", "Rosa")


def test_a_draft_that_cannot_be_kept_is_said_and_tried_again(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    form = pages.recepcion(app.window)
    app.window.go("recepcion")
    path = app.station.replica.data_dir / "borrador-recepcion.json"
    path.mkdir()  # where the draft would be written
    form.falla.setPlainText("Se apaga")
    form.keep_draft()
    assert "El borrador no se está guardando" in form.error.text()
    assert form.falla.toPlainText() == "Se apaga"
    path.rmdir()
    form.keep_draft()
    assert form.error.text() == ""
    assert app.station.borradores.read("recepcion")["falla"] == "Se apaga"


def test_the_list_searches_as_one_types_and_filters(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    for falla in ("Pantalla rota", "Batería", "Ruido"):
        take_order(app, falla_reportada=falla)
    page = pages.ordenes(app.window)
    app.window.go("ordenes")
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=WAIT_MS)
    type_into(qtbot, page.buscar, "BATERI")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT_MS)
    assert page.model.data(page.model.index(0, 5)) == "Batería"
    page.buscar.clear()
    page.estado.setCurrentIndex(page.estado.findData("cerrada"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=WAIT_MS)
    page.estado.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=WAIT_MS)
    type_into(qtbot, page.buscar, "000002")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT_MS)
    qtbot.keyClick(page.buscar, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pages.orden(app.window).titulo.text().endswith("-000002"), timeout=WAIT_MS)
    qtbot.keyClick(app.window, Qt.Key.Key_Escape)
    assert app.window.paginas.currentWidget() is page


def test_a_change_shows_in_the_other_open_window(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    company.enroll("b")
    a, b = workstation("a"), workstation("b")
    for app in (a, b):
        wait_up_to_date(qtbot, app)
    orden_id = take_order(a)
    qtbot.waitUntil(lambda: pages.ordenes(b.window).model.rowCount() == 1, timeout=WAIT_MS)
    for app in (a, b):
        app.window.go("orden", orden_id)
        lines = pages.orden(app.window).historial
        qtbot.waitUntil(lambda lines=lines: lines.count() == 1, timeout=WAIT_MS)  # type: ignore[misc]
    pages.orden(b.window).campos["diagnostico"].setPlainText("a medio escribir")  # type: ignore[union-attr]
    pages.orden(a.window).move_to("cancelada", nota="desiste")
    qtbot.waitUntil(lambda: pages.orden(b.window).estado.text().startswith("Cancelada"), timeout=WAIT_MS)
    assert pages.orden(b.window).historial.count() == 2
    assert pages.orden(b.window).campos["diagnostico"].toPlainText() == "a medio escribir"  # type: ignore[union-attr]
    pages.orden(b.window).save()
    qtbot.waitUntil(lambda: "guardados" in pages.orden(b.window).mensaje.text(), timeout=WAIT_MS)
    pages.orden(a.window).comentario.setText("visto")
    qtbot.keyClick(pages.orden(a.window).comentario, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pages.orden(b.window).comentarios.count() == 1, timeout=WAIT_MS)


def test_the_status_bar_tells_the_truth(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    company.stop()
    take_order(app)
    qtbot.waitUntil(lambda: "Sin conexión" in badge(app) and "1 por enviar" in badge(app), timeout=WAIT_MS)
    take_order(app)
    qtbot.waitUntil(lambda: "2 por enviar" in badge(app), timeout=WAIT_MS)
    qtbot.mouseClick(app.window.estado, Qt.MouseButton.LeftButton)
    waiting = pages.sincronizacion(app.window).pendientes.tabla
    qtbot.waitUntil(lambda: waiting.rowCount() == 2, timeout=WAIT_MS)
    said = {item.text() for item in map(waiting.item, range(2), (2, 2)) if item is not None}
    assert said <= {"todavía no", "intentado, sin respuesta"}, "no server has it"
    assert said
    company.start()
    qtbot.keyClick(app.window, Qt.Key.Key_F5)
    wait_up_to_date(qtbot, app)
    qtbot.waitUntil(lambda: waiting.rowCount() == 0, timeout=WAIT_MS)


def test_conflicts_and_refusals_are_shown_and_solved(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    company.enroll("b")
    a, b = workstation("a"), workstation("b")
    orden_id = take_order(a)
    qtbot.waitUntil(lambda: pages.ordenes(b.window).model.rowCount() == 1, timeout=WAIT_MS)
    for app in (a, b):
        wait_up_to_date(qtbot, app)
    company.stop()
    for app, titulo in ((a, "de a"), (b, "de b")):
        with app.station.replica.reading() as connection:
            row = reading.row(connection, "orden", orden_id)
        assert row is not None
        ops = actions.editar("orden", row, {"titulo": titulo})
        people.guardar(app.station.replica, aside(app.station.person.signed_in), ops)
        moved = de_ordenes.cambiar_estado(app.station.replica.ambient, row, "cancelada", nota=titulo)
        people.guardar(app.station.replica, aside(app.station.person.signed_in), moved)
    aside(b.station.sync.pause)
    company.start()
    a.station.sync.now()
    wait_up_to_date(qtbot, a)
    aside(b.station.sync.resume)
    qtbot.waitUntil(lambda: "1 rechazado" in badge(b) and "1 en conflicto" in badge(b), timeout=WAIT_MS)
    assert "Al día" not in badge(b)
    b.window.go("sincronizacion")
    page = pages.sincronizacion(b.window)
    qtbot.waitUntil(lambda: page.rechazados.tabla.rowCount() == 1, timeout=WAIT_MS)
    assert "ya está en «Cancelada»" in cell(page.rechazados.tabla, 3)
    page.rechazados.botones[2].click()
    question = QApplication.activeModalWidget()
    assert isinstance(question, QMessageBox)
    question.button(QMessageBox.StandardButton.Yes).click()
    qtbot.waitUntil(lambda: page.conflictos.tabla.rowCount() == 1, timeout=WAIT_MS)
    shown = [cell(page.conflictos.tabla, i) for i in (1, 2, 4)]
    assert shown == ["Título", "de a", "de b"]
    page.conflictos.botones[0].click()
    wait_up_to_date(qtbot, b)
    with b.station.replica.reading() as connection:
        row = reading.row(connection, "orden", orden_id)
    assert row is not None
    assert row["titulo"] == "de b"
    qtbot.waitUntil(lambda: pages.sincronizacion(a.window).conflictos.tabla.rowCount() == 0, timeout=WAIT_MS)


def test_a_state_that_needs_a_reason_asks_for_it(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    orden_id = take_order(app)
    app.window.go("orden", orden_id)
    page = pages.orden(app.window)
    qtbot.waitUntil(lambda: page.historial.count() == 1, timeout=WAIT_MS)
    with app.station.replica.reading() as connection:
        row = reading.row(connection, "orden", orden_id)
    assert row is not None
    dialog = CambioEstado(app.station, "cancelada", row, page)
    qtbot.waitUntil(lambda: dialog.motivo.count() > 1, timeout=WAIT_MS)
    dialog._accept()
    assert "Elija un motivo" in dialog.error.text()
    dialog.nota.setText("desiste")
    dialog.accepted_with.connect(page.move_to)
    dialog._accept()
    qtbot.waitUntil(lambda: page.estado.text().startswith("Cancelada"), timeout=WAIT_MS)
    page.print_label()
    qtbot.waitUntil(lambda: "cola" in page.mensaje.text(), timeout=WAIT_MS)


def test_everything_that_takes_focus_has_a_name(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    window = workstation("a").window
    unnamed = [
        f"{type(page).__name__}.{type(widget).__name__}"
        for page in (
            pages.entrar(window),
            pages.ordenes(window),
            pages.recepcion(window),
            pages.orden(window),
            pages.impresion(window),
            pages.sincronizacion(window),
        )
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
        and widget.metaObject().className() not in ("QListView", "QComboBoxListView", "QLabel")
    ]
    assert unnamed == []


def test_a_folder_in_use_is_refused_in_a_sentence(company: Company, workstation: Open) -> None:
    from domain.base.errors import KnownError
    from local_db.replica import Replica

    company.enroll("a")
    workstation("a")
    with pytest.raises(KnownError, match="la está usando el escritorio"):
        Replica.open(company.root / "a", owner="otro")
    refused = company.popen("a", "edit", "orden", "A1-000001", "titulo=x")
    assert refused.wait(60) == 1
