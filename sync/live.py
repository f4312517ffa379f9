"""The WebSocket that brings changes as they happen, or says "pull now". Its loss costs nothing but time."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable

import websocket
from pydantic import ValidationError

from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.wire import ChangesReply, LiveEvent
from sync.transport import HttpTransport

log = logging.getLogger(__name__)

PING_S = 20
PONG_S = 8
MAX_WAIT_S = 60.0
STALL_S = 20.0
"""A handshake, or a frame that has begun, of which nothing more comes for so long ends the connection."""
MAX_MESSAGE = 262_144
"""Bytes of a message, in however many frames; a server sends an eighth of it at most."""


class _Frames(websocket.frame_buffer):
    """Frames off the line; one that says it is too long isn't read."""

    def recv_length(self) -> None:
        """The length of a frame, before its content."""
        super().recv_length()
        if self.length is not None and self.length > MAX_MESSAGE:
            raise websocket.WebSocketPayloadException(f"a frame of {self.length} bytes")


class _Message(websocket.continuous_frame):
    """The frames of one message; one that goes on and on ends."""

    def add(self, frame: websocket.ABNF) -> None:
        """Another of them."""
        if self.cont_data and len(self.cont_data[1]) + len(frame.data) > MAX_MESSAGE:
            raise websocket.WebSocketPayloadException(f"a message of more than {MAX_MESSAGE} bytes")
        super().add(frame)


class Live:
    """Keeps one WebSocket open in a thread. `hear` gets the changes that an event carries; `nudge` is called at any
    other event and at every new connection.

    `doubt` is called when it closes, and each time it can't be opened: is the server there at all?
    """

    def __init__(
        self,
        transport: HttpTransport,
        ambient: Ambient,
        nudge: Callable[[], None],
        doubt: Callable[[], None],
        hear: Callable[[ChangesReply], None],
    ) -> None:
        self._transport = transport
        self._ambient = ambient
        self._nudge = nudge
        self._doubt = doubt
        self._hear = hear
        self._stop = threading.Event()
        self._socket: websocket.WebSocketApp | None = None
        self._thread = threading.Thread(target=self._run, name="servitec-live", daemon=True)
        self._failures = 0

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._socket is not None:
            self._socket.keep_running = False
            _cut(self._socket)
        self._thread.join(5)

    def _run(self) -> None:
        url = "ws" + self._transport.url.removeprefix("http") + "/ws"
        websocket.setdefaulttimeout(STALL_S)
        while not self._stop.is_set():
            try:
                headers = self._transport.live_headers()
            except KnownError:
                self._wait(5.0)
                continue
            self._socket = websocket.WebSocketApp(
                url, header=headers, on_open=self._opened, on_message=self._message, on_error=self._failed
            )
            self._socket.run_forever(ping_interval=PING_S, ping_timeout=PONG_S)
            self._socket.close()
            if not self._stop.is_set():
                self._doubt()
                ceiling = min(MAX_WAIT_S, 2.0 ** min(self._failures, 6))
                self._failures += 1
                self._wait(self._ambient.rng.uniform(0.1, ceiling))

    def _wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def _opened(self, app: websocket.WebSocketApp) -> None:
        if app.sock is not None:
            app.sock.frame_buffer = _Frames(app.sock.frame_buffer.recv, skip_utf8_validation=False)
            app.sock.cont_frame = _Message(fire_cont_frame=False, skip_utf8_validation=False)
        if self._stop.is_set():
            _cut(app)
        self._failures = 0
        self._nudge()

    def _message(self, _: websocket.WebSocketApp, message: str) -> None:
        """What can't be read is as good as a nudge."""
        try:
            event = LiveEvent.model_validate_json(message)
        except ValidationError:
            self._nudge()
            return
        if event.cambios is None:
            self._nudge()
        else:
            self._hear(event.cambios)

    def _failed(self, app: websocket.WebSocketApp, error: Exception) -> None:
        """A refused token is renewed by the next cycle. What the server goes on sending isn't read to its end."""
        log.info("live: %s", error)
        _cut(app)
        if isinstance(error, websocket.WebSocketBadStatusException):
            self._nudge()


def _cut(app: websocket.WebSocketApp) -> None:
    """End a connection at once, also for a thread that waits for the rest of a frame: there may never be one."""
    if app.sock is not None and app.sock.sock is not None:
        with contextlib.suppress(OSError):
            app.sock.sock.shutdown(socket.SHUT_RDWR)
