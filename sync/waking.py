"""When the next cycle is wanted: after a nudge, after the interval, or after a while that grows with failures."""

import random
import threading
import time
from collections.abc import Callable

MAX_WAIT_S = 300.0


class Waking:
    """What one thread waits for. `failures`: how many cycles in a row ended in one."""

    def __init__(self, interval_s: float, rng: random.Random) -> None:
        self._interval_s = interval_s
        self._rng = rng
        self._wake = threading.Event()
        self._due = True
        self.failures = 0

    def nudge(self) -> None:
        """A cycle is wanted now; from any thread."""
        self._due = True
        self._wake.set()

    def stir(self) -> None:
        """There is something to take, perhaps without a cycle; from any thread."""
        self._wake.set()

    def wait(self, take: Callable[[], bool]) -> None:
        """Until a cycle is wanted, or has been waited for long enough. `take`, when stirred: False, if a cycle has to
        see to it.
        """
        until = time.monotonic() + self._wait_s()
        while not self._due and self._wake.wait(until - time.monotonic()):
            self._wake.clear()
            self._due = self._due or not take()
        self._wake.clear()
        self._due = False

    def _wait_s(self) -> float:
        """Full jitter, so that a server that comes back isn't asked by everybody in the same second."""
        if self.failures == 0:
            return self._interval_s
        ceiling = min(MAX_WAIT_S, self._interval_s, 2.0 ** min(self.failures, 9))
        return self._rng.uniform(0.2, ceiling)
