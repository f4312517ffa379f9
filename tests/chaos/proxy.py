"""A load balancer that loses, cuts, delays and doubles what passes through it."""

import random
import select
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable

HOST = "127.0.0.1"
RATE = 0.35
MAX_DELAY_S = 0.5
MAX_LATE_S = 1.5
MAX_LIVE_S = 5.0
TIMEOUT_S = 60.0
ON_REQUESTS = ("drop_request", "drop_reply", "delay", "truncate", "double")


class FaultProxy:
    """Listens on `port`; each connection goes to one of `target_ports()`, and until `heal` much goes wrong.

    refuse: the connection is reset at once. drop_request: the backend never sees it. drop_reply: the backend
    did the work, the caller never knows. delay. truncate: the reply ends somewhere. double: a backend gets
    the whole request a second time, at once or late. cut: a WebSocket ends at any moment.
    """

    def __init__(self, target_ports: Callable[[], list[int]], rng: random.Random, rate: float = RATE) -> None:
        """`rate`: the share of requests to which something happens."""
        self._target_ports = target_ports
        self._rng = rng
        self._rate = rate
        self._healed = threading.Event()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self.counts: Counter[str] = Counter()
        """How often what happened; `passed` counts the requests that were let alone."""
        self._listener = socket.create_server((HOST, 0), backlog=256)
        self._listener.settimeout(0.2)
        self.port = int(self._listener.getsockname()[1])
        self._spawn(self._accept)

    def heal(self) -> None:
        """From now on only forward."""
        self._healed.set()

    def close(self) -> None:
        """End every connection."""
        self._closing.set()
        with self._lock:
            threads = list(self._threads)
            for connection in self._sockets:
                _shut(connection)
        for thread in threads:
            thread.join(10)

    def _spawn(self, run: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                run()
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=guarded, name="fault-proxy", daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def _adopt(self, connection: socket.socket) -> socket.socket:
        connection.settimeout(TIMEOUT_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._sockets.add(connection)
        if self._closing.is_set():
            _shut(connection)
        return connection

    def _release(self, connection: socket.socket) -> None:
        with self._lock:
            self._sockets.discard(connection)
        connection.close()

    def _note(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def _fault(self, kinds: tuple[str, ...], rate: float) -> str:
        """What happens now; `passed`: nothing."""
        fault = "passed"
        if not self._healed.is_set() and self._rng.random() < rate:
            fault = self._rng.choice(kinds)
        return fault

    def _accept(self) -> None:
        with self._listener:
            while not self._closing.is_set():
                try:
                    client, _ = self._listener.accept()
                except TimeoutError:
                    continue
                self._adopt(client)
                self._spawn(lambda client=client: self._serve(client))  # type: ignore[misc]

    def _serve(self, client: socket.socket) -> None:
        """One accepted connection, request by request."""
        try:
            if self._fault(("refuse",), self._rate / 4) == "refuse":
                self._note("refuse")
                _reset(client)
                return
            ports = self._target_ports()
            port = self._rng.choice(ports) if ports else 0
            stream = _Stream(client)
            while (request := stream.message()) is not None:
                if _is_upgrade(request):
                    self._note("live")
                    self._pipe(client, port, request + stream.rest)
                    return
                if not self._request(client, port, request):
                    return
        except (OSError, ValueError):
            _reset(client)
        finally:
            self._release(client)

    def _request(self, client: socket.socket, port: int, request: bytes) -> bool:
        """Forward one request and its reply, or not quite; False: the connection ends here."""
        fault = self._fault(ON_REQUESTS, self._rate)
        self._note(fault)
        if fault == "drop_request":
            _reset(client)
            return False
        if fault == "delay":
            self._closing.wait(self._rng.uniform(0, MAX_DELAY_S))
        if fault == "double":
            late = self._rng.choice((0.0, self._rng.uniform(0, MAX_LATE_S)))
            self._spawn(lambda: self._again(request, late))
        reply = self._ask(port, request)
        if fault == "drop_reply":
            return False
        if fault == "truncate":
            client.sendall(reply[: self._rng.randrange(len(reply))])
            return False
        client.sendall(reply)
        return True

    def _ask(self, port: int, request: bytes) -> bytes:
        """The whole reply of a backend.

        Raises:
            OSError: it doesn't answer, or not to the end.
        """
        backend = self._adopt(socket.create_connection((HOST, port), TIMEOUT_S))
        try:
            backend.sendall(request)
            reply = _Stream(backend).message()
        finally:
            self._release(backend)
        if reply is None:
            raise ConnectionError("the backend went away")
        return reply

    def _again(self, request: bytes, late: float) -> None:
        """The same request once more, to any backend; nobody reads the answer."""
        self._closing.wait(late)
        ports = self._target_ports()
        if not ports or self._closing.is_set():
            return
        try:
            self._ask(self._rng.choice(ports), request)
        except (OSError, ValueError):
            return

    def _pipe(self, client: socket.socket, port: int, first: bytes) -> None:
        """Both directions until one side ends, or the cut."""
        cut_at = time.monotonic() + self._rng.uniform(0, MAX_LIVE_S)
        backend = self._adopt(socket.create_connection((HOST, port), TIMEOUT_S))
        try:
            backend.sendall(first)
            while not self._closing.is_set():
                if not self._healed.is_set() and time.monotonic() > cut_at:
                    self._note("cut")
                    _reset(client)
                    return
                readable, _, _ = select.select([client, backend], [], [], 0.1)
                for source in readable:
                    data = source.recv(65536)
                    if not data:
                        return
                    (backend if source is client else client).sendall(data)
        finally:
            self._release(backend)


class _Stream:
    """HTTP/1.1 messages out of a socket; `rest` is what came after the last one."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.rest = b""

    def message(self) -> bytes | None:
        """The next whole message, head and body; None when the other side ended before it was whole."""
        while (size := _size(self.rest)) is None:
            data = self._connection.recv(65536)
            if not data:
                return None
            self.rest += data
        whole, self.rest = self.rest[:size], self.rest[size:]
        return whole


def _headers(data: bytes) -> dict[bytes, bytes]:
    lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return {name.strip().lower(): value.strip().lower() for name, _, value in (line.partition(b":") for line in lines)}


def _is_upgrade(request: bytes) -> bool:
    return _headers(request).get(b"upgrade") == b"websocket"


def _size(data: bytes) -> int | None:
    """How long the message at the start of `data` is; None: not known yet, or not all there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    headers = _headers(data)
    if b"chunked" in headers.get(b"transfer-encoding", b""):
        return _chunked(data, end + 4)
    size = end + 4 + int(headers.get(b"content-length", b"0"))
    return size if len(data) >= size else None


def _chunked(data: bytes, at: int) -> int | None:
    while (line := data.find(b"\r\n", at)) >= 0:
        length = int(data[at:line].partition(b";")[0], 16)
        at = line + 2 + length + 2
        if at > len(data):
            return None
        if length == 0:
            return at
    return None


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _reset(connection: socket.socket) -> None:
    """Let the close that follows be a reset, as of a router that forgot."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        return
