"""Modules that take long to import, imported when something of them is first used. DESIGN names this exception.

    if TYPE_CHECKING:
        import httpx
    else:
        httpx = later("httpx")

Checkers, contracts and packagers see an ordinary import at the top of the file; a name that Python reads while it
imports the file (a base class, a default, an annotation without `from __future__ import annotations`) can't be late.
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module; every name of it is asked of the module itself, so that nothing of it is kept here."""

    def __getattr__(self, name: str) -> Any:
        """A name of the module. Import locks make it safe from any thread."""
        return getattr(import_module(self.__name__), name)


def later(name: str) -> ModuleType:
    """A stand-in for the module of this name."""
    return _Later(name)
