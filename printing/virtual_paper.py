"""The paper side of a virtual printer: what waits in its memory, and the labels that come out, each as a file."""

import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

CONDITIONS = ("paper_out", "ribbon_out", "head_open", "pause", "over_temp")


@dataclass(slots=True)
class Faults:
    """What is wrong with it; nothing by default. drop_after: bytes of a connection after which it is reset (once);
    slow: bytes a second; half_open: what arrives vanishes, nobody answers; hs_silent: no ~HS while out of paper;
    parallel: connections are served at the same time; variables_inside: also inside a format, variables are told.
    """

    paper_out: bool = False
    ribbon_out: bool = False
    head_open: bool = False
    pause: bool = False
    over_temp: bool = False
    drop_after: int | None = None
    drop_after_label: bool = False
    stall: bool = False
    slow: int = 0
    silent: bool = False
    half_open: bool = False
    garbage: bool = False
    truncate_reply: int | None = None
    split_reply: bool = False
    reply_delay_s: float = 0.0
    hs_silent: bool = False
    no_odometer: bool = False
    no_hv: bool = False
    language: str = "epl_zpl"
    merge_partial: bool = False
    label_s: float = 0.0
    parallel: bool = False
    variables_inside: bool = False


@dataclass(slots=True)
class Format:
    """What waits: its bytes, who sent it, and how many labels of it are still to come."""

    zpl: bytes
    connection: socket.socket | None
    left: int


class Paper:
    """Prints what it is given, in order, as soon as no condition holds it back."""

    def __init__(self, out_dir: Path) -> None:
        out_dir.mkdir(parents=True, exist_ok=True)
        self._out = out_dir
        self.faults = Faults()
        self._counter = len(self.labels())
        self._queue: deque[Format] = deque()
        self._moved = threading.Condition()
        self._closed = False

    def labels(self) -> list[Path]:
        """The files of the labels that came out, in order."""
        return sorted(self._out.glob("etiqueta-*.zpl"))

    @property
    def pending(self) -> int:
        """Labels that it still means to print."""
        with self._moved:
            return sum(f.left for f in self._queue)

    def foreign(self, labels: int = 1) -> None:
        """Another computer prints."""
        self._put(Format(b"^XA^FO9,9^A0N,30,30^FDotro^FS^XZ", None, labels))

    def press_cancel(self) -> None:
        """Somebody presses CANCEL on it: what waits is gone, the label that is printing comes out."""
        with self._moved:
            while len(self._queue) > 1:
                self._queue.pop()
            if self._queue:
                self._queue[0].left = 1

    def _put(self, wanted: Format) -> None:
        with self._moved:
            self._queue.append(wanted)
            self._moved.notify_all()

    def _came_out(self, printed: Format) -> None:
        """A label of this one did."""

    def _drain(self) -> None:
        """A printer without a label time has printed before it reads on."""
        while not self._closed and not self._blocked():
            with self._moved:
                if not self._queue:
                    return
            time.sleep(0.0005)

    def _blocked(self) -> bool:
        return any(getattr(self.faults, name) for name in CONDITIONS)

    def _print(self) -> None:
        """Label after label, for ever."""
        while not self._closed:
            with self._moved:
                if not self._queue or self._blocked():
                    self._moved.wait(0.01)
                    continue
                current = self._queue[0]
            if self.faults.label_s:
                time.sleep(self.faults.label_s)
            with self._moved:
                if not self._queue or self._queue[0] is not current or self._blocked():
                    continue
                self._counter += 1
                path = self._out / f"etiqueta-{self._counter:06d}.zpl"
                path.with_suffix(".part").write_bytes(current.zpl)
                path.with_suffix(".part").replace(path)
                self._moved.notify_all()
            self._came_out(current)
            with self._moved:
                current.left -= 1
                if current.left == 0 and self._queue and self._queue[0] is current:
                    self._queue.popleft()
                self._moved.notify_all()
