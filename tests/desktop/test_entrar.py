"""What stands on the sign-in screen of a station that can't go on as it is."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from domain.base.actor import SISTEMA
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_server.central import Central
from servitec_server.stations import Stations
from testing.company import PERSON, Company
from tests.desktop.person import WAIT_MS, Open, aside, badge, shown, sign_out, take_order, wait_up_to_date


def revoke(company: Company, app: App) -> None:
    company.stop()
    central = Central(company.root / "servidor")
    Stations(central).revoke(SISTEMA, str(app.station.person.known.estacion_id), None)
    central.close()
    company.start()


@pytest.mark.expects_log
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_revoked_station_says_so_until_it_is_enrolled_anew(
    company: Company, workstation: Open, qtbot: QtBot, signed_in: bool
) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    aside(app.station.sync.pause)
    take_order(app)
    if not signed_in:
        sign_out(qtbot, app)
    revoke(company, app)
    aside(app.station.sync.resume)
    form = pages.entrar(app.window)
    qtbot.waitUntil(lambda: "fue revocada" in form.revocada.text(), timeout=WAIT_MS)
    form = pages.entrar(workstation("a").window)
    assert form.revocada.isVisible()
    for part in ("fue revocada", "quedaron en manos del supervisor", "Hable con el administrador"):
        assert part in form.revocada.text()
    form.estacion.setText("otra vez")
    form.usuario.setText(PERSON)
    form.clave.setText(company.password)
    form.submit()
    qtbot.waitUntil(lambda: form.window().windowTitle().endswith("otra vez"), timeout=WAIT_MS)
    form.refresh()
    assert not form.revocada.text()


def sign_in(app: App, company: Company, qtbot: QtBot) -> None:
    form = pages.entrar(app.window)
    form.usuario.setText(PERSON)
    form.clave.setText(company.password)
    form.submit()
    qtbot.waitUntil(lambda: app.window.paginas.currentWidget() is pages.ordenes(app.window), timeout=WAIT_MS)


def test_who_entered_without_the_server_is_led_back_to_it(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    sign_out(qtbot, app)
    company.stop()
    sign_in(app, company, qtbot)
    app.station.sync.now()
    qtbot.waitUntil(lambda: badge(app).startswith("Sin conexión"), timeout=WAIT_MS)
    take_order(app)
    head = shown(app, qtbot).cabecera
    qtbot.waitUntil(lambda: "no responde" in head.motivo.text(), timeout=WAIT_MS)
    assert not head.entrar.isVisible()
    company.start()
    app.station.sync.now()
    qtbot.waitUntil(head.entrar.isVisible, timeout=WAIT_MS)
    assert badge(app).startswith("Sin sesión con el servidor")
    assert "por enviar" not in badge(app)
    assert "Entró sin el servidor: sus cambios se envían" in head.motivo.text()
    assert head.entrar.text() == "&Volver a entrar"
    qtbot.mouseClick(head.entrar, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: app.window.paginas.currentWidget() is pages.entrar(app.window), timeout=WAIT_MS)
    sign_in(app, company, qtbot)
    wait_up_to_date(qtbot, app)
    assert not head.entrar.isVisibleTo(head)


def test_who_has_to_enrol_anew_is_led_to_the_form(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    wait_up_to_date(qtbot, app)
    head = shown(app, qtbot).cabecera
    assert not head.entrar.isVisible()
    company.stop()
    company.server("new-key", "--data-dir", str(company.root / "servidor"))
    company.start()
    app.station.sync.now()
    qtbot.waitUntil(lambda: head.entrar.isVisible() and "Inscribir" in head.entrar.text(), timeout=WAIT_MS)
    assert "Inscríbala de nuevo" in head.motivo.text()
    qtbot.mouseClick(head.entrar, Qt.MouseButton.LeftButton)
    form = pages.entrar(app.window)
    qtbot.waitUntil(lambda: app.window.paginas.currentWidget() is form, timeout=WAIT_MS)
    assert form.estacion.isVisible()
    sign_in(app, company, qtbot)
    wait_up_to_date(qtbot, app)


def test_a_role_that_holds_nothing_is_told_so_and_leaves_the_station_as_it_is(
    company: Company, workstation: Open, qtbot: QtBot
) -> None:
    company.stop()
    company.create_user("ojo", "consulta")
    company.start()
    company.enroll("a")
    app = workstation("a")
    take_order(app)
    wait_up_to_date(qtbot, app)
    sign_out(qtbot, app)
    form = pages.entrar(app.window)
    form.usuario.setText("ojo")
    form.clave.setText(company.password)
    form.submit()
    qtbot.waitUntil(form.boton.isEnabled, timeout=WAIT_MS)
    assert form.error.text() == (
        "El rol consulta no trabaja en una estación: nada de la empresa está a su vista. "
        "Entre con otra cuenta, o pida otro rol al administrador."
    )
    with app.station.replica.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM orden").scalar_one() == 1
