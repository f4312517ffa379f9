"""A printer of the Windows spooler, in RAW: what it does with a job, it doesn't say («sin confirmación»)."""

import ctypes
import sys
from typing import Any

from domain.base import causes
from printing.errors import PrinterUncertain, PrinterUnreachable

if sys.platform == "win32":

    class _DocInfo(ctypes.Structure):
        _fields_ = [("name", ctypes.c_wchar_p), ("output", ctypes.c_wchar_p), ("datatype", ctypes.c_wchar_p)]


class SpoolerTransport:
    """One document in the spooler. Its printer can't be asked anything."""

    answers = False

    def __init__(self, name: str) -> None:
        self.name = name
        self._printer: Any = None

    def open(self, timeout_s: float = 5.0) -> None:  # noqa: ARG002
        """Open the printer.

        Raises:
            PrinterUnreachable: Windows doesn't know it, or this isn't Windows.
        """
        if sys.platform != "win32":
            raise PrinterUnreachable.of(causes.IMPRESORA_DE_WINDOWS)
        handle = ctypes.c_void_p()
        if not ctypes.windll.winspool.OpenPrinterW(self.name, ctypes.byref(handle), None):
            raise PrinterUnreachable.of(causes.IMPRESORA_DESCONOCIDA, name=self.name)
        self._printer = handle

    def close(self) -> None:
        """Close the printer."""
        if sys.platform == "win32" and self._printer is not None:
            ctypes.windll.winspool.ClosePrinter(self._printer)
            self._printer = None

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:  # noqa: ARG002
        """Give the spooler one RAW document.

        Raises:
            PrinterUncertain: it didn't take it whole.
        """
        if sys.platform == "win32":
            spool = ctypes.windll.winspool
            document, written = _DocInfo("Servitec", None, "RAW"), ctypes.c_ulong()
            whole = (
                spool.StartDocPrinterW(self._printer, 1, ctypes.byref(document))
                and spool.StartPagePrinter(self._printer)
                and spool.WritePrinter(self._printer, data, len(data), ctypes.byref(written))
                and written.value == len(data)
            )
            spool.EndPagePrinter(self._printer)
            spool.EndDocPrinter(self._printer)
            if whole:
                return
        raise PrinterUncertain.of(causes.IMPRESORA_NO_TOMO, name=self.name)

    def receive(self, timeout_s: float) -> bytes:  # noqa: ARG002
        """Nothing: a spooler doesn't answer."""
        return b""
