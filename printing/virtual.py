"""A Zebra that isn't there: it keeps each label as a file, and can be made to fail. For demonstrations and tests.

`python -m printing.virtual --port 9100 --out DIR` runs it alone. It answers ~HS, ~HI, ~HQES, the variables that
this program asks for, and ^HV; formats wait in its memory while a condition (paper, head, ribbon, pause) holds, as
in a real one. Where the guides are silent it is assumed, not known: what an unended format does to the next one
(`merge_partial`), that a connection that ended leaves what it had delivered, that line mode swallows an immediate
command, that a question for a variable inside a format is a part of the format, that all connections feed one parser.
"""

import argparse
import contextlib
import random
import re
import socket
import struct
import sys
import threading
import time
from pathlib import Path

from printing.virtual_paper import CONDITIONS, Format, Paper

_INSIDE = rb"~HS|~HI|~HQES|~JX|~JA|~JC|~SD[\d.]+|\^XA|\^XZ"
_FORMAT_TOKEN = re.compile(_INSIDE)
_TOKEN = re.compile(_INSIDE + rb'|! U1 (?P<verb>getvar|setvar|do) "(?P<name>[^"]*)"(?: "(?P<value>[^"]*)")?\r?\n')
_COPIES = re.compile(rb"\^PQ(\d+)")
_REPORT = re.compile(rb"\^HV\d*,\d*,([^,^]*),([^,^]*),L")


