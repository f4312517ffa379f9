"""The screen, opened, and another printer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from printing import discovery
from printing.discovery import Encontrada
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.impresion.pantalla import PantallaImpresion
from testing.company import Company
from tests.desktop.impresion.hands import WAIT_MS

Open = Callable[[str], App]


@pytest.fixture
def app(company: Company, workstation: Open) -> App:
    company.enroll("a")
    return workstation("a")


@pytest.fixture
def page(app: App, qtbot: QtBot) -> PantallaImpresion:
    """The screen, opened by its key, with the printer of config.json taken over."""
    qtbot.keyClick(app.window, Qt.Key.Key_F6)
    made = pages.impresion(app.window)
    qtbot.waitUntil(lambda: made.impresoras.lista.tabla.rowCount() == 1, timeout=WAIT_MS)
    return made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[VirtualZebra]:
    printer = VirtualZebra(tmp_path / "otra")
    printer.start()
    yield printer
    printer.close()


@pytest.fixture
def found_printers(monkeypatch: pytest.MonkeyPatch, other: VirtualZebra) -> list[Encontrada]:
    """What the search finds: its ways have tests of their own, and the network here has no printers."""
    there = [Encontrada(f"tcp://127.0.0.1:{other.port}", "ZTC ZD421-203dpi ZPL", "Bodega", "D4J1", "Red")]

    def search(_: float, *, found: Callable[[Encontrada], None], note: Callable[[str], None], **__: object) -> object:
        for one in there:
            found(one)
        note("USB: no se pudo buscar.")
        return there

    monkeypatch.setattr(discovery, "buscar", search)
    return there
