"""Work away from the window's thread: reads and writes run in a small pool, their results come back here."""

import logging
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal
from sqlalchemy import Connection

from domain.base.errors import KnownError
from local_db.replica import Replica
from servitec_desktop.bugs import bug_text
from servitec_desktop.i18n.causas import say

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class _Job(QRunnable):
    """One function in the pool."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        self._work()


class Tasks(QObject):
    """Owns the pool. A result for a widget that is gone is dropped."""

    _finished = Signal(object)
    bug = Signal(str, str)
    """What happened, and of an error of the program its traceback."""

    def __init__(self, replica: Replica) -> None:
        super().__init__()
        self._replica = replica
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(3)
        self._outside = QThreadPool()
        self._outside.setMaxThreadCount(4)
        self._closed = False
        self._finished.connect(_deliver, Qt.ConnectionType.QueuedConnection)

    def read(self, owner: QObject, query: Callable[[Connection], Result], done: Callable[[Result], None]) -> None:
        """Run `query` on a consistent view; `done` gets what it gives, in the window's thread."""

        def work() -> Result:
            with self._replica.reading() as connection:
                return query(connection)

        self.write(owner, work, done)

    def write(
        self,
        owner: QObject,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None] | None = None,
    ) -> None:
        """Run `work`; then `done`, or `failed` for a KnownError, in the window's thread."""
        self._run(self._pool, owner, work, done, failed)

    def ask(
        self,
        owner: QObject,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None] | None = None,
    ) -> None:
        """As `write`, for what waits for printers or the network: nothing that the replica can answer waits for it."""
        self._run(self._outside, owner, work, done, failed)

    def again(self, owner: QObject, work: Callable[[], Result], done: Callable[[Result], None]) -> Callable[[], None]:
        """What asks one question anew whenever it is called, in the window's thread, and shows the answers in order.

        One runs at a time; however often it is asked for meanwhile, it runs once more.
        """
        running = wanted = False

        def ask() -> None:
            nonlocal running, wanted
            if running:
                wanted = True
            else:
                running = True
                self._run(self._pool, owner, work, done, None, ended)

        def ended() -> None:
            nonlocal running, wanted
            running, more, wanted = False, wanted, False
            if more:
                ask()

        return ask

    def _run(
        self,
        pool: QThreadPool,
        owner: QObject,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None] | None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        if self._closed:
            return

        def job() -> None:
            answer: Callable[[], None]
            try:
                result = work()
            except KnownError as error:
                known = say(error)
                answer = (lambda: failed(known)) if failed is not None else (lambda: self.bug.emit(str(known), ""))
            except Exception:
                log.exception("task")
                answer = partial(self._report_bug, traceback.format_exc())
            else:
                answer = lambda: done(result)  # noqa: E731
            self._finished.emit((owner, answer, ended))

        pool.start(_Job(job))

    def close(self) -> None:
        """Wait for what runs; deliver and begin nothing any more."""
        self._closed = True
        for pool in (self._pool, self._outside):
            pool.clear()
        for pool in (self._pool, self._outside):
            pool.waitForDone(10_000)
        self._finished.disconnect(_deliver)

    def _report_bug(self, detail: str) -> None:
        self.bug.emit(bug_text(), detail)


def _deliver(item: Any) -> None:
    owner, answer, ended = item
    if shiboken6.isValid(owner):
        try:
            answer()
        finally:
            ended()
