"""What comes next of a Cambio, by the rules of the rows that it changed (`Rule.then`): done by SISTEMA, in its version.

What is refused is left out, and never refuses its cause.
"""

import logging
from dataclasses import dataclass, replace

from domain.base.actor import SISTEMA
from domain.base.ambient import Ambient
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.model import SPECS, TABLES
from domain.rules import Applying, Lookup
from domain.wire import Op
from servitec_server import rows
from servitec_server.operating import Operating
from servitec_server.work import Work
from servitec_server.working import Key, WorkingSet

ROUNDS, MOST, MOST_CHILDREN = 3, 50, 500
"""How often what came next may have consequences of its own; operations in all; rows that a rule may look at."""

_ORDER = {spec.name: place for place, spec in enumerate(SPECS)}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may ask (domain.base.rule.Knowing)."""

    rows: WorkingSet
    ambient: Ambient

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id as of now."""
        return self.rows.get(tabla, key)

    def children(self, tabla: str, column: str, key: str) -> list[Row]:
        """The rows of a table, not deleted, that hold this id in a column."""
        keys = set(rows.ids(self.rows.connection, tabla, [key], column, MOST_CHILDREN))
        keys |= {str(row["id"]) for row in self.rows.unwritten(tabla)}
        self.rows.load((tabla, one) for one in keys)
        found = (self.rows.get(tabla, one) for one in sorted(keys))
        here = [row for row in found if row is not None and row[column] == key and row.get("borrado_en") is None]
        return here[:MOST_CHILDREN]


def follow_up(work: Work, operating: Operating, lookup: Lookup) -> None:
    """Do what comes next of everything that this Cambio changed, and of that."""
    known, done = Known(work.rows, work.ambient), 0
    for _ in range(ROUNDS):
        changed, work.changed = work.changed, {}
        for key in sorted(changed, key=lambda key: (_ORDER[key[0]], key[1])):
            ops = _next(known, key, changed[key])
            done += len(ops)
            if done > MOST:
                log.error("cambio %s has more than %s consequences", work.cambio.id, MOST)
                return
            if ops:
                _take(work, operating, lookup, ops)
        if not work.changed:
            return


def _next(known: Known, key: Key, before: Row | None) -> list[Op]:
    after = known.rows.get(*key)
    if after is None or after.get("borrado_en") is not None:
        return []
    return TABLES[key[0]].regla.then(known, before, after)


def _take(work: Work, operating: Operating, lookup: Lookup, ops: list[Op]) -> None:
    """Do these operations as one, or none of them."""
    trial = replace(
        work,
        cambio=work.cambio.model_copy(update={"usuario_id": SISTEMA.usuario_id, "ops": ops, "reoferta": None}),
        told=False,
        observado=None,
        changed={},
        touched=dict(work.touched),
        feed={key: dict(entry) for key, entry in work.feed.items()},
        trail=list(work.trail),
        perdidos=list(work.perdidos),
        announcements=list(work.announcements),
    )
    try:
        trial.applying = Applying(SISTEMA, lookup, ops, work.instant, None, frozenset())
        with work.rows.step():
            for op in ops:
                operating.do(trial, op)
    except Rejection as refused:
        log.warning("cambio %s: what comes next is refused: %s", work.cambio.id, refused)
        return
    for name in ("moved", "touched", "feed", "trail", "perdidos", "announcements"):
        setattr(work, name, getattr(trial, name))
    for key, before in trial.changed.items():
        work.changed.setdefault(key, before)
