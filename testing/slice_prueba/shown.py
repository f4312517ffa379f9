"""Accounts in a real window, offscreen, and on a label: at a station that signs in over HTTP."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from domain.base.errors import Rejection
from local_db.replica import Replica
from printing.virtual import VirtualZebra
from servitec_desktop.app import App, qt_application
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_desktop.demo import pages
from servitec_desktop.folder import open_folder
from sync import session
from testing.slice_prueba.page import PAGE
from testing.slice_prueba.played import Play
from testing.slice_prueba.screen import TABLE, Pruebas
from tests.fixtures_served import CLAVE, Served, serving

PATIENCE_S = 60


def shown(world: Play) -> None:
    """The page has its button, lists what the station holds, and prints a label by the queue; each to whom it may."""
    with serving(world.office) as server:
        cuenta, _, _ = world.account(world.jefa, "Señora Ñandú", [1200])
        world.sync()
        on_screen(world, server, cuenta)


def on_screen(world: Play, server: Served, cuenta: str) -> None:
    """The same, of this account."""
    server.give_password("jefa")
    with _printer(world.office.root / "etiquetas") as zebra, _station(world, server, zebra) as app:
        page = _page(app)
        QTest.mouseClick(app.window.barra.widgetForAction(app.window.botones[PAGE.name]), Qt.MouseButton.LeftButton)
        until(lambda: app.window.paginas.currentWidget() is page and page.lista.tabla.rowCount() > 0)
        table = page.lista.tabla
        listed = [[table.item(i, j).text() for j in (0, 2)] for i in range(table.rowCount())]  # type: ignore[union-attr]
        assert ["Señora Ñandú", "1200"] in listed
        page.show_record(cuenta)
        QTest.mouseClick(page.etiqueta, Qt.MouseButton.LeftButton)
        until(lambda: len(zebra.labels()) == 1)
        label = zebra.labels()[0].read_text(encoding="utf-8")
        assert "Señora Ñandú" in label.replace("_C3_B1", "ñ").replace("_C3_BA", "ú"), label
        until(lambda: page.mensaje.text() == "1 en la cola.")
        assert TABLE in pages.impresion(app.window).por_tipo.impresoras
        _become(app, "gestor")
        until(lambda: not page.etiqueta.isEnabled())
        with pytest.raises(Rejection, match="imprime sólo lo que es suyo"):
            app.station.encolador.encolar(TABLE, cuenta)
        _become(app, "recepcionista")
        assert not app.window.botones[PAGE.name].isVisible()


def until(condition: Callable[[], bool]) -> None:
    """Let the window work until it holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def _page(app: App) -> Pruebas:
    until(lambda: app.window.botones[PAGE.name].isVisible())
    found = app.window.page(PAGE.name)
    assert isinstance(found, Pruebas)
    return found


def _become(app: App, rol: str) -> None:
    """The server made the person at the desk something else."""
    with app.station.replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE usuario SET rol = ? WHERE username = 'jefa'", (rol,))
        writing.touch("usuario", "")

    def heard() -> bool:
        actor = app.station.person.actor
        return actor is not None and actor.rol == rol

    until(heard)


@contextmanager
def _printer(folder: Path) -> Iterator[VirtualZebra]:
    printer = VirtualZebra(folder)
    printer.start()
    try:
        yield printer
    finally:
        printer.close()


@contextmanager
def _station(world: Play, server: Served, zebra: VirtualZebra) -> Iterator[App]:
    """A new station, enrolled by `jefa`, with its window."""
    folder, config = world.office.root / "mostrador", Config()
    config.api_server.url = server.url
    config.api_server.enable_realtime = False
    config.impresion.impresora = f"tcp://127.0.0.1:{zebra.port}"
    context = Context(folder, config, folder / "credenciales.json")
    with closing(Replica.open(folder)) as replica:
        session.enroll(replica, context.store(), server.url, "jefa", CLAVE, "mostrador", 30, lambda *_: None)
    qt_application()
    app = App(open_folder(context))
    app.window.show()
    try:
        yield app
    finally:
        app.close()
