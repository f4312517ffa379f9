"""Money for people: integer minor units with their currency, as Spanish-speaking countries write it."""

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


def formato(centavos: int, moneda: str) -> str:
    """An amount in minor units, as text: `$ 24.990`, `US$ 1,234.50`, `-$ 10`."""
    digits = _EXPONENTE.get(moneda, 2)
    whole, part = divmod(abs(centavos), 10**digits)
    text = f"{whole:,}" + (f".{part:0{digits}d}" if digits else "")
    if moneda not in _DECIMAL_POINT:
        text = text.translate({ord(","): ".", ord("."): ","})
    return f"{'-' if centavos < 0 else ''}{_SIGNO.get(moneda, moneda)} {text}"
