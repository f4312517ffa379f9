"""Pictures as ^GF: hexadecimal with Zebra's alternative compression, or Z64 where the model is known to take it."""

import base64
import binascii
import re
import zlib
from functools import lru_cache

from PIL import Image, ImageOps

from printing.labels.plantilla import imagen

Z64_MODELS = ("ZD4", "ZD5", "ZD6", "ZT4", "ZT5", "ZT6", "ZT2", "ZQ5", "ZQ6", "GX4", "GK4", "110Xi4", "ZM4")
"""Prefixes of models of the firmware generations (V50.14, V60.14 and later) for which the ZPL II Programming Guide
names Z64. A model that isn't here gets ACS, which all take."""
_TWENTIES = " ghijklmnopqrstuvwxyz"
_ONES = " GHIJKLMNOPQRSTUVWXY"
_RUN = re.compile(r"(.)\1{1,418}")


@lru_cache(maxsize=64)
def blanco_y_negro(texto: str, width: int, height: int) -> Image.Image:
    """The picture (base64) fitted into a box of dots, black (1) where ink goes; what is transparent is paper.

    Raises:
        KnownError: it isn't a picture.
    """
    found = imagen(texto)
    if found.mode in ("RGBA", "LA", "PA") or "transparency" in found.info:
        found = found.convert("RGBA")
        paper = Image.new("RGBA", found.size, "white")
        found = Image.alpha_composite(paper, found)
    grey = ImageOps.contain(found.convert("L"), (width, height), Image.Resampling.LANCZOS)
    levels = grey.histogram()
    flat = sum(levels[:64]) + sum(levels[192:]) >= 0.8 * sum(levels)
    bits = grey.point(lambda level: 0 if level < 128 else 255, "1") if flat else grey.convert("1")
    return ImageOps.invert(bits)


def gf_acs(picture: Image.Image) -> str:
    """^GFA with repeat counts, row repeats and row fills (the guide's alternative data compression scheme)."""
    rows, width = _rows(picture)
    text, before = [], ""
    for row in rows:
        digits = row.hex().upper()
        text.append(":" if digits == before else _row(digits))
        before = digits
    data = "".join(text)
    total = width * len(rows)
    return f"^GFA,{total},{total},{width},{data}"


def gf_z64(picture: Image.Image) -> str:
    """^GFA with deflate and base64, its checksum CRC-16/CCITT (XMODEM)."""
    rows, width = _rows(picture)
    packed = base64.b64encode(zlib.compress(b"".join(rows), 9))
    total = width * len(rows)
    return f"^GFA,{len(packed)},{total},{width},:Z64:{packed.decode()}:{binascii.crc_hqx(packed, 0):04X}"


def takes_z64(modelo: str | None) -> bool:
    """Is the model, as ~HI names it, known to take Z64?"""
    return modelo is not None and modelo.removeprefix("ZTC ").startswith(Z64_MODELS)


def _rows(picture: Image.Image) -> tuple[list[bytes], int]:
    width = (picture.width + 7) // 8
    data = picture.tobytes()
    rows = [data[i : i + width] for i in range(0, len(data), width)]
    spare = 8 * width - picture.width
    if spare:
        mask = 0xFF << spare & 0xFF
        rows = [row[:-1] + bytes([row[-1] & mask]) for row in rows]
    return rows, width


def _row(digits: str) -> str:
    body, end = digits, ""
    for filler, mark in (("0", ","), ("F", "!")):
        kept = digits.rstrip(filler)
        if len(digits) - len(kept) > 1:
            body, end = kept, mark
            break
    return _RUN.sub(_repeated, body) + end


def _repeated(run: re.Match[str]) -> str:
    count = len(run[0])
    return _TWENTIES[count // 20].strip() + _ONES[count % 20].strip() + run[1]
