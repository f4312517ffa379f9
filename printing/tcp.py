"""A printer on the network: raw TCP, port 9100."""

import socket
import time
from urllib.parse import urlsplit

from domain.errors import KnownError
from printing.errors import PrinterUncertain, PrinterUnreachable

PORT = 9100


def parse_destination(destino: str) -> tuple[str, int]:
    """Host and port of `tcp://HOST[:PORT]`.

    Raises:
        KnownError: it isn't one.
    """
    try:
        parts = urlsplit(destino)
        port = parts.port or PORT
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "tcp" or not parts.hostname:
        raise KnownError(f"«{destino}» no es una impresora.", "Se escribe tcp://HOST:PUERTO.")
    return parts.hostname, port


class TcpTransport:
    """One connection, from `open` to `close`."""

    def __init__(self, host: str, port: int = PORT) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self, timeout_s: float = 5.0) -> None:
        """Connect.

        Raises:
            PrinterUnreachable: no connection within timeout_s.
        """
        try:
            self._socket = socket.create_connection(self._address, timeout=timeout_s)
        except OSError as error:
            raise PrinterUnreachable(
                f"La impresora {self._address[0]}:{self._address[1]} no responde.",
                "Revise que esté encendida y conectada a la red.",
            ) from error

    def close(self) -> None:
        """Disconnect."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Send; returns when the system took the bytes, not when paper came out.

        Raises:
            PrinterUncertain: the connection broke or stalled.
        """
        try:
            connected = self._connected()
            connected.settimeout(timeout_s)
            connected.sendall(data)
        except OSError as error:
            raise PrinterUncertain("Se cortó la conexión con la impresora.", "Mire si salió la etiqueta.") from error

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within timeout_s; nothing when it stays silent.

        Raises:
            PrinterUncertain: the connection broke.
        """
        try:
            connected = self._connected()
            connected.settimeout(max(timeout_s, 0.01))
            data = connected.recv(4096)
        except TimeoutError:
            return b""
        except OSError as error:
            raise PrinterUncertain("Se cortó la conexión con la impresora.", "Mire si salió la etiqueta.") from error
        if not data:
            raise PrinterUncertain("La impresora cerró la conexión.", "Mire si salió la etiqueta.")
        return data

    def query(self, command: bytes, end: bytes, times: int, timeout_s: float = 2.0) -> bytes:
        """Ask, and read until `end` came `times` times; what came when the time is over.

        Raises:
            PrinterUncertain: the connection broke.
        """
        self.send(command)
        reply = b""
        deadline = time.monotonic() + timeout_s
        while reply.count(end) < times and time.monotonic() < deadline:
            reply += self.receive(deadline - time.monotonic())
        return reply

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise OSError("not connected")
        return self._socket
