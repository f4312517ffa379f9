"""Free text on a label: cleaned, measured, cut, wrapped; and escaped so that nothing in it is a command."""

import re
import unicodedata

from printing.labels.metrics import thousandths

ELLIPSIS = "…"
SLACK = 1.02
"""Text may come out so much wider on paper than it was measured."""

_SPACES = re.compile(r"\s+")
_FORBIDDEN = re.compile("[_^~\\\\\x00-\x1f\x7f]")


def limpio(texto: str) -> str:
    """One line of composed characters. Control bytes become spaces; marks that only steer a text's direction, and
    halves of surrogate pairs, are dropped: a label shows what it says.
    """
    if texto.isascii() and texto.isprintable():
        return _SPACES.sub(" ", texto).strip()
    kept = []
    for char in unicodedata.normalize("NFC", texto):
        kind = unicodedata.category(char)
        if kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind not in ("Cf", "Cs"):
            kept.append(char)
    return _SPACES.sub(" ", "".join(kept)).strip()


def ancho(texto: str, alto: int) -> float:
    """Width in dots of a line whose letters are `alto` dots high, with the slack."""
    return thousandths(texto) * alto * SLACK / 1000


def cortar(texto: str, most: int, alto: int) -> str:
    """The text, cut with «…» to what fits in `most` dots."""
    if ancho(texto, alto) <= most:
        return texto
    low, high = 0, len(texto)
    while low < high:
        middle = (low + high + 1) // 2
        if ancho(texto[:middle].rstrip() + ELLIPSIS, alto) <= most:
            low = middle
        else:
            high = middle - 1
    while low and low < len(texto) and unicodedata.combining(texto[low]):
        low -= 1
    return texto[:low].rstrip() + ELLIPSIS if low else ""


def envolver(texto: str, most: int, alto: int, lineas: int) -> list[str]:
    """At most `lineas` lines; the last one is cut with «…» when more remains."""
    if lineas == 1 or ancho(texto, alto) <= most:
        return [cortar(texto, most, alto)] if texto else []
    made: list[str] = []
    rest = texto
    while rest and len(made) < lineas - 1 and ancho(rest, alto) > most:
        taken = _fitting(rest, most, alto)
        made.append(rest[:taken].rstrip())
        rest = rest[taken:].lstrip()
    if rest:
        made.append(cortar(rest, most, alto))
    return made


def _fitting(texto: str, most: int, alto: int) -> int:
    """How many letters go into a line: whole words if there is one that fits."""
    low, high = 1, min(len(texto), 4 * most // max(1, alto) + 8)
    while low < high:
        middle = (low + high + 1) // 2
        if ancho(texto[:middle].rstrip(), alto) <= most:
            low = middle
        else:
            high = middle - 1
    if low >= len(texto) or texto[low] == " ":
        return low
    space = texto.rfind(" ", 0, low)
    if space > 0:
        return space
    while low > 1 and unicodedata.combining(texto[low]):
        low -= 1
    return low


def escapar(texto: str) -> str:
    """Field data under ^FH_ and ^CI28: nothing in it can be taken as a command."""
    if _FORBIDDEN.search(texto) is None:
        return texto
    return _FORBIDDEN.sub(lambda found: f"_{ord(found[0]):02X}", texto)
