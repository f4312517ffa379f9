"""The proxy does what it says: otherwise the chaos would prove nothing."""

import random
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.chaos import proxy as module
from tests.chaos.proxy import FaultProxy

BODY = b"x" * 100_000
REQUEST = b"POST /sync/push HTTP/1.1\r\nHost: s\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"
UPGRADE = b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"


class Backend:
    """Counts whole requests; after an upgrade it sends back whatever comes."""

    def __init__(self) -> None:
        self.seen = 0
        self.reply = REPLY
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _run(self) -> None:
        with self._listener:
            while True:
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    return
                with connection:
                    self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        data = b""
        while True:
            got = connection.recv(65536)
            if not got:
                return
            data += got
            if data.startswith(UPGRADE):
                connection.sendall(got)
            elif data == REQUEST:
                self.seen, data = self.seen + 1, b""
                connection.sendall(self.reply)


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend()
    yield made
    made.close()


@pytest.fixture
def proxy(backend: Backend) -> Iterator[FaultProxy]:
    made = FaultProxy(lambda: [backend.port], random.Random(1), rate=1.0)
    yield made
    made.close()


def ask(proxy: FaultProxy, size: int, first: bytes = REQUEST) -> bytes:
    """What comes back, at most `size` bytes."""
    data = b""
    try:
        with socket.create_connection(("127.0.0.1", proxy.port), 10) as connection:
            connection.sendall(first)
            while len(data) < size and (got := connection.recv(65536)):
                data += got
    except ConnectionError:
        return data
    return data


@pytest.mark.parametrize(
    ("fault", "seen", "whole"),
    [
        ("drop_request", 0, False),
        ("drop_reply", 1, False),
        ("truncate", 1, False),
        ("delay", 1, True),
        ("double", 2, True),
    ],
)
def test_each_fault(
    backend: Backend, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch, fault: str, seen: int, whole: bool
) -> None:
    monkeypatch.setattr(module, "ON_REQUESTS", (fault,))
    reply = b""
    while not proxy.counts[fault]:
        reply = ask(proxy, len(REPLY))
    assert (reply == REPLY) is whole
    assert REPLY.startswith(reply)
    deadline = time.monotonic() + 10
    while backend.seen < seen:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert backend.seen == seen


@pytest.mark.parametrize("reply", [REPLY, CHUNKED])
def test_a_healed_proxy_only_forwards(backend: Backend, proxy: FaultProxy, reply: bytes) -> None:
    proxy.heal()
    backend.reply = reply
    for _ in range(20):
        assert ask(proxy, len(reply)) == reply
    assert proxy.counts == {"passed": 20}


def test_a_websocket_is_piped_and_cut(backend: Backend, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LIVE_S", 0.5)
    while not proxy.counts["cut"]:
        ask(proxy, 10**6, UPGRADE)
    proxy.heal()
    with socket.create_connection(("127.0.0.1", proxy.port), 10) as connection:
        connection.sendall(UPGRADE)
        time.sleep(0.7)
        connection.sendall(b"ping")
        data = b""
        while len(data) < len(UPGRADE) + 4:
            data += connection.recv(100)
    assert data == UPGRADE + b"ping"
