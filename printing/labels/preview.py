"""A composed label as a picture, drawn from the same boxes as its ZPL; a typeface of the same proportions stands for
font 0, each letter as wide as the printer makes it.
"""

import io
from dataclasses import replace
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from printing.escritura import ARCHIVOS, CONDENSADA, FOLDER
from printing.labels import codigos
from printing.labels.layout import Caja, Pagina
from printing.labels.metrics import ASCENT, DESCENT, thousandths

FONT = FOLDER / ARCHIVOS[CONDENSADA]
CAP_HEIGHT = 0.711
"""Of that typeface; font 0's capitals are ASCENT of the height."""
OVERSIZE = 3


def dibujar(pagina: Pagina) -> Image.Image:
    """The label, a pixel a dot, grey levels: 0 ink, 255 paper."""
    sheet = Image.new("L", (pagina.ancho, pagina.alto), 255)
    pen = ImageDraw.Draw(sheet)
    for box in pagina.cajas:
        if box.clase == "texto":
            _text(sheet, box)
        elif box.clase in ("code128", "ean13"):
            if box.clase == "ean13":
                modules = codigos.ean13(box.texto)
                short = box.alto - codigos.guardas(box.letra)
                guards = "".join(m if codigos.es_guarda(i) else "0" for i, m in enumerate(modules))
                _bars(pen, replace(box, alto=short), modules)
                _bars(pen, box, guards)
            else:
                _bars(pen, box, codigos.code128(box.texto))
        elif box.clase == "qr":
            for y, row in enumerate(codigos.qr(box.texto)):
                _bars(pen, Caja(0, "", box.x, box.y + y * box.letra, 0, box.letra, letra=box.letra), row)
        elif box.clase == "linea":
            pen.rectangle((box.x, box.y, box.x + box.ancho - 1, box.y + box.alto - 1), fill=0)
        else:
            sheet.paste(0, (box.x, box.y), _picture(box))
    return sheet


def preview_png(pagina: Pagina) -> bytes:
    """The picture as PNG, with its resolution."""
    file = io.BytesIO()
    dpi = pagina.dpmm * 25.4
    dibujar(pagina).save(file, "PNG", dpi=(dpi, dpi), compress_level=1)
    return file.getvalue()


def _bars(pen: ImageDraw.ImageDraw, box: Caja, modules: str) -> None:
    x = 0
    while x < len(modules):
        run = 1
        while x + run < len(modules) and modules[x + run] == modules[x]:
            run += 1
        if modules[x] == "1":
            left = box.x + x * box.letra
            pen.rectangle((left, box.y, left + run * box.letra - 1, box.y + box.alto - 1), fill=0)
        x += run


def _text(sheet: Image.Image, box: Caja) -> None:
    at = 0.0
    for char in box.texto:
        wide = thousandths(char) * box.letra / 1000
        if wide and not char.isspace():
            glyph, over = _glyph(char, box.letra, max(1, round(wide)))
            sheet.paste(0, (round(box.x + at), box.celda_y - over), glyph)
        at += wide


@lru_cache(maxsize=8000)
def _glyph(char: str, letra: int, wide: int) -> tuple[Image.Image, int]:
    """A letter's mask, and how far above its cell it begins."""
    font = _font(round(letra * ASCENT / CAP_HEIGHT * OVERSIZE))
    advance = max(1.0, font.getlength(char))
    over = round(0.25 * letra)
    tall = over + round(letra * (ASCENT + DESCENT)) + 2
    large = Image.new("L", (round(advance), tall * OVERSIZE), 0)
    baseline = (over + ASCENT * letra) * OVERSIZE
    ImageDraw.Draw(large).text((0, baseline), char, fill=255, font=font, anchor="ls")
    return large.resize((wide, tall), Image.Resampling.BOX), over


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=32)
def _picture(box: Caja) -> Image.Image:
    """The ink of a logo or of drawn letters, read back from its ^GF."""
    head, _, data = box.zpl.partition(",")[2].partition(",")
    total = int(head)
    count, _, rest = data.partition(",")
    stride, _, digits = rest.partition(",")
    rows = _unpack(digits, int(stride), total)
    del count
    width = int(stride) * 8
    mask = Image.frombytes("1", (width, len(rows) // int(stride)), rows)
    return mask.convert("L").crop((0, 0, box.ancho, box.alto))


def _unpack(digits: str, stride: int, total: int) -> bytes:
    out, row, repeat = bytearray(), "", 0
    for char in digits:
        if char in "0123456789ABCDEF":
            row += char * (repeat or 1)
            repeat = 0
        elif "G" <= char <= "Y":
            repeat += ord(char) - 70
        elif "g" <= char <= "z":
            repeat += (ord(char) - 102) * 20
        elif char in ",!":
            row = row.ljust(2 * stride, "0" if char == "," else "F")
        elif char == ":":
            out += out[-stride:]
        while len(row) >= 2 * stride:
            out += bytes.fromhex(row[: 2 * stride])
            row = row[2 * stride :]
    return bytes(out[:total])
