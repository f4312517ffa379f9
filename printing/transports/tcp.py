"""A printer on the network: raw TCP, port 9100."""

import select
import socket
import time

from domain.base import causes
from printing.errors import PrinterUncertain, PrinterUnreachable

PORT = 9100


class TcpTransport:
    """One connection."""

    answers = True

    def __init__(self, host: str, port: int = PORT) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self, timeout_s: float = 5.0) -> None:
        """Connect.

        Raises:
            PrinterUnreachable: no connection within timeout_s.
        """
        try:
            made = socket.create_connection(self._address, timeout=timeout_s)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except socket.gaierror as error:
            raise PrinterUnreachable.of(causes.IMPRESORA_NO_SE_ENCUENTRA, name=self._address[0]) from error
        except OSError as error:
            name = f"{self._address[0]}:{self._address[1]}"
            raise PrinterUnreachable.of(causes.IMPRESORA_NO_RESPONDE, name=name) from error
        made.setblocking(False)
        self._socket = made

    def close(self) -> None:
        """Disconnect."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Send; returns when the system took the bytes, not when paper came out.

        Raises:
            PrinterUncertain: the connection broke, or took nothing for timeout_s.
        """
        rest = memoryview(data)
        try:
            connected = self._connected()
            while rest:
                if not select.select([], [connected], [], timeout_s)[1]:
                    raise PrinterUncertain.of(causes.IMPRESORA_NO_RECIBE)
                rest = rest[connected.send(rest) :]
        except OSError as error:
            raise PrinterUncertain.of(causes.IMPRESORA_ROTA) from error

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within timeout_s; nothing when it stays silent.

        Raises:
            PrinterUncertain: the connection broke.
        """
        try:
            connected = self._connected()
            deadline = time.monotonic() + max(timeout_s, 0.0)
            while True:
                if not select.select([connected], [], [], max(0.0, deadline - time.monotonic()))[0]:
                    return b""
                try:
                    data = connected.recv(65536)
                except BlockingIOError:
                    continue
                if data:
                    return data
                raise PrinterUncertain.of(causes.IMPRESORA_CERRO)
        except OSError as error:
            raise PrinterUncertain.of(causes.IMPRESORA_ROTA) from error

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise OSError("not connected")
        return self._socket
