"""Random hostile Cambios hold on both engines; and with a rule taken out, the fuzzer finds it.

`python -m tests.hostile.fuzz 60` goes on for a minute; with a seed, it replays that one.
"""

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from domain import rules, scope
from domain.base.row import ReadRow
from domain.base.table import TableSpec
from domain.model import SPECS
from domain.rules import Applying
from domain.wire import Cambio, Op
from servitec_server import feed
from servitec_server.authors import Authors
from servitec_server.step import Step
from tests.hostile.fuzz import STEPS, Copies, run, shown

Patch = pytest.MonkeyPatch
SECONDS = 5.0
"""So long each engine is played against; only how many seeds that is depends on the machine."""


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    made = Copies(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.end()


def hold(copies: Copies) -> None:
    """Seeds, one after the other, for SECONDS; at least one."""
    until = time.monotonic() + SECONDS
    for seed in count():
        played = run(seed, STEPS, copies)
        assert played.broken is None, f"seed {seed}: {shown(played.acts[-1:], copies.known)}"
        if time.monotonic() > until:
            return


@pytest.mark.expects_log
def test_the_claims_hold(copies: Copies) -> None:
    hold(copies)


@pytest.mark.expects_log
def test_the_claims_hold_on_postgresql(postgres_server: str, tmp_path: Path) -> None:
    hold(Copies(tmp_path, f"postgresql://servitec@{postgres_server}/postgres"))


def without_rights(patch: Patch) -> None:
    """Anybody may do anything."""
    for rule in {cls for spec in SPECS for cls in type(spec.regla).__mro__[:-1]}:
        for name in {"make", "change", "delete"} & vars(rule).keys():
            patch.setattr(rule, name, lambda *_: None)


def without_the_row_that_is_there(patch: Patch) -> None:
    """Rights are asked of what a row becomes, not of what it is."""
    real = Applying._permit_edit

    def edit(self: Applying, spec: TableSpec, op: Op, current: ReadRow) -> None:
        real(self, spec, op, {**current, "sucursal_id": self.actor.sucursal_id})

    patch.setattr(Applying, "_permit_edit", edit)


def without_rights_first(patch: Patch) -> None:
    """What loses is recorded, whoever sent it: rights are asked only where something remains to be changed."""
    real = Applying._permit_edit

    def edit(self: Applying, spec: TableSpec, op: Op, current: ReadRow) -> None:
        if not op.campos or any(current.get(n) in (op.antes.get(n), v) for n, v in op.campos.items()):
            real(self, spec, op, current)

    patch.setattr(Applying, "_permit_edit", edit)


def without_proof_of_author(patch: Patch) -> None:
    """Who sends is believed about who wrote."""
    patch.setattr(Authors, "_signature", lambda *_: None)


def without_receipts(patch: Patch) -> None:
    """A re-offer needs no proof."""

    def receipts(_: Authors, item: Cambio, *__: object) -> Any:
        return item.reoferta or None

    patch.setattr(Authors, "_receipts", receipts)


def without_bounds(patch: Patch) -> None:
    """A value is whatever was sent."""
    patch.setattr(rules, "check_value", lambda *_: None)


def without_ledger(patch: Patch) -> None:
    """Stock isn't counted."""
    patch.setattr(Step, "_follow", lambda *_: None)


def without_costs_hidden(patch: Patch) -> None:
    """Everybody reads costs."""
    patch.setattr(scope, "ve_costos", lambda _: True)


def without_branches(patch: Patch) -> None:
    """A branch hears of every branch."""
    patch.setattr(feed.Feed, "_inside", lambda *_: True)


RULES = [value for name, value in sorted(globals().items()) if name.startswith("without_")]


@pytest.mark.expects_log
@pytest.mark.parametrize("take_out", RULES, ids=lambda rule: rule.__name__.removeprefix("without_"))
def test_a_rule_taken_out_is_found(copies: Copies, take_out: Callable[[Patch], None], monkeypatch: Patch) -> None:
    take_out(monkeypatch)
    assert any(run(seed, STEPS, copies).broken is not None for seed in range(8))
