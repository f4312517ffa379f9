"""A Zebra that isn't there: it keeps each label as a file. For demonstrations and tests.

`python -m printing.virtual --port 9100 --out DIR` runs it alone. It answers ~HS and the label counter, and
prints one format after the other; `paper_out` and `pause` make it wait, as the real one does.
"""

import argparse
import contextlib
import re
import socket
import sys
import threading
from pathlib import Path

_PIECE = re.compile(rb'\^XA.*?\^XZ|~HS|! U1 getvar "odometer\.total_label_count"\r?\n', re.DOTALL)
_COPIES = re.compile(rb"\^PQ(\d+)")


class VirtualZebra:
    """Listens on 127.0.0.1:`port`; one connection at a time, as port 9100 of a real one."""

    def __init__(self, out_dir: Path, port: int = 0) -> None:
        out_dir.mkdir(parents=True, exist_ok=True)
        self._out = out_dir
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.paper_out = False
        self.pause = False
        self.drop_after_label = False
        self._counter = len(self.labels())
        self._pending: list[bytes] = []
        self._open: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="virtual-zebra", daemon=True)

    def start(self) -> None:
        """Start listening."""
        self._thread.start()

    def close(self) -> None:
        """Stop; the labels stay."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._open is not None:
            with contextlib.suppress(OSError):
                self._open.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def labels(self) -> list[Path]:
        """The files of the labels that came out, in order."""
        return sorted(self._out.glob("etiqueta-*.zpl"))

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open = connection
            with connection, contextlib.suppress(OSError):
                self._talk(connection)
            self._open = None

    def _talk(self, connection: socket.socket) -> None:
        buffer = b""
        while data := connection.recv(65536):
            buffer += data
            while (found := _PIECE.search(buffer)) is not None:
                buffer = buffer[found.end() :]
                piece = found[0]
                if piece.startswith(b"^XA"):
                    self._pending.append(piece)
                    self._print()
                    if self.drop_after_label:
                        return
                elif piece == b"~HS":
                    self._print()
                    connection.sendall(self._status())
                else:
                    connection.sendall(f'"{self._counter}"'.encode())

    def _print(self) -> None:
        while self._pending and not (self.paper_out or self.pause):
            piece = self._pending.pop(0)
            copies = _COPIES.search(piece)
            for _ in range(int(copies[1]) if copies else 1):
                self._counter += 1
                (self._out / f"etiqueta-{self._counter:06d}.zpl").write_bytes(piece)

    def _status(self) -> bytes:
        paper, pause, waiting = int(self.paper_out), int(self.pause), len(self._pending)
        first = f"030,{paper},{pause},0320,{waiting:03d},0,0,0,000,0,0,0"
        second = "000,0,0,0,0,2,4,0,00000000,1,000"
        return f"\x02{first}\x03\r\n\x02{second}\x03\r\n\x021234,0\x03\r\n".encode()


def main() -> int:
    """Run until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="python -m printing.virtual")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        printer = VirtualZebra(options.out, options.port)
    except OSError as error:
        print(f"No se puede escuchar en el puerto {options.port}: {error.strerror}.", file=sys.stderr)
        return 1
    printer.start()
    print(f"Impresora virtual en tcp://127.0.0.1:{printer.port}, etiquetas en {options.out}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    printer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
