"""Advance widths of ZPL's scalable font 0, in thousandths of the letter height.

Font 0 is a bold condensed sans (CG Triumvirate Bold Condensed); these figures are those of a typeface of the same
proportions. Text on paper can differ by a few dots: `layout` keeps a margin.
"""

_BY_WIDTH = {
    250: " '\\|¦",
    274: "{}",
    278: "/:;IfijltÌÍÎÏìíîï‘’‚‹›",
    300: "ª²³¹º",
    333: '!"(),.[]`r¡¨¯´·¸',
    389: "zž",
    400: "°",
    420: "•",
    444: "Jcksvxyçýÿš",
    500: "#$*+0123456789<=>?EFLTZ^_abdeghnopqu~¢£¤¥§«¬±µ»¿ÈÉÊË×ßàáâãäåèéêëðñòóôõö÷øùúûüþŽƒ–“”„†‡€",
    550: "¶",
    556: "ABCKPSVXYÀÁÂÃÄÅÇÝÞŠŸ",
    611: "DGHNOQRUÐÑÒÓÔÕÖØÙÚÛÜ",
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
ASCENT, DESCENT, ACCENT = 0.75, 0.21, 0.97
"""Baseline below the top of the cell; ink below it; ink of an accented capital above it. Parts of the height."""

_CODES = {ord(char): width for char, width in WIDTHS.items()}


def residente(text: str) -> bool:
    """Has every printer's font 0 all of these letters? Those of code page 1252; what else it has differs by model."""
    return text.isascii() or all(char in WIDTHS for char in text)


def thousandths(text: str) -> int:
    """Width of a line of such letters, in thousandths of its height."""
    return sum(map(_CODES.__getitem__, map(ord, text)))
