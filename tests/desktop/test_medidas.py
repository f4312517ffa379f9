"""Dialogs show their words whole, on a small screen too; a line that is settled goes."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from printing.pdf.base import Marco
from printing.pdf.recibo import DatosRecibo, recibo_pdf
from printing.printers import Impresora
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.impresion.ajustes import AjustesImpresora
from servitec_desktop.screens.orden.dialogos import CambioEstado
from servitec_desktop.ui.documento import Documento
from testing.company import Company
from tests.desktop.person import WAIT_MS, Open, orden, take_order


@pytest.fixture
def app(company: Company, workstation: Open) -> App:
    company.enroll("a")
    return workstation("a")


def squeezed(widgets: tuple[QWidget, ...]) -> list[str]:
    """Those that are smaller than what stands in them."""
    small = [w for w in widgets if w.height() < w.sizeHint().height() or w.width() < w.minimumSizeHint().width()]
    return [w.accessibleName() for w in small]


@pytest.mark.parametrize("codigo", ["asignada", "cancelada"])
def test_what_a_state_asks_for_is_read_whole(app: App, qtbot: QtBot, codigo: str) -> None:
    dialog = CambioEstado(app.station, codigo, orden(app, take_order(app)), app.window)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.motivo.count() > 0, timeout=WAIT_MS)
    labels = [w for w in dialog.findChildren(QLabel) if w.buddy() is not None]
    assert len(labels) == 2
    assert [w.text() for w in labels if w.width() < w.sizeHint().width()] == []
    dialog.motivo.setCurrentIndex(0)
    dialog._accept()
    qtbot.waitUntil(dialog.error.isVisible, timeout=WAIT_MS)
    assert squeezed((dialog.tecnico if codigo == "asignada" else dialog.motivo, dialog.nota)) == []
    dialog.close()


def test_a_word_about_settings_squeezes_no_field(app: App, qtbot: QtBot) -> None:
    dialog = AjustesImpresora(Impresora("x", "Mostrador", "tcp://127.0.0.1:9"), app.window)
    dialog.open()
    dialog._send()
    qtbot.waitUntil(dialog.error.isVisible, timeout=WAIT_MS)
    assert squeezed((dialog.oscuridad, dialog.velocidad, dialog.medio)) == []
    dialog.close()


def test_a_document_is_no_larger_than_the_screen(app: App, qtbot: QtBot) -> None:
    pdf = recibo_pdf(DatosRecibo(Marco("Taller"), "A1-000123", "", "", falla="No enciende"))
    made = Documento(app.station, "Recibo", lambda _: pdf, app.window)
    qtbot.waitUntil(lambda: made.pdf is not None, timeout=WAIT_MS)
    room = made.screen().availableSize()
    assert (made.width() <= room.width(), made.height() <= room.height()) == (True, True)
    made.close()


def test_a_missing_client_is_not_told_of_once_there_is_one(app: App) -> None:
    page = pages.recepcion(app.window)
    page.save()
    assert "Falta el cliente" in page.error.text()
    page.cliente.buscar.setText("Íñigo")
    page.cliente.create_new()
    assert page.error.text() == ""
