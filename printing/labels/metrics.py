"""Advance widths of ZPL's scalable font 0, in thousandths of the letter height.

Font 0 is a bold condensed sans (CG Triumvirate Bold Condensed); these figures are those of a typeface of the same
proportions. Text on paper can differ by a few dots: `layout` keeps a margin.
"""

import unicodedata

_BY_WIDTH = {
    20: "ĀŜƀ",
    167: "⁄",
    250: " '\\|¦",
    274: "{}",
    278: "/:;IfijltÌÍÎÏìíîïİıł‘’‚‹›",
    300: "ª²³¹º",
    333: '!"(),.[]`r¡¨¯´·¸ř',
    334: "ť",
    389: "zž",
    400: "°",
    407: "źż",
    420: "•",
    444: "Jcksvxyçýÿčśşš",
    456: "ć",
    483: "ę",
    498: "Ę",
    500: ("#$*+0123456789<=>?EFLTZ^_abdeghnopqu~¢£¤¥§«¬±µ»¿ÈÉÊË×ßàáâãäåèéêëðñòóôõö÷øùúûüþąďĚěĝŁńňőŤůŻŽƒ–“”„†‡€"),
    508: "Ź",
    548: "Ś",
    550: "¶",
    556: "ABCKPSVXYÀÁÂÃÄÅÇÝÞĆČŞŠŸ",
    587: "Ą",
    611: "DGHNOQRUÐÑÒÓÔÕÖØÙÚÛÜĎĜŃŇŐŘŮ",
    667: "&w",
    722: "æœ",
    750: "¼½¾",
    778: "MmÆ",
    800: "-",
    830: "©®",
    833: "%@WŒ",
    860: "™",
    1000: "—…",
    1111: "‰",
}
WIDTHS: dict[str, int] = {char: width for width, chars in _BY_WIDTH.items() for char in chars}
UNKNOWN = 750
"""A letter that isn't in the table, or an accent that no letter takes: a careful estimate."""
WIDE = 1150
"""Ideographs and pictures."""
ASCENT, DESCENT, ACCENT = 0.75, 0.21, 0.97
"""Baseline below the top of the cell; ink below it; ink of an accented capital above it. Parts of the height."""


class _Widths(dict[int, int]):
    """By code point; what isn't in the table is estimated once."""

    def __missing__(self, code: int) -> int:
        wide = unicodedata.east_asian_width(chr(code)) in "WF" or code > 0x2FFF
        width = self[code] = WIDE if wide else UNKNOWN
        return width


_CODES = _Widths({ord(char): width for char, width in WIDTHS.items()})


def thousandths(text: str) -> int:
    """Width of a line, in thousandths of its height."""
    return sum(map(_CODES.__getitem__, map(ord, text)))
