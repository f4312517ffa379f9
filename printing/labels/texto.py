"""Free text on a label: cleaned, measured; and escaped so that nothing in it is a command."""

import re

from printing.escritura import escribible
from printing.labels.metrics import thousandths

NARROWEST = 0.25
"""Width of font 0's narrowest letter, part of its height."""
MOST = 4000
"""Characters of a text that are looked at: no label has room for so many."""
SLACK = 1.02
"""Text may come out so much wider on paper than it was measured."""

_SPACES = re.compile(r"\s+")
_FORBIDDEN = re.compile("[_^~\\\\\x00-\x1f\x7f]")


def limpio(texto: str) -> str:
    """One line of composed letters that can be printed, or the mark for one that can't (`escritura.escribible`)."""
    return _SPACES.sub(" ", escribible(texto)[:MOST]).strip()


def ancho(texto: str, alto: int) -> float:
    """Width in dots of a line whose letters are `alto` dots high, with the slack."""
    return thousandths(texto) * alto * SLACK / 1000


def escapar(texto: str) -> str:
    """Field data under ^FH_ and ^CI28: nothing in it can be taken as a command."""
    if _FORBIDDEN.search(texto) is None:
        return texto
    return _FORBIDDEN.sub(lambda found: f"_{ord(found[0]):02X}", texto)
