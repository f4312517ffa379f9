"""A server that wants to fill a station's memory or disk, and one that can't make what it is asked for."""

import base64
import gzip
import hashlib
import resource
import socketserver
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import websocket
import zstandard

from domain.base.ambient import Ambient
from domain.scope import scope_of
from domain.upgrade import SCHEMA
from domain.wire import ChangesReply, Cursor, Head, LiveEvent
from local_db import state
from local_db.failures import DiskTrouble
from servitec_server.handler import Refusal
from servitec_server.snapshot import SnapshotFailed, Snapshots
from sync.credentials import Credentials, MemoryStore
from sync.download import MAX_REPLY
from sync.engine import SyncEngine
from sync.errors import ServerFailing, ServerUnreachable
from sync.live import Live
from sync.service import SyncService
from sync.transport import Asked, HttpTransport
from tests.company import Office

ASKED = Asked("s", "e", "h", 0, Cursor(version=0, cambio_id=None))
BOMB = 1_500_000_000


class _Threaded(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[HttpTransport]:
    """A server that does as it likes, and a station's transport to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = _Threaded(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    store = MemoryStore()
    store.save(Credentials("e", "c", "t", "r"))
    transport = HttpTransport(f"http://127.0.0.1:{server.server_port}", store)
    try:
        yield transport
    finally:
        transport.close()
        server.shutdown()
        server.server_close()


def zeros_zstd(count: int, *, told: bool) -> bytes:
    packer = zstandard.ZstdCompressor(level=1, write_content_size=told)
    work = packer.compressobj(size=count) if told else packer.compressobj()
    block = b"\0" * (1 << 24)
    parts = [work.compress(block[: min(len(block), count - at)]) for at in range(0, count, len(block))]
    return b"".join(parts) + work.flush()


def zeros_gzip(count: int) -> bytes:
    work = zlib.compressobj(wbits=31)
    block = b"\0" * (1 << 24)
    return b"".join(work.compress(block) for _ in range(0, count, len(block))) + work.flush()


def sending(body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        try:
            request.wfile.write(body)
        except OSError:
            return  # it was not taken

    return answer


def peak_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@pytest.mark.parametrize("kind", ["zstd", "zstd-untold", "gzip", "plain", "unknown"])
def test_a_reply_of_json_is_never_more_than_its_bound(kind: str) -> None:
    packing = kind.partition("-")[0]
    body = {
        "zstd": lambda: zeros_zstd(BOMB, told=True),
        "zstd-untold": lambda: zeros_zstd(BOMB, told=False),
        "gzip": lambda: zeros_gzip(BOMB // 4),
        "plain": lambda: b"\0" * (MAX_REPLY + (8 << 20)),
        "unknown": lambda: b"\0" * 1000,
    }[kind]()
    before = peak_mb()
    headers = {} if kind == "plain" else {"Content_Encoding": packing if kind != "unknown" else "br"}
    with serving(sending(body, **headers)) as transport, pytest.raises(ServerFailing):
        transport.health()
    assert peak_mb() - before < 6 * MAX_REPLY / (1 << 20)


def test_a_packed_reply_is_read_as_ever() -> None:
    for packing, body in (
        ("zstd", zstandard.ZstdCompressor().compress(b'{"a": 1}')),
        ("gzip", gzip.compress(b'{"a": 1}')),
        ("identity", b'{"a": 1}'),
    ):
        with serving(sending(body, Content_Encoding=packing)) as transport:
            assert transport.health() == {"a": 1}
    with serving(sending(b"no es zstd", Content_Encoding="zstd")) as transport, pytest.raises(ServerFailing):
        transport.health()


@pytest.mark.parametrize("announced", ["50000", "", "x", "-5", "0"])
def test_a_snapshot_is_never_unpacked_beyond_what_was_announced(tmp_path: Path, announced: str) -> None:
    body = zeros_zstd(BOMB, told=False)
    heard: list[int] = []
    with (
        serving(sending(body, X_Servitec_Bytes=announced, ETag='"x"')) as transport,
        pytest.raises(ServerUnreachable),
    ):
        transport.snapshot(ASKED, tmp_path, lambda done, _: heard.append(done))
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) <= 50_000 + len(body)


def test_a_snapshot_larger_than_the_disk_is_refused_before_it_comes(tmp_path: Path) -> None:
    answer = sending(b"x", X_Servitec_Bytes=str(1 << 49), ETag='"x"')
    with serving(answer) as transport, pytest.raises(DiskTrouble, match="No hay lugar"):
        transport.snapshot(ASKED, tmp_path, lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_waiting_for_a_snapshot_ends_and_can_be_ended(tmp_path: Path) -> None:
    asked = 0

    def never(request: BaseHTTPRequestHandler) -> None:
        nonlocal asked
        asked += 1
        request.send_response(202)
        request.send_header("Content-Length", "0")
        request.end_headers()

    with serving(never) as transport:
        transport.snapshot_wait_s = 0.5
        with pytest.raises(ServerFailing, match="no termina de preparar"):
            transport.snapshot(ASKED, tmp_path, lambda *_: None)
        assert asked > 2
        told: list[tuple[int, int]] = []

        def stop(done: int, total: int) -> None:
            told.append((done, total))
            raise InterruptedError

        transport.snapshot_wait_s = 3600
        with pytest.raises(InterruptedError):
            transport.snapshot(ASKED, tmp_path, stop)
        assert told == [(0, 0)]


@pytest.mark.expects_log
def test_a_snapshot_that_cannot_be_built_is_answered_with_its_reason_and_tried_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    try:
        blocked = office.central.data_dir / "instantaneas"
        blocked.write_text("aquí no cabe una carpeta")
        scope = scope_of(office.people["jefa"])

        def build(snapshots: Snapshots) -> None:
            assert snapshots.get(scope, SCHEMA, wait=False) is None
            for thread in snapshots._building.values():
                thread.join()

        patient = Snapshots(office.central, retry_s=3600)
        build(patient)
        for _ in range(3):
            with pytest.raises(SnapshotFailed, match="quedó en su registro"):
                patient.get(scope, SCHEMA, wait=False)
        office.handler.snapshots = patient
        head = Head.model_validate(ASKED.values() | {"server_id": None, "epoch": None, "scope": None, "n": None})
        with pytest.raises(Refusal) as refused:
            office.handler.snapshot(head, scope, office.central.identity.own, wait=False)
        assert (refused.value.status, refused.value.error) == (503, "instantanea")
        blocked.unlink()
        eager = Snapshots(office.central, retry_s=0)
        build(eager)
        found = eager.get(scope, SCHEMA, wait=False)
        assert found is not None
        assert found.path.exists()
    finally:
        office.close()


@pytest.mark.expects_log
def test_a_station_tells_why_there_is_no_snapshot(tmp_path: Path) -> None:
    office = Office(tmp_path)
    try:
        desk = office.desk("a")
        with desk.replica.writing() as writing:
            state.write(writing, rebuild=True)

        def refused(request: BaseHTTPRequestHandler) -> None:
            body = '{"error": "instantanea", "mensaje": "El disco del servidor está lleno.", "hint": ""}'.encode()
            request.send_response(503)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        with serving(refused) as transport:
            service = SyncService(desk.replica, SyncEngine(desk.replica, transport))
            service._cycle()
            status = service.status()
        assert (status.kind, "disco del servidor" in status.message) == ("servidor", True)
        assert service._waking.failures == 1
    finally:
        office.close()


POUR = 64 << 20


def upgrading(say: Callable[[Callable[[bytes], object]], None], end: threading.Event) -> Callable[..., None]:
    """Answer as a live socket does, then `say`; `end` is set when the station listens no more."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        key = request.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()  # noqa: S324  (RFC 6455)
        request.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept.encode() + b"\r\n\r\n"
        )
        try:
            say(request.wfile.write)
            while request.rfile.read(1):
                pass
        except OSError:
            pass
        end.set()

    return answer


