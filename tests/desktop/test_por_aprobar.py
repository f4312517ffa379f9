"""A change whose author lost the right meanwhile, and the supervisor who decides."""

from functools import partial

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from domain.base import actions
from domain.base.actor import SISTEMA
from local_db import reading
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_server.central import Central
from testing.company import Company
from tests.desktop.person import WAIT_MS, Open, aside, badge, cell, edit, orden, shown, take_order, wait_up_to_date


def demote(company: Company, username: str) -> None:
    """From now on the account is a receptionist's; the server is stopped meanwhile."""
    company.stop()
    central = Central(company.root / "servidor")
    with central.store.reading() as connection:
        found = connection.exec_driver_sql("SELECT * FROM usuario WHERE username = ?", (username,)).mappings().one()
    central.write(SISTEMA, lambda _: actions.editar("usuario", dict(found), {"rol": "recepcionista"}), trusted=True)
    central.close()
    company.start()


@pytest.fixture
def waiting(company: Company, workstation: Open, qtbot: QtBot) -> tuple[App, App, list[str]]:
    """Stations of a supervisor, and of one who was one when he changed two orders."""
    company.stop()
    company.create_user("pedro")
    company.start()
    company.enroll("a")
    company.enroll("b", "pedro")
    a, b = workstation("a"), workstation("b")
    orders = [take_order(a), take_order(a)]
    qtbot.waitUntil(lambda: pages.ordenes(b.window).model.rowCount() == 2, timeout=WAIT_MS)
    for app in (a, b):
        wait_up_to_date(qtbot, app)
    aside(b.station.sync.pause)
    for i, key in enumerate(orders):
        edit(b, key, diagnostico=f"de Pedro {i}")
    demote(company, "pedro")
    aside(b.station.sync.resume)
    qtbot.waitUntil(lambda: "2 rechazados" in badge(b), timeout=WAIT_MS)
    return a, b, orders


def test_a_supervisor_approves_or_leaves_it(
    waiting: tuple[App, App, list[str]], qtbot: QtBot, company: Company
) -> None:
    a, b, orders = waiting
    aside(partial(b.station.person.sign_in, "pedro", company.password))
    qtbot.waitUntil(lambda: (now := b.station.person.actor) is not None and now.rol == "recepcionista", timeout=WAIT_MS)
    other = shown(b, qtbot)
    assert not other.pestanas.isTabVisible(other.pestanas.indexOf(other.por_aprobar))
    page = pages.sincronizacion(a.window)
    table = page.por_aprobar.tabla
    a.station.sync.now()
    qtbot.waitUntil(lambda: table.rowCount() == 2, timeout=WAIT_MS)
    tab = page.pestanas.indexOf(page.por_aprobar)
    assert page.pestanas.tabText(tab) == "Por aprobar (2)", "told before anybody opened it"
    shown(a, qtbot)
    qtbot.waitUntil(lambda: page.pestanas.currentIndex() == tab, timeout=WAIT_MS)
    assert cell(table, 0) == "pedro"
    folio = str(orden(a, orders[1])["folio"])
    assert cell(table, 2) == f"Orden {folio}: Diagnóstico (vacío) → de Pedro 1", "the newest first"
    assert "Recepción no cambia" in cell(table, 3)
    whole = page.por_aprobar.lista.detalle
    assert "de Pedro 1" in whole.toPlainText()
    assert "Recepción no cambia" in whole.toPlainText()
    assert whole.isReadOnly()
    approve, leave = page.por_aprobar.botones
    approve.click()
    qtbot.waitUntil(lambda: orden(a, orders[1])["diagnostico"] == "de Pedro 1", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=WAIT_MS)
    with a.station.replica.reading() as connection:
        found = reading.row(connection, "orden", orders[1]) or {}
    assert found["actualizado_por"] == aside(b.station.person.signed_in).usuario_id, "it stays its author's"
    leave.click()
    box = page.por_aprobar.findChild(QMessageBox)
    assert box is not None
    next(made for made in box.buttons() if made.text() == "No aprobar").click()
    qtbot.waitUntil(lambda: table.rowCount() == 0, timeout=WAIT_MS)
    assert page.por_aprobar.mensaje.text() == "Nada espera su aprobación."
    assert orden(a, orders[0])["diagnostico"] is None
    company.stop()
    page.por_aprobar.refresh()
    qtbot.waitUntil(lambda: "no responde" in page.por_aprobar.mensaje.text(), timeout=WAIT_MS)
    assert "se envían al volver" not in page.por_aprobar.mensaje.text()
