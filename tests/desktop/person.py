"""What a person does at a window, and what he sees there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from domain.base import actions
from domain.base.row import Row, Value
from domain.ordenes import actions as de_ordenes
from local_db import people, reading
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.sincronizacion.pantalla import Sincronizacion

Open = Callable[[str], App]
WAIT_MS = 15_000
Result = TypeVar("Result")


def aside(work: Callable[[], Result]) -> Result:
    """Run what isn't for the window's thread, and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def badge(app: App) -> str:
    return app.window.estado.text()


def wait_up_to_date(qtbot: QtBot, app: App) -> None:
    """Up to date now, and the status bar has heard of it."""

    def there() -> bool:
        now = aside(app.station.sync.status)
        return now is not None and now.kind == "al_dia" and "Al día" in badge(app)

    qtbot.waitUntil(there, timeout=WAIT_MS)


def sign_out(qtbot: QtBot, app: App) -> None:
    """And see the form to sign in."""
    app.window.sign_out()
    form = pages.entrar(app.window)
    qtbot.waitUntil(lambda: app.window.paginas.currentWidget() is form, timeout=WAIT_MS)


def take_order(app: App, **campos: Value) -> str:
    recepcion = de_ordenes.Recepcion(
        cliente={"nombre": "Íñigo", "telefono": "+56955550102"},
        equipo={"marca": "Epson"},
        orden={"falla_reportada": "No enciende", **campos},
    )
    orden_id, _, _ = aside(partial(app.station.saving.receive, recepcion))
    return orden_id


def orden(app: App, orden_id: str) -> Row:
    with app.station.replica.reading() as connection:
        found = reading.row(connection, "orden", orden_id)
    assert found is not None
    return found


def edit(app: App, orden_id: str, **campos: Value) -> None:
    people.guardar(
        app.station.replica, aside(app.station.person.signed_in), actions.editar("orden", orden(app, orden_id), campos)
    )


def move(app: App, orden_id: str, estado: str, nota: str) -> None:
    moved = de_ordenes.cambiar_estado(app.station.replica.ambient, orden(app, orden_id), estado, nota=nota)
    people.guardar(app.station.replica, aside(app.station.person.signed_in), moved)


def cell(table: QTableWidget, column: int, row: int = 0) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def shown(app: App, qtbot: QtBot) -> Sincronizacion:
    """The screen, opened by a click on the badge of the active window."""
    with qtbot.waitActive(app.window, timeout=WAIT_MS):
        app.window.activateWindow()
    app.window.estado.click()
    page = pages.sincronizacion(app.window)
    assert app.window.paginas.currentWidget() is page
    return page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
