"""The modules of bar codes and QR codes, as a printer draws them: for checking their room, and for the preview."""

from functools import lru_cache

import segno

QUIET = {"code128": 10, "ean13": 11, "qr": 4}
"""Modules of white on either side: ISO/IEC 15417, 15420 (11 left, 7 right: here 11 on both), 18004."""
QR_MOST = 250

_PATTERNS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
_START_B, _START_C, _STOP = 104, 105, "2331112"
"""Six widths of bars and spaces for each of the characters 0 to 105, and those of the stop (ISO/IEC 15417, table 1)."""

_EAN_L = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_EAN_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
"""Number set A and the variable parity encoding of the first digit (ISO/IEC 15420, tables 1 and 3)."""


def de_a_pares(texto: str) -> bool:
    """Is it all digits, of an even number? Then subset C carries two in one character."""
    return len(texto) % 2 == 0 and texto.isdigit()


def code128_modules(texto: str) -> int:
    """Width of a Code 128: start, data, check, stop."""
    return 11 * ((len(texto) // 2 if de_a_pares(texto) else len(texto)) + 2) + 13


def es_code128(texto: str) -> bool:
    """Can a Code 128, subset B, carry it?"""
    return bool(texto) and all(" " <= char <= "~" for char in texto)


@lru_cache(maxsize=256)
def code128(texto: str) -> str:
    """The modules, 1 is black: subset C for an even number of digits, else subset B throughout."""
    if de_a_pares(texto):
        values = [_START_C, *(int(texto[i : i + 2]) for i in range(0, len(texto), 2))]
    else:
        values = [_START_B, *(ord(char) - 32 for char in texto)]
    check = (values[0] + sum(i * value for i, value in enumerate(values[1:], 1))) % 103
    widths = "".join(_PATTERNS[6 * value : 6 * value + 6] for value in (*values, check)) + _STOP
    return "".join(("1" if i % 2 == 0 else "0") * int(width) for i, width in enumerate(widths))


def es_ean13(texto: str) -> bool:
    """13 digits with a right check digit?"""
    if len(texto) != 13 or not (texto.isascii() and texto.isdigit()):
        return False
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(texto[:12]))
    return (10 - total % 10) % 10 == int(texto[12])


@lru_cache(maxsize=256)
def ean13(texto: str) -> str:
    """The 95 modules, 1 is black."""
    left = ""
    for digit, parity in zip(texto[1:7], _EAN_PARITY[int(texto[0])], strict=True):
        code = _EAN_L[int(digit)]
        left += code if parity == "L" else _inverted(code)[::-1]
    right = "".join(_inverted(_EAN_L[int(digit)]) for digit in texto[7:])
    return f"101{left}01010{right}101"


def guardas(module: int) -> int:
    """How far the guard bars of an EAN-13 reach below the others, in dots."""
    return min(5 * module, 20)


def es_guarda(module: int) -> bool:
    """Does the module at this place belong to a guard bar?"""
    return module < 3 or 45 <= module <= 49 or module >= 92


def _inverted(code: str) -> str:
    return code.translate({48: "1", 49: "0"})


@lru_cache(maxsize=1024)
def qr(texto: str) -> tuple[str, ...]:
    """The rows of modules, 1 is black: the smallest version at error correction M."""
    made = segno.make_qr(texto, error="m", boost_error=False)
    return tuple("".join("1" if module else "0" for module in row) for row in made.matrix)


_QR_BYTES = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251)
_QR_ALNUM = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366)
_QR_DIGITS = (34, 63, 101, 149, 202, 255, 293, 365, 432, 513, 604)
"""Capacity of versions 1 to 11 at error correction M (ISO/IEC 18004, table 7)."""
_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def qr_modules(texto: str) -> int | None:
    """Modules a side; None when it doesn't go into a QR of version 11. Mixed modes never need a larger one."""
    if texto.isdigit():
        table = _QR_DIGITS
    elif _ALNUM.issuperset(texto):
        table = _QR_ALNUM
    else:
        table = _QR_BYTES
    for i, most in enumerate(table):
        if len(texto) <= most:
            return 21 + 4 * i
    return None
