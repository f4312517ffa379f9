"""Who is at the desk: kept in memory, and read anew by the pool whenever something of it changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal

from domain.base.actor import Actor
from domain.base.errors import KnownError
from domain.base.row import Row
from local_db import confirmar, people
from local_db.replica import Changes
from local_db.state import State
from servitec_desktop import propio
from servitec_desktop.config import Config
from servitec_desktop.folder import Folder, Situation, situation
from servitec_desktop.i18n import tr
from servitec_desktop.syncing import Syncing
from servitec_desktop.tasks import Tasks
from sync import session

READ = frozenset({"sync_state", "usuario", "sucursal"})


class Person(QObject):
    """What blocks is for the pool (`station.tasks`); `changed` arrives in the window's thread."""

    changed = Signal()
    """Another person, role or branch; or the station was enrolled, or has to be."""
    download = Signal(int, int)
    """Kilobytes of the first replica received, and kilobytes in all."""
    _entered = Signal()

    def __init__(self, folder: Folder, tasks: Tasks, sync: Syncing) -> None:
        super().__init__()
        self._replica, self._store = folder.replica, folder.store
        self._config: Config = folder.context.config
        self._sync = sync
        self._now = folder.situation
        propio.use(self._now.branch)
        self._entering = False
        self._read = tasks.again(self, self._situation, self._show)
        self._entered.connect(self._read)

    @property
    def actor(self) -> Actor | None:
        """Who is signed in, with his role of now."""
        return self._now.actor

    @property
    def branch(self) -> Row | None:
        """The branch that this station works for."""
        return self._now.branch

    @property
    def known(self) -> State:
        """What the station knows of itself."""
        return self._now.known

    @property
    def enrolled(self) -> bool:
        """Is this folder a station that may go on working as it is?"""
        return self.known.estacion_id is not None and self.known.reenrol is None

    def signed_in(self) -> Actor:
        """Who may save something at this moment, as the replica says; blocks.

        Raises:
            KnownError: nobody.
        """
        with self._replica.reading() as connection:
            actor = people.current_actor(connection)
        if actor is None:
            raise KnownError(tr("Nadie ha iniciado sesión."), tr("Inicie sesión y repita."))
        return actor

    def hear(self, changes: Changes) -> None:
        """Rows were written: read anew what of it is shown here."""
        if READ & changes.tables:
            self._read()

    def enroll(self, url: str, username: str, password: str, nombre: str) -> None:
        """Enrol this folder, sign in, and let the sync begin; blocks on the network. Raises KnownError."""
        timeout = self._config.api_server.timeout

        def told(done: int, total: int) -> None:
            self.download.emit(done // 1000, total // 1000)

        with self._whole():
            session.enroll(self._replica, self._store, url, username, password, nombre, timeout, told)
            self._sync.begin()

    def sign_in(self, username: str, password: str) -> None:
        """Sign in, and let the sync go on; blocks on the network. Raises KnownError."""
        days = self._config.offline_mode.max_days_without_server
        timeout = self._config.api_server.timeout
        with self._whole():
            session.sign_in(self._replica, self._store, username, password, timeout, days)
            self._sync.begin()

    def sign_out(self) -> None:
        """End the person's session; blocks."""
        session.sign_out(self._replica, self._store)

    def confirm(self, cambio_id: str) -> None:
        """Who is at the desk says that this change, which was shown, is his own; blocks. Raises KnownError."""
        if self._store.load().access_token is None:
            raise KnownError(tr("Hace falta una sesión iniciada con el servidor."), tr("Inicie sesión y repita."))
        confirmar.firmar_de_nuevo(self._replica, self.signed_in(), [cambio_id])

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Nobody is shown before he has entered: the first replica comes after the person."""
        self._entering = True
        try:
            yield
        finally:
            self._entering = False
            self._entered.emit()

    def _situation(self) -> Situation:
        with self._replica.reading() as connection:
            return situation(connection)

    def _show(self, now: Situation) -> None:
        if self._entering:
            return
        before, self._now = self._now, now
        propio.use(now.branch)
        if _face(before) != _face(now):
            self.changed.emit()


def _face(now: Situation) -> tuple[object, ...]:
    """What of a situation anybody looks at."""
    known = now.known
    station = (known.estacion_id, known.codigo, known.estacion_nombre, known.server_url, known.reenrol, known.ended)
    return (now.actor, now.branch, *station)
