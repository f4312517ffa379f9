"""The window in English: what config.json says reaches every text that a person reads, and Qt's own dialogs."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from domain.base.causes import SIN_LIBUSB, Cause
from domain.base.errors import KnownError
from domain.ordenes.states import ESTADOS, ORDEN
from printing.printers import Impresora
from servitec_desktop.app import App, qt_application
from servitec_desktop.config import Config
from servitec_desktop.demo import pages
from servitec_desktop.i18n import tr
from servitec_desktop.i18n.causas import KNOWN, said, say
from servitec_desktop.impresion import Hallazgo
from servitec_desktop.pages import PAGES
from servitec_desktop.screens.impresion.ficha import FichaImpresora
from testing.company import PERSON, Company
from tests.causes import PLACES
from tools import textos
from tools.textos import CATALOGUES, ENGLISH

Open = Callable[[str], App]
WAIT_MS = 15_000
FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QAbstractButton
from servitec_desktop import app
from servitec_desktop.config import load_config
from servitec_desktop.context import Context

folder = Path(sys.argv[1])

def look() -> None:
    texts = [b.text() for w in QApplication.topLevelWidgets() for b in w.findChildren(QAbstractButton) if b.isVisible()]
    if any(text for text in texts if "·" not in text):
        print(texts)
        QApplication.exit(0)

context = Context(folder, load_config(None, folder), folder / "credenciales.json")
app.qt_application(context.config.idioma)
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
sys.exit(app.run(context))
"""


@pytest.fixture
def english(company: Company, workstation: Open) -> Iterator[App]:
    """A signed-in window in English."""
    company.enroll("a")
    qt_application("en")
    yield workstation("a")
    qt_application()


def spanish() -> set[str]:
    """The texts of the source that are another in English; a state keeps its name."""
    found = textos.read(CATALOGUES / ENGLISH)
    states = {ORDEN.nombre(codigo) for codigo in ESTADOS}
    return {text.source for text in found} - {form for text in found for form in text.forms} - states


def texts(widget: QWidget) -> Iterator[str]:
    """What a person reads or hears of a widget and of what stands in it."""
    for one in (widget, *widget.findChildren(QWidget)):
        yield from (one.windowTitle(), one.toolTip(), one.accessibleName())
        if isinstance(one, QLabel | QAbstractButton):
            yield one.text()
        elif isinstance(one, QLineEdit):
            yield one.placeholderText()
        elif isinstance(one, QComboBox):
            yield from (one.itemText(i) for i in range(one.count()))
        elif isinstance(one, QTabWidget):
            yield from (one.tabText(i) for i in range(one.count()))
        elif isinstance(one, QTableView):
            model = one.model()
            yield from (model.headerData(i, Qt.Orientation.Horizontal) or "" for i in range(model.columnCount()))
        yield from (action.text() for action in one.actions())


def mnemonics(widget: QWidget) -> Iterator[str]:
    """The letters that lead somewhere on what is visible."""
    for one in widget.findChildren(QWidget):
        found = []
        if isinstance(one, QTabWidget):
            found = [one.tabText(i) for i in range(one.count())]
        elif one.isVisible() and (isinstance(one, QAbstractButton) or (isinstance(one, QLabel) and one.buddy())):
            found = [one.text()]
        for text in found:
            yield from (text[i + 1].lower() for i in range(len(text) - 1) if text[i] == "&" and text[i + 1].isalpha())


