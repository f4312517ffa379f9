"""Ways to a printer: one a file. A destination is a URL.

tcp://HOST[:9100]  usb://VVVV:PPPP[/SERIAL]  lp:///dev/usb/lp0  windows://NAME  file:///FOLDER
`usb:` is libusb, and Windows' own USB printer driver there.
"""

import sys
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from domain.base.errors import KnownError
from printing.transports.lp import LpTransport
from printing.transports.tcp import PORT, TcpTransport
from printing.transports.usb import UsbTransport
from printing.transports.usbprint import UsbprintTransport
from printing.transports.windows import SpoolerTransport

FORMS = "tcp://HOST:PUERTO, usb://VVVV:PPPP/SERIE, lp:///dev/usb/lp0, windows://NOMBRE o file:///CARPETA"


class Transport(Protocol):
    """One connection to one printer, from `open` to `close`. `answers`: can the printer speak back?"""

    answers: bool

    def open(self, timeout_s: float = 5.0) -> None:
        """Connect. Raises PrinterUnreachable."""

    def close(self) -> None:
        """Disconnect; never raises."""

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Hand bytes over; returns when the system took them. Raises PrinterUncertain."""

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within timeout_s, b"" when silent. Raises PrinterUncertain."""


def folder_of(destino: str) -> Path | None:
    """The folder of a `file:` destination; None for a printer, and for what is no destination at all."""
    try:
        parts = urlsplit(destino)
    except ValueError:
        return None
    return Path(unquote(parts.path)) if parts.scheme == "file" and parts.path else None


def open_transport(destino: str) -> Transport:
    """The transport of a printer's URL, not yet opened.

    Raises:
        KnownError: it isn't one.
    """
    problem = KnownError(f"«{destino}» no es una impresora.", f"Se escribe {FORMS}.")
    try:
        parts = urlsplit(destino)
        port = parts.port if parts.scheme == "tcp" else None
    except ValueError:
        raise problem from None
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return TcpTransport(parts.hostname, port or PORT)
    if parts.scheme == "lp" and parts.path.startswith("/"):
        return LpTransport(Path(unquote(parts.path)))
    if parts.scheme == "windows" and parts.netloc + parts.path:
        return SpoolerTransport(unquote(parts.netloc + parts.path))
    if parts.scheme == "usb":
        vendor, colon, product = parts.netloc.partition(":")
        try:
            ids = (int(vendor, 16), int(product, 16))
        except ValueError:
            raise problem from None
        if colon and max(ids) < 1 << 16:
            serial = unquote(parts.path.strip("/")) or None
            return UsbprintTransport(*ids, serial) if sys.platform == "win32" else UsbTransport(*ids, serial)
    raise problem


def check_destination(destino: str) -> None:
    """Is this a place where labels can go?

    Raises:
        KnownError: it isn't.
    """
    if folder_of(destino) is None:
        open_transport(destino)
