"""How the sync is, what waits, what was lost and what has no proof, as a person looks at it and decides."""

import re
import time
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from domain.ordenes import actions as de_ordenes
from servitec_desktop.propio import read_local
from servitec_desktop.screens.sincronizacion.cabecera import Cabecera
from sync.service import Status
from testing.company import PERSON, Company
from tests.desktop.person import WAIT_MS, Open, aside, badge, cell, shown, take_order, wait_up_to_date


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
    aside(app.station.sync.begin)
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
    assert abs(read_local(head.ultima.text()).timestamp() - time.time()) < 180
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
    stale = aside(app.station.sync.status)
    assert stale is not None
    assert stale.kind == "al_dia"
    company.stop()
    take_order(app)
    qtbot.waitUntil(lambda: "Al día" not in badge(app), timeout=WAIT_MS)
    for _ in range(10):
        app.station.sync.status_changed.emit(stale)
        qtbot.wait(20)
        assert "Al día" not in badge(app)
    qtbot.waitUntil(lambda: "1 por enviar" in badge(app), timeout=WAIT_MS)


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
    b.station.sync.now()
    signed_out = "sin_sesion"  # a new epoch ends every session
    qtbot.waitUntil(lambda: (now := b.window.estado.status) is not None and now.kind == signed_out, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: page.cabecera.entrar.isVisibleTo(page.cabecera), timeout=WAIT_MS)
    aside(partial(b.station.person.sign_in, PERSON, company.password))
    b.station.sync.now()
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
    aside(app.station.sync.pause)
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
    aside(app.station.sync.resume)
    wait_up_to_date(qtbot, app)
