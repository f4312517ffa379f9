"""A text in lines of a given width: cut with «…», wrapped at words; whatever measures it."""

import unicodedata
from collections.abc import Callable

ELLIPSIS = "…"
LETTER = 8
"""More characters than a letter has with its accents and what only joins or parts it."""
Medir = Callable[[str], float]
_CLOSING = frozenset("、。，．：；？！）」』】〉》”’・ー々,.;:!?)]}»")
"""What doesn't begin a line of ideographs."""


def cortar(texto: str, most: float, medir: Medir) -> str:
    """The text, cut with «…» to what fits in `most`."""
    if medir(texto) <= most:
        return texto
    low, high = 0, len(texto)
    while low < high:
        middle = (low + high + 1) // 2
        if medir(texto[:middle].rstrip() + ELLIPSIS) <= most:
            low = middle
        else:
            high = middle - 1
    while low and low < len(texto) and unicodedata.combining(texto[low]):
        low -= 1
    return texto[:low].rstrip() + ELLIPSIS if low else ""


def envolver(texto: str, most: float, medir: Medir, lineas: int, apretada: float) -> list[str]:
    """At most `lineas` lines; the last one is cut with «…» when more remains. apretada: no letter is narrower."""
    made: list[str] = []
    rest = texto
    while rest and len(made) < lineas - 1:
        taken = _fitting(rest, most, medir, apretada)
        if taken >= len(rest):
            break
        made.append(rest[:taken].rstrip())
        rest = rest[taken:].lstrip()
    if rest:
        made.append(cortar(rest[: LETTER * _most_letters(most, apretada)], most, medir))
    return made


def _most_letters(most: float, apretada: float) -> int:
    return int(most / apretada) + 8


def _fitting(texto: str, most: float, medir: Medir, apretada: float) -> int:
    """How many letters go into a line: whole words if there is one that fits."""
    low, high = 1, min(len(texto), _most_letters(most, apretada))
    if high == len(texto) and medir(texto) <= most:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if medir(texto[:middle].rstrip()) <= most:
            low = middle
        else:
            high = middle - 1
    if low >= len(texto) or texto[low] == " ":
        return low
    return _between_words(texto, low) or _between_letters(texto, low)


def _between_words(texto: str, most: int) -> int:
    """The last place up to `most` where a line may end; 0: there is none."""
    for i in range(most, 0, -1):
        before, after = texto[i - 1], texto[i]
        if after == " " or before == " ":
            return i
        if (_ideograph(before) or _ideograph(after)) and after not in _CLOSING:
            return i
    return 0


def _between_letters(texto: str, most: int) -> int:
    low = most
    while low > 1 and unicodedata.combining(texto[low]):
        low -= 1
    return low


def _ideograph(char: str) -> bool:
    """Chinese and Japanese are written without spaces; Korean has them."""
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"
