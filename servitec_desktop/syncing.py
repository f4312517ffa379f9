"""The sync of this station with its server, from the enrolment on."""

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from domain.base.errors import KnownError
from domain.base.later import later
from local_db import state
from servitec_desktop.folder import Folder
from servitec_desktop.i18n import tr
from sync.engine import SyncEngine
from sync.service import Status, SyncService
from sync.transport import Decision, HttpTransport

if TYPE_CHECKING:
    from sync import live
else:
    live = later("sync.live")


class Syncing(QObject):
    """What blocks is for the pool (`station.tasks`); `status_changed` arrives in the window's thread."""

    status_changed = Signal(object)
    """sync.service.Status, of the moment when it arose: many come at once, and not always in order."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self._replica, self._store = folder.replica, folder.store
        self._config = folder.context.config
        self.service: SyncService | None = None
        self._transport: HttpTransport | None = None
        self._turn = threading.Lock()
        self._closed = False

    def begin(self) -> None:
        """Start, or go on, with the server that this station knows now; blocks."""
        with self._replica.reading() as connection:
            url = state.read(connection).server_url
        with self._turn:
            if self._closed:
                return
            if self._transport is not None and self._transport.url != url:
                self._stop()
            if self.service is not None:
                self.service.nudge()
            elif url is not None:
                self._start(url)

    def close(self) -> None:
        """Stop for good."""
        with self._turn:
            self._closed = True
            self._stop()

    def now(self) -> None:
        """Run a cycle now, also in a pause."""
        if self.service is not None:
            self.service.run_once()

    def pause(self) -> None:
        """Send and fetch nothing by itself until `resume`, whoever signs in or out meanwhile; blocks."""
        if self.service is not None:
            self.service.pause()

    def resume(self) -> None:
        """Go on after a pause; blocks."""
        if self.service is not None:
            self.service.resume()

    def cancel_download(self) -> None:
        """Stop fetching a snapshot; the replica of before stays in use."""
        if self.service is not None:
            self.service.cancel_download()

    def status(self) -> Status | None:
        """What is so now; None before the enrolment. Blocks."""
        return self.service.status() if self.service is not None else None

    def por_aprobar(self) -> list[dict[str, Any]]:
        """What waits for a supervisor's decision; blocks on the network. Raises KnownError."""
        return self._server().awaiting_approval()

    def decidir(self, cambio_id: str, decision: Decision) -> None:
        """A supervisor's decision; blocks on the network. Raises KnownError."""
        self._server().decide(cambio_id, decision)

    def _server(self) -> HttpTransport:
        if self._transport is None:
            raise KnownError(tr("Esta carpeta todavía no es una estación de un servidor."), tr("Inscríbala primero."))
        return self._transport

    def _start(self, url: str) -> None:
        api, offline = self._config.api_server, self._config.offline_mode
        self._transport = HttpTransport(url, self._store, api.timeout, api.retry_attempts)
        service = SyncService(self._replica, SyncEngine(self._replica, self._transport), None, offline.sync_interval)
        if api.enable_realtime and offline.enabled:
            ambient = self._replica.ambient
            service.live = live.Live(self._transport, ambient, service.nudge, service.doubt, service.hear)
        if not offline.enabled:
            service.pause()
        service.subscribe(self.status_changed.emit)
        self.service = service
        service.start()

    def _stop(self) -> None:
        if self.service is not None:
            self.service.close()
            self.service = None
        if self._transport is not None:
            self._transport.close()
            self._transport = None
