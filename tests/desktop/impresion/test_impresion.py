"""Queue, history and kinds of label, as a person uses them; the printers are virtual Zebras."""

import time
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from domain.ordenes import actions as de_ordenes
from printing import printers
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.impresion.pantalla import PantallaImpresion
from servitec_desktop.screens.orden.imprimir import Imprimir
from tests.desktop.impresion.hands import LABEL, WAIT_MS, cell, confirm, dialog, estado, press, queue, saved
from tests.desktop.person import aside

ANSWER_S = 1.0


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
    """Every 5 ms a tick: none waits for a printer, though the printer answers after a second and 40 labels wait."""
    zebra.faults.reply_delay_s = ANSWER_S
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
    assert late < ANSWER_S / 2, f"{1000 * late:.0f} ms"
