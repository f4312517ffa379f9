"""What a Zebra says on one open connection: answers to questions, and labels that report themselves between them."""

import re
import time
from collections.abc import Callable
from typing import TypeVar

from printing.status import HS, ZebraStatus, read_hs
from printing.transports import Transport

MARK = re.compile(rb"\{SVT:([0-9a-z]+)\|[^}]{0,64}\}")
"""What a label answers by ^HV when it came out: the name of its sending."""

Found = TypeVar("Found")


class Replies:
    """`marks` counts, by name, the labels that reported themselves on this connection."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._buffer = b""
        self.marks: dict[str, int] = {}

    def ask(self, question: bytes) -> None:
        """Send a question; what was left of an earlier answer is no answer to this one.

        Raises:
            PrinterUncertain: the connection broke.
        """
        self._take_marks()
        self._buffer = b""
        self._transport.send(question)

    def until(self, found: Callable[[bytes], Found | None], timeout_s: float) -> tuple[Found | None, bytes]:
        """Receive until `found` sees in it what it looks for, or the time is over; gives that, and all that came."""
        deadline = time.monotonic() + timeout_s
        while (seen := found(self._buffer)) is None and time.monotonic() < deadline:
            self.listen(deadline - time.monotonic())
        return seen, self._buffer

    def statuses(self, count: int, timeout_s: float) -> list[ZebraStatus]:
        """The next so many answers to ~HS; fewer when time is over."""

        def enough(said: bytes) -> bool | None:
            return len(HS.findall(said)) >= count or None

        _, said = self.until(enough, timeout_s)
        return [read_hs(one) for one in list(HS.finditer(said))[:count]]

    def listen(self, timeout_s: float) -> None:
        """Wait for the printer to say something; returns as soon as it did."""
        self._buffer += self._transport.receive(max(0.0, timeout_s))
        self._take_marks()

    def drain(self) -> None:
        """Forget what the printer said to an earlier owner of the device."""
        while self._transport.receive(0.0):
            pass

    def _take_marks(self) -> None:
        for name in MARK.findall(self._buffer):
            key = name.decode("ascii")
            self.marks[key] = self.marks.get(key, 0) + 1
        self._buffer = MARK.sub(b"", self._buffer)
