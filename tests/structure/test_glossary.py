"""The glossary names every word of the model and of the wire, and no class that isn't there."""

import re
from pathlib import Path

import pytest

from domain import wire
from domain.base.actor import ROLES
from domain.model import SPECS
from storage.station import OWN
from tests.structure.test_structure import PACKAGES, sources

TEXT = (Path(__file__).parents[2] / "docs" / "glosario.md").read_text(encoding="utf-8")
NAMED = {word for quoted in re.findall(r"`([^`]+)`", TEXT) for word in re.findall(r"\w+", quoted)}
CARRIED = (wire.Cambio, wire.Op, wire.Cursor, wire.Firma, wire.Firmante, wire.Recibo, wire.Grupo, wire.Digest)
ANSWERED = (wire.Answer, wire.PushReply, wire.ChangesReply)
ENGLISH = {
    *("protocol", "server_id", "epoch", "scope", "furthest", "server_version", "server_time", "version"),
    *("answers", "head", "last", "far", "digest"),
}
"""Words of the machinery in what travels, and ids by the name of what they refer to."""


def words() -> set[str]:
    fields = {name.rstrip("_") for kind in (*CARRIED, *ANSWERED) for name in kind.model_fields}
    return {spec.name for spec in SPECS} | set(OWN) | set(ROLES) | {f for f in fields - ENGLISH if f[-3:] != "_id"}


def missing(named: set[str]) -> set[str]:
    return words() - named


def test_every_word_is_explained() -> None:
    assert missing(NAMED) == set()


@pytest.mark.parametrize("word", ["existencia", "outbox_fila", "gestor", "perdidos"])
def test_one_that_is_not_is_noticed(word: str) -> None:
    assert missing(NAMED - {word}) == {word}


def test_every_class_that_it_names_is_there() -> None:
    stated = re.compile(r"^(?:class )?([A-Z]\w+)(?:\(|:| =)", re.MULTILINE)
    declared = {name for _, source in sources(*PACKAGES) for name in stated.findall(source)}
    named = {word for word in re.findall(r"`([A-Z]\w+)`", TEXT) if not word.isupper()}
    assert named - declared == set()
