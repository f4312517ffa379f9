"""The main window: pages and the status bar, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMessageBox, QPushButton, QStackedWidget, QToolBar

from servitec_desktop.pages import PAGES, SIGN_IN, STATUS
from servitec_desktop.ui.help import page_text, show_help
from servitec_desktop.ui.page import Page, Screen
from servitec_desktop.ui.status import status_words

if TYPE_CHECKING:
    from servitec_desktop.station import Station
    from sync.service import Status

TELL_MS = 50
AFTERWARDS_MS = 20
"""So long after the first page those are made that nobody has asked for yet."""


class MainWindow(QMainWindow):
    """It can be seen before there is a station; then sign-in first, and the pages once somebody is signed in."""

    painted = Signal()
    """It is on the screen."""
    ready = Signal()
    """What a page shows first is there."""

    def __init__(self, pages: tuple[Page, ...] = PAGES) -> None:
        super().__init__()
        self._station: Station | None = None
        self._status: Status | None = None
        self._declared = pages
        self._screens: dict[str, Screen] = {}
        self.botones: dict[str, QAction] = {}
        self.setWindowTitle("Servitec")
        self.resize(1240, 780)
        self.paginas = QStackedWidget()
        self.paginas.addWidget(QLabel(self.tr("Abriendo…"), alignment=Qt.AlignmentFlag.AlignCenter))
        self.setCentralWidget(self.paginas)
        self.estado = QPushButton()
        self.estado.setFlat(True)
        self.estado.clicked.connect(lambda: self.go(STATUS.name))
        self.statusBar().addWidget(self.estado)
        self.barra = self._tool_bar()
        self.barra.hide()
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self._tell)
        self._making = QTimer(self, singleShot=True, interval=AFTERWARDS_MS)
        self._making.timeout.connect(self._make_counting)
        self.ready.connect(self._making.start)

    def attach(self, station: Station) -> None:
        """Show what this station holds."""
        self._station = station
        station.person_changed.connect(self.show_person)
        station.status_changed.connect(self._heard)
        station.tasks.bug.connect(self.show_bug)
        self.show_person()

    def detach(self) -> None:
        """The station closes: ask it nothing any more."""
        self._making.stop()
        self._telling.stop()
        self._station = None

    def _tool_bar(self) -> QToolBar:
        bar = QToolBar(self.tr("Principal"))
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for page in (page for page in self._declared if page.listed):
            self.botones[page.name] = made = self._action(_title(page), page.key, partial(self.go, page.name))
            bar.addAction(made)
        bar.addAction(self._action(self.tr("Ayuda (F1)"), "F1", partial(show_help, self, self._declared)))
        bar.addAction(self._action(self.tr("Cerrar sesión"), "", self.sign_out))
        self.addAction(self._action("", "F5", self._sync_now))
        self.addAction(self._action("", "Esc", self._escape))
        for page in self._declared:
            for bound in (k for k in page.keys if k.run):
                self.addAction(self._action("", bound.key, partial(self._run, page.name, bound.run)))
        self.addToolBar(bar)
        return bar

    def _action(self, text: str, key: str, action: Callable[[], None]) -> QAction:
        made = QAction(text, self)
        if key:
            made.setShortcut(QKeySequence(key))
        made.triggered.connect(lambda: action())
        return made

    def page(self, name: str) -> Screen:
        """The screen of a page, made when it is first asked for."""
        if name not in self._screens:
            if self._station is None:
                raise RuntimeError("no station is open")
            page = next(page for page in (SIGN_IN, *self._declared) if page.name == name)
            self._screens[name] = made = page.make(self._station)
            made.go.connect(self.go)
            made.ready.connect(self.ready)
            made.counted.connect(partial(self._count, page))
            self.paginas.addWidget(made)
            made.show_status(status_words(self._status)[0], self._status)
        return self._screens[name]

    def _make_counting(self) -> None:
        """The pages that count what waits on them."""
        if self._station is not None and self._station.actor is not None:
            for page in (page for page in self._declared if page.counts):
                self.page(page.name)

    def go(self, name: str, key: str = "") -> None:
        """Show a page, the first one without a name; `key`: the record to show there."""
        actor = self._station.actor if self._station is not None else None
        page = next((page for page in self._declared if page.name == name), self._declared[0])
        if actor is None or (page.roles is not None and actor.rol not in page.roles):
            return
        screen = self.page(page.name)
        self.paginas.setCurrentWidget(screen)
        if key:
            screen.show_record(key)
        screen.enter()

    def _current(self) -> Page | None:
        shown = self.paginas.currentWidget()
        return next((page for page in self._declared if self._screens.get(page.name) is shown), None)

    def _run(self, name: str, method: str) -> None:
        page = self._current()
        if page is not None and page.name == name:
            getattr(self._screens[name], method)()

    def _escape(self) -> None:
        page = self._current()
        if page is not None and page.back:
            self.go("")

    def _sync_now(self) -> None:
        if self._station is not None:
            self._station.sync_now()

    def _count(self, page: Page, count: int) -> None:
        text = _title(page)
        self.botones[page.name].setText(self.tr("{0} · {1} por confirmar").format(text, count) if count else text)

    def show_person(self) -> None:
        """Title, pages and status for whoever is signed in now."""
        if self._station is None:
            return
        actor = self._station.actor
        self.barra.setVisible(actor is not None)
        if actor is None:
            self.setWindowTitle("Servitec")
            entrar = self.page(SIGN_IN.name)
            entrar.enter()
            self.paginas.setCurrentWidget(entrar)
        else:
            for page in (page for page in self._declared if page.listed):
                self.botones[page.name].setVisible(page.roles is None or actor.rol in page.roles)
            branch = self._station.branch()
            known = self._station.known
            where = branch["nombre"] if branch else self.tr("todas las sucursales")
            self.setWindowTitle(f"Servitec · {where} · {actor.username} · {known.codigo} {known.estacion_nombre}")
            if self._current() is None:
                self.go("")
        self._tell()

    def sign_out(self) -> None:
        """End the person's session."""
        if self._station is not None:
            self._station.sign_out()

    def _heard(self, status: Status) -> None:
        """Many statuses in a moment are one; the end of "up to date" is told at once."""
        if self._status is not None and self._status.kind == "al_dia" and status.kind != "al_dia":
            self._tell()
        elif not self._telling.isActive():
            self._telling.start()
        if self._station is not None:
            self._station.reload_person()

    def _tell(self) -> None:
        """Say what is so now: statuses of several threads may arrive in another order than they arose."""
        if self._station is None:
            return
        self._status = self._station.status()
        text, detail = status_words(self._status)
        for screen in self._screens.values():
            screen.show_status(text, self._status)
        self.estado.setText(text)
        self.estado.setToolTip(detail)
        self.estado.setAccessibleName(self.tr("Estado de la sincronización: {0}").format(text))

    def show_bug(self, text: str, detail: str = "") -> None:
        """A failure that nobody expected, with its detail to be copied."""
        box = QMessageBox(QMessageBox.Icon.Critical, self.tr("Error"), text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if detail:
            copy = box.addButton(self.tr("&Copiar el detalle"), QMessageBox.ButtonRole.ActionRole)
            copy.clicked.disconnect()  # the box stays open
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(detail))
        box.addButton(QMessageBox.StandardButton.Ok)
        box.open()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Tell that it can be seen."""
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Keep what is being typed."""
        for screen in self._screens.values():
            screen.keep_draft()
        super().closeEvent(event)


def _title(page: Page) -> str:
    return f"{page_text(page.title)} ({page.key})" if page.key else page_text(page.title)
