"""Clock and randomness as a parameter, and what is made of them: keys, instants, folios.

An instant is stored, sent and compared as the text `2026-11-20T21:51:52.123Z`: UTC, milliseconds,
so that it sorts as text and is equal on every engine. A date is `2026-11-20`.
"""

import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
FOLIO = re.compile(r"([0-9A-Z]{2,3})-(\d{6,})")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Ambient:
    """What a program takes from outside: the time and chance. A simulation passes its own."""

    now: Callable[[], datetime] = system_clock
    rng: random.Random = field(default_factory=secrets.SystemRandom)

    def new_id(self) -> str:
        """A UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then 74 random bits."""
        ms = int(self.now().timestamp() * 1000)
        bits = (ms << 80) | (0x7 << 76) | (self.rng.getrandbits(12) << 64) | (0b10 << 62) | self.rng.getrandbits(62)
        return str(UUID(int=bits))

    def new_id_after(self, key: str) -> str:
        """A UUIDv7 that sorts after `key` ("" or another UUIDv7), whatever the clock says."""
        made = self.new_id()
        if made > key:
            return made
        ms = (UUID(key).int >> 80) + 1
        return str(UUID(int=(ms << 80) | (UUID(made).int & ((1 << 80) - 1))))

    def instant(self) -> str:
        """Now, as it is stored."""
        return to_instant(self.now())


def to_instant(moment: datetime) -> str:
    """An aware datetime as stored text; a naive one is a bug and raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def from_instant(text: str) -> datetime:
    """The aware datetime of a stored instant."""
    return datetime.fromisoformat(text)


def _instant(text: str) -> str:
    if to_instant(from_instant(text)) != text:
        raise ValueError("not an instant")
    return text


Instant = Annotated[str, AfterValidator(_instant)]
"""What came from elsewhere as one."""


def instant_of_id(key: str) -> str:
    """The instant inside a UUIDv7: when the station made the key, by the station's clock."""
    ms = int(key[:8] + key[9:13], 16)
    return to_instant(_EPOCH + timedelta(milliseconds=ms))


def local_noon(day: date, zone: str) -> str:
    """Noon of `day` in the IANA zone `zone`, as a stored instant."""
    return to_instant(datetime.combine(day, time(12), ZoneInfo(zone)))


def format_folio(codigo: str, number: int) -> str:
    """`C2` and 123 give `C2-000123`."""
    return f"{codigo}-{number:06d}"


_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY"
_DIGITS = "123456789"
_SIGNS = _LETTERS + _DIGITS
CODES = tuple(
    [a + b for a in _LETTERS for b in _DIGITS]
    + [a + b + c for a in _LETTERS for b in _SIGNS for c in _SIGNS if b in _DIGITS or c in _DIGITS]
)
"""Every code that a station can have: a letter first, a digit somewhere, so that none is a word. The letters that are
read as digits (I, O, S, Z) are left out. `00` is the server's own."""