def test_the_language_of_the_settings_is_that_of_the_window(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"idioma": "en"}), encoding="utf-8")
    run = [sys.executable, "-c", FIRST, str(tmp_path)]
    done = subprocess.run(run, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert "Enrol and sign in" in done.stdout, done.stderr


def test_spanish_is_the_language_when_nobody_says() -> None:
    assert Config().idioma == "es"


def test_every_page_is_in_english(english: App) -> None:
    window = english.window
    known = spanish()
    assert window.botones["ordenes"].text() == "Orders (F2)"
    for page in PAGES:
        window.go(page.name)
        shown = window.page(page.name)
        assert {text for text in texts(shown) if text in known} == set(), page.name
        assert [letter for letter, times in Counter(mnemonics(shown)).items() if times > 1] == [], page.name
    assert {text for text in texts(window) if text in known} == set()


def test_numbers_have_one_and_many(english: App, qtbot: QtBot) -> None:
    page = pages.ordenes(english.window)
    qtbot.waitUntil(lambda: page.cuenta.text() == "0 orders", timeout=WAIT_MS)
    assert page.tr("%n órdenes", "", 1) == "1 order"
    qt_application()
    assert [page.tr("%n órdenes", "", n) for n in (1, 2)] == ["1 orden", "2 órdenes"]


def test_dialogs_are_in_english(english: App, qtbot: QtBot, tmp_path: Path) -> None:
    window = english.window
    window.botones["recepcion"].trigger()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    help_ = QApplication.activeModalWidget()
    assert isinstance(help_, QMessageBox)
    assert help_.windowTitle() == "Keys"
    assert "F5:  sync now" in help_.text()
    assert "Ctrl+Enter:  save the new order and print its label" in help_.text()
    help_.close()
    card = FichaImpresora(english.station, Impresora("x", "Mesón", "tcp://127.0.0.1:1"), window)
    card.show()
    assert {text for text in texts(card) if text in spanish()} == set()
    assert "&Name" in set(texts(card)), "of a printer, not of a person"
    assert [letter for letter, times in Counter(mnemonics(card)).items() if times > 1] == []
    card.reject()


def test_an_error_of_a_known_cause_is_in_english(english: App, qtbot: QtBot) -> None:
    form = pages.recepcion(english.window)
    english.window.go("recepcion")
    form.guardar.click()
    assert form.error.text() == "The customer is missing: search, or choose “Create customer”."
    screen = pages.impresion(english.window)
    english.window.go("impresion")
    screen.plantillas.import_(Path("no-such-file.json"))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert box.windowTitle() == "It could not be done"
    assert box.text().startswith("Cannot read no-such-file.json: ")
    box.close()


@pytest.mark.parametrize("cause", KNOWN, ids=lambda cause: cause.code)
def test_every_known_cause_is_said_in_english(qtbot: QtBot, cause: Cause) -> None:
    error = KnownError.of(cause, **PLACES, logs="logs")
    spanish_text, places = str(error), {**PLACES, "logs": "logs", "why": "The user or the password is wrong."}
    assert said(spanish_text) == spanish_text
    qt_application("en")
    try:
        wanted = f"{tr(cause.what)} {tr(cause.todo)}".format(**places)
        assert wanted != spanish_text
        assert said(spanish_text) == wanted
        assert str(say(error)) == wanted
        assert said("Otra cosa.") == "Otra cosa."
    finally:
        qt_application()


def test_the_state_of_a_printer_and_what_its_search_says_are_in_english(english: App, qtbot: QtBot) -> None:
    english.window.go("impresion")
    page = pages.impresion(english.window)
    state = lambda: [item.text() for row in (0,) if (item := page.impresoras.lista.tabla.item(row, 1)) is not None]  # noqa: E731
    qtbot.waitUntil(lambda: state() == ["Ready"], timeout=WAIT_MS)
    card = FichaImpresora(
        english.station, Impresora("x", "Mesón", english.station.config.impresion.impresora or ""), page
    )
    card.show()
    card._try()
    qtbot.waitUntil(lambda: card.resultado.text().endswith("Ready"), timeout=WAIT_MS)
    card.busqueda._searched(Hallazgo((), (str(KnownError.of(SIN_LIBUSB)),)))
    assert card.busqueda.palabras.text().endswith("The library libusb is missing. Install libusb 1.0.")
    card.reject()


def test_a_server_that_is_gone_is_told_in_english(english: App, company: Company, qtbot: QtBot) -> None:
    english.window.go("sincronizacion")
    head = pages.sincronizacion(english.window).cabecera
    qtbot.waitUntil(lambda: "Up to date" in head.insignia.text(), timeout=WAIT_MS)
    company.stop()
    qtbot.waitUntil(lambda: "does not answer. Check the connection." in head.motivo.text(), timeout=WAIT_MS)
    assert head.motivo.text().startswith(f"The server {company.url} does not answer.")
    assert "No connection" in head.insignia.text()


def test_a_wrong_password_is_told_in_english(english: App, company: Company, qtbot: QtBot) -> None:
    english.window.go("ordenes")
    english.window.sign_out()
    form = pages.entrar(english.window)
    qtbot.waitUntil(form.isVisible, timeout=WAIT_MS)
    form.usuario.setText(PERSON)
    form.clave.setText("equivocada")
    form.submit()
    text = "The user or the password is wrong. Check them and try again."
    qtbot.waitUntil(lambda: form.error.text() == text, timeout=WAIT_MS)


@pytest.mark.parametrize(("idioma", "yes"), [("en", "&Yes"), ("es", "&Sí")])
def test_qt_s_own_buttons_speak_the_language(qtbot: QtBot, idioma: str, yes: str) -> None:
    qt_application(idioma)
    box = QMessageBox()
    qtbot.addWidget(box)
    assert box.addButton(QMessageBox.StandardButton.Yes).text() == yes
    qt_application()