class VirtualZebra(Paper):
    """Listens on 127.0.0.1:`port`, one connection at a time, as port 9100 of a real one is meant to."""

    def __init__(self, out_dir: Path, port: int = 0) -> None:
        super().__init__(out_dir)
        self.serial = "D4J000000001"
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._buffer = b""
        self._format: bytes | None = None
        self._open: set[socket.socket] = set()
        self._parsing, self._sending = threading.Lock(), threading.Lock()
        self._threads = [
            threading.Thread(target=work, name=f"virtual-zebra-{work.__name__}", daemon=True)
            for work in (self._serve, self._print)
        ]

    def start(self) -> None:
        """Start listening and printing."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop; the labels stay."""
        self._closed = True
        self.refuse()
        for thread in self._threads:
            thread.join(5)

    def refuse(self) -> None:
        """Nobody listens, and the open connections are reset."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for connection in tuple(self._open):
            _reset(connection)

    def listen(self) -> None:
        """Listen again, on the same port."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))

    def power_cycle(self, off_s: float = 0.3) -> None:
        """Off and on: what waited in its memory is gone, the counter isn't."""
        self.refuse()
        with self._moved:
            self._buffer, self._format, self.faults.pause = b"", None, False
            self._queue.clear()
        time.sleep(off_s)
        self.listen()

    def press_cancel(self) -> None:
        """As on paper; and a format that has begun is forgotten."""
        self._format = None
        super().press_cancel()

    def _serve(self) -> None:
        while not self._closed:
            listener = self._listener
            try:
                if listener is None:
                    raise OSError("off")
                connection, _ = listener.accept()
            except OSError:
                time.sleep(0.01)
                continue
            self._open.add(connection)
            if self.faults.parallel:
                threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()
            else:
                self._serve_one(connection)

    def _serve_one(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self._talk(connection)
        self._open.discard(connection)

    def _talk(self, connection: socket.socket) -> None:
        seen = 0
        while not self._closed and self._listener is not None:
            while self.faults.stall and not self._closed:
                time.sleep(0.02)
            data = connection.recv(self.faults.slow // 20 + 1 if self.faults.slow else 65536)
            if not data:
                return
            if self.faults.slow:
                time.sleep(len(data) / self.faults.slow)
            if self.faults.half_open:
                continue
            limit = self.faults.drop_after
            if limit is not None and seen + len(data) >= limit:
                self.faults.drop_after = None
                with self._parsing:
                    self._feed(connection, data[: max(0, limit - seen)])
                _reset(connection)
                return
            seen += len(data)
            with self._parsing:
                self._feed(connection, data)

    def _feed(self, connection: socket.socket, data: bytes) -> None:
        self._buffer += data
        if self.faults.language == "line_print":
            self._lines(connection)
            return
        while (found := self._token().search(self._buffer)) is not None:
            text, self._buffer = self._buffer[: found.start()], self._buffer[found.end() :]
            if self._format is not None:
                self._format += text
            self._obey(connection, found)

    def _token(self) -> re.Pattern[bytes]:
        return _TOKEN if self._format is None or self.faults.variables_inside else _FORMAT_TOKEN

    def _lines(self, connection: socket.socket) -> None:
        """In line mode every line of text is a label of its own, whatever it was meant to be."""
        while b"\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\n")
            found = _TOKEN.search(line + b"\n")
            if found is not None and found["name"] == b"device.languages":
                self._obey(connection, found)
                if self.faults.language != "line_print":
                    return
            elif not line.replace(b"~HS", b"").startswith(b"! U1"):
                self._put(Format(b"TEXTO " + line, None, 1))

    def _obey(self, connection: socket.socket, found: re.Match[bytes]) -> None:
        token = found[0]
        if token.startswith(b"!"):
            self._variable(connection, found)
        elif token == b"~HS":
            if not (self.faults.hs_silent and any(getattr(self.faults, c) for c in CONDITIONS if c != "pause")):
                self._reply(connection, self._status())
        elif token == b"~HI":
            self._reply(connection, b"\x02ZTC ZD421-203dpi ZPL,V93.21.26Z,8,8192KB,X\x03\r\n")
        elif token == b"~HQES":
            self._reply(connection, self._errors())
        elif token == b"~JX":
            self._format = None
        elif token == b"~JA":
            self.press_cancel()
        elif token == b"^XA":
            kept = self._format if self._format is not None and self.faults.merge_partial else b""
            self._format = kept + token
        elif token == b"^XZ" and self._format is not None:
            self._finish(connection, self._format + token)
            self._format = None

    def _variable(self, connection: socket.socket, found: re.Match[bytes]) -> None:
        name = found["name"].decode("ascii", "replace")
        if found["verb"] == b"setvar" and name == "device.languages":
            self.faults.language = (found["value"] or b"").decode("ascii", "replace")
        if found["verb"] == b"getvar":
            values = {"device.languages": self.faults.language, "device.unique_id": self.serial}
            if not self.faults.no_odometer:
                values["odometer.total_label_count"] = str(self._counter)
            self._reply(connection, f'"{values.get(name, "?")}"'.encode())

    def _finish(self, connection: socket.socket, zpl: bytes) -> None:
        if b"^FD" not in zpl and b"^GF" not in zpl:
            return
        copies = _COPIES.search(zpl)
        self._put(Format(zpl, connection, int(copies[1]) if copies else 1))
        if not self.faults.label_s:
            self._drain()

    def _came_out(self, printed: Format) -> None:
        """The label says so, or the connection breaks just then."""
        connection = printed.connection
        if connection is None:
            return
        found = _REPORT.search(printed.zpl)
        if self.faults.drop_after_label:
            _reset(connection)
        elif found is not None and not self.faults.no_hv:
            self._reply(connection, found[1] + found[2])

    def _reply(self, connection: socket.socket, data: bytes) -> None:
        faults = self.faults
        if faults.silent or faults.half_open or connection not in self._open:
            return
        if faults.garbage:
            data = random.randbytes(random.randint(1, 90))  # noqa: S311
        data = data[: faults.truncate_reply]
        if faults.reply_delay_s:
            time.sleep(faults.reply_delay_s)
        with self._sending, contextlib.suppress(OSError):
            for part in [data[i : i + 1] for i in range(len(data))] if faults.split_reply else [data]:
                connection.sendall(part)
                if faults.split_reply:
                    time.sleep(0.001)

    def _status(self) -> bytes:
        f = self.faults
        with self._moved:
            waiting = max(0, len(self._queue) - 1)
            left = self._queue[0].left if self._queue else 0
        partial = self._format is not None
        first = f"030,{f.paper_out:d},{f.pause:d},0320,{waiting:03d},0,0,{partial:d},000,0,0,{f.over_temp:d}"
        second = f"000,0,{f.head_open:d},{f.ribbon_out:d},0,2,4,0,{left:08d},1,000"
        return f"\x02{first}\x03\r\n\x02{second}\x03\r\n\x021234,0\x03\r\n".encode()

    def _errors(self) -> bytes:
        f = self.faults
        bits = f.paper_out | f.ribbon_out << 1 | f.head_open << 2 | f.over_temp << 4 | f.pause << 16
        lines = (
            f"  PRINTER STATUS\r\n   ERRORS:         {bool(bits):d} 00000000 {bits:08X}\r\n   WARNINGS:       0 0 0\r\n"
        )
        return b"\x02\r\n" + lines.encode() + b"\x03"


def _reset(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)


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
