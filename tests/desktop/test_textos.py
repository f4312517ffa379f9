"""The catalogues say what the source says, wholly; and the source says nothing to a person that they can't."""

import ast
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from printing.labels.registry import KINDS
from tests.desktop.textos import Said, said, unsaid, window_sources
from tools import textos
from tools.textos import CATALOGUES, DESKTOP, ENGLISH, PLURALS, Text

PLACEHOLDER = re.compile(r"\{\w*\}|%n|\n|^ +| +$")
MNEMONIC = re.compile(r"&(\w)")
RENEW = "run `python3 dev.py textos` and translate what it names (docs/texts.md)"


def pairs() -> list[tuple[Text, str]]:
    """Each text with each form of its translation."""
    texts = [text for name in (ENGLISH, PLURALS) for text in textos.read(CATALOGUES / name)]
    return [(text, form) for text in texts for form in text.forms]


def test_no_text_is_missing_obsolete_or_untranslated(tmp_path: Path) -> None:
    for name in (ENGLISH, PLURALS):
        shutil.copy(CATALOGUES / name, tmp_path / name)
    assert textos.update(tmp_path) == [], RENEW
    for name in (ENGLISH, PLURALS):
        assert (tmp_path / name).read_bytes() == (CATALOGUES / name).read_bytes(), RENEW
        assert [text.source for text in textos.read(CATALOGUES / name) if not text.whole] == []


def test_what_stands_in_the_source_is_what_lupdate_found() -> None:
    found = {Said(text.context, text.source, text.numbered) for text in textos.read(CATALOGUES / ENGLISH)}
    written: set[Said] = set()
    for path in window_sources():
        for one in said(ast.parse(path.read_text(encoding="utf-8"))):
            assert isinstance(one, Said), f"{path.relative_to(DESKTOP)}, {one}"
            written.add(one)
    assert written - found == set()
    assert found - written == {Said("", text, False) for text in textos.declared()} - written


def test_labels_are_called_by_their_name_in_the_catalogue() -> None:
    said_so = {text.source for text in textos.read(CATALOGUES / ENGLISH)}
    for kind in KINDS.values():
        assert {kind.nombre, kind.explicacion, *(what for what, _ in kind.campos.values())} <= said_so


def test_translations_keep_placeholders_and_mnemonics() -> None:
    for text, form in pairs():
        told = Counter(PLACEHOLDER.findall(form))
        if text.numbered and form == text.forms[0]:  # of one thing the number may go unsaid
            told["%n"] = text.source.count("%n")
        assert told == Counter(PLACEHOLDER.findall(text.source)), f"{text.source!r}: {form!r}"
        assert len(MNEMONIC.findall(form)) == len(MNEMONIC.findall(text.source)), f"{text.source!r}: {form!r}"


def test_every_text_a_person_reads_is_said_by_tr() -> None:
    silent = [
        f"{path.relative_to(DESKTOP)}:{line}: {text!r}"
        for path in window_sources()
        for line, text in unsaid(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize(
    "line",
    [
        'label.setText("listo")',
        'QLabel("Guardar")',
        'x = QPushButton(f"Orden {folio}")',
        'TITULO = "Cambios por enviar"',
        'NOMBRES = {"qr": "Código"}',
        'raise KnownError("no", "Espere.")',
        'self.aviso = "Falta la dirección" if x else ""',
        "table.addRow(name, 'color')",
    ],
)
def test_a_text_without_tr_is_found(line: str) -> None:
    assert list(unsaid(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        'label.setText(self.tr("listo"))',
        'TITULO = QT_TR_NOOP("Cambios por enviar")',
        'log.warning("no answer from %s", x)',
        'widget.setObjectName("seccion")',
        'def f(x: "QLabel") -> "Otra": "Dice algo."',
        'label.setText(" mm")',
        'heading(titulo, "seccion")',
        'action.setShortcut("Ctrl+S")',
    ],
)
def test_what_nobody_reads_is_let_be(line: str) -> None:
    assert list(unsaid(ast.parse(line))) == []


@pytest.mark.parametrize(
    "line",
    [
        "self.tr(TITULO)",
        'parent.tr("Teclas")',
        'tr("sí" if value else "no")',
        'tr("Orden " + folio)',
        'tr(f"Orden {folio}")',
        'tr("%n órdenes", n=3)',
        "QT_TR_NOOP(TITULO)",
    ],
)
def test_what_lupdate_misreads_is_found(line: str) -> None:
    (found,) = said(ast.parse(line))
    assert isinstance(found, str)


def test_a_text_that_moves_keeps_its_translation_and_a_new_one_waits(tmp_path: Path) -> None:
    one, other, catalogue = tmp_path / "one.py", tmp_path / "other.py", tmp_path / "x_en.ts"
    one.write_text('class A:\n    def f(self): self.tr("Guardar")\n', encoding="utf-8")
    assert textos.bring(catalogue, [one]) == ["Guardar"]
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace(' type="unfinished"></translation>', ">Save</translation>"), encoding="utf-8")
    assert textos.bring(catalogue, [one]) == []
    other.write_text('class B:\n    def f(self): self.tr("Guardar"); self.tr("Volver")\n', encoding="utf-8")
    assert textos.bring(catalogue, [other]) == ["Volver"]
    assert [(t.context, t.source, t.forms) for t in textos.read(catalogue)] == [
        ("B", "Guardar", ["Save"]),
        ("B", "Volver", [""]),
    ]


def test_one_text_may_say_two_things_in_two_places(tmp_path: Path) -> None:
    source, catalogue = tmp_path / "one.py", tmp_path / "x_en.ts"
    source.write_text('tr("Nombre")\nclass A:\n    def f(self): self.tr("Nombre")\n', encoding="utf-8")
    textos.bring(catalogue, [source])
    text = catalogue.read_text(encoding="utf-8")
    for word in ("Name", "First name"):
        text = text.replace(' type="unfinished"></translation>', f">{word}</translation>", 1)
    catalogue.write_text(text, encoding="utf-8")
    assert textos.bring(catalogue, [source]) == []
    assert [found.forms for found in textos.read(catalogue)] == [["Name"], ["First name"]]
