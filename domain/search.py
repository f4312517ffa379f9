"""How the full-text search is asked (FTS5; accents and case are ignored by its tokenizer)."""

import re

_WORD = re.compile(r"\w+")


def match_expression(typed: str) -> str | None:
    """What was typed as an FTS5 expression: every word, each as a prefix. None when there is no word in it.

    Words are quoted, so that nothing typed is taken as FTS5 syntax.
    """
    words = [w.replace("_", " ").strip() for w in _WORD.findall(typed)]
    return " ".join(f'"{w}"*' for w in words if w) or None
