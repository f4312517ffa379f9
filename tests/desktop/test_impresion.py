"""Printers, queue, history, questions and kinds of label, as a person uses them; the printers are virtual Zebras."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QMessageBox, QTableWidget
from pytestqt.qtbot import QtBot

from domain.ordenes import actions as de_ordenes
from printing import discovery, printers
from printing.discovery import Encontrada
from printing.printers import Impresora
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.impresion.ajustes import AjustesImpresora
from servitec_desktop.screens.impresion.ficha import FichaImpresora
from servitec_desktop.screens.impresion.pantalla import PantallaImpresion
from servitec_desktop.screens.orden.imprimir import Imprimir
from servitec_desktop.ui.impresion import donde
from testing.company import Company
from tests.desktop.person import aside

Open = Callable[[str], App]
WAIT_MS = 15_000
LABEL = "^XA^CI28^FO10,10^A0N,30,30^FD{0}^FS^PQ1^XZ"
MOST_BLOCKED_S = 0.05


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


def cell(table: QTableWidget, column: int, row: int = 0) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def queue(app: App, titulo: str, destino: str) -> str:
    return app.station.printing.enqueue(Pedido(titulo, LABEL.format(titulo).encode(), destino))


def saved(app: App) -> list[Impresora]:
    with app.station.replica.reading() as connection:
        return printers.impresoras(connection)


def estado(app: App, key: str) -> str:
    with app.station.replica.reading() as connection:
        (found,) = app.station.encolador.trabajos_de(connection, (key,))
    return found.estado


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def confirm(qtbot: QtBot, *, yes: bool = True) -> None:
    """Answer the question that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox), timeout=WAIT_MS)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    role = QMessageBox.ButtonRole.AcceptRole if yes else QMessageBox.ButtonRole.RejectRole
    next(b for b in box.buttons() if box.buttonRole(b) is role).click()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=WAIT_MS)


def dialog(qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=WAIT_MS)
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def card(qtbot: QtBot) -> FichaImpresora:
    found = dialog(qtbot, FichaImpresora)
    assert isinstance(found, FichaImpresora)
    return found


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


def test_the_printer_of_the_configuration_is_taken_over_once(
    page: PantallaImpresion, app: App, zebra: VirtualZebra
) -> None:
    table = page.impresoras.lista.tabla
    assert cell(table, 0) == "Etiquetas"
    assert cell(table, 2) == f"Red, 127.0.0.1:{zebra.port}"
    assert page.por_tipo.impresoras["orden"].currentText() == "Etiquetas"
    assert page.por_tipo.impresoras["producto"].currentText() == "La de las órdenes"
    aside(partial(app.station.impresion.adoptar, app.station.config.impresion))
    assert len(saved(app)) == 1


def test_the_live_state_is_said_in_words(page: PantallaImpresion, zebra: VirtualZebra, qtbot: QtBot) -> None:
    table = page.impresoras.lista.tabla
    qtbot.waitUntil(lambda: cell(table, 1) == "Lista", timeout=WAIT_MS)
    zebra.faults.paper_out = True
    qtbot.waitUntil(lambda: cell(table, 1) == "Sin papel", timeout=WAIT_MS)
    zebra.faults.paper_out = False
    qtbot.waitUntil(lambda: cell(table, 1) == "Lista", timeout=WAIT_MS)
    zebra.close()
    qtbot.waitUntil(lambda: "No responde" in cell(table, 1), timeout=WAIT_MS)


