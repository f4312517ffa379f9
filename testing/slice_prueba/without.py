"""Points of the machinery that can be taken out, and the part of the play that has to notice it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from domain.model import TABLES
from local_db import following, outbox, settling
from printing import permiso
from servitec_desktop.barra import Barra
from servitec_server import batch, step
from testing.slice_prueba import played
from testing.slice_prueba.played import Play
from testing.slice_prueba.shown import shown

Out = pytest.MonkeyPatch


def children_first(out: Out) -> None:
    """What is fed is settled before what feeds it."""
    out.setattr(settling, "reversed", list, raising=False)


def own_rows(out: Out) -> None:
    """A pull skips a station's own rows though an answer is missing."""
    out.setattr(outbox, "unanswered", lambda _: False)


def waiting(out: Out) -> None:
    """What is added up is shown as the server has it."""
    out.setattr(following, "with_waiting", lambda _db, _target, image: image)


def consequences(out: Out) -> None:
    """Nothing comes of anything."""
    out.setattr(batch, "follow_up", lambda *_: None)


def sums_of_sums(out: Out) -> None:
    """Only the first row follows."""
    real = step.Step._follow

    def follow(self: step.Step, tabla: str, *rows: Any) -> None:
        if tabla != "prueba_cargo":
            real(self, tabla, *rows)

    out.setattr(step.Step, "_follow", follow)


def what_hangs_on_it(out: Out) -> None:
    """Nothing moves with a row."""
    out.setattr(step, "HUNG", dict.fromkeys(TABLES, ()))


def pages_by_role(out: Out) -> None:
    """Everybody is offered every page."""
    out.setattr(Barra, "show_for", lambda self, _rol: self.show())


def right_to_print(out: Out) -> None:
    """Everybody prints everything."""
    out.setattr(permiso, "exigir", lambda *_: None)


@dataclass(frozen=True, slots=True)
class Point:
    """`take_out` what the machinery does; `part` fails then."""

    take_out: Callable[[Out], None]
    part: Callable[[Play], None]


POINTS: dict[str, Point] = {
    point.take_out.__name__: point
    for point in (
        Point(children_first, played.edited_by_two),
        Point(own_rows, played.edited_by_two),
        Point(waiting, played.edited_by_two),
        Point(consequences, played.paid_and_closed),
        Point(sums_of_sums, played.offline),
        Point(what_hangs_on_it, played.moved_away),
        Point(pages_by_role, shown),
        Point(right_to_print, shown),
    )
}


def noticed(point: Point, world: Play) -> bool:
    """Does its part fail without it?"""
    with pytest.MonkeyPatch.context() as out:
        point.take_out(out)
        try:
            point.part(world)
        except (AssertionError, pytest.fail.Exception):
            return True
    return False
