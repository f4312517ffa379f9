"""What a page is: each screen declares its own in `page.py`, and `servitec_desktop.pages` lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from servitec_desktop.station import Station
    from sync.service import Status


class Screen(QWidget):
    """A page's widget. What it has no use for it leaves as it is here."""

    go = Signal(str, str)
    """Another page is asked for: its name (none: the first one), and the key of the record to show there."""
    counted = Signal(int)
    """How many questions wait here; told beside the page's name."""

    ready = Signal()
    """What it shows first is there."""

    def enter(self) -> None:
        """Somebody asked for this page; it is shown already."""

    def show_record(self, key: str) -> None:
        """Show this one."""

    def show_status(self, words: str, status: Status | None) -> None:
        """What the status bar says now."""

    def keep_draft(self) -> None:
        """The window closes: keep what is being typed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works on a page; `run` is a method of its screen, or empty where the screen sees to it itself."""

    key: str
    words: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the window. Its texts, and those of its keys, are marked QT_TR_NOOP."""

    name: str
    title: str
    icon: str
    """A Lucide name."""
    make: Callable[[Station], Screen]
    key: str = ""
    words: str = ""
    """What the help says of its key."""
    listed: bool = True
    """Does it stand in the bar of pages?"""
    back: bool = True
    """Does Esc lead from it to the first page?"""
    counts: bool = False
    """Does it count what waits on it? Then it is made once the first page is there, else when somebody opens it."""
    roles: frozenset[str] | None = None
    """Who gets it; None: everybody."""
    keys: tuple[Key, ...] = ()
