"""A line of letters that a printer's own font may lack, as a picture for ^GF: the shipped fonts, one dot a pixel."""

import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from printing.escritura import ARCHIVOS, CONDENSADA, FOLDER, IDEOGRAMAS, NEGRITA, a_la_vista, milesimas, tramos
from printing.labels.graphics import gf_acs, gf_z64
from printing.labels.metrics import ACCENT, ASCENT, DESCENT

CADENA = (CONDENSADA, NEGRITA, IDEOGRAMAS)
"""The first has the proportions of font 0."""
ESCALAS = (ASCENT / 0.711, 0.96, 0.98)
"""Size of each font, part of the letter height: the first one's capitals are as high as those of font 0."""
NARROWEST = 0.2
FINE = 96
"""Letters are drawn at least so high, and made smaller."""
INK = 112
"""Grey level from which a dot is black."""


@dataclass(frozen=True, slots=True)
class Trazo:
    """Ink, placed from the left end of the line and the top of its cell, in dots."""

    x: int
    y: int
    ancho: int
    alto: int
    zpl: str
    z64: str


def ancho_dibujado(texto: str, alto: int) -> float:
    """Width in dots of a line whose letters are `alto` dots high."""
    return milesimas(texto, CADENA, ESCALAS) * alto / 1000 + 1


@lru_cache(maxsize=512)
def trazo(linea: str, letra: int, derecha: bool) -> Trazo | None:
    """The picture of a line, as high as its ink; None when it has none."""
    times = max(1, -(-FINE // letra))
    size = letra * times
    above, below = math.ceil(ACCENT * size), math.ceil(DESCENT * size)
    width = math.ceil(ancho_dibujado(linea, letra)) * times
    large = Image.new("L", (width + times, (above + below + times) // times * times), 0)
    pen, x = ImageDraw.Draw(large), 0.0
    for name, piece in tramos(a_la_vista(linea, derecha), CADENA):
        scale = ESCALAS[CADENA.index(name)]
        pen.text((x, above), piece, fill=255, font=_font(name, round(size * scale)), anchor="ls")
        x += milesimas(piece, (name,)) * size * scale / 1000
    small = large.reduce(times).point(lambda level: 255 if level >= INK else 0).convert("1")
    box = small.getbbox()
    if box is None:
        return None
    ink = small.crop(box)
    top = math.ceil(ASCENT * letra) - round(above / times) + box[1]
    return Trazo(box[0], top, ink.width, ink.height, gf_acs(ink), gf_z64(ink))


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Basic layout, whatever this machine has: the letters come as they are to be seen."""
    return ImageFont.truetype(str(FOLDER / ARCHIVOS[name]), size, layout_engine=ImageFont.Layout.BASIC)
