"""What a Zebra says of itself, in words: ~HS and ~HQES of the ZPL II Programming Guide.

Replies are read whole or not at all: a shortened or garbled one must never pass for another number.
"""

import re
from dataclasses import dataclass

HS = re.compile(
    rb"\x02(\d+),([01]),([01]),(\d+),(\d+),([01]),([01]),([01]),(\d+),([01]),([01]),([01])\x03\r?\n?"
    rb"\x02(\d+),([01]),([01]),([01]),([01]),(\d),(\d),([01]),(\d+),([01]),(\d+)\x03\r?\n?"
    rb"\x02(\w+),([01])\x03\r?\n?"
)
"""The three strings of ~HS; groups 1-12, 13-23, 24-25 are the guide's aaa to y."""

_HS_WORDS = (
    (2, "sin papel"),
    (3, "en pausa"),
    (6, "memoria llena"),
    (10, "memoria dañada"),
    (11, "cabezal frío"),
    (12, "cabezal caliente"),
    (15, "cabezal abierto"),
    (16, "sin cinta"),
)
_ERRORS = (
    (0x1, "sin papel"),
    (0x2, "sin cinta"),
    (0x4, "cabezal abierto"),
    (0x8, "cortador trabado"),
    (0x10, "cabezal caliente"),
    (0x20, "motor caliente"),
    (0x40, "cabezal defectuoso"),
    (0x80, "cabezal sin detectar"),
    (0x100, "cabezal desconocido"),
    (0x200, "sensor del cabezal defectuoso"),
    (0x400, "cabezal frío"),
    (0x10000, "en pausa"),
)
"""Bits of the first error word of ~HQES (table 8 of the guide)."""
_HQES = re.compile(rb"ERRORS:\s+([01])\s+([0-9A-F]{8})\s+([0-9A-F]{8})")


@dataclass(frozen=True, slots=True)
class ZebraStatus:
    """`problems` in words for a person; `waiting`: formats or labels still to be printed; `partial`: a format has
    begun and not ended.
    """

    problems: tuple[str, ...]
    waiting: int
    partial: bool = False

    @property
    def idle(self) -> bool:
        """Healthy, and nothing left to print."""
        return not self.problems and self.waiting == 0


def read_hs(found: re.Match[bytes]) -> ZebraStatus:
    """What a match of HS says."""
    problems = tuple(words for group, words in _HS_WORDS if found[group] == b"1")
    return ZebraStatus(problems, int(found[5]) + int(found[21]), found[8] == b"1")


def parse_errors(reply: bytes) -> tuple[str, ...] | None:
    """The printer's answer to ~HQES in words, empty when all is well; None when it isn't one."""
    found = _HQES.search(reply)
    if found is None:
        return None
    bits = int(found[3], 16)
    words = tuple(word for bit, word in _ERRORS if bits & bit)
    return words or (("error sin detalle",) if found[1] == b"1" else ())
