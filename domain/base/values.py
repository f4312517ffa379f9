"""One value of one column: its type, its bounds, its contract. What isn't bounded here breaks something later."""

from datetime import date

import orjson

from domain.base.ambient import INSTANT, from_instant
from domain.base.errors import Rejection
from domain.base.row import Value
from domain.base.table import Col, TableSpec

MAX_INT = 2**53 - 1
"""Of every integer, sums too: what JSON readers everywhere hold exactly."""
MAX_TEXT = 100_000
"""Characters of a text that declares no length."""
MAX_JSON = 900_000
MAX_DEPTH = 20
MAX_ITEMS, MAX_ITEM = 100, 200
"""Of a list: items, and characters of each."""
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Adding a warranty or a deadline to a date never leaves what a date can be."""


def check_value(spec: TableSpec, col: Col, value: Value) -> None:
    """Type, bounds and allowed values of one column; raises Rejection `campo`."""
    if value is None:
        if col.required:
            raise Rejection("campo", f"{spec.campo(col.name)} no puede quedar vacío.")
    elif isinstance(value, str) and col.kind not in ("bool", "int"):
        _check_text(spec, col, value)
    elif isinstance(value, bool) and col.kind == "bool":
        return
    elif isinstance(value, int) and not isinstance(value, bool) and col.kind == "int":
        _check_int(spec, col, value)
    else:
        raise Rejection("campo", f"{spec.campo(col.name)} no admite un valor de tipo {type(value).__name__}.")


def good_instant(text: str) -> bool:
    """Is it an instant as it is stored, of a year that a calendar can add to?"""
    if not INSTANT.fullmatch(text):
        return False
    try:
        return FIRST_YEAR <= from_instant(text).year <= LAST_YEAR
    except ValueError:
        return False


def lista(text: str) -> list[str]:
    """The items of a column of shape `lista`; raises ValueError."""
    found = orjson.loads(text)
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise ValueError("not a list of texts")
    return found


def _check_int(spec: TableSpec, col: Col, value: int) -> None:
    low, high = col.bounds or (-MAX_INT, MAX_INT)
    if not low <= value <= high:
        raise Rejection("campo", f"{spec.campo(col.name)} admite de {low} a {high}.", "Revise el número.")


def _check_text(spec: TableSpec, col: Col, value: str) -> None:
    found = _wrong_text(col, value)
    if found is not None:
        what, hint = found
        raise Rejection("campo", f"{spec.campo(col.name)} {what}.", hint)


def _wrong_text(col: Col, value: str) -> tuple[str, str] | None:
    """What is wrong with a text for this column, and what to do."""
    limit = 36 if col.kind == "id" else col.length or (MAX_JSON if col.kind == "json" else MAX_TEXT)
    if "\x00" in value:
        return "contiene un carácter nulo", ""
    if not value.isascii() and not _encodes(value):
        return "contiene texto mal codificado", ""
    if col.values and value not in col.values:
        return f"no admite «{value[:60]}»", "Valores: " + ", ".join(col.values) + "."
    if len(value) > limit:
        return f"admite {limit} caracteres y recibió {len(value)}", ""
    if col.kind == "instant" and not good_instant(value):
        return f"no es una fecha y hora en UTC: «{value[:60]}»", ""
    if col.kind == "date" and not _is_date(value):
        return f"no es una fecha: «{value[:60]}»", ""
    if col.kind == "json" and not _is_json(col, value):
        wanted = f"una lista de hasta {MAX_ITEMS} textos de {MAX_ITEM} letras" if col.shape == "lista" else "un objeto"
        return f"tiene que ser {wanted}, en JSON", ""
    return None


def _is_json(col: Col, value: str) -> bool:
    try:
        if col.shape == "lista":
            found: object = lista(value)
            good = len(lista(value)) <= MAX_ITEMS and all(len(item) <= MAX_ITEM for item in lista(value))
        else:
            found = orjson.loads(value)
            good = isinstance(found, dict)
    except ValueError:
        good = False
    return good and not _deep(found) and "\\u0000" not in value


def _deep(value: object, depth: int = MAX_DEPTH) -> bool:
    """Does it nest further than anybody's program should have to follow?"""
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    else:
        return False
    return depth == 0 or any(_deep(item, depth - 1) for item in inner)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return False
    return found.isoformat() == text and FIRST_YEAR <= found.year <= LAST_YEAR
