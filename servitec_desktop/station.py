"""The station behind the screens: replica, sync, printing, the person at the desk. Wired by hand."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from domain.base.actor import Actor
from domain.base.errors import KnownError
from domain.base.later import later
from domain.base.row import Row
from domain.ordenes.actions import Recepcion
from domain.wire import Op
from local_db import confirmar, people, rows, state
from local_db.ordenes import reception
from local_db.replica import Changes, Replica
from printing.encolar import Encoladas, Encolador
from printing.queue import PrintQueue
from servitec_desktop import borradores
from servitec_desktop.context import Context
from servitec_desktop.impresion import Imprenta
from servitec_desktop.tasks import Tasks
from sync import session
from sync.engine import SyncEngine
from sync.service import Status, SyncService
from sync.transport import Decision, HttpTransport

if TYPE_CHECKING:
    from sync import live
else:
    live = later("sync.live")


class Station(QObject):
    """What screens may ask for. Signals arrive in the window's thread."""

    changed = Signal(object)
    """Changes: rows that were written, here or by the server."""
    status_changed = Signal(object)
    """sync.service.Status."""
    person_changed = Signal()
    download = Signal(int, int)
    """Kilobytes of the first replica received, and kilobytes in all."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.config = context.config
        self.replica = Replica.open(context.data_dir, owner="el escritorio")
        self.store = context.store()
        if not session.resume(self.replica, self.store):
            session.sign_out(self.replica, self.store)
        self.tasks = Tasks(self.replica)
        self.printing = PrintQueue(self.replica)
        self.impresion = Imprenta(self.replica, self.printing)
        self.encolador = Encolador(self.replica, self.printing)
        self.sync: SyncService | None = None
        self._transport: HttpTransport | None = None
        self.actor: Actor | None = None
        self.replica.subscribe(self.changed.emit)
        self.reload_person()

    def start(self) -> None:
        """Start the background work of an enrolled station."""
        self.impresion.adoptar(self.config.impresion)
        self.printing.start()
        self._start_sync()

    def close(self) -> None:
        """Stop everything, in reverse order."""
        self._stop_sync()
        self.impresion.close()
        self.printing.close()
        self.tasks.close()
        self.replica.close()

    @property
    def known(self) -> state.State:
        """What the station knows of itself."""
        with self.replica.reading() as connection:
            return state.read(connection)

    @property
    def enrolled(self) -> bool:
        """Is this folder a station that may go on working as it is?"""
        return self.known.estacion_id is not None and self.known.reenrol is None

    def reload_person(self) -> None:
        """Who is signed in, with his role of now."""
        with self.replica.reading() as connection:
            actor = people.current_actor(connection)
        if actor != self.actor:
            self.actor = actor
            self.person_changed.emit()

    def person(self) -> Actor:
        """Who is signed in.

        Raises:
            KnownError: nobody.
        """
        if self.actor is None:
            raise KnownError("Nadie ha iniciado sesión.", "Inicie sesión y repita.")
        return self.actor

    def branch(self) -> Row | None:
        """The branch that this station works for."""
        known = self.known
        key = (self.actor.sucursal_id if self.actor else None) or known.sucursal_id
        with self.replica.reading() as connection:
            return rows.get(rows.raw(connection), "sucursal", key) if key else None

    def enroll(self, url: str, username: str, password: str, nombre: str) -> None:
        """Enrol and sign in; blocks on the network. The caller starts sync afterwards with `begin`."""
        timeout = self.config.api_server.timeout

        def told(done: int, total: int) -> None:
            self.download.emit(done // 1000, total // 1000)

        session.enroll(self.replica, self.store, url, username, password, nombre, timeout, told)

    def sign_in(self, username: str, password: str) -> bool:
        """Sign in; blocks on the network. True when the server said so, False by what lies here sealed."""
        days = self.config.offline_mode.max_days_without_server
        timeout = self.config.api_server.timeout
        return session.sign_in(self.replica, self.store, username, password, timeout, days).online

    def begin(self) -> None:
        """After an enrolment or a sign-in, in the window's thread."""
        self.reload_person()
        if self._transport is not None and self._transport.url != self.known.server_url:
            self._stop_sync()
        if self.sync is None:
            self._start_sync()
        else:
            self.sync.nudge()

    def sign_out(self) -> None:
        """End the person's session."""
        session.sign_out(self.replica, self.store)
        self.reload_person()

    def save(self, build: Callable[[], list[Op]]) -> Changes:
        """Save one action of the person at the desk. Raises Rejection or KnownError."""
        return people.guardar(self.replica, self.person(), build())

    def receive(self, recepcion: Recepcion) -> tuple[str, str, Encoladas]:
        """Take an order in, and its labels into the queue, in one commit; gives id, folio, print jobs.

        Raises:
            Rejection, KnownError: nothing was saved.
        """
        with self.replica.writing() as writing:
            orden_id, folio = reception.recibir_en(writing, self.replica.ambient, self.person(), recepcion)
            return orden_id, folio, self.encolador.encolar_recepcion(writing, orden_id)

    def sync_now(self) -> None:
        """Run a cycle now, also in a pause."""
        if self.sync is not None:
            self.sync.run_once()

    def pause_sync(self) -> None:
        """Send and fetch nothing by itself until `resume_sync`, whoever signs in or out meanwhile."""
        if self.sync is not None:
            self.sync.pause()

    def resume_sync(self) -> None:
        """Go on after a pause."""
        if self.sync is not None:
            self.sync.resume()

    def cancel_download(self) -> None:
        """Stop fetching a snapshot; the replica of before stays in use."""
        if self.sync is not None:
            self.sync.cancel_download()

    def por_aprobar(self) -> list[dict[str, Any]]:
        """What waits for a supervisor's decision; blocks on the network. Raises KnownError."""
        return self._server().awaiting_approval()

    def decidir(self, cambio_id: str, decision: Decision) -> None:
        """A supervisor's decision; blocks on the network. Raises KnownError."""
        self._server().decide(cambio_id, decision)

    def confirmar(self, cambio_id: str) -> None:
        """The person at the desk says that this change, which was shown, is his own. Raises KnownError."""
        if self.store.load().access_token is None:
            raise KnownError("Hace falta una sesión iniciada con el servidor.", "Inicie sesión y repita.")
        confirmar.firmar_de_nuevo(self.replica, self.person(), [cambio_id])

    def status(self) -> Status | None:
        """What the status bar says; None before the enrolment."""
        return self.sync.status() if self.sync is not None else None

    def draft(self, name: str) -> Row:
        """What was being typed in a form when the program ended."""
        return borradores.read(self.replica.data_dir, name)

    def keep_draft(self, name: str, values: Row) -> None:
        """Keep what is being typed; nothing typed removes it. Raises KnownError."""
        borradores.keep(self.replica.data_dir, name, values)

    def _server(self) -> HttpTransport:
        if self._transport is None:
            raise KnownError("Esta carpeta todavía no es una estación de un servidor.", "Inscríbala primero.")
        return self._transport

    def _start_sync(self) -> None:
        known = self.known
        if known.server_url is None or self.sync is not None:
            return
        api, offline = self.config.api_server, self.config.offline_mode
        self._transport = HttpTransport(known.server_url, self.store, api.timeout, api.retry_attempts)
        service = SyncService(self.replica, SyncEngine(self.replica, self._transport), None, offline.sync_interval)
        if api.enable_realtime and offline.enabled:
            service.live = live.Live(self._transport, self.replica.ambient, service.nudge, service.doubt, service.hear)
        if not offline.enabled:
            service.pause()
        service.subscribe(self.status_changed.emit)
        self.sync = service
        service.start()

    def _stop_sync(self) -> None:
        if self.sync is not None:
            self.sync.close()
            self.sync = None
        if self._transport is not None:
            self._transport.close()
            self._transport = None
