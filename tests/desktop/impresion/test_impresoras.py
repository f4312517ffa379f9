"""Printers as a person finds, tries, names and keeps them; they are virtual Zebras."""

from functools import partial

from pytestqt.qtbot import QtBot

from printing.discovery import Encontrada
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.screens.impresion.ajustes import AjustesImpresora
from servitec_desktop.screens.impresion.pantalla import PantallaImpresion
from servitec_desktop.ui.impresion import donde
from tests.desktop.impresion.hands import WAIT_MS, card, cell, confirm, dialog, estado, press, queue, saved
from tests.desktop.person import aside


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
    qtbot.waitUntil(
        lambda: form.busqueda.encontradas.count() == 1 and form.busqueda.buscar.isVisible(), timeout=WAIT_MS
    )
    assert "no se pudo buscar" in form.busqueda.palabras.text()
    press(qtbot, form.busqueda.buscar)
    qtbot.waitUntil(form.busqueda.buscar.isVisible, timeout=WAIT_MS)
    press(qtbot, form.guardar)
    assert "Falta la dirección" in form.error.text()
    form.busqueda.encontradas.setCurrentRow(0)
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
    qtbot.waitUntil(lambda: "No se encontró ninguna" in form.busqueda.palabras.text(), timeout=WAIT_MS)
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
    assert not form.busqueda.encontradas.isVisible()
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


def test_a_printer_in_another_language_is_put_into_zpl(
    page: PantallaImpresion, app: App, zebra: VirtualZebra, qtbot: QtBot
) -> None:
    """What the queue says to do is there to be pressed; what waited comes out."""
    zebra.faults.language = "epl"
    part = page.impresoras
    key = queue(app, "una", saved(app)[0].destino)
    qtbot.waitUntil(lambda: "otro lenguaje (epl)" in cell(part.lista.tabla, 1), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "Póngala en ZPL" in cell(page.cola.lista.tabla, 5), timeout=WAIT_MS)
    press(qtbot, part.en_zpl)
    confirm(qtbot)
    qtbot.waitUntil(lambda: "puesta en ZPL" in part.mensaje.text(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: estado(app, key) == "impreso", timeout=WAIT_MS)
    assert len(zebra.labels()) == 1


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
