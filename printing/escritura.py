"""Scripts on paper: what the shipped fonts can write, a mark for what they can't, and the order letters stand in.

A text stays as it is read (logical order) until a line of it is drawn: `a_la_vista` then gives the letters from left
to right as they are seen, Hebrew and Arabic by Unicode's bidirectional algorithm, Arabic joined. Labels, their
preview and PDF all draw by these functions, so they agree.
"""

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from arabic_reshaper import ArabicReshaper
from arabic_reshaper.letters import LETTERS_ARABIC
from bidi import get_base_level, get_display
from bidi.mirror import MIRRORED
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NORMAL, NEGRITA, CONDENSADA, IDEOGRAMAS = "Servitec", "Servitec-Bold", "Servitec-Condensed", "Servitec-CJK"
ARCHIVOS = {
    NORMAL: "DejaVuSans.ttf",
    NEGRITA: "DejaVuSans-Bold.ttf",
    CONDENSADA: "RobotoCondensed-Bold.ttf",
    IDEOGRAMAS: "DroidSansFallback.ttf",
}
"""The shipped fonts. DejaVu: Latin, Greek, Cyrillic, Hebrew, Arabic; Droid: Chinese, Japanese, Korean."""
FOLDER = Path(__file__).parent / "fonts"
MARCA = "□"
"""Stands for a letter that no shipped font has: on the label, in its preview and in a PDF alike."""
MOST_ACCENTS = 4
"""On one letter; more is mischief."""

_fonts: dict[str, TTFont] = {}
_lock = threading.Lock()
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u034f]")
"""Hebrew vowel points, which need not be written (as those of Arabic), and the mark below."""
_FOLLOWS = "\u034f"
"""A mark without ink that goes where the bracket before it goes: in a stretch from right to left it ends up first."""
_BRACKET = re.compile(f"[{re.escape(''.join(MIRRORED))}]")
_MIRRORING = re.compile(f"({_BRACKET.pattern}){_FOLLOWS}|{_FOLLOWS}({_BRACKET.pattern})")
_JOINING = ArabicReshaper({"delete_harakat": True, "ARABIC LIGATURE ALLAH": False})
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_ISOLATE, _END = "\u2068", "\u2069"
_UNSEEN = {ord(char): None for char in (_ZWNJ, _ISOLATE, _END)}


def fuente(nombre: str) -> TTFont:
    """A shipped font, read and registered for PDFs once, when it is first needed."""
    found = _fonts.get(nombre)
    if found is None:
        with _lock:
            found = _fonts.get(nombre)
            if found is None:
                found = TTFont(nombre, str(FOLDER / ARCHIVOS[nombre]))
                pdfmetrics.registerFont(found)
                _fonts[nombre] = found
    return found


@lru_cache(maxsize=20_000)
def fuente_de(cadena: tuple[str, ...], letra: str) -> str | None:
    """The first font of the chain that has all of a letter and its accents; None: none has."""
    for nombre in cadena:
        glyphs = fuente(nombre).face.charToGlyph
        if all(ord(char) in glyphs for char in letra):
            return nombre
    return None


TODAS = (NORMAL, IDEOGRAMAS)
"""What these can't write is marked."""


@lru_cache(maxsize=20_000)
def _written(char: str) -> str:
    """The letter, its plain equivalent where only that can be written, or the mark; nothing for a lone accent, and
    for what only chooses the look of a picture.
    """
    if _POINTS.match(char) or "\ufe00" <= char <= "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return ""
    if _can_write(char):
        return char
    plain = unicodedata.normalize("NFKC", char)
    if plain != char and all(map(_can_write, plain)):
        return plain
    return "" if unicodedata.category(char) in ("Mn", "Me", "Mc") else MARCA


def _can_write(char: str) -> bool:
    if unicodedata.bidirectional(char) == "AL" and char < "\ufb50" and unicodedata.category(char) == "Lo":
        return char in LETTERS_ARABIC and fuente_de(TODAS, char) is not None
    return fuente_de(TODAS, char) is not None


