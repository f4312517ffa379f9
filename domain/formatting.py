"""How stored values look to people, on screen, on paper and on a terminal: moments, money, phones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.base.later import later

if TYPE_CHECKING:
    import phonenumbers
else:
    phonenumbers = later("phonenumbers")

MOMENT, DAY = "%d-%m-%Y %H:%M", "%d-%m-%Y"

_EXPONENTE = {"CLP": 0, "PYG": 0, "UYI": 0, "CLF": 4}
"""Decimals of the minor unit where it isn't 2 (ISO 4217)."""
_SIGNO = {
    "CLP": "$",
    "ARS": "$",
    "MXN": "$",
    "COP": "$",
    "UYU": "$",
    "USD": "US$",
    "PEN": "S/",
    "EUR": "€",
    "BOB": "Bs",
}
_DECIMAL_POINT = frozenset({"MXN", "PEN", "USD", "GTQ", "HNL", "NIO", "PAB", "DOP"})
"""Currencies of countries that write 1,234.50; the others write 1.234,50."""


@dataclass(frozen=True, slots=True)
class Formato:
    """The ways of a place. Without one: this computer's clock, phones with their country."""

    zona: str = ""
    moneda: str = "CLP"
    pais: str = ""

    def momento(self, instant: object) -> str:
        """A stored instant on the place's clock: `20-11-2026 18:51`; empty for none, and for what isn't one."""
        return self._told(instant, MOMENT)

    def dia(self, instant: object) -> str:
        """Its day: `20-11-2026`."""
        return self._told(instant, DAY)

    def read_momento(self, text: str) -> datetime:
        """What `momento` wrote, read again.

        Raises:
            ValueError: it isn't written so.
        """
        return datetime.strptime(text, MOMENT).replace(tzinfo=self._zone()).astimezone()

    def dinero(self, centavos: object, moneda: str = "") -> str:
        """An amount in minor units: `$ 24.990`, `US$ 1,234.50`, `-$ 10`; empty for none.

        `moneda`: another than the place's.
        """
        return dinero(centavos, moneda or self.moneda) if isinstance(centavos, int) else ""

    def telefono(self, typed: object) -> str:
        """A phone as people there dial it: `9 5555 0102`, abroad `+54 11 5555 0102`; one that can't be a phone
        as it was typed.
        """
        if not isinstance(typed, str) or not typed.strip():
            return ""
        try:
            number = phonenumbers.parse(typed, self.pais or None)
        except phonenumbers.NumberParseException:
            return typed
        if not phonenumbers.is_valid_number(number):
            return typed
        at_home = self.pais and phonenumbers.region_code_for_number(number) == self.pais
        form = phonenumbers.PhoneNumberFormat
        return str(phonenumbers.format_number(number, form.NATIONAL if at_home else form.INTERNATIONAL))

    def _told(self, instant: object, form: str) -> str:
        if not isinstance(instant, str):
            return ""
        try:
            return datetime.fromisoformat(instant).astimezone(self._zone()).strftime(form)
        except (ValueError, OverflowError):
            return ""

    def _zone(self) -> tzinfo | None:
        """None: this computer's. A zone that doesn't exist is UTC."""
        try:
            return ZoneInfo(self.zona) if self.zona else None
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


def dinero(centavos: int, moneda: str) -> str:
    """An amount in minor units of a currency, as countries that speak Spanish write it."""
    digits = _EXPONENTE.get(moneda, 2)
    whole, part = divmod(abs(centavos), 10**digits)
    text = f"{whole:,}" + (f".{part:0{digits}d}" if digits else "")
    if moneda not in _DECIMAL_POINT:
        text = text.translate({ord(","): ".", ord("."): ","})
    return f"{'-' if centavos < 0 else ''}{_SIGNO.get(moneda, moneda)} {text}"
