"""The main window: pages, their bar and the status bar, nothing else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMessageBox, QStackedWidget

from servitec_desktop.barra import Barra, key_action
from servitec_desktop.insignia import Insignia
from servitec_desktop.pages import PAGES, SIGN_IN, STATUS
from servitec_desktop.ui.help import show_help
from servitec_desktop.ui.page import Page, Screen
from servitec_desktop.ui.status import status_words

if TYPE_CHECKING:
    from servitec_desktop.station import Station
    from sync.service import Status

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
        self._declared = pages
        self._screens: dict[str, Screen] = {}
        self.setWindowTitle("Servitec")
        self.resize(1240, 780)
        self.paginas = QStackedWidget()
        self.paginas.addWidget(QLabel(self.tr("Abriendo…"), alignment=Qt.AlignmentFlag.AlignCenter))
        self.setCentralWidget(self.paginas)
        self.estado = Insignia()
        self.estado.clicked.connect(lambda: self.go(STATUS.name))
        self.estado.told.connect(self._tell)
        self.statusBar().addWidget(self.estado)
        self.barra = Barra(pages, self)
        self.botones = self.barra.botones
        self.barra.chosen.connect(self.go)
        self.barra.hide()
        self.addToolBar(self.barra)
        self._add_keys()
        self._making = QTimer(self, singleShot=True, interval=AFTERWARDS_MS)
        self._making.timeout.connect(self._make_counting)
        self.ready.connect(self._making.start)

    def attach(self, station: Station) -> None:
        """Show what this station holds."""
        self._station = station
        station.person.changed.connect(self.show_person)
        station.tasks.bug.connect(self.show_bug)
        self.estado.attach(station)
        self.show_person()

    def detach(self) -> None:
        """The station closes: ask it nothing any more."""
        self._making.stop()
        self.estado.detach()
        self._station = None

    def _add_keys(self) -> None:
        self.barra.add(self.tr("Ayuda (F1)"), "F1", partial(show_help, self, self._declared))
        self.barra.add(self.tr("Cerrar sesión"), "", self.sign_out)
        self.addAction(key_action(self, "", "F5", self._sync_now))
        self.addAction(key_action(self, "", "Esc", self._escape))
        for page in self._declared:
            for bound in (k for k in page.keys if k.run):
                self.addAction(key_action(self, "", bound.key, partial(self._run, page.name, bound.run)))

    def page(self, name: str) -> Screen:
        """The screen of a page, made when it is first asked for."""
        if name not in self._screens:
            if self._station is None:
                raise RuntimeError("no station is open")
            page = next(page for page in (SIGN_IN, *self._declared) if page.name == name)
            self._screens[name] = made = page.make(self._station)
            made.go.connect(self.go)
            made.ready.connect(self.ready)
            made.counted.connect(partial(self.barra.count, page))
            self.paginas.addWidget(made)
            made.show_status(status_words(self.estado.status)[0], self.estado.status)
        return self._screens[name]

    def _make_counting(self) -> None:
        """The pages that count what waits on them."""
        if self._station is not None and self._station.person.actor is not None:
            for page in (page for page in self._declared if page.counts):
                self.page(page.name)

    def go(self, name: str, key: str = "") -> None:
        """Show a page, the first one without a name; `key`: the record to show there."""
        actor = self._station.person.actor if self._station is not None else None
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
            self._station.sync.now()

    def show_person(self) -> None:
        """Title, pages and status for whoever is signed in now."""
        if self._station is None:
            return
        person = self._station.person
        actor = person.actor
        self.barra.show_for(actor.rol if actor is not None else None)
        self.estado.ask()
        if actor is None:
            self.setWindowTitle("Servitec")
            entrar = self.page(SIGN_IN.name)
            if self.paginas.currentWidget() is not entrar:
                entrar.enter()
                self.paginas.setCurrentWidget(entrar)
            return
        where = person.branch["nombre"] if person.branch else self.tr("todas las sucursales")
        known = person.known
        self.setWindowTitle(f"Servitec · {where} · {actor.username} · {known.codigo} {known.estacion_nombre}")
        if self._current() is None:
            self.go("")

    def sign_out(self) -> None:
        """End the person's session; the form to sign in comes when it has ended."""
        if self._station is not None:
            self._station.tasks.write(self, self._station.person.sign_out, lambda _: None)

    def _tell(self, text: str, status: Status | None) -> None:
        for screen in self._screens.values():
            screen.show_status(text, status)

    def show_bug(self, text: str, detail: str = "") -> QMessageBox:
        """A failure that nobody expected, with its detail to be copied."""
        box = QMessageBox(QMessageBox.Icon.Critical, self.tr("Error"), text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if detail:
            copy = box.addButton(self.tr("&Copiar el detalle"), QMessageBox.ButtonRole.ActionRole)
            copy.clicked.disconnect()  # the box stays open
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(detail))
        box.addButton(QMessageBox.StandardButton.Ok)
        box.open()
        return box

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Tell that it can be seen."""
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Keep what is being typed."""
        for screen in self._screens.values():
            screen.keep_draft()
        super().closeEvent(event)
