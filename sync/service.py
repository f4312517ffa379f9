"""The engine in the background: when to run it, and what to say of it."""

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from domain.base import causes
from domain.base.errors import KnownError
from domain.wire import ChangesReply
from local_db import open_items, state
from local_db.failures import DiskTrouble
from local_db.replica import Changes, Replica
from sync.engine import SyncEngine
from sync.errors import Cancelled, ServerFailing, ServerUnreachable, SignInNeeded
from sync.waking import Waking

if TYPE_CHECKING:
    from sync.live import Live

log = logging.getLogger(__name__)

Kind = Literal[
    "al_dia",
    "por_enviar",
    "sincronizando",
    "sin_conexion",
    "con_rechazos",
    "sin_sesion",
    "en_pausa",
    "detenida",
    "servidor",
    "disco",
    "error",
]
"""`servidor`: it answers, with a failure of its own. `disco`: this computer's refuses. `error`: one of this program."""
Phase = Literal["new", "working", "ok", "unreachable", "failing", "signed_out", "refused", "disk", "bug", "paused"]
KINDS: dict[Phase, Kind] = {
    "paused": "en_pausa",
    "signed_out": "sin_sesion",
    "refused": "detenida",
    "unreachable": "sin_conexion",
    "failing": "servidor",
    "disk": "disco",
    "bug": "error",
    "working": "sincronizando",
}
DOWNLOAD_STEP = 0.02
HEARD = 100
"""So many chunks of live events wait at most; of more the oldest go, and a cycle brings them."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the status bar says. `last_sync`: instant of the last full success; `message`: the last trouble.

    `clock_diff_s`: this computer's clock minus the server's; None, as `server_version`: not heard yet.
    """

    kind: Kind
    pending: int
    rejected: int
    conflicts: int
    last_sync: str | None
    message: str = ""
    clock_diff_s: float | None = None
    server_version: str | None = None
    download: float | None = None
    """How much of a snapshot is here, 0 to 1; None when none is coming."""
    waiting: int = 0
    """Those of the pending that the server can't apply before something else comes."""
    detail: str = ""
    """Of an error of the program: its traceback, to be copied."""


