"""How a stored value looks to people, on screen, on paper and on a terminal."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCAL = "%d-%m-%Y %H:%M"
"""A moment as it is shown: `20-11-2026 18:51`."""


def local(instant: object) -> str:
    """A stored instant on this computer's clock; empty for none.

    Raises:
        ValueError: it isn't one.
    """
    return datetime.fromisoformat(instant).astimezone().strftime(LOCAL) if isinstance(instant, str) else ""


def en_zona(instant: object, zona: object) -> str:
    """A stored instant on the clock of a branch's zone, else UTC; empty for none, and for what isn't one."""
    if not isinstance(instant, str):
        return ""
    try:
        zone = ZoneInfo(str(zona or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    try:
        return datetime.fromisoformat(instant).astimezone(zone).strftime(LOCAL)
    except (ValueError, OverflowError):
        return ""
