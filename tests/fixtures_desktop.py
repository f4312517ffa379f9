"""The whole application, offscreen, on a folder of its own."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from printing.virtual import VirtualZebra
from servitec_desktop.app import App, qt_application
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_desktop.folder import open_folder
from testing.company import Company
from tests.desktop.person import aside


@pytest.fixture
def zebra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualZebra]:
    printer = VirtualZebra(tmp_path_factory.mktemp("zebra"))
    printer.start()
    yield printer
    printer.close()


@pytest.fixture
def workstation(company: Company, zebra: VirtualZebra, qtbot: QtBot) -> Iterator[Callable[[str], App]]:
    """Opens the application on the folder of a station, or opens it again; an unknown name is a new, empty folder."""
    opened: dict[str, App] = {}
    qt_application()

    def open_(name: str) -> App:
        if name in opened:
            opened.pop(name).close()
        config = Config()
        config.impresion.impresora = f"tcp://127.0.0.1:{zebra.port}"
        config.api_server.url = company.url
        folder = company.root / name
        app = App(aside(partial(open_folder, Context(folder, config, folder / "credenciales.json"))))
        opened[name] = app
        with qtbot.waitActive(app.window):
            app.window.show()
            app.window.activateWindow()
        return app

    yield open_
    for app in opened.values():
        app.close()
