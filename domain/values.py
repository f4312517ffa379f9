"""One value of one column: its type, its bounds, its contract. What isn't bounded here breaks something later."""

from datetime import date

import orjson

from domain.ambient import INSTANT, from_instant
from domain.errors import Rejection
from domain.tables import Col, TableSpec, Value

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
    where = f"«{spec.name}.{col.name}»"
    if value is None:
        if col.required:
            raise Rejection("campo", f"{where} no puede quedar vacío.")
        return
    if isinstance(value, bool):
        good = col.kind == "bool"
    elif isinstance(value, int):
        good = col.kind == "int"
        if good:
            _check_int(col, where, value)
    else:
        good = isinstance(value, str) and col.kind not in ("bool", "int")
    if not good:
        raise Rejection("campo", f"{where} no admite un valor de tipo {type(value).__name__}.")
    if isinstance(value, str):
        _check_text(col, where, value)


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


def _check_int(col: Col, where: str, value: int) -> None:
    low, high = col.bounds or (-MAX_INT, MAX_INT)
    if not low <= value <= high:
        raise Rejection("campo", f"{where} admite de {low} a {high}.", "Revise el número.")


def _check_text(col: Col, where: str, value: str) -> None:
    if "\x00" in value:
        raise Rejection("campo", f"{where} contiene un carácter nulo.")
    if not value.isascii() and not _encodes(value):
        raise Rejection("campo", f"{where} contiene texto mal codificado.")
    if col.values and value not in col.values:
        raise Rejection("campo", f"{where} no admite «{value[:60]}».", "Valores: " + ", ".join(col.values) + ".")
    limit = 36 if col.kind == "id" else col.length or (MAX_JSON if col.kind == "json" else MAX_TEXT)
    if len(value) > limit:
        raise Rejection("campo", f"{where} admite {limit} caracteres y recibió {len(value)}.")
    if col.kind == "instant" and not good_instant(value):
        raise Rejection("campo", f"{where} no es una fecha y hora en UTC: «{value[:60]}».")
    if col.kind == "date" and not _is_date(value):
        raise Rejection("campo", f"{where} no es una fecha: «{value[:60]}».")
    if col.kind == "json":
        _check_json(col, where, value)


def _check_json(col: Col, where: str, value: str) -> None:
    try:
        if col.shape == "lista":
            found: object = lista(value)
            good = len(lista(value)) <= MAX_ITEMS and all(len(item) <= MAX_ITEM for item in lista(value))
        else:
            found = orjson.loads(value)
            good = isinstance(found, dict)
    except ValueError:
        good = False
    if not good or _deep(found) or "\\u0000" in value:
        wanted = f"una lista de hasta {MAX_ITEMS} textos de {MAX_ITEM} letras" if col.shape == "lista" else "un objeto"
        raise Rejection("campo", f"{where} tiene que ser {wanted}, en JSON.")


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
