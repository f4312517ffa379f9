"""What waits, what was refused and what is in conflict, as a person looks at it and decides."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMessageBox, QPlainTextEdit, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from domain.base import actions
from domain.base.ambient import to_instant
from domain.base.errors import KnownError
from domain.base.row import Row, Value
from domain.ordenes import actions as de_ordenes
from local_db import open_items, people, reading
from local_db.ordenes import queries
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.sincronizacion.cabecera import Cabecera
from servitec_desktop.screens.sincronizacion.dialogos import Enmienda, _Campo
from servitec_desktop.screens.sincronizacion.pantalla import Sincronizacion
from sync.service import Status
from testing.company import PERSON, Company

Open = Callable[[str], App]
WAIT_MS = 15_000
LONG = "Se revisó la fuente y la placa.\n" * 40


def badge(app: App) -> str:
    return app.window.estado.text()


def wait_up_to_date(qtbot: QtBot, app: App) -> None:
    def there() -> bool:
        now = app.station.status()
        return now is not None and now.kind == "al_dia" and "Al día" in badge(app)

    qtbot.waitUntil(there, timeout=WAIT_MS)


def take_order(app: App, **campos: Value) -> str:
    recepcion = de_ordenes.Recepcion(
        cliente={"nombre": "Íñigo", "telefono": "+56955550102"},
        equipo={"marca": "Epson"},
        orden={"falla_reportada": "No enciende", **campos},
    )
    orden_id, _, _ = app.station.receive(recepcion)
    return orden_id


def orden(app: App, orden_id: str) -> Row:
    with app.station.replica.reading() as connection:
        found = reading.row(connection, "orden", orden_id)
    assert found is not None
    return found


def edit(app: App, orden_id: str, **campos: Value) -> None:
    people.guardar(app.station.replica, app.station.person(), actions.editar("orden", orden(app, orden_id), campos))


def move(app: App, orden_id: str, estado: str, nota: str) -> None:
    moved = de_ordenes.cambiar_estado(app.station.replica.ambient, orden(app, orden_id), estado, nota=nota)
    people.guardar(app.station.replica, app.station.person(), moved)


def cell(table: QTableWidget, column: int, row: int = 0) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def shown(app: App, qtbot: QtBot) -> Sincronizacion:
    """The screen, opened by a click on the badge of the active window."""
    with qtbot.waitActive(app.window, timeout=WAIT_MS):
        app.window.activateWindow()
    app.window.estado.click()
    page = pages.sincronizacion(app.window)
    assert app.window.paginas.currentWidget() is page
    return page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def dialog_of(qtbot: QtBot, page: Sincronizacion) -> Enmienda:
    """The dialog that is open for a refused change."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), Enmienda), timeout=WAIT_MS)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Enmienda)
    assert dialog.parent() is page
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
    b.station.pause_sync()
    take_order(a, referencia_externa="GARANTÍA-7")
    take_order(b, referencia_externa="GARANTÍA-7", garantia_dias=30)
    wait_up_to_date(qtbot, a)
    b.station.resume_sync()
    qtbot.waitUntil(lambda: "1 rechazado" in badge(b), timeout=WAIT_MS)
    return a, b


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
    b.station.pause_sync()
    edit(a, orden_id, titulo="de a", diagnostico="fuente quemada", en_garantia=True)
    edit(b, orden_id, titulo="de b", diagnostico=LONG)
    wait_up_to_date(qtbot, a)
    b.station.resume_sync()
    qtbot.waitUntil(lambda: "2 en conflicto" in badge(b), timeout=WAIT_MS)
    return a, b, orden_id


def test_a_refused_order_is_corrected_and_taken(refused: tuple[App, App], qtbot: QtBot) -> None:
    a, b = refused
    assert "Al día" not in badge(b)
    page = shown(b, qtbot)
    table = page.rechazados.tabla
    qtbot.waitUntil(lambda: page.pestanas.currentWidget() is page.rechazados, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is table, timeout=WAIT_MS)
    mend = page.rechazados.botones[0]
    mend.click()
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
        field(dialog, "orden", "recepcion_en").linea.clave: to_instant(datetime(2026, 1, 2, 10, 30).astimezone())
    }
    taken_in.setText(moment)
    assert dialog.changed() == {}
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
    b.station.pause_sync()
    move(a, orden_id, "pausada", "falta la fuente")
    move(b, orden_id, "pausada", "el cliente pidió esperar")
    wait_up_to_date(qtbot, a)
    b.station.resume_sync()
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
    for key in (("orden", made.id, "titulo"), ("equipo", made.id, "marca")):
        with pytest.raises(KnownError, match="no lleva"):
            people.enmendar_rechazo(b.station.replica, b.station.person(), found.cambio_id, {key: "x"})
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
        assert b.station.status().rejected == 1  # type: ignore[union-attr]
    ask().button(QMessageBox.StandardButton.Yes).click()
    wait_up_to_date(qtbot, b)
    qtbot.waitUntil(lambda: table.rowCount() == 0, timeout=WAIT_MS)


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


