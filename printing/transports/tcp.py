"""A printer on the network: raw TCP, port 9100."""

import select
import socket
import time

from printing.errors import PrinterUncertain, PrinterUnreachable

PORT = 9100
BROKEN = "Se cortó la conexión con la impresora."
LOOK = "Mire si salió la etiqueta."


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
            text = f"No se encuentra «{self._address[0]}» en la red."
            raise PrinterUnreachable(text, "Revise la dirección de la impresora.") from error
        except OSError as error:
            raise PrinterUnreachable(
                f"La impresora {self._address[0]}:{self._address[1]} no responde.",
                "Revise que esté encendida y conectada a la red.",
            ) from error
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
                    raise PrinterUncertain("La impresora no recibe.", LOOK)
                rest = rest[connected.send(rest) :]
        except OSError as error:
            raise PrinterUncertain(BROKEN, LOOK) from error

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
                raise PrinterUncertain("La impresora cerró la conexión.", LOOK)
        except OSError as error:
            raise PrinterUncertain(BROKEN, LOOK) from error

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise OSError("not connected")
        return self._socket
