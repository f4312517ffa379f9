"""Every known cause comes to a screen in its two sentences; whatever else fails is a bug, with its trace."""

from functools import partial

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from domain.base.causes import BUG_OF_SYNC, CAUSES
from domain.base.errors import KnownError
from servitec_desktop import folder as opening_a_folder
from servitec_desktop.app import App, Opening, qt_application
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_desktop.screens.sincronizacion.cabecera import Cabecera
from servitec_desktop.ui.status import status_words
from sync.credentials import FileStore
from sync.done import CycleResult
from sync.engine import SyncEngine
from sync.service import Status, SyncService
from sync.transport import HttpTransport
from testing.company import Company
from tests.causes import ERRORS
from tests.desktop.person import WAIT_MS, Open, aside


class Fails(SyncEngine):
    """An engine whose cycle ends with an error."""

    error: Exception

    def cycle(self) -> CycleResult:
        raise self.error


def fail(error: Exception) -> None:
    raise error


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def told(app: App, error: Exception, qtbot: QtBot) -> QMessageBox:
    """What the window shows of a task that fails."""
    app.station.tasks.write(app.window, partial(fail, error), lambda _: None)
    qtbot.waitUntil(lambda: len(boxes()) == 1, timeout=WAIT_MS)
    return boxes()[0]


def close(box: QMessageBox, qtbot: QtBot) -> None:
    box.button(QMessageBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: not boxes(), timeout=WAIT_MS)


def copied(box: QMessageBox) -> str:
    """What its button for the detail puts on the clipboard."""
    (copy,) = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == "Copiar el detalle"]
    copy.click()
    assert box.isVisible()
    return QGuiApplication.clipboard().text()


def status_of(app: App, error: Exception) -> Status:
    """What the service says after a cycle that ended so."""

    def run() -> Status:
        store = FileStore(app.station.replica.data_dir / "credenciales.json")
        engine = Fails(app.station.replica, HttpTransport("http://127.0.0.1:1", store))
        engine.error = error
        service = SyncService(app.station.replica, engine)
        service._cycle()
        return service.status()

    return aside(run)


def test_every_cause_is_shown_by_the_window_and_by_the_status(workstation: Open, qtbot: QtBot) -> None:
    app = workstation("nueva")
    head = Cabecera(app.station)
    qtbot.addWidget(head)
    assert len(ERRORS) == len(CAUSES)
    for error in ERRORS:
        assert error.code in CAUSES
        assert error.message
        assert error.hint
        box = told(app, error, qtbot)
        assert (box.text(), len(box.buttons())) == (f"{error.message} {error.hint}", 1)
        close(box, qtbot)
        status = status_of(app, error)
        assert status.kind != "error"
        head.show_status(status_words(status)[0], status)
        assert f"{error.message} {error.hint}" in head.motivo.text()
        assert head.copiar.isHidden()


@pytest.mark.expects_log
def test_what_is_no_cause_is_a_bug_with_its_trace(
    workstation: Open, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    app = workstation("nueva")
    box = told(app, ZeroDivisionError("nadie lo previó"), qtbot)
    assert box.text() == "Error del programa. El detalle quedó en la carpeta logs."
    assert "Traceback" in copied(box)
    assert "ZeroDivisionError: nadie lo previó" in QGuiApplication.clipboard().text()
    close(box, qtbot)
    assert "ZeroDivisionError: nadie lo previó" in caplog.text
    caplog.clear()
    status = status_of(app, KeyError("tampoco"))
    head = Cabecera(app.station)
    qtbot.addWidget(head)
    head.show_status(status_words(status)[0], status)
    assert (status.kind, head.motivo.text()) == ("error", str(KnownError.of(BUG_OF_SYNC)))
    head.copiar.click()
    assert "KeyError: 'tampoco'" in QGuiApplication.clipboard().text()
    assert "KeyError: 'tampoco'" in caplog.text


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("error", "traced"), [(ZeroDivisionError("al abrir"), True), (KnownError("Ocupada.", "Cierre la otra."), False)]
)
def test_a_folder_that_does_not_open_is_told_in_the_window(
    company: Company, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, error: Exception, traced: bool
) -> None:
    qt_application()
    monkeypatch.setattr(opening_a_folder, "open_folder", lambda _: fail(error))
    opening = Opening(Context(company.root / "x", Config(), company.root / "x" / "credenciales.json"))
    opening.show()
    qtbot.waitUntil(lambda: len(boxes()) == 1, timeout=WAIT_MS)
    box = boxes()[0]
    if traced:
        assert "ZeroDivisionError: al abrir" in copied(box)
    else:
        assert (box.text(), len(box.buttons())) == ("Ocupada. Cierre la otra.", 1)
    ended: list[int] = []
    monkeypatch.setattr(QApplication, "exit", ended.append)
    close(box, qtbot)
    assert ended == [1]
    opening.close()
