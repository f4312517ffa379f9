"""A printer behind Windows' own USB printer driver (usbprint.sys), past the spooler: written to, and read from."""

import contextlib
import ctypes
import re
import sys
import time
import uuid
from typing import Any, Protocol

from filelock import FileLock

from domain.base import causes
from printing.errors import PrinterUncertain, PrinterUnreachable
from printing.transports.locks import own

if sys.platform == "win32":
    import _winapi

INTERFACE = uuid.UUID("28d78fad-5a12-11d1-ae5b-0000f803a8c2")
"""GUID_DEVINTERFACE_USBPRINT (usbprint.h of the Windows SDK): what every USB printer with this driver offers."""
_TO_GET_IN = "Entre con un usuario que pueda imprimir."
_PATH = re.compile(r"#vid_([0-9a-f]{4})&pid_([0-9a-f]{4})[^#]*#([^#]*)#", re.IGNORECASE)
_WHY = {
    2: causes.IMPRESORA_NO_ESTA,
    5: causes.IMPRESORA_SIN_PERMISO,
    32: causes.IMPRESORA_AJENA,
}
"""By Windows' error codes (ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION)."""


class System(Protocol):
    """What is asked of Windows. Every call but `printers` raises OSError."""

    def printers(self) -> list[str]:
        """The device paths of the USB printers that are plugged in."""

    def open(self, path: str) -> Any:
        """A handle to read from and write to."""

    def close(self, handle: Any) -> None:
        """Give a handle back."""

    def write(self, handle: Any, data: bytes, timeout_s: float) -> int:
        """Bytes taken within timeout_s."""

    def read(self, handle: Any, timeout_s: float) -> bytes:
        """What came within timeout_s."""


class UsbprintTransport:
    """One opening of the printer's device."""

    answers = True

    def __init__(self, vendor: int, product: int, serial: str | None = None, system: System | None = None) -> None:
        self._ids = (vendor, product)
        self._serial = serial
        self._system = system or Windows()
        self._handle: Any = None
        self._lock: FileLock | None = None

    def open(self, timeout_s: float = 5.0) -> None:
        """Find the printer and open it, alone on this computer.

        Raises:
            PrinterUnreachable: it isn't there, isn't allowed, or another program has it.
        """
        self._lock = own(f"{self._name}/{self._serial}", f"la impresora {self._name}", timeout_s)
        try:
            self._handle = self._system.open(self._path())
        except OSError as error:
            self.close()
            code = getattr(error, "winerror", None) or error.errno
            why = _WHY.get(code or 0, causes.IMPRESORA_NO_ABRE)
            raise PrinterUnreachable.of(why, name=self._name, problem=error, todo=_TO_GET_IN) from error

    def close(self) -> None:
        """Close."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._system.close(self._handle)
            self._handle = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Write; returns when the printer took the bytes into its buffer.

        Raises:
            PrinterUncertain: unplugged, or it took nothing for timeout_s.
        """
        rest = data
        try:
            while rest:
                taken = self._system.write(self._handle, rest, timeout_s)
                if not taken:
                    raise PrinterUncertain.of(causes.IMPRESORA_NO_RECIBE)
                rest = rest[taken:]
        except OSError as error:
            raise self._gone from error

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within timeout_s; nothing when it stays silent.

        Raises:
            PrinterUncertain: unplugged.
        """
        deadline = time.monotonic() + timeout_s
        try:
            while True:
                data = self._system.read(self._handle, max(0.0, deadline - time.monotonic()))
                if data or time.monotonic() >= deadline:
                    return data
                time.sleep(0.005)  # the driver says "nothing yet" by an empty read
        except OSError as error:
            raise self._gone from error

    @property
    def _name(self) -> str:
        return f"USB {self._ids[0]:04x}:{self._ids[1]:04x}"

    @property
    def _gone(self) -> PrinterUncertain:
        return PrinterUncertain.of(causes.IMPRESORA_DESCONECTADA, name=self._name)

    def _path(self) -> str:
        for path in self._system.printers():
            found = numbers_of(path)
            if found is not None and found[:2] == self._ids and self._serial in (None, found[2]):
                return path
        raise FileNotFoundError(2, "not plugged in")


def numbers_of(path: str) -> tuple[int, int, str] | None:
    r"""Vendor, product and serial number in a device path; "" where Windows made the number up.

    `\\?\usb#vid_0a5f&pid_0164#D4J1234#{28d7...}`; a number that Windows makes has an `&`.
    """
    match = _PATH.search(path)
    if match is None:
        return None
    return int(match[1], 16), int(match[2], 16), "" if "&" in match[3] else match[3]


class Windows:
    """The real system: cfgmgr32 for the list, overlapped files for what may not wait for ever."""

    def printers(self) -> list[str]:
        """The device paths of the USB printers that are plugged in; none where this isn't Windows."""
        found: list[str] = []
        if sys.platform == "win32":
            manager, size = ctypes.windll.cfgmgr32, ctypes.c_ulong()
            guid = ctypes.create_string_buffer(INTERFACE.bytes_le, 16)
            if manager.CM_Get_Device_Interface_List_SizeW(ctypes.byref(size), guid, None, 0) == 0:
                names = ctypes.create_unicode_buffer(size.value)
                if manager.CM_Get_Device_Interface_ListW(guid, None, names, size, 0) == 0:
                    found = [name for name in "".join(names[:]).split("\0") if name]
        return found

    def open(self, path: str) -> Any:
        """An overlapped handle."""
        if sys.platform == "win32":
            access = _winapi.GENERIC_READ | _winapi.GENERIC_WRITE
            return _winapi.CreateFile(path, access, 0, 0, _winapi.OPEN_EXISTING, _winapi.FILE_FLAG_OVERLAPPED, 0)
        raise FileNotFoundError(2, path)

    def close(self, handle: Any) -> None:
        """Give the handle back."""
        if sys.platform == "win32":
            _winapi.CloseHandle(handle)

    def write(self, handle: Any, data: bytes, timeout_s: float) -> int:
        """Bytes taken within timeout_s."""
        taken = 0
        if sys.platform == "win32":
            taken = _finish(_winapi.WriteFile(handle, data, overlapped=True)[0], timeout_s)
        return taken

    def read(self, handle: Any, timeout_s: float) -> bytes:
        """What came within timeout_s."""
        data = b""
        if sys.platform == "win32":
            going = _winapi.ReadFile(handle, 512, overlapped=True)[0]
            if _finish(going, timeout_s):
                data = bytes(going.getbuffer() or b"")
        return data


def _finish(going: Any, timeout_s: float) -> int:
    """Bytes that an overlapped read or write moved within timeout_s; what is left of it then is taken back."""
    moved = 0
    if sys.platform == "win32":
        if _winapi.WaitForSingleObject(going.event, int(timeout_s * 1000)) != _winapi.WAIT_OBJECT_0:
            going.cancel()
        moved = int(going.GetOverlappedResult(True)[0])
    return moved
