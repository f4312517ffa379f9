"""The kinds of label: each file of this folder is one, whole, and bears its name; `shipped` has their templates."""

import pkgutil
from functools import cache


@cache
def names() -> tuple[str, ...]:
    """What they are called, without importing one: the command line and a template's check ask this."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))
