"""Screens tell moments and phones as the branch's paper does."""

import time
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from domain.base.ambient import from_instant
from servitec_desktop.demo import pages
from testing.company import Company
from tests.desktop.person import WAIT_MS, Open, orden, take_order


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer's clock stands in another zone than the branch's."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows sets its zone for all programs")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_a_screen_shows_the_branchs_clock(company: Company, workstation: Open, qtbot: QtBot) -> None:
    company.enroll("a")
    app = workstation("a")
    key = take_order(app)
    moment = from_instant(str(orden(app, key)["recepcion_en"])).astimezone(ZoneInfo("America/Santiago"))
    told = moment.strftime("%d-%m-%Y %H:%M")
    model = pages.ordenes(app.window).model
    qtbot.waitUntil(lambda: model.rowCount() == 1 and model.data(model.index(0, 6)) == told, timeout=WAIT_MS)
    app.window.go("orden", key)
    page = pages.orden(app.window)
    qtbot.waitUntil(lambda: f"Recibida: {told}" in page.datos.text(), timeout=WAIT_MS)
    assert "9 5555 0102" in page.datos.text()
