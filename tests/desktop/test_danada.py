"""A station whose replica can't be read any more: why it begins anew, and the notice of what was lost."""

import os

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from servitec_desktop.demo import pages
from testing.company import PERSON, Company
from tests.desktop.person import WAIT_MS, Open, shown


@pytest.mark.expects_log
def test_why_it_begins_anew_and_a_notice_that_is_only_taken_away(
    company: Company, workstation: Open, qtbot: QtBot
) -> None:
    company.enroll("a")
    (path,) = (company.root / "a").glob("replica-*.db")
    path.write_bytes(os.urandom(50_000))
    app = workstation("a")
    form = pages.entrar(app.window)
    assert "se dañó" in form._note.text()
    assert "«Rechazados»" in form._note.text()
    form.servidor.setText(company.url)
    form.estacion.setText("otra vez")
    form.usuario.setText(PERSON)
    form.clave.setText(company.password)
    form.submit()
    qtbot.waitUntil(lambda: app.station.person.actor is not None, timeout=WAIT_MS)
    page = shown(app, qtbot)
    qtbot.waitUntil(lambda: page.rechazados.tabla.rowCount() == 1, timeout=WAIT_MS)
    mend, again, discard = page.rechazados.botones
    assert not mend.isEnabled()
    assert not again.isEnabled()
    discard.click()
    box = page.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "¿Quitar este aviso?"
    assert "se pierde" not in box.informativeText()
    box.button(QMessageBox.StandardButton.Yes).click()
    qtbot.waitUntil(lambda: page.rechazados.tabla.rowCount() == 0, timeout=WAIT_MS)
