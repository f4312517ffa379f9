"""A printer behind the system's printer device, `/dev/usb/lp0` on Linux."""

import contextlib
import errno
import os
import select
import time
from pathlib import Path

from filelock import FileLock

from domain.base import causes
from printing.errors import PrinterUncertain, PrinterUnreachable
from printing.transports.locks import own

_TO_GET_IN = "Agregue su usuario al grupo «lp» y vuelva a entrar."
_WHY = {
    errno.ENOENT: causes.IMPRESORA_NO_ESTA,
    errno.ENODEV: causes.IMPRESORA_NO_ESTA,
    errno.EACCES: causes.IMPRESORA_SIN_PERMISO,
    errno.EBUSY: causes.IMPRESORA_AJENA,
}


class LpTransport:
    """One opening of the device. Reads and writes never wait longer than asked."""

    answers = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None
        self._lock: FileLock | None = None

    def open(self, timeout_s: float = 5.0) -> None:
        """Open, alone on this computer.

        Raises:
            PrinterUnreachable: it isn't there, isn't allowed, or another program has it.
        """
        self._lock = own(str(self._path.resolve()), f"la impresora {self._path}", timeout_s)
        try:
            self._fd = os.open(self._path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
        except OSError as error:
            self.close()
            why = _WHY.get(error.errno or 0, causes.IMPRESORA_NO_ABRE)
            places = {"name": self._path, "problem": error.strerror, "todo": _TO_GET_IN}
            raise PrinterUnreachable.of(why, **places) from error

    def close(self) -> None:
        """Close."""
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Write; returns when the system took the bytes.

        Raises:
            PrinterUncertain: unplugged, or it took nothing for timeout_s.
        """
        rest = memoryview(data)
        try:
            fd = self._opened()
            while rest:
                if not select.select([], [fd], [], timeout_s)[1]:
                    raise PrinterUncertain.of(causes.IMPRESORA_NO_RECIBE)
                with contextlib.suppress(BlockingIOError):
                    rest = rest[os.write(fd, rest) :]
        except OSError as error:
            raise PrinterUncertain.of(causes.IMPRESORA_DESCONECTADA, name=self._path) from error

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within timeout_s; nothing when it stays silent.

        Raises:
            PrinterUncertain: unplugged.
        """
        try:
            fd = self._opened()
            deadline = time.monotonic() + max(timeout_s, 0.0)
            while select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
                with contextlib.suppress(BlockingIOError):
                    data = os.read(fd, 65536)
                    if data:
                        return data
                    time.sleep(0.005)  # the device says "nothing yet" by an empty read
                if time.monotonic() >= deadline:
                    break
        except OSError as error:
            raise PrinterUncertain.of(causes.IMPRESORA_DESCONECTADA, name=self._path) from error
        return b""

    def _opened(self) -> int:
        if self._fd is None:
            raise OSError(errno.ENODEV, "not open")
        return self._fd
