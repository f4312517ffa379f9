"""What stands on the sign-in screen of a station that can't go on as it is."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from bench.company import PERSON, Company
from domain.permissions import SISTEMA
from servitec_desktop.app import App
from servitec_server.central import Central
from servitec_server.stations import Stations
from tests.desktop.test_sincronizacion import WAIT_MS, take_order, wait_up_to_date

Open = Callable[[str], App]


def revoke(company: Company, app: App) -> None:
    company.stop()
    central = Central(company.root / "servidor")
    Stations(central).revoke(SISTEMA, str(app.station.known.estacion_id), None)
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
    app.station.pause_sync()
    take_order(app)
    if not signed_in:
        app.window.sign_out()
    revoke(company, app)
    app.station.resume_sync()
    form = app.window.entrar
    qtbot.waitUntil(lambda: "fue revocada" in form.revocada.text(), timeout=WAIT_MS)
    form = workstation("a").window.entrar
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
