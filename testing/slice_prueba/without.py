"""Points of the machinery that can be taken out, to see that the slice notices."""

from collections.abc import Callable
from typing import Any

from domain.model import TABLES
from local_db import following, outbox, settling
from servitec_server import batch, step


def _put(where: object, name: str, what: object) -> None:
    setattr(where, name, what)


def children_first() -> None:
    """What is fed is settled before what feeds it."""
    _put(settling, "reversed", list)


def own_rows() -> None:
    """A pull skips a station's own rows though an answer is missing."""
    _put(outbox, "unanswered", lambda _: False)


def waiting() -> None:
    """What is added up is shown as the server has it."""
    _put(following, "with_waiting", lambda _db, _target, image: image)


def consequences() -> None:
    """Nothing comes of anything."""
    _put(batch, "follow_up", lambda *_: None)


def sums_of_sums() -> None:
    """Only the first row follows."""
    real = step.Step._follow

    def follow(self: step.Step, tabla: str, *rows: Any) -> None:
        if tabla != "prueba_cargo":
            real(self, tabla, *rows)

    _put(step.Step, "_follow", follow)


def what_hangs_on_it() -> None:
    """Nothing moves with a row."""
    _put(step, "HUNG", dict.fromkeys(TABLES, ()))


POINTS: dict[str, Callable[[], None]] = {
    point.__name__: point for point in (children_first, own_rows, waiting, consequences, sums_of_sums, what_hangs_on_it)
}
