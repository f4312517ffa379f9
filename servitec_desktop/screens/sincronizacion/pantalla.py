"""What waits to be sent, what the server refused, what is in conflict."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from domain.permissions import puede
from local_db import open_items, people, state
from local_db.reading import Reading
from local_db.replica import Changes
from servitec_desktop.i18n import tr
from servitec_desktop.screens.sincronizacion.cabecera import Cabecera
from servitec_desktop.screens.sincronizacion.conflictos import Conflicto, Conflictos
from servitec_desktop.screens.sincronizacion.legible import legible
from servitec_desktop.screens.sincronizacion.pendientes import Pendientes
from servitec_desktop.screens.sincronizacion.perdidas import Perdidas
from servitec_desktop.screens.sincronizacion.por_aprobar import PorAprobar
from servitec_desktop.screens.sincronizacion.por_confirmar import PorConfirmar
from servitec_desktop.screens.sincronizacion.rechazados import Rechazados
from servitec_desktop.station import Station
from servitec_desktop.ui.lista import Lista
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import error_shower, named
from sync.service import Status

SHOWN = frozenset({"outbox", "rechazo", "conflicto"})


def _conflicts(connection: Reading) -> list[Conflicto]:
    resolubles = open_items.resolubles(connection)
    return [
        Conflicto(
            fila,
            legible(connection, fila.tabla, fila.campo, fila.valor_servidor),
            legible(connection, fila.tabla, fila.campo, fila.valor_tardio),
            fila.id in resolubles,
        )
        for fila in open_items.conflictos(connection)
    ]


class Sincronizacion(Screen):
    """Opened by the status bar."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._opening = False
        self._cycling = False
        self.cabecera = Cabecera(station)
        self.ahora, self.pausar = self.cabecera.ahora, self.cabecera.pausar
        self.pendientes = Pendientes(station, self._write)
        self.rechazados = Rechazados(station, self._write, self.refresh)
        self.conflictos = Conflictos(self._restore, self._accept)
        self.pestanas = QTabWidget()
        named(self.pestanas, tr("Qué está abierto"))
        self._tabs: tuple[tuple[Lista | Conflictos, str], ...] = (
            (self.pendientes, tr("Por enviar")),
            (self.rechazados, tr("Rechazados")),
            (self.conflictos, tr("Conflictos")),
        )
        for widget, name in self._tabs:
            self.pestanas.addTab(widget, name)
        self.por_aprobar = PorAprobar(station)
        self.perdidas = Perdidas(station)
        self._approvals = self.pestanas.addTab(self.por_aprobar, tr("Por aprobar"))
        self._losses = self.pestanas.addTab(self.perdidas, tr("Historia perdida"))
        self.por_confirmar = PorConfirmar(station)
        self._unproved = self.pestanas.addTab(self.por_confirmar, tr("Por confirmar"))
        self._to_decide = (self.rechazados, self.conflictos, self.por_confirmar, self.por_aprobar, self.perdidas)
        self.por_aprobar.counted.connect(partial(self._count, self._approvals, tr("Por aprobar")))
        self.pestanas.setTabVisible(self._unproved, False)
        self.por_confirmar.counted.connect(self._to_confirm)
        self.pestanas.setTabVisible(self._losses, False)
        self.perdidas.counted.connect(self._lost)
        layout = QVBoxLayout(self)
        layout.addWidget(self.cabecera)
        layout.addWidget(self.pestanas, 1)
        station.changed.connect(self._changed)
        station.sync.status_changed.connect(self._heard)
        station.person.changed.connect(self._person_changed)
        self._person_changed()
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt)
        """Look for lost rows too, which only a new start or a bootstrap makes more."""
        super().showEvent(event)
        self.perdidas.refresh()

    def show_status(self, words: str, status: Status | None) -> None:
        """What the status bar says, here with its reasons."""
        self.cabecera.show_status(words, status)

    def _heard(self, status: Status) -> None:
        """After a cycle that went well, ask what waits for who may approve."""
        ended = self._cycling and status.kind in ("al_dia", "por_enviar", "con_rechazos")
        self._cycling = status.kind == "sincronizando"
        if ended and self.pestanas.isTabVisible(self._approvals):
            self.por_aprobar.look()

    def enter(self) -> None:
        """What is open between this station and the server."""
        self.refresh()
        self.open_first_problem()

    def refresh(self) -> None:
        """Read everything again."""

        def read(connection: Reading) -> tuple[Any, ...]:
            return (
                open_items.pendientes(connection),
                open_items.rechazos(connection),
                _conflicts(connection),
                state.read(connection).server_url,
            )

        self._station.tasks.read(self, read, self._show)
        self.por_confirmar.refresh()

    def open_first_problem(self) -> None:
        """Show the tab where a person has something to decide, as of the next reading, ready for the keyboard."""
        self._opening = True

    def _open_first_problem(self) -> None:
        self._opening = False
        pages = (*self._to_decide, self.pendientes)
        for page in pages:
            others = page is self.conflictos and not self.conflictos.resolubles
            if page.tabla.rowCount() and not others and self.pestanas.isTabVisible(self.pestanas.indexOf(page)):
                self.pestanas.setCurrentWidget(page)
                break
        if self.isVisible():
            next(page.tabla for page in pages if page is self.pestanas.currentWidget()).setFocus()

    def _show(self, found: tuple[Any, ...]) -> None:
        waiting, refused, conflicts, url = found
        self.cabecera.show_server(url)
        self.pendientes.show_pending(waiting)
        self.rechazados.show_refused(refused)
        self.conflictos.show_conflicts(conflicts)
        counts = (len(waiting), len(refused), len(conflicts))
        for i, ((_, name), count) in enumerate(zip(self._tabs, counts, strict=True)):
            self._count(i, name, count)
        if self._opening:
            self._open_first_problem()

    def _count(self, tab: int, name: str, count: int) -> None:
        self.pestanas.setTabText(tab, f"{name} ({count})" if count else name)

    def _changed(self, changes: Changes) -> None:
        if SHOWN & changes.tables:
            self.refresh()

    def _person_changed(self) -> None:
        actor = self._station.person.actor
        approves = actor is not None and puede(actor, "cambio.aprobar", "cambio", {"sucursal_id": actor.sucursal_id})
        self.pestanas.setTabVisible(self._approvals, approves)
        if not approves:
            self.pestanas.setTabVisible(self._losses, False)
        self.refresh()

    def _to_confirm(self, count: int) -> None:
        self.pestanas.setTabVisible(self._unproved, bool(count))
        self._count(self._unproved, self.tr("Por confirmar"), count)

    def _lost(self, count: int) -> None:
        """Who decides about refused changes decides about lost rows."""
        self.pestanas.setTabVisible(self._losses, bool(count) and self.pestanas.isTabVisible(self._approvals))
        self._count(self._losses, self.tr("Historia perdida"), count)

    def _write(self, work: Callable[[], object]) -> None:
        self._station.tasks.write(self, work, lambda _: self.refresh(), error_shower(self))

    def _restore(self, key: str) -> None:
        self._write(lambda: people.restaurar_conflicto(self._station.replica, self._station.person.signed_in(), key))

    def _accept(self, key: str) -> None:
        self._write(lambda: people.aceptar_conflicto(self._station.replica, self._station.person.signed_in(), key))