def test_a_printer_is_found_tried_named_and_saved(
    page: PantallaImpresion, app: App, other: VirtualZebra, found_printers: list[Encontrada], qtbot: QtBot
) -> None:
    press(qtbot, page.impresoras.agregar)
    form = card(qtbot)
    qtbot.waitUntil(lambda: form.encontradas.count() == 1 and form.buscar.isVisible(), timeout=WAIT_MS)
    assert "no se pudo buscar" in form.busqueda.text()
    press(qtbot, form.buscar)
    qtbot.waitUntil(form.buscar.isVisible, timeout=WAIT_MS)
    press(qtbot, form.guardar)
    assert "Falta la dirección" in form.error.text()
    form.encontradas.setCurrentRow(0)
    qtbot.waitUntil(lambda: "Lista" in form.resultado.text(), timeout=WAIT_MS)
    assert form.destino.text() == found_printers[0].destino
    form.nombre.clear()
    press(qtbot, form.guardar)
    assert "Falta el nombre" in form.error.text()
    form.nombre.setText("Etiquetas")
    press(qtbot, form.guardar)
    qtbot.waitUntil(lambda: "Ya hay una impresora" in form.error.text(), timeout=WAIT_MS)
    form.nombre.setText("Bodega")
    form.ancho.setValue(100)
    form.alto.setValue(50)
    form.exclusiva.setChecked(True)
    press(qtbot, form.muestra)
    qtbot.waitUntil(lambda: len(other.labels()) == 1, timeout=WAIT_MS)
    assert b"^PW800^LL400" in other.labels()[0].read_bytes()
    assert "Bodega" in other.labels()[0].read_text(encoding="utf-8")
    press(qtbot, form.guardar)
    qtbot.waitUntil(lambda: page.impresoras.lista.tabla.rowCount() == 2, timeout=WAIT_MS)
    bodega = saved(app)[0]
    assert (bodega.nombre, bodega.ancho_mm, bodega.alto_mm, bodega.dpi, bodega.exclusiva) == (
        "Bodega",
        100,
        50,
        203,
        True,
    )
    assert bodega.modelo
    assert bodega.firmware


def test_an_address_that_nobody_answers_at_is_told_and_may_be_saved_all_the_same(
    page: PantallaImpresion, app: App, other: VirtualZebra, qtbot: QtBot, found_printers: list[Encontrada]
) -> None:
    found_printers.clear()
    press(qtbot, page.impresoras.agregar)
    form = card(qtbot)
    qtbot.waitUntil(lambda: "No se encontró ninguna" in form.busqueda.text(), timeout=WAIT_MS)
    press(qtbot, form.probar)
    assert "Escriba la dirección" in form.error.text()
    other.close()
    form.destino.setText(f"127.0.0.1:{other.port}")
    press(qtbot, form.probar)
    qtbot.waitUntil(lambda: "no responde" in form.resultado.text(), timeout=WAIT_MS)
    form.nombre.setText("Apagada")
    press(qtbot, form.guardar)
    qtbot.waitUntil(lambda: page.impresoras.lista.tabla.rowCount() == 2, timeout=WAIT_MS)
    assert saved(app)[0].destino == f"tcp://127.0.0.1:{other.port}"
    press(qtbot, page.impresoras.agregar)
    form = card(qtbot)
    form.destino.setText("usb://nada")
    form.nombre.setText("Mala")
    press(qtbot, form.probar)
    qtbot.waitUntil(lambda: "no es una impresora" in form.resultado.text(), timeout=WAIT_MS)
    press(qtbot, form.guardar)
    qtbot.waitUntil(lambda: "no es una impresora" in form.error.text(), timeout=WAIT_MS)
    assert not form.resultado.isVisible(), "the same sentence twice"
    press(qtbot, form.cancelar)


def test_a_printer_is_edited_told_things_and_removed(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    part = page.impresoras
    press(qtbot, part.editar)
    form = card(qtbot)
    assert not form.encontradas.isVisible()
    form.nombre.setText("Mostrador")
    form.exclusiva.setChecked(True)
    press(qtbot, form.guardar)
    qtbot.waitUntil(lambda: cell(part.lista.tabla, 0) == "Mostrador", timeout=WAIT_MS)
    assert cell(part.lista.tabla, 5) == "Sólo esta estación"
    press(qtbot, part.prueba)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 1, timeout=WAIT_MS)
    press(qtbot, part.calibrar)
    confirm(qtbot)
    qtbot.waitUntil(lambda: "calibración enviada" in part.mensaje.text(), timeout=WAIT_MS)
    press(qtbot, part.ajustes)
    ajustes = dialog(qtbot, AjustesImpresora)
    assert isinstance(ajustes, AjustesImpresora)
    press(qtbot, ajustes.botones.buttons()[0])
    assert "Elija al menos un ajuste" in ajustes.error.text()
    ajustes.oscuridad.setValue(15)
    ajustes.velocidad.setValue(4)
    ajustes.medio.setCurrentIndex(1)
    press(qtbot, ajustes.botones.buttons()[0])
    qtbot.waitUntil(lambda: "ajustes guardados" in part.mensaje.text(), timeout=WAIT_MS)
    press(qtbot, part.quitar)
    confirm(qtbot, yes=False)
    assert len(saved(app)) == 1
    press(qtbot, part.quitar)
    confirm(qtbot)
    qtbot.waitUntil(lambda: part.lista.tabla.rowCount() == 0, timeout=WAIT_MS)
    assert part.vacia.isVisible()
    assert page.por_tipo.impresoras["orden"].currentText() == "No se imprime sola"


