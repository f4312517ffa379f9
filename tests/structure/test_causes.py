"""The list of known causes is the only place of their sentences. Each of these tests fails on a broken example."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from domain.base import causes
from domain.base.causes import CAUSES, Cause
from tests.causes import OF_THE_SERVER, PLACES
from tests.structure.test_structure import PACKAGES, sources

ROOT = Path(__file__).parents[2]
OF_THE_WORLD = {
    *("DiskTrouble", "Damaged", "Outage", "ServerUnreachable", "ServerFailing", "SignInNeeded"),
    *("StationRefused", "StationUnknown", "StationRevoked", "SchemaRefused", "AnotherServer", "OlderWorld"),
    *("PrinterUnreachable", "PrinterBusy", "PrinterSilent", "PrinterUncertain"),
}
"""Errors whose sentences stand in the list; a server's own words are passed on."""


def written(source: str) -> list[str]:
    """The sentences that a source gives to an error of the world by itself."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OF_THE_WORLD:
            found += [ast.unparse(a) for a in node.args if isinstance(a, ast.JoinedStr | ast.Constant | ast.Starred)]
    return [text for text in found if not text.isdigit()]


def test_the_sentences_stand_in_the_list_alone() -> None:
    found = {name: written(source) for name, source in sources(*PACKAGES)}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "source",
    ['raise DiskTrouble("El disco está lleno.")', 'SignInNeeded(f"Hace {n} días.")', "ServerFailing(*_BROKEN)"],
)
def test_a_sentence_elsewhere_is_noticed(source: str) -> None:
    assert written(source)


def test_every_cause_is_met_somewhere() -> None:
    elsewhere = "\n".join(source for name, source in sources(*PACKAGES) if name != "domain/base/causes.py")
    named = set(re.findall(r"\b(?:causes\.)?([A-Z][A-Z_]+)\b", elsewhere))
    declared = {name for name, value in vars(causes).items() if isinstance(value, Cause)}
    assert declared - named == set()


def test_every_cause_says_what_to_do_and_its_places_can_be_filled() -> None:
    codes = re.findall(r'Cause\(\s*"(\w+)"', inspect.getsource(causes))
    assert len(set(codes) - {"error"}) == len(CAUSES) == len([code for code in codes if code != "error"])
    for cause in CAUSES.values():
        for text in (cause.what, cause.todo):
            assert text.format(**PLACES).endswith(".")


def test_the_protocol_names_what_the_server_tells() -> None:
    told = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    assert [code for code in OF_THE_SERVER if f"`{code}`" not in told] == []
