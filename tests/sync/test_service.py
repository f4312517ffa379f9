"""The engine in the background: what it says, and when it works."""

import logging
import threading
from pathlib import Path

import pytest

from sync.live import Live
from sync.service import Status, SyncService
from testing.company import Company
from testing.yard import Yard
from tests.company import Office


def wait_for(service: SyncService, kind: str) -> Status:
    """The status once it is `kind`; the callback wakes us."""
    heard = threading.Event()
    service.subscribe(lambda _: heard.set())
    for _ in range(200):
        now = service.status()
        if now.kind == kind:
            return now
        heard.wait(0.1)
        heard.clear()
    raise AssertionError(f"{kind} never came: {service.status()}")


def test_a_local_commit_is_sent_at_once_and_the_status_is_true(office: Office) -> None:
    desk = office.desk("a")
    service = SyncService(desk.replica, desk.engine, interval_s=3600)
    service.start()
    try:
        wait_for(service, "al_dia")
        order = desk.receive()
        wait_for(service, "al_dia")
        assert desk.row("orden", order["id"])["version"] not in (0, None)
        desk.line.fault = lambda: "request_lost"
        desk.receive()
        lost = wait_for(service, "sin_conexion")
        assert lost.pending == 1
        assert lost.last_sync is not None
        desk.line.fault = lambda: "ok"
        assert wait_for(service, "al_dia").pending == 0
    finally:
        service.close()


def test_a_pause_holds_and_a_cycle_by_hand_goes(office: Office) -> None:
    desk = office.desk("a")
    service = SyncService(desk.replica, desk.engine, interval_s=3600)
    service.pause()
    service.start()
    try:
        desk.receive()
        assert service.status().kind == "en_pausa"
        assert service.status().pending == 1
        done = threading.Event()
        service.subscribe(lambda status: done.set() if status.pending == 0 else None)
        service.run_once()
        assert done.wait(20)
        service.resume()
        wait_for(service, "al_dia")
    finally:
        service.close()


def test_a_server_that_ends_is_noticed_by_the_live_connection(tmp_path: Path, made_company: Company) -> None:
    """Nothing else asks for an hour; a person sees it at once all the same."""
    yard = Yard(tmp_path, 3, company=Company(tmp_path, like=made_company))
    station = yard.station("a")
    service = SyncService(station.replica, station.engine, interval_s=3600)
    opened = threading.Event()

    def nudged() -> None:
        opened.set()
        service.nudge()

    service.live = Live(station.transport, station.replica.ambient, nudged, service.doubt, service.hear)
    service.start()
    try:
        assert opened.wait(30)
        wait_for(service, "al_dia")
        yard.company.stop(kill=True)
        wait_for(service, "sin_conexion")
    finally:
        service.close()
        station.close()
        yard.close()


def test_the_log_says_how_far_a_cycle_came(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sync.service")
    desk = office.desk("a")
    service = SyncService(desk.replica, desk.engine, interval_s=3600)
    service.start()
    try:
        wait_for(service, "al_dia")
        desk.receive()
        wait_for(service, "al_dia")
        desk.line.fault = lambda: "request_lost"
        desk.receive()
        wait_for(service, "sin_conexion")
    finally:
        service.close()
    assert any(line.startswith("sync, end: 1 sent, ") for line in caplog.messages)
    assert any(line.startswith("sync ended in push: 0 sent, ") for line in caplog.messages)