def test_the_queue_says_why_it_waits_and_obeys(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    zebra.faults.paper_out = True
    destino = saved(app)[0].destino
    keys = [queue(app, name, destino) for name in ("una", "dos", "tres")]
    part = page.cola
    page.pestanas.setCurrentWidget(part)
    qtbot.waitUntil(lambda: part.lista.tabla.rowCount() == 3, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "sin papel" in cell(part.lista.tabla, 5), timeout=WAIT_MS)
    assert page.pestanas.tabText(1) == "&Cola (3)"
    part.lista.tabla.selectRow(2)
    press(qtbot, part.adelantar)
    qtbot.waitUntil(lambda: cell(part.lista.tabla, 0) == "tres", timeout=WAIT_MS)
    part.lista.tabla.selectRow(1)
    press(qtbot, part.cancelar)
    confirm(qtbot)
    qtbot.waitUntil(lambda: part.lista.tabla.rowCount() == 2, timeout=WAIT_MS)
    zebra.faults.paper_out = False
    qtbot.waitUntil(lambda: part.lista.tabla.rowCount() == 0, timeout=WAIT_MS)
    assert part.vacia.isVisible()
    assert [estado(app, key) for key in keys] == ["fallido", "impreso", "impreso"]
    out = [path.read_text() for path in zebra.labels()]
    assert ["tres" in out[0], "dos" in out[1]] == [True, True]


def test_the_history_is_searched_and_printed_again(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    destino = saved(app)[0].destino
    for name in ("Etiqueta A1-000001", "Etiqueta A1-000002"):
        queue(app, name, destino)
    part = page.historial
    page.pestanas.setCurrentWidget(part)
    table = part.lista.tabla
    qtbot.waitUntil(lambda: [cell(table, 3, i) for i in (0, 1)] == ["Impresa", "Impresa"], timeout=WAIT_MS)
    qtbot.keyClicks(part.buscar, "000001")
    qtbot.waitUntil(lambda: table.rowCount() == 1, timeout=WAIT_MS)
    press(qtbot, part.reimprimir)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 3, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: table.rowCount() == 2 and "otra vez" in part.mensaje.text(), timeout=WAIT_MS)
    part.estado.setCurrentIndex(part.estado.findData("fallido"))
    qtbot.waitUntil(lambda: table.rowCount() == 0, timeout=WAIT_MS)
    part.estado.setCurrentIndex(0)
    part.buscar.clear()
    part.impresora.setCurrentIndex(1)
    qtbot.waitUntil(lambda: part.impresora.currentText() == "Etiquetas", timeout=WAIT_MS)


def test_an_uncertain_label_is_asked_about_once_and_the_answer_counts(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    zebra.faults.drop_after_label = True
    destino = saved(app)[0].destino
    first, second = queue(app, "una", destino), queue(app, "dos", destino)
    qtbot.waitUntil(lambda: len(page.inciertos.preguntas) == 2, timeout=WAIT_MS)
    assert "por confirmar" in app.window.botones["impresion"].text()
    zebra.faults.drop_after_label = False
    by_title = {p.trabajo.id: p for p in page.inciertos.preguntas}
    press(qtbot, by_title[first].si)
    qtbot.waitUntil(lambda: len(page.inciertos.preguntas) == 1, timeout=WAIT_MS)
    assert estado(app, first) == "impreso"
    before = len(zebra.labels())
    press(qtbot, page.inciertos.preguntas[0].no)
    qtbot.waitUntil(lambda: estado(app, second) == "impreso", timeout=WAIT_MS)
    assert len(zebra.labels()) == before + 1
    qtbot.waitUntil(lambda: not page.inciertos.isVisible(), timeout=WAIT_MS)
    assert app.window.botones["impresion"].text() == "Impresión (F6)"


def test_a_second_press_of_the_same_key_answers_no_other_question(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    zebra.faults.drop_after_label = True
    destino = saved(app)[0].destino
    first, second = queue(app, "una", destino), queue(app, "dos", destino)
    qtbot.waitUntil(lambda: len(page.inciertos.preguntas) == 2, timeout=WAIT_MS)
    asked = page.inciertos.preguntas[0]
    asked.si.setFocus()

    def space() -> None:
        focused = QApplication.focusWidget()
        if focused is not None:
            qtbot.keyClick(focused, Qt.Key.Key_Space)

    space()
    space()
    qtbot.waitUntil(lambda: len(page.inciertos.preguntas) == 1, timeout=WAIT_MS)
    space()
    assert sorted((estado(app, first), estado(app, second))) == ["impreso", "incierto"]


def test_of_a_broken_job_only_what_is_missing_is_printed_again(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    """The number that reported itself is the least that can be answered; nothing is printed before one is typed."""
    zebra.faults.label_s = 0.05
    pedido = Pedido("muchas", LABEL.format("muchas").encode(), saved(app)[0].destino, copias=12)
    key = app.station.printing.enqueue(pedido)
    qtbot.waitUntil(lambda: app.station.printing.wait(key, 0).salidas >= 3, timeout=WAIT_MS)
    zebra.power_cycle(0.1)
    qtbot.waitUntil(lambda: len(page.inciertos.preguntas) == 1, timeout=WAIT_MS)
    asked = page.inciertos.preguntas[0]
    assert asked.salieron.isVisible()
    assert "Cuente las que salieron y escríbalo." in " ".join(label.text() for label in asked.findChildren(QLabel))
    assert (asked.salieron.text(), asked.no.isEnabled()) == ("", False)
    for wrong in ("0", "12", "x"):
        asked.salieron.setText(wrong)
        assert not asked.no.isEnabled()
    page.pestanas.setCurrentWidget(page.historial)
    table = page.historial.lista.tabla
    qtbot.waitUntil(lambda: cell(table, 1) == f"{asked.trabajo.salidas} de 12", timeout=WAIT_MS)
    assert cell(table, 5).endswith("¿Cuántas de las 12 salieron?")
    out = len(zebra.labels())
    asked.salieron.setText(str(out))
    assert asked.no.text() == ("Imprimir la que falta" if out == 11 else f"Imprimir las {12 - out} que faltan")
    press(qtbot, asked.no)
    qtbot.waitUntil(lambda: estado(app, key) == "impreso", timeout=WAIT_MS)
    assert len(zebra.labels()) == 12


def test_a_running_job_is_stopped_and_the_history_prints_the_rest(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    zebra.faults.label_s = 0.3
    pedido = Pedido("muchas", LABEL.format("muchas").encode(), saved(app)[0].destino, copias=30)
    key = app.station.printing.enqueue(pedido)
    part = page.cola
    page.pestanas.setCurrentWidget(part)
    qtbot.waitUntil(lambda: cell(part.lista.tabla, 1).endswith(" de 30"), timeout=WAIT_MS)
    press(qtbot, part.cancelar)
    (box,) = [b for b in app.window.findChildren(QMessageBox) if b.isVisible()]
    assert box.text().startswith("¿Cancelar «muchas»? La etiqueta en curso todavía sale")
    confirm(qtbot)
    qtbot.waitUntil(lambda: estado(app, key) == "fallido", timeout=WAIT_MS)
    out = len(zebra.labels())
    assert out < 30
    page.pestanas.setCurrentWidget(page.historial)
    table = page.historial.lista.tabla
    qtbot.waitUntil(lambda: cell(table, 1) == f"{out} de 30", timeout=WAIT_MS)
    assert cell(table, 5) == f"Cancelado: salieron {out} de 30."
    zebra.faults.label_s = 0.0
    press(qtbot, page.historial.faltante)
    qtbot.waitUntil(lambda: estado(app, key) == "impreso", timeout=WAIT_MS)
    assert len(zebra.labels()) == 30


def test_the_printer_of_a_kind_is_chosen(page: PantallaImpresion, app: App, qtbot: QtBot) -> None:
    combo = page.por_tipo.impresoras["orden"]
    combo.setCurrentIndex(0)
    combo.activated.emit(0)

    def printed_alone() -> str | None:
        with app.station.replica.reading() as connection:
            return printers.por_tipo(connection)["orden"].impresora_id

    qtbot.waitUntil(lambda: printed_alone() is None, timeout=WAIT_MS)
    recepcion = de_ordenes.Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden={})
    assert aside(partial(app.station.saving.receive, recepcion))[2].ids == ()


def test_the_reception_asks_whether_the_label_came_out(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    zebra.faults.drop_after_label = True
    app.window.go("recepcion")
    form = pages.recepcion(app.window)
    form.cliente.create_new()
    form.cliente.nombre.setText("Íñigo")
    form.marca.setText("Epson")
    form.save()
    qtbot.waitUntil(lambda: len(form.inciertos.preguntas) == 1, timeout=WAIT_MS)
    assert "¿Salió la etiqueta?" in form.exito.text()
    zebra.faults.drop_after_label = False
    press(qtbot, form.inciertos.preguntas[0].si)
    qtbot.waitUntil(lambda: "Etiqueta impresa." in form.exito.text(), timeout=WAIT_MS)
    assert not form.inciertos.isVisible()


def test_labels_of_an_order_on_demand(page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot) -> None:
    recepcion = de_ordenes.Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden={})
    orden_id, folio, queued = aside(partial(app.station.saving.receive, recepcion))
    assert len(queued.ids) == 1
    app.window.go("orden", orden_id)
    screen = pages.orden(app.window)
    qtbot.waitUntil(lambda: screen.titulo.text() == folio, timeout=WAIT_MS)
    press(qtbot, screen.imprimir)
    form = dialog(qtbot, Imprimir)
    assert isinstance(form, Imprimir)
    qtbot.waitUntil(lambda: form.impresora.count() == 2, timeout=WAIT_MS)
    form.copias.setValue(2)
    form.impresora.setCurrentIndex(1)
    press(qtbot, form.botones.buttons()[0])
    qtbot.waitUntil(lambda: "Etiquetas en la cola" in screen.mensaje.text(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 3, timeout=WAIT_MS)


def test_the_window_goes_on_while_printers_are_slow(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    """Every 5 ms a tick: none may be late, though the printer answers after a second and 40 labels wait."""
    zebra.faults.reply_delay_s = 1.0
    destino = saved(app)[0].destino
    ticks = [time.perf_counter()]
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    for i in range(40):
        app.station.tasks.write(page, lambda i=i: queue(app, f"n{i}", destino), lambda _: None)  # type: ignore[misc]
    qtbot.waitUntil(lambda: page.cola.lista.tabla.rowCount() == 40, timeout=WAIT_MS)
    for tab in range(4):
        page.pestanas.setCurrentIndex(tab)
        qtbot.wait(150)
    timer.stop()
    late = max(b - a for a, b in zip(ticks, ticks[1:], strict=False))
    assert late < MOST_BLOCKED_S, f"{1000 * late:.0f} ms"


def test_places_are_said_as_a_person_says_them() -> None:
    words = {
        "tcp://192.168.1.50:9100": "Red, 192.168.1.50",
        "tcp://zebra:9105": "Red, zebra:9105",
        "usb://0a5f:0166/D4J1": "USB, serie D4J1",
        "usb://0a5f:0166": "USB",
        "lp:///dev/usb/lp0": "USB del sistema, lp0",
        "windows://Zebra": "Windows, Zebra (sin confirmación)",
        "file:///tmp/etiquetas": "Carpeta /tmp/etiquetas",
    }
    assert {destino: donde(destino) for destino in words} == words
