"""A virtual Zebra to which something happens right before the end of a format arrives, and words for the tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from printing.virtual import VirtualZebra

FOREIGN = b"^XA^FO9,9^A0N,30,30^FDotro^FS^XZ"
NOW = "2026-01-01T00:00:00.000Z"


def label(text: str) -> bytes:
    return f"^XA^CI28^FO10,10^A0N,30,30^FH_^FD{text}^FS^PQ1^XZ".encode()


def url(zebra: VirtualZebra) -> str:
    return f"tcp://127.0.0.1:{zebra.port}"


def texts(zebra: VirtualZebra) -> list[str]:
    return [path.read_bytes().split(b"^FD")[1].split(b"^")[0].decode() for path in zebra.labels()]


class Interrupted(VirtualZebra):
    """`between` is what another connection delivers right before the next end of a format; or what is done then."""

    def __init__(self, out_dir: Path) -> None:
        super().__init__(out_dir)
        self.between: bytes = b""
        self.then: Callable[[], None] | None = None

    def _feed(self, connection: Any, data: bytes) -> None:
        if data.endswith(b"^XZ") and not data.startswith(b"^XA"):
            other, self.between = self.between, b""
            then, self.then = self.then, None
            if other:
                super()._feed(None, other)  # type: ignore[arg-type]
            if then is not None:
                then()
        super()._feed(connection, data)


class Stepped(VirtualZebra):
    """Prints as many labels as it was allowed to."""

    def __init__(self, out_dir: Path) -> None:
        super().__init__(out_dir)
        self.allowed = 0

    def _blocked(self) -> bool:
        return len(self.labels()) >= self.allowed or super()._blocked()
