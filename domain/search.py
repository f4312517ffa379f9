"""How the full-text search is asked (FTS5; accents and case are ignored by its tokenizer)."""

import re

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