def escribible(texto: str, conservar: str = "") -> str:
    """Composed letters that can be written. Control bytes become spaces, but for those to keep (`conservar`); marks
    that only steer a text's direction (but those of `aparte`), and halves of surrogate pairs, are dropped: paper shows
    what it says.
    """
    if texto.isascii() and texto.isprintable():
        return texto
    kept: list[str] = []
    joined, accents, right = False, 0, hay_derecha(texto)
    for char in unicodedata.normalize("NFC", texto):
        kind = unicodedata.category(char)
        accents = accents + 1 if kind in ("Mn", "Me") else 0
        if accents > MOST_ACCENTS:
            continue
        if char in conservar:
            kept.append(char)
        elif kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif char in (_ISOLATE, _END):
            if right and kept[-1:] != [char]:
                kept.append(char)
        elif char == _ZWNJ and kept and _ARABIC.match(kept[-1]):
            kept.append(char)
        elif kind not in ("Cf", "Cs"):
            written = char if char < "\x7f" else _written(char)
            if not (joined and written == MARCA):
                kept.append(written)
        joined = char == _ZWJ
    return "".join(kept)


def aparte(texto: str) -> str:
    """A text that stands among others: what is read from right to left in it moves nothing around it."""
    if not hay_derecha(texto):
        return texto
    return _ISOLATE + texto.replace(_ISOLATE, "").replace(_END, "") + _END


def hay_derecha(texto: str) -> bool:
    """Is there anything in it that is read from right to left?"""
    return not texto.isascii() and _RIGHT_TO_LEFT.search(texto) is not None


def de_derecha(texto: str) -> bool:
    """Does the paragraph begin at the right? Its first strong letter says so."""
    return hay_derecha(texto) and get_base_level(texto) == 1


def _joined(texto: str) -> str:
    """Arabic letters in the forms that they take beside one another."""
    return str(_JOINING.reshape(texto)) if _ARABIC.search(texto) else texto


def a_la_vista(linea: str, derecha: bool) -> str:
    """A line's letters from left to right, as they are seen; `derecha`: its paragraph begins at the right."""
    if not hay_derecha(linea):
        return linea.translate(_UNSEEN)
    marked = _BRACKET.sub(rf"\g<0>{_FOLLOWS}", _joined(linea))
    seen = str(get_display(marked, base_dir="R" if derecha else "L"))
    mirrored = _MIRRORING.sub(lambda found: found[1] or MIRRORED[found[2]], seen)
    return mirrored.replace(_FOLLOWS, "").translate(_UNSEEN)


def letras(texto: str) -> list[str]:
    """Letters, each with the accents on it."""
    found: list[str] = []
    for char in texto:
        if found and unicodedata.combining(char):
            found[-1] += char
        else:
            found.append(char)
    return found


def tramos(texto: str, cadena: tuple[str, ...]) -> list[tuple[str, str]]:
    """A line as stretches of one font: its name, its letters. The chain's first font has what none has."""
    whole = fuente(cadena[0]).face.charToGlyph
    if all(ord(char) in whole for char in texto):
        return [(cadena[0], texto)] if texto else []
    made: list[tuple[str, str]] = []
    for letra in letras(texto):
        name = fuente_de(cadena, letra) or fuente_de(cadena, letra[0]) or cadena[0]
        if made and made[-1][0] == name:
            made[-1] = (name, made[-1][1] + letra)
        else:
            made.append((name, letra))
    return made


def milesimas(texto: str, cadena: tuple[str, ...], escalas: Sequence[float] | None = None) -> float:
    """Width of a line, in thousandths of the letter size; `escalas`: each font's size beside the first's."""
    widths = fuente(cadena[0]).face.charWidths
    scale = escalas[0] if escalas else 1.0
    if texto.isascii():
        return float(sum(map(widths.__getitem__, map(ord, texto)))) * scale
    total = 0.0
    for name, piece in tramos(_joined(texto).translate(_UNSEEN), cadena):
        face = fuente(name).face
        widths, default = face.charWidths, face.defaultWidth
        width = sum(widths.get(ord(char), default) for char in piece)
        total += width * (escalas[cadena.index(name)] if escalas else 1.0)
    return total
