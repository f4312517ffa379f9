"""Known causes in the language of the window.

They are written below it, in Spanish (domain.base.causes), and come up as text: from the replica, the engine, the
server or a state that was kept. Their sentences are recognised, what stands in their {places} too.
"""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

from domain.base.causes import BUG, BUG_OF_SERVER, BUG_OF_SYNC, CAUSES
from domain.base.errors import KnownError
from servitec_desktop.i18n import tr

KNOWN = (*CAUSES.values(), BUG, BUG_OF_SYNC, BUG_OF_SERVER)


def sentences() -> Iterator[str]:
    """What the catalogue has of them: not what is nothing but a place."""
    each = (sentence for cause in KNOWN for sentence in (cause.what, cause.todo))
    return (sentence for sentence in each if not re.fullmatch(r"(\{\w+\})?", sentence))


def said(text: str) -> str:
    """A cause in the language of the window, one sentence of it or both; any other text as it is."""
    if not text or tr(BUG.what) == BUG.what:
        return text  # nothing is said, or the window speaks their language
    for pattern, templates in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            places = {name: said(value) for name, value in found.groupdict().items()}
            return " ".join(tr(template) for template in templates).format(**places)
    return text


def say(error: KnownError) -> KnownError:
    """The same error, its sentences in the language of the window."""
    error.message, error.hint = said(error.message), said(error.hint)
    return error


@cache
def _patterns() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    """What each looks like when its places are filled: two sentences before one, few places before many."""
    told = sorted(set(_told()), key=lambda one: (-len(one), "".join(one).count("{"), one))
    return [(re.compile(_pattern(" ".join(one)), re.DOTALL), one) for one in told]


def _told() -> Iterator[tuple[str, ...]]:
    for cause in KNOWN:
        yield cause.what, cause.todo
    yield from ((sentence,) for sentence in sentences())


def _pattern(template: str) -> str:
    found, seen = "", set[str]()
    for words, place, _, _ in Formatter().parse(template):
        found += re.escape(words)
        if place:
            found += f"(?P={place})" if place in seen else f"(?P<{place}>.*?)"
            seen.add(place)
    return found
