"""Nothing of the replica is read or written in the window's thread: a disk that is slow must never stop a hand."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_db.replica import Replica

ROOT = Path(__file__).parents[2]
ASKED = ("open", "reading", "writing", "verify", "checkpoint", "replace")


def who() -> str | None:
    """The part of the desktop that asks, here; None when a test does so itself."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        path = Path(name).relative_to(ROOT).as_posix() if name.startswith(str(ROOT)) else ""
        if path.startswith("tests/") or path.startswith("testing/"):
            return None
        if path.startswith("servitec_desktop/") and not path.startswith("servitec_desktop/command/"):
            return f"{path}:{frame.f_lineno} {frame.f_code.co_name}"
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return None


@pytest.fixture(autouse=True)
def asked_in_the_window(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Who asked the replica for something in the window's thread; anybody fails the test."""
    found: list[str] = []

    def watched(method: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any, **named: Any) -> Any:
            asking = who() if threading.current_thread() is threading.main_thread() else None
            if asking is not None:
                found.append(asking)
            return method(*arguments, **named)

        return ask

    for name in ASKED:
        own = Replica.__dict__[name]
        made = classmethod(watched(own.__func__)) if isinstance(own, classmethod) else watched(own)
        monkeypatch.setattr(Replica, name, made)
    yield found
    assert sorted(set(found)) == []
