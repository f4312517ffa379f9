"""A part of a measurement that is a computer of its own: another process, whose clock is the same (monotonic)."""

import subprocess
import sys
from types import TracebackType


class Beside:
    """`python -m MODULE ARGUMENTS`, which says "open" once it is ready, then lines; it ends when its input does."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def line(self) -> str:
        """Its next line.

        Raises:
            RuntimeError: it ended.
        """
        stdout = self._process.stdout
        found = stdout.readline() if stdout is not None else ""
        if not found:
            raise RuntimeError("a process of the measurement ended")
        return found.strip()

    def __enter__(self) -> "Beside":
        while self.line() != "open":
            pass
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()
