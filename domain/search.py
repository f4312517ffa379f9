"""How the full-text search (FTS5) is asked, and which changes make it stale. What it reads, tables declare.

Accents and case are ignored by its tokenizer.
"""

import re

from domain.model import SPECS, TABLES

_WORD = re.compile(r"\w+")
PHONE_DIGITS = 5
"""From so many digits on, with nothing but spacing between them, it is a phone number."""


def match_expression(typed: str) -> str | None:
    """What was typed as an FTS5 expression: every word, each as a prefix. None when there is no word in it.

    A phone number, however it is spaced, is one word. Words are quoted, so that nothing typed is taken as FTS5 syntax.
    """
    digits = "".join(c for c in typed if c.isdigit())
    if len(digits) >= PHONE_DIGITS and not set(typed) - set("0123456789 +-().") and not typed.strip().startswith("-"):
        return f'"{digits}"*'
    words = [w.replace("_", " ").strip() for w in _WORD.findall(typed)]
    return " ".join(f'"{w}"*' for w in words if w) or None


INDEXED: tuple[str, ...] = tuple(spec.name for spec in SPECS if spec.busqueda)
"""The tables that have an index."""

SHOWN_BY: dict[str, tuple[tuple[str, str], ...]] = {
    tabla: tuple(
        dict.fromkeys(
            (name, found.via)
            for name in INDEXED
            for columns in TABLES[name].busqueda.values()
            for found in columns
            if found.via is not None and TABLES[name].by_name[found.via].ref == tabla
        )
    )
    for tabla in TABLES
}
"""For each table, the (table, column) pairs whose index reads the rows that they refer to."""


def _searched(tabla: str) -> frozenset[str]:
    names: set[str] = set()
    for columns in TABLES[tabla].busqueda.values():
        names |= {found.via or found.columna for found in columns}
    for shower, column in SHOWN_BY[tabla]:
        for columns in TABLES[shower].busqueda.values():
            names |= {found.columna for found in columns if found.via == column}
    return frozenset(names)


SEARCHED: dict[str, frozenset[str]] = {tabla: found for tabla in TABLES if (found := _searched(tabla))}
"""The columns whose change makes an entry stale."""