def test_a_pause_lasts_until_it_is_ended_and_f5_syncs_once(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    page = shown(app, qtbot)
    assert page.pausar.text() == "&Pausar"
    page.pausar.click()
    qtbot.waitUntil(lambda: "En pausa" in badge(app), timeout=WAIT_MS)
    assert page.pausar.text() == "&Reanudar"
    assert page.cabecera.insignia.text() == badge(app)
    assert "F5 sincroniza una vez" in page.cabecera.motivo.text()
    take_order(app)
    qtbot.waitUntil(lambda: "1 por enviar" in badge(app), timeout=WAIT_MS)
    app.station.begin()
    qtbot.wait(300)
    assert "En pausa" in badge(app)
    assert "1 por enviar" in badge(app)
    qtbot.keyClick(app.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "por enviar" not in badge(app), timeout=WAIT_MS)
    assert "En pausa" in badge(app)
    page.pausar.click()
    wait_up_to_date(qtbot, app)
    qtbot.waitUntil(lambda: page.pausar.text() == "&Pausar", timeout=WAIT_MS)


def test_the_head_says_what_is_known_and_why(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    page = shown(app, qtbot)
    head = page.cabecera
    qtbot.waitUntil(lambda: head.servidor.text() == company.url, timeout=WAIT_MS)
    assert head.insignia.text() == badge(app)
    assert abs(datetime.strptime(head.ultima.text(), "%d-%m-%Y %H:%M").timestamp() - time.time()) < 180  # noqa: DTZ007
    company.stop()
    qtbot.keyClick(app.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: "no responde" in head.motivo.text(), timeout=WAIT_MS)
    assert "se envían al volver" in head.motivo.text()
    assert head.insignia.text() == badge(app)
    company.start()
    qtbot.keyClick(app.window, Qt.Key.Key_F5)
    wait_up_to_date(qtbot, app)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (None, "—"),
        (-4.0, "El reloj de este equipo coincide"),
        (45.0, "El reloj de este equipo va 45 s adelantado"),
        (181.0, "El reloj de este equipo va 3 min adelantado"),
        (-10_900.0, "El reloj de este equipo va 3 h atrasado"),
        (260_000.0, "El reloj de este equipo va 3 días adelantado"),
    ],
)
def test_the_clocks_difference_in_words(
    company: Company, workstation: Open, difference: float | None, said: str
) -> None:
    head = Cabecera(workstation("nueva").station)
    assert head.clock(difference) == said
    head.show_status("✓", Status("al_dia", 0, 0, 0, None, clock_diff_s=difference, server_version="0.2.0"))
    assert head.reloj.text() == said
    assert head.version.text().startswith("0.2.0")
    assert head.ultima.text() == "—"


