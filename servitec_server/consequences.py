"""What comes next of a Cambio, by the rules of the rows that it changed (`Rule.then`): done by SISTEMA, in its version.

What is refused is left out, and never refuses its cause.
"""

import logging
from dataclasses import replace

from domain.base.actor import SISTEMA
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.model import SPECS, TABLES
from domain.rules import Applying
from domain.wire import Op
from servitec_server.lookup import ServerLookup
from servitec_server.operating import Operating
from servitec_server.step import Step
from servitec_server.working_set import Key

ROUNDS, MOST = 3, 50
"""How often what came next may have consequences of its own; operations in all."""

_ORDER = {spec.name: place for place, spec in enumerate(SPECS)}
log = logging.getLogger(__name__)


def follow_up(step: Step, operating: Operating, lookup: ServerLookup) -> None:
    """Do what comes next of everything that this Cambio changed, and of that."""
    done = 0
    for _ in range(ROUNDS):
        changed, step.changed = step.changed, {}
        for key in sorted(changed, key=lambda key: (_ORDER[key[0]], key[1])):
            ops = _next(lookup, key, changed[key])
            done += len(ops)
            if done > MOST:
                log.error("cambio %s has more than %s consequences", step.cambio.id, MOST)
                return
            if ops:
                _take(step, operating, lookup, ops)
        if not step.changed:
            return


def _next(lookup: ServerLookup, key: Key, before: Row | None) -> list[Op]:
    after = lookup.row(*key)
    if after is None or after.get("borrado_en") is not None:
        return []
    return TABLES[key[0]].regla.then(lookup, before, after)


def _take(step: Step, operating: Operating, lookup: ServerLookup, ops: list[Op]) -> None:
    """Do these operations as one, or none of them."""
    trial = replace(
        step,
        cambio=step.cambio.model_copy(update={"usuario_id": SISTEMA.usuario_id, "ops": ops, "reoferta": None}),
        told=False,
        observado=None,
        changed={},
        touched=dict(step.touched),
        feed={key: replace(entry) for key, entry in step.feed.items()},
        trail=list(step.trail),
        perdidos=list(step.perdidos),
        announcements=list(step.announcements),
    )
    try:
        trial.applying = Applying(SISTEMA, lookup, ops, step.instant, None, frozenset())
        with step.rows.step():
            for op in ops:
                operating.do(trial, op)
    except Rejection as refused:
        log.warning("cambio %s: what comes next is refused: %s", step.cambio.id, refused)
        return
    for name in ("moved", "touched", "feed", "trail", "perdidos", "announcements"):
        setattr(step, name, getattr(trial, name))
    for key, before in trial.changed.items():
        step.changed.setdefault(key, before)