class SyncService:
    """Runs the engine at once after a local commit or a live event, every `interval_s`, and on demand.

    Changes that a live event brings are taken without a cycle, where they follow what is here.
    """

    def __init__(
        self, replica: Replica, engine: SyncEngine, live: "Live | None" = None, interval_s: float = 300
    ) -> None:
        self._replica = replica
        self._engine = engine
        self.live = live
        self._waking = Waking(interval_s, replica.ambient.rng)
        self._heard: deque[ChangesReply] = deque(maxlen=HEARD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="servitec-sync", daemon=True)
        self._callbacks: list[Callable[[Status], None]] = []
        self._phase: Phase = "new"
        self._message = self._detail = ""
        self._counted: tuple[open_items.Resumen, str | None] = (open_items.Resumen(0, 0, 0), None)
        self._paused = self._asked = False
        self._download: float | None = None
        self._cancelled = False
        self._unsubscribe: Callable[[], None] = lambda: None
        engine.progress = self._received

    def start(self) -> None:
        """Start the threads."""
        self._unsubscribe = self._replica.subscribe(self._changed)
        self._thread.start()
        if self.live is not None:
            self.live.start()

    def close(self) -> None:
        """Stop the threads, the last started first."""
        self._unsubscribe()
        if self.live is not None:
            self.live.close()
        self._stop.set()
        self.nudge()
        self._thread.join(10)

    def nudge(self) -> None:
        """Run a cycle now; many nudges at once are one."""
        self._waking.nudge()

    def hear(self, changes: ChangesReply) -> None:
        """Take changes that came by themselves; of many at once the oldest are left to a cycle."""
        self._heard.append(changes)
        self._waking.stir()

    def doubt(self) -> None:
        """The live connection ended or can't be made: look now whether the server is there, unless that is known."""
        if self._phase in ("new", "working", "ok"):
            self.nudge()

    def run_once(self) -> None:
        """Run a cycle now, also in a pause: somebody asked for it."""
        self._asked = True
        self.nudge()

    def pause(self) -> None:
        """Send and fetch nothing by itself until `resume`."""
        self._paused = True
        self._report("paused")

    def resume(self) -> None:
        """Go on after `pause`."""
        self._paused = False
        self._report("new")
        self.nudge()

    def cancel_download(self) -> None:
        """Stop fetching a snapshot, and pause; the replica stays as it is."""
        self._cancelled = True

    def _received(self, done: int, total: int) -> None:
        if self._cancelled or self._stop.is_set():
            self._cancelled = False
            self.pause()
            raise Cancelled("La descarga de la base se canceló.", "La base de antes sigue en uso.")
        if total == 0 and self._phase == "working" and not self._message:
            self._message = "El servidor está preparando la base para esta estación; se baja en cuanto esté lista."
            self._tell()
        if total == 0:
            return
        part = done / total
        self._message = ""
        if self._download is None or part - self._download >= DOWNLOAD_STEP or part >= 1:
            self._download = part
            self._tell()

    def subscribe(self, callback: Callable[[Status], None]) -> None:
        """Call back with every new status, from the thread where it arose."""
        self._callbacks.append(callback)

    def status(self) -> Status:
        """The truth of now: what waits is counted, not remembered, unless the replica can't be read."""
        phase, message = self._phase, self._message
        try:
            with self._replica.reading() as connection:
                self._counted = open_items.resumen(connection), state.read(connection).last_sync
        except KnownError as error:
            phase, message = _local(error), str(error)
        open_, last = self._counted
        counts = (open_.pending, open_.rejected, open_.conflicts)
        facts = (self._engine.server.clock_diff_s, self._engine.server.version, self._download)
        return Status(_kind(phase, open_), *counts, last, message, *facts, open_.waiting, self._detail)

    def _changed(self, changes: Changes) -> None:
        if "outbox" in changes.tables and threading.current_thread() is not self._thread:
            self.nudge()
        if {"outbox", "rechazo", "conflicto"} & changes.tables:
            self._tell()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._asked or not self._paused:
                self._asked = False
                self._cycle()
            self._waking.wait(self._take_heard)

    def _take_heard(self) -> bool:
        """Take the changes that came; False: a cycle has to see to them."""
        while self._heard:
            changes = self._heard.popleft()
            if self._paused:
                continue
            if self._phase != "ok" or not self._try(partial(self._engine.take, changes)):
                self._heard.clear()
                return False
        return True

    def _cycle(self) -> None:
        self._cancelled = False
        self._report("working")
        if self._try(lambda: self._engine.cycle() is not None):
            self._waking.failures = 0
            if self._engine.did.anything:
                log.info("sync, %s", self._engine.did)
            self._report("ok")

    def _try(self, work: Callable[[], bool]) -> bool:
        """What it gives; False, once everybody was told why, when it fails."""
        try:
            return work()
        except ServerUnreachable as error:
            self._waking.failures += 1
            self._report("failing" if isinstance(error, ServerFailing) else "unreachable", str(error))
        except SignInNeeded as error:
            self._waking.failures = 0
            self._report("signed_out", str(error))
        except KnownError as error:
            self._waking.failures += 1
            self._report(_local(error), str(error))
        except Exception:
            log.exception("sync ended in %s", self._engine.did)
            self._waking.failures += 1
            self._engine.doubt()
            message = str(KnownError.of(causes.BUG_OF_SYNC))
            self._report("bug", message, traceback.format_exc())
        return False

    def _report(self, phase: Phase, message: str = "", detail: str = "") -> None:
        if message:
            log.info("sync ended in %s: %s", self._engine.did, message)
        self._download = None
        self._phase = "paused" if self._paused else phase
        self._message, self._detail = message, detail
        self._tell()

    def _tell(self) -> None:
        if self._callbacks:
            status = self.status()
            for callback in tuple(self._callbacks):
                callback(status)


def _local(error: KnownError) -> Phase:
    """What a failure on this side of the network is."""
    return "disk" if isinstance(error, DiskTrouble) else "refused"


def _kind(phase: Phase, open_: open_items.Resumen) -> Kind:
    if phase in KINDS:
        return KINDS[phase]
    if open_.rejected or open_.conflicts or open_.waiting:
        return "con_rechazos"
    return "al_dia" if phase == "ok" and not open_.pending else "por_enviar"
