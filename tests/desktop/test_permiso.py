"""What somebody may not print is not offered to him."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from domain.ordenes import actions as de_ordenes
from printing.trabajos import trabajos
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from testing.company import Company
from tests.desktop.person import aside

Open = Callable[[str], App]
WAIT_MS = 15_000
OTHER = "00000000-0000-7000-8000-0000000000bb"


@pytest.fixture
def app(company: Company, workstation: Open) -> App:
    company.enroll("a")
    return workstation("a")


def receive(app: App) -> tuple[str, str]:
    """An order, by whoever is signed in; its id and folio."""
    recepcion = de_ordenes.Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden={})
    orden_id, folio, _ = aside(partial(app.station.saving.receive, recepcion))
    return orden_id, folio


def become(qtbot: QtBot, app: App, rol: str) -> None:
    """The server made the person at the desk something else."""
    with app.station.replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE usuario SET rol = ?", (rol,))
        writing.touch("usuario", "")

    def heard() -> bool:
        actor = app.station.person.actor
        return actor is not None and actor.rol == rol

    qtbot.waitUntil(heard, timeout=WAIT_MS)


def jobs(app: App) -> int:
    with app.station.replica.reading() as connection:
        return len(trabajos(connection))


def test_who_only_looks_is_offered_no_printing(app: App, zebra: VirtualZebra, qtbot: QtBot) -> None:
    orden_id, folio = receive(app)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 1, timeout=WAIT_MS)
    become(qtbot, app, "consulta")
    app.window.go("orden", orden_id)
    screen = pages.orden(app.window)
    qtbot.waitUntil(lambda: screen.titulo.text() == folio, timeout=WAIT_MS)
    tools = (screen.etiqueta, screen.imprimir, screen.documentos)
    assert [tool.isEnabled() for tool in tools] == [False, False, False]
    qtbot.keyClick(app.window, Qt.Key.Key_F8)
    qtbot.keyClick(app.window, Qt.Key.Key_F6)
    assert app.window.paginas.currentWidget() is screen
    assert not app.window.botones["impresion"].isVisible()
    assert jobs(app) == 1
    become(qtbot, app, "supervisor")
    screen.open(orden_id)
    qtbot.waitUntil(lambda: all(tool.isEnabled() for tool in tools), timeout=WAIT_MS)
    qtbot.keyClick(app.window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 2, timeout=WAIT_MS)
    assert app.window.botones["impresion"].isVisible()


def test_a_technician_is_offered_what_is_his(app: App, zebra: VirtualZebra, qtbot: QtBot) -> None:
    """In the order, and in the history of what this station printed for everybody."""
    (mine, _), (anothers, folio) = receive(app), receive(app)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 2, timeout=WAIT_MS)
    become(qtbot, app, "tecnico")
    with app.station.replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE orden SET creado_por = ? WHERE id = ?", (OTHER, anothers))
    app.window.go("orden", anothers)
    screen = pages.orden(app.window)
    qtbot.waitUntil(lambda: screen.titulo.text() == folio, timeout=WAIT_MS)
    assert not screen.etiqueta.isEnabled()
    app.window.go("orden", mine)
    qtbot.waitUntil(screen.etiqueta.isEnabled, timeout=WAIT_MS)
    page = pages.impresion(app.window)
    app.window.go("impresion")
    page.pestanas.setCurrentWidget(page.historial)
    table = page.historial.lista.tabla
    qtbot.waitUntil(lambda: table.rowCount() == 2, timeout=WAIT_MS)
    offered = []
    for row in range(2):
        table.selectRow(row)
        item = table.item(row, 0)
        assert item is not None
        offered.append((item.text().endswith(folio), page.historial.reimprimir.isEnabled()))
    assert sorted(offered) == [(False, True), (True, False)]