def one_frame(write: Callable[[bytes], object]) -> None:
    write(b"\x81\x7f" + (1 << 40).to_bytes(8, "big"))
    pour(write, b"a" * 65_536)


def endless_fragments(write: Callable[[bytes], object]) -> None:
    write(b"\x01\x7e\xff\xff" + b"a" * 65_535)
    pour(write, b"\x00\x7e\xff\xff" + b"a" * 65_535)


def pour(write: Callable[[bytes], object], piece: bytes) -> None:
    for _ in range(POUR // len(piece)):
        write(piece)
    raise AssertionError("the station took it all")


@contextmanager
def listening(transport: HttpTransport) -> Iterator[tuple[Live, dict[str, threading.Event]]]:
    """A station's live connection; what it told."""
    told = {name: threading.Event() for name in ("nudge", "doubt", "hear")}
    live = Live(transport, Ambient(), told["nudge"].set, told["doubt"].set, lambda _: told["hear"].set())
    live.start()
    try:
        yield live, told
    finally:
        live.close()


@pytest.mark.parametrize("say", [one_frame, endless_fragments])
def test_a_message_of_a_live_socket_is_never_more_than_its_bound(
    say: Callable[[Callable[[bytes], object]], None],
) -> None:
    refused: list[bool] = []

    def saying(write: Callable[[bytes], object]) -> None:
        try:
            say(write)
        except AssertionError:
            refused.append(False)
        except OSError:
            refused.append(True)
            raise

    ended, before = threading.Event(), peak_mb()
    with serving(upgrading(saying, ended)) as transport, listening(transport) as (_, told):
        assert ended.wait(60)
        assert told["doubt"].wait(60), "the connection is gone, and it says so"
    assert refused[0]
    assert peak_mb() - before < POUR / 2 / (1 << 20)
    assert not told["hear"].is_set()


def test_what_a_server_says_in_frames_is_heard() -> None:
    reply = ChangesReply(schema=SCHEMA, desde=Cursor(), cursor=Cursor(), hasta=0, last=True)
    message = LiveEvent(event="sincronizar", version=1, cambios=reply).model_dump_json(by_alias=True).encode()
    padded = message + b" " * (60_000 - len(message))

    def say(write: Callable[[bytes], object]) -> None:
        write(b"\x01\x7e" + (30_000).to_bytes(2, "big") + padded[:30_000])
        write(b"\x89\x00")  # a ping between them
        write(b"\x80\x7e" + (30_000).to_bytes(2, "big") + padded[30_000:])

    with serving(upgrading(say, threading.Event())) as transport, listening(transport) as (_, told):
        assert told["hear"].wait(60)
    assert not told["doubt"].is_set()


SILENT = pytest.mark.parametrize("sent", [b"", b"\x81", b"\x81\x7e\xff\xff" + b"a" * 100])
"""In the handshake, in the head of a frame, in the middle of one."""


def falling_silent(sent: bytes, asked: threading.Event) -> Callable[[BaseHTTPRequestHandler], None]:
    def say(write: Callable[[bytes], object]) -> None:
        write(sent)
        asked.set()

    def answer(request: BaseHTTPRequestHandler) -> None:
        if sent:
            upgrading(say, threading.Event())(request)
        else:
            asked.set()
            request.rfile.read()

    return answer


@SILENT
def test_a_server_that_falls_silent_keeps_no_program_from_ending(sent: bytes) -> None:
    asked = threading.Event()
    with serving(falling_silent(sent, asked)) as transport:
        live = Live(transport, Ambient(), lambda: None, lambda: None, lambda _: None)
        live.start()
        assert asked.wait(60)
        ending = threading.Thread(target=live.close, daemon=True)
        ending.start()
        ending.join(60)
        assert not ending.is_alive()
        assert not live._thread.is_alive()


@SILENT
def test_nor_is_it_waited_for(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.live.STALL_S", 0.5)
    try:
        with serving(falling_silent(sent, threading.Event())) as transport, listening(transport) as (_, told):
            assert told["doubt"].wait(60)
    finally:
        websocket.setdefaulttimeout(None)
