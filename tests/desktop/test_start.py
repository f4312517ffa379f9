"""What the start of the desktop doesn't wait for, and the pages that it lists."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from servitec_desktop.app import App, Opening
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_desktop.pages import PAGES, SIGN_IN
from servitec_desktop.window import MainWindow
from testing.company import Company

Open = Callable[[str], App]
WAIT_MS = 15_000
LATE = ("reportlab", "httpx", "pypdfium2", "zeroconf", "servitec_desktop.screens.impresion.disenador")
SEEN = (*LATE, "sqlalchemy", "pydantic", "keyring", "phonenumbers")


def imported(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    return set(done.stdout.split())


def test_the_window_is_seen_before_anything_that_takes_long_is_imported() -> None:
    assert imported("servitec_desktop.app") & set(SEEN) == set()


def test_a_station_and_its_pages_import_nothing_that_only_some_use() -> None:
    screens = [f"servitec_desktop.screens.{page.name}.pantalla" for page in (SIGN_IN, *PAGES)]
    assert imported("servitec_desktop.station", *screens) & set(LATE) == set()


def test_the_window_is_painted_before_the_folder_is_opened(company: Company, qtbot: QtBot) -> None:
    company.enroll("a")
    folder = company.root / "a"
    opening = Opening(Context(folder, Config(), folder / "credenciales.json"))
    seen: list[tuple[bool, str]] = []

    def look() -> None:
        shown = opening.window.paginas.currentWidget()
        seen.append((opening.app is None, shown.text() if isinstance(shown, QLabel) else ""))

    opening.window.painted.connect(look)
    opening.show()
    qtbot.waitUntil(lambda: opening.app is not None, timeout=WAIT_MS)
    assert seen[0] == (True, "Abriendo…")
    qtbot.waitUntil(lambda: opening.app is not None and opening.app.station.sync.service is not None, timeout=WAIT_MS)
    opening.close()


def test_a_window_that_is_closed_while_its_folder_opens_closes_it_cleanly(company: Company, qtbot: QtBot) -> None:
    company.enroll("a")
    folder = company.root / "a"
    opening = Opening(Context(folder, Config(), folder / "credenciales.json"))
    opening.show()
    opening._open()
    opening.close()
    assert opening.app is None
    assert not (folder / "abierta").exists(), "it was closed cleanly"


def test_every_page_declares_what_it_has(company: Company, workstation: Open) -> None:
    company.enroll("a")
    window = workstation("a").window
    assert len({page.name for page in PAGES}) == len(PAGES)
    for page in PAGES:
        assert bool(page.key) == bool(page.words)
        for key in page.keys:
            assert not key.run or callable(getattr(window.page(page.name), key.run))
    shown = [action.text() for action in window.barra.actions() if action.isVisible()]
    assert shown == [
        "Órdenes (F2)",
        "Nueva orden (F4)",
        "Impresión (F6)",
        "Sincronización",
        "Ayuda (F1)",
        "Cerrar sesión",
    ]


@pytest.mark.parametrize("roles", [frozenset({"supervisor"}), frozenset({"tecnico"})])
def test_a_page_is_for_its_roles(company: Company, workstation: Open, qtbot: QtBot, roles: frozenset[str]) -> None:
    company.enroll("a")
    station = workstation("a").station
    window = MainWindow(tuple(replace(p, roles=roles if p.name == "impresion" else p.roles) for p in PAGES))
    qtbot.addWidget(window)
    window.attach(station)
    may = "supervisor" in roles
    assert window.botones["impresion"].isVisible() is may
    window.go("impresion")
    assert (window.paginas.currentWidget() is window.page("impresion")) is may
    window.detach()


def test_every_screen_has_its_page() -> None:
    folders = {path.parent.name for path in Path("servitec_desktop/screens").glob("*/pantalla.py")}
    assert folders == {page.name for page in (SIGN_IN, *PAGES)}


def test_a_question_to_the_replica_in_the_windows_thread_is_noticed(
    company: Company, workstation: Open, asked_in_the_window: list[str]
) -> None:
    company.enroll("a")
    workstation("a").station.person.signed_in()
    (asked,) = asked_in_the_window
    assert asked.startswith("servitec_desktop/person.py:")
    asked_in_the_window.clear()