def test_a_burst_of_news_never_leaves_up_to_date_standing(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    stale = app.station.status()
    assert stale is not None
    assert stale.kind == "al_dia"
    company.stop()
    take_order(app)
    qtbot.waitUntil(lambda: "Al día" not in badge(app), timeout=WAIT_MS)
    for _ in range(10):
        app.station.status_changed.emit(stale)
        qtbot.wait(20)
        assert "Al día" not in badge(app)
    qtbot.waitUntil(lambda: "1 por enviar" in badge(app), timeout=WAIT_MS)


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


def test_what_a_restore_lost_is_listed(company: Company, workstation: Open, qtbot: QtBot, tmp_path: Path) -> None:
    company.enroll("a")
    company.enroll("b")
    folder, backup = str(company.root / "servidor"), str(tmp_path / "respaldo.db")
    company.server("backup", "--data-dir", folder, "--to", backup)
    company.station("a", "stock", "add", "--sku", "F-1", "--nombre", "Fuente")
    company.station("a", "sync")
    b = workstation("b")
    wait_up_to_date(qtbot, b)
    page = shown(b, qtbot)
    tab = page.pestanas.indexOf(page.perdidas)
    qtbot.wait(100)
    assert not page.pestanas.isTabVisible(tab)
    company.stop()
    company.server("restore", "--data-dir", folder, "--from", backup)
    company.start()
    b.window.go("ordenes")
    b.station.sync_now()
    signed_out = "sin_sesion"  # a new epoch ends every session
    qtbot.waitUntil(lambda: (now := b.station.status()) is not None and now.kind == signed_out, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.cabecera.entrar.isVisibleTo(page.cabecera), timeout=WAIT_MS)
    b.station.sign_in(PERSON, company.password)
    b.station.begin()
    b.station.sync_now()
    qtbot.waitUntil(lambda: any(b.station.replica.data_dir.glob("*.conservar")), timeout=WAIT_MS)
    wait_up_to_date(qtbot, b)
    shown(b, qtbot)
    qtbot.waitUntil(lambda: page.pestanas.isTabVisible(tab), timeout=WAIT_MS)
    assert page.pestanas.tabText(tab) == "Historia perdida (1)"
    page.pestanas.setCurrentIndex(tab)
    table = page.perdidas.tabla
    assert (cell(table, 0), cell(table, 2)) == ("Producto Fuente", "jefa")
    assert "Nombre Fuente" in cell(table, 1)
    page.perdidas.lista.botones[0].click()
    assert "Sku F-1" in QApplication.clipboard().text()


def test_a_change_without_proof_is_shown_to_its_author_who_confirms_it(
    company: Company, workstation: Open, qtbot: QtBot
) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    app.station.pause_sync()
    kept = dict(app.station.replica.firmantes)
    app.station.replica.firmantes.clear()
    take_order(app, falla_reportada="sin firma", accesorios=de_ordenes.accesorios(["cargador", "bolso"]))
    app.station.replica.firmantes.update(kept)
    page = shown(app, qtbot)
    tab = page.pestanas.indexOf(page.por_confirmar)
    assert not page.pestanas.isTabVisible(tab)
    with app.station.replica.writing() as writing:
        waiting = "UPDATE outbox SET espera = 'falta', espera_motivo = 'firma' WHERE acusado_en IS NULL"
        writing.connection.exec_driver_sql(waiting)
        writing.touch("outbox", "")
    qtbot.waitUntil(lambda: page.pestanas.isTabVisible(tab), timeout=WAIT_MS)
    page.pendientes.tabla.selectRow(0)
    assert re.fullmatch(r"Cliente nuevo; Equipo nuevo; Orden \S+ nueva", cell(page.pendientes.tabla, 3))
    page.pendientes.botones[1].click()
    qtbot.waitUntil(lambda: page.pendientes.findChild(QMessageBox) is not None, timeout=WAIT_MS)
    told = page.pendientes.findChild(QMessageBox)
    assert told is not None
    assert "«Por confirmar»" in told.text() + told.informativeText()
    told.close()
    app.window.go("ordenes")
    qtbot.waitUntil(lambda: page.por_confirmar.tabla.rowCount() == 1, timeout=WAIT_MS)
    shown(app, qtbot)
    qtbot.waitUntil(lambda: page.pestanas.currentIndex() == tab, timeout=WAIT_MS)
    assert page.pestanas.tabText(tab) == "Por confirmar (1)"
    assert page.por_confirmar.nota.isVisible()
    assert "Confirme sólo los que usted hizo" in page.por_confirmar.nota.text()
    assert "sin firma" in cell(page.por_confirmar.tabla, 1)
    detail = page.por_confirmar.lista.detalle.toPlainText()
    (folio,) = re.findall(r"^Orden (\S+) nueva: ", detail, re.MULTILINE)
    assert "Cliente Íñigo nuevo: " in detail
    assert "Accesorios cargador, bolso" in detail
    assert "Cliente Íñigo," in detail, "what a new row refers to is named too"
    assert f"Historia nueva de la orden {folio}: Estado " in detail
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|historial_orden|\[", detail), detail
    page.por_confirmar.tabla.selectRow(0)
    qtbot.mouseClick(page.por_confirmar.botones[0], Qt.MouseButton.LeftButton)
    box = page.por_confirmar.findChild(QMessageBox)
    assert box is not None
    assert "sin firma" in box.text()
    box.buttons()[0].click() if box.buttons()[0].text().startswith("Lo hice") else box.buttons()[1].click()
    qtbot.waitUntil(lambda: not page.pestanas.isTabVisible(tab), timeout=WAIT_MS)
    app.station.resume_sync()
    wait_up_to_date(qtbot, app)
