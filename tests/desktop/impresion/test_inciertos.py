"""Labels that nobody is sure of: a person is asked, and what he says counts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.impresion.pantalla import PantallaImpresion
from tests.desktop.impresion.hands import LABEL, WAIT_MS, cell, dialog, estado, press, queue, saved


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


def test_who_may_not_print_it_again_is_told_and_may_answer_otherwise(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    zebra.faults.drop_after_label = True
    key = queue(app, "una", saved(app)[0].destino)
    qtbot.waitUntil(lambda: len(page.inciertos.preguntas) == 1, timeout=WAIT_MS)
    with app.station.replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE usuario SET rol = 'consulta'")
    press(qtbot, page.inciertos.preguntas[0].no)
    box = dialog(qtbot, QMessageBox)
    assert "no imprime etiquetas" in box.text()  # type: ignore[attr-defined]
    box.accept()
    assert estado(app, key) == "incierto"
    press(qtbot, page.inciertos.preguntas[0].si)
    qtbot.waitUntil(lambda: estado(app, key) == "impreso", timeout=WAIT_MS)


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
    assert "¿Salió la etiqueta?" in form.etiquetas.aviso.text()
    zebra.faults.drop_after_label = False
    press(qtbot, form.inciertos.preguntas[0].si)
    qtbot.waitUntil(lambda: "Etiqueta impresa." in form.exito.text(), timeout=WAIT_MS)
    assert not form.inciertos.isVisible()
