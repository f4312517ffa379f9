"""The model notices what a slice declares wrongly, when it is imported."""

from dataclasses import replace

import pytest

from domain import model
from domain.base.rule import Rule
from domain.base.sums import Sum
from domain.base.table import Buscado, Col, TableSpec, ref


class Feeds(Rule):
    """A rule with one sum."""

    def __init__(self, into: str, column: str, *reads: str) -> None:
        self.sums = (Sum(into, lambda _: None, column, lambda _: 0, reads),)


CHILD = TableSpec(
    "hijo", (ref("orden_id", "orden"), Col("costo", "int", cost=True), Col("n", "int")), writers="servidor"
)


def declared(patch: pytest.MonkeyPatch, *specs: TableSpec) -> None:
    """The model with these tables at its end."""
    found = (*model.SPECS, *specs)
    patch.setattr(model, "SPECS", found)
    patch.setattr(model, "TABLES", {spec.name: spec for spec in found})
    model._check()
    model._check_sums()


def test_what_is_right_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    declared(monkeypatch, replace(CHILD, regla=Feeds("orden", "abonado_centavos", "n")))


@pytest.mark.parametrize(
    "spec",
    [
        model.TABLES["orden"],
        TableSpec("hijo", (ref("padre_id", "nadie"),), writers="servidor"),
        TableSpec("hijo", (ref("padre_id", en="cual"),), writers="servidor"),
        replace(CHILD, unique=("nada",)),
        replace(CHILD, raiz="nada"),
        replace(CHILD, claves=("nada",)),
        replace(CHILD, busqueda={"x": (Buscado("nada"),)}),
        TableSpec("hijo", (Col("n", "int"),)),
        replace(CHILD, regla=Feeds("orden", "titulo", "n")),
        replace(CHILD, regla=Feeds("orden", "nada", "n")),
        replace(CHILD, regla=Feeds("conflicto", "version", "n"), name="antes"),
        replace(CHILD, regla=Feeds("orden", "abonado_centavos", "costo")),
    ],
    ids=[
        *("twice", "no-table", "no-column-of-a-table", "unique", "root", "key", "search", "rights"),
        *("sum-into-a-text", "sum-into-nothing", "sum-into-what-everybody-has", "sum-of-a-cost"),
    ],
)
def test_what_is_wrong_is_noticed(spec: TableSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LookupError):
        declared(monkeypatch, spec)


def test_a_sum_goes_up_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    below = TableSpec("abajo", (Col("total", "int", derived=True),), writers="servidor")
    above = replace(CHILD, regla=Feeds("abajo", "total", "n"))
    declared(monkeypatch, below, above)
    with pytest.raises(LookupError, match="before its child"):
        declared(
            monkeypatch, replace(CHILD, name="otro", regla=Feeds("tarde", "total", "n")), replace(below, name="tarde")
        )
