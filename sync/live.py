"""The WebSocket that brings changes as they happen, or says "pull now". Its loss costs nothing but time."""

import logging
import threading
from collections.abc import Callable

import websocket
from pydantic import ValidationError

from domain.ambient import Ambient
from domain.errors import KnownError
from domain.wire import ChangesReply, LiveEvent
from sync.transport import HttpTransport

log = logging.getLogger(__name__)

PING_S = 20
PONG_S = 8
MAX_WAIT_S = 60.0


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
            self._socket.close()
        self._thread.join(5)

    def _run(self) -> None:
        url = "ws" + self._transport.url.removeprefix("http") + "/ws"
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

    def _opened(self, _: websocket.WebSocketApp) -> None:
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

    def _failed(self, _: websocket.WebSocketApp, error: Exception) -> None:
        """A refused token is renewed by the next cycle."""
        log.info("live: %s", error)
        if isinstance(error, websocket.WebSocketBadStatusException):
            self._nudge()
