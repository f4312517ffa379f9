"""When to ask again a printer that answers nothing. To one of another make, every question is text on paper."""

import time

FIRST_S, LAST_S = 2.0, 300.0
STRANGER_S, LAST_STRANGER_S = 1800.0, 14_400.0


class Silence:
    """`known`: a Zebra answered there once. Where none ever did, somebody has to ask for another try, or half an hour
    passes.
    """

    def __init__(self) -> None:
        self.known = False
        self._pause_s = 0.0
        self._until = 0.0

    def kept(self) -> None:
        """It was asked and said nothing."""
        first, last = (FIRST_S, LAST_S) if self.known else (STRANGER_S, LAST_STRANGER_S)
        self._pause_s = min(last, self._pause_s * 2) if self._pause_s else first
        self._until = time.monotonic() + self._pause_s

    def broken(self, *, heard: bool) -> None:
        """It was asked and may have answered."""
        if heard:
            self.known = True
            self.forget()

    def forget(self) -> None:
        """Ask again at once."""
        self._pause_s = self._until = 0.0

    def left_s(self) -> float:
        """Seconds until the next question; 0 or less: now."""
        return self._until - time.monotonic() if self._until else 0.0
