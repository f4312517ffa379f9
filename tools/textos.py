"""The catalogues of the window's texts: `python3 dev.py textos` brings them to what the source says.

Without arguments: read the source, write `servitec_desktop/i18n/*.ts`, tell what waits for a translation (exit code 1
then). With `--compilar`: make the .qm that the program loads, where they are older. docs/texts.md tells the rest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import PySide6

from printing.labels.registry import KINDS
from servitec_desktop.i18n.causas import sentences

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ROOT / "servitec_desktop"
CATALOGUES = DESKTOP / "i18n"
WITHOUT_QT = ("command", "demo")
"""Folders of the desktop that show nothing in the window."""

ENGLISH, PLURALS = "servitec_en.ts", "servitec_es.ts"
"""The whole in English; of Spanish, which is the source, only how one and many are said."""


def sources() -> list[Path]:
    """The files whose texts a person reads in the window."""
    found = sorted(DESKTOP.rglob("*.py"))
    return [path for path in found if path.relative_to(DESKTOP).parts[0] not in WITHOUT_QT]


def declared() -> Iterator[str]:
    """Texts that stand below the window, in declarations that know no Qt, and are shown by `tr`."""
    for kind in KINDS.values():
        yield from (kind.nombre, kind.explicacion)
        yield from (what for what, _ in kind.campos.values())
    yield from sentences()


def update(folder: Path = CATALOGUES) -> list[str]:
    """Bring the catalogues to what the source says; gives the texts that wait for a translation."""
    waiting = []
    with tempfile.TemporaryDirectory() as name:
        below = Path(name) / "declared.py"
        below.write_text("".join(f"QT_TR_NOOP({text!r})\n" for text in dict.fromkeys(declared())), encoding="utf-8")
        for catalogue, options in ((ENGLISH, []), (PLURALS, ["-pluralonly"])):
            waiting += bring(folder / catalogue, [*sources(), below], options)
    return waiting


def bring(catalogue: Path, files: list[Path], options: Sequence[str] = ()) -> list[str]:
    """Bring one catalogue to what these files say; gives what waits for a translation.

    A text that moved to another class keeps its translation; one that changed has to be translated anew.
    """
    known: dict[tuple[str, str, int], list[str]] = {}
    anywhere: dict[tuple[str, int], list[str]] = {}
    for text in read(catalogue) if catalogue.exists() else ():
        if text.whole:
            known[text.context, text.source, len(text.forms)] = anywhere[text.source, len(text.forms)] = text.forms
    _lupdate(catalogue, files, options)
    tree = ET.parse(catalogue)  # noqa: S314  (our own file)
    waiting = []
    for text in _texts(tree):
        forms = known.get((text.context, text.source, len(text.forms))) or anywhere.get((text.source, len(text.forms)))
        if forms is None:
            waiting.append(text.source)
        else:
            text.translate(forms)
    tree.write(catalogue, encoding="utf-8", xml_declaration=True)
    _lupdate(catalogue, files, options)  # once more, for its form
    return waiting


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a catalogue; of one with a number its plural forms."""

    context: str
    source: str
    element: ET.Element
    """Its translation."""

    @property
    def forms(self) -> list[str]:
        """The translation; of a text with a number one for each plural."""
        return [form.text or "" for form in self._written()]

    @property
    def numbered(self) -> bool:
        """Has it a number, and so a form for one and for many?"""
        return self.element.find("numerusform") is not None

    @property
    def whole(self) -> bool:
        """Does it say something, in each form?"""
        return "type" not in self.element.attrib and all(self.forms)

    def translate(self, forms: list[str]) -> None:
        """Say it so."""
        self.element.attrib.pop("type", None)
        for element, text in zip(self._written(), forms, strict=True):
            element.text = text

    def _written(self) -> list[ET.Element]:
        return self.element.findall("numerusform") or [self.element]


def read(catalogue: Path) -> list[Text]:
    """The texts of a catalogue."""
    return _texts(ET.parse(catalogue))  # noqa: S314  (our own file)


def _texts(tree: "ET.ElementTree[ET.Element]") -> list[Text]:
    return [
        Text(context.findtext("name") or "", message.findtext("source") or "", translation)
        for context in tree.iter("context")
        for message in context.iter("message")
        for translation in message.iter("translation")
    ]


def _lupdate(catalogue: Path, files: list[Path], options: Sequence[str]) -> None:
    language = catalogue.stem.rpartition("_")[2]
    exact = ["-disable-heuristic", "sametext", "-disable-heuristic", "similartext"]
    form = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "es", "-target-language", language]
    _run("lupdate", *options, *exact, *form, *map(str, files), "-ts", str(catalogue))


def compile_() -> None:
    """The .qm of each catalogue, where it isn't newer than its source."""
    for catalogue in sorted(CATALOGUES.glob("*.ts")):
        made = catalogue.with_suffix(".qm")
        if made.exists() and made.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        fresh = catalogue.with_suffix(f".{os.getpid()}.qm")
        _run("lrelease", "-silent", str(catalogue), "-qm", str(fresh))
        os.replace(fresh, made)


def _run(tool: str, *arguments: str) -> None:
    """A program of Qt's, as PySide6 brings it."""
    program = shutil.which(tool, path=str(Path(PySide6.__file__).parent))
    if program is None:
        raise SystemExit(f"PySide6 brings no {tool}.")
    subprocess.run([program, *arguments], check=True)  # noqa: S603


def main(arguments: list[str]) -> int:
    """Exit code: 0 nothing waits, 1 something does."""
    if arguments == ["--compilar"]:
        compile_()
        return 0
    waiting = update()
    for text in waiting:
        print(f"sin traducir: {text}")
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
