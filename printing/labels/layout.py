"""A template and its values as boxes of dots on the paper. Whatever can't be printed right is refused here.

What depends on the template and the printer alone is worked out once; a label costs little more than its texts.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from domain.base.errors import KnownError
from printing.escritura import MARCA, aparte, de_derecha
from printing.labels import codigos, dibujo, graphics
from printing.labels.metrics import ACCENT, ASCENT, DESCENT, residente
from printing.labels.plantilla import Campo, Code128, Ean13, Linea, Logo, Plantilla, Qr, Texto, piezas
from printing.labels.texto import NARROWEST, ancho, limpio
from printing.renglones import envolver

LEAST_MODULE_MM = 0.19
MAX_DOTS = 32_000
QR_MAX_MODULE = 10
INTERLINE = 1.2
CONTENT_MOST = 4000
PLAIN = 0.03
"""Ink of a round letter above the capitals' height, and below the baseline: parts of the height."""
_ACCENTED = re.compile("[À-ÖØ-ÞŠŽŸ]|[^\x00-\xff€…]")
_DESCENDING = re.compile(r"[gjpqyQ,;()\[\]{}|_@$/\\]|[^\x00-\x7fáéíóúñüÁÉÍÓÚÑÜ]")


@dataclass(frozen=True, slots=True)
class Caja:
    """Something on the paper: its ink lies within these dots. campo: index in the template."""

    campo: int
    clase: str
    x: int
    y: int
    ancho: int
    alto: int
    texto: str = ""
    letra: int = 0
    """Height of a letter's cell, or the module of a code, in dots."""
    zpl: str = ""
    """The picture of a logo or of drawn letters (`dibujo`), as ^GF with ACS."""
    z64: str = ""
    """The same, for models that are known to take Z64."""
    celda_y: int = 0
    """Where a line's cell begins; its ink may begin above it (accents)."""


@dataclass(frozen=True, slots=True)
class Pagina:
    """A label, in dots; dpmm: dots a millimetre."""

    ancho: int
    alto: int
    dpmm: int
    cajas: tuple[Caja, ...]


class NoCabe(KnownError):
    """A label that would come out wrong. campo: index of the field in the template."""

    def __init__(self, message: str, hint: str = "", campo: int | None = None) -> None:
        super().__init__(message, hint)
        self.campo = campo


Valores = Mapping[str, str]
Hecho = Callable[[Valores], list[Caja]]


def dots_mm(dpi: int) -> int:
    """Dots a millimetre: Zebra's heads have whole ones, 8, 12 or 24 (6 the oldest).

    Raises:
        KnownError: no head has such a resolution.
    """
    found = {152: 6, 203: 8, 300: 12, 600: 24}.get(dpi)
    if found is None:
        raise KnownError(f"Una Zebra imprime a 203, 300 o 600 puntos por pulgada, no a {dpi}.")
    return found


def componer(
    plantilla: Plantilla, valores: Valores, dpi: int = 203, offset_mm: tuple[float, float] = (0.0, 0.0)
) -> Pagina:
    """The label of these values.

    Raises:
        NoCabe: what can't be printed right, and why; nothing of it reaches a printer.
    """
    prepared = _prepare(plantilla, dpi, offset_mm)
    cajas: list[Caja] = []
    for make in prepared.campos:
        cajas += make(valores)
    if not cajas:
        raise NoCabe("La etiqueta saldría en blanco.", "Faltan los datos que la plantilla muestra.")
    _check_overlap(cajas)
    return Pagina(prepared.ancho, prepared.alto, prepared.dpmm, tuple(cajas))


@dataclass(frozen=True, slots=True)
class _Prepared:
    ancho: int
    alto: int
    dpmm: int
    campos: tuple[Hecho, ...]


@lru_cache(maxsize=200)
def _prepare(plantilla: Plantilla, dpi: int, offset_mm: tuple[float, float]) -> _Prepared:
    dpmm = dots_mm(dpi)
    width, height = round(plantilla.ancho_mm * dpmm), round(plantilla.alto_mm * dpmm)
    if not (0 < width <= MAX_DOTS and 0 < height <= MAX_DOTS):
        raise NoCabe(f"La etiqueta de {plantilla.ancho_mm:g} x {plantilla.alto_mm:g} mm no es posible.")
    paper = _Paper(plantilla, dpmm, width, height, offset_mm)
    return _Prepared(width, height, dpmm, tuple(paper.prepare(i, c) for i, c in enumerate(plantilla.campos)))


class _Paper:
    """Prepares the fields of one template for one resolution."""

    def __init__(
        self, plantilla: Plantilla, dpmm: int, width: int, height: int, offset_mm: tuple[float, float]
    ) -> None:
        self._size = f"{plantilla.ancho_mm:g} x {plantilla.alto_mm:g} mm"
        self._dpmm = dpmm
        self._width, self._height = width, height
        self._dx, self._dy = (round(mm * dpmm) for mm in offset_mm)

    def prepare(self, index: int, campo: Campo) -> Hecho:
        """What makes the boxes of this field from values."""
        if isinstance(campo, Texto):
            return self._texto(index, campo)
        if isinstance(campo, Linea):
            box = self._place(index, "linea", campo, self._dots(campo.ancho_mm), self._dots(campo.alto_mm))
            self._inside(box)
            return lambda _: [box]
        if isinstance(campo, Logo):
            return self._logo(index, campo)
        return self._codigo(index, campo)

    def _dots(self, mm: float) -> int:
        return max(1, round(mm * self._dpmm))

    def _place(self, index: int, clase: str, campo: Campo, width: int, height: int, **more: object) -> Caja:
        x, y = round(campo.x_mm * self._dpmm) + self._dx, round(campo.y_mm * self._dpmm) + self._dy
        return Caja(index, clase, x, y, width, height, **more)  # type: ignore[arg-type]

    def _inside(self, box: Caja, what: str = "") -> None:
        if box.x < 0 or box.y < 0 or box.x + box.ancho > self._width or box.y + box.alto > self._height:
            raise NoCabe(
                f"{what or _name(box)} se sale de la etiqueta de {self._size}.",
                "Muévalo, achíquelo, o use una etiqueta más grande.",
                box.campo,
            )

    def _texto(self, index: int, campo: Texto) -> Hecho:
        letra = self._dots(campo.alto_mm)
        room = self._dots(campo.ancho_mm)
        pitch, base = round(letra * INTERLINE), math.ceil(letra * ASCENT)
        accent, plain = math.ceil(letra * (ACCENT - ASCENT)), math.ceil(letra * PLAIN)
        below = math.ceil(letra * DESCENT)
        cell = self._place(index, "texto", campo, room, base)
        x0, y0 = cell.x, cell.y

        def inside(top: int, bottom: int) -> None:
            if x0 < 0 or top < 0 or x0 + room > self._width or bottom > self._height:
                raise NoCabe(
                    f"El texto «{campo.contenido[:40]}» se sale de la etiqueta de {self._size}.",
                    "Muévalo, achíquelo, o deje un margen para los acentos.",
                    index,
                )

        inside(y0, y0 + base + pitch * (campo.lineas - 1))
        fill = _filler(campo.contenido)

        def make(valores: Valores) -> list[Caja]:
            raw = fill(valores)
            text = limpio(raw)
            if not text:
                return []
            own, derecha = residente(text), de_derecha(text)
            boxes = []
            lines = _lines(campo, index, raw, text, room, letra)
            at_right = derecha and len(lines) > 1
            for i, line in enumerate(lines):
                if not line:
                    continue
                top = y0 + i * pitch
                if own:
                    over = accent if _ACCENTED.search(line) else plain
                    under = below if _DESCENDING.search(line) else plain
                    width = math.ceil(ancho(line, letra))
                    x, tall = x0 + _shift(campo, width, room), over + base + under
                    boxes.append(Caja(index, "texto", x, top - over, width, tall, line, letra, celda_y=top))
                else:
                    x = x0 + _shift(campo, math.ceil(dibujo.ancho_dibujado(line, letra)), room, at_right)
                    boxes += _drawn(index, x, top, line, letra, derecha)
            if boxes:
                inside(min(box.y for box in boxes), max(box.y + box.alto for box in boxes))
            return boxes

        return make

    def _logo(self, index: int, campo: Logo) -> Hecho:
        picture = graphics.blanco_y_negro(campo.imagen, self._dots(campo.ancho_mm), self._dots(campo.alto_mm))
        box = self._place(
            index,
            "logo",
            campo,
            picture.width,
            picture.height,
            zpl=graphics.gf_acs(picture),
            z64=graphics.gf_z64(picture),
        )
        self._inside(box)
        return lambda _: [box]

    def _codigo(self, index: int, campo: Code128 | Ean13 | Qr) -> Hecho:
        module = max(1, round(campo.modulo_mm * self._dpmm))
        if isinstance(campo, Qr):
            module = min(QR_MAX_MODULE, module)
        if module / self._dpmm < LEAST_MODULE_MM:
            raise NoCabe(
                f"El código se imprimiría con líneas de {module / self._dpmm:.2f} mm, que no se leen.",
                f"El módulo es de al menos {LEAST_MODULE_MM} mm en esta impresora.",
                index,
            )
        fill = _filler(campo.contenido)
        height = 0 if isinstance(campo, Qr) else self._dots(campo.alto_mm)

        def make(valores: Valores) -> list[Caja]:
            text = fill(valores).strip()
            if not text:
                return []
            clase, modules = _modules(campo, text, index)
            tall = (height or modules * module) + (codigos.guardas(module) if clase == "ean13" else 0)
            box = self._place(index, clase, campo, modules * module, tall, texto=text, letra=module)
            shown = f"El código de «{_corto(text)}»"
            self._inside(box, shown)
            quiet = codigos.QUIET[clase] * module
            above = quiet if clase == "qr" else 0
            if (
                box.x < quiet
                or box.x + box.ancho + quiet > self._width
                or box.y < above
                or box.y + box.alto + above > self._height
            ):
                raise NoCabe(
                    f"{shown} no cabe con el blanco que necesita alrededor en una etiqueta de {self._size}.",
                    "Use una etiqueta más grande, o un módulo más fino.",
                    index,
                )
            return [box]

        return make


def _lines(campo: Texto, index: int, raw: str, text: str, room: int, letra: int) -> list[str]:
    """The lines of a text: cut and wrapped, or refused where it has to stand whole."""
    own = residente(text)

    def medir(line: str) -> float:
        return ancho(line, letra) if own else dibujo.ancho_dibujado(line, letra)

    if not campo.identificador:
        return envolver(text, room, medir, campo.lineas, letra * (NARROWEST if own else dibujo.NARROWEST))
    if MARCA in text and MARCA not in raw:
        raise NoCabe(
            f"«{text[:60]}» tiene letras que no se pueden imprimir («{MARCA}»), y aquí no puede faltar ninguna.",
            "Escríbalo con otras letras.",
            index,
        )
    if medir(text) > room:
        raise NoCabe(
            f"«{text[:60]}» no cabe en su lugar de la etiqueta, y no se puede cortar.",
            "Use una etiqueta más grande, o letra más chica.",
            index,
        )
    return [text]


def _drawn(index: int, x: int, top: int, line: str, letra: int, derecha: bool) -> list[Caja]:
    """A line that is sent as a picture."""
    made = dibujo.trazo(line, letra, derecha)
    if made is None:
        return []
    box = Caja(index, "dibujo", x + made.x, top + made.y, made.ancho, made.alto, line, letra, made.zpl, made.z64, top)
    return [box]


def _modules(campo: Code128 | Ean13 | Qr, text: str, index: int) -> tuple[str, int]:
    """What is drawn, and its width in modules."""
    if isinstance(campo, Qr):
        side = codigos.qr_modules(text) if text.isascii() and text.isprintable() else None
        if side is None:
            raise NoCabe(
                f"«{_corto(text)}» no puede ir en un código QR.",
                f"Admite hasta {codigos.QR_MOST} letras sin acentos.",
                index,
            )
        return "qr", side
    if isinstance(campo, Ean13) and codigos.es_ean13(text):
        return "ean13", 95
    if not codigos.es_code128(text):
        raise NoCabe(
            f"«{_corto(text)}» no puede ir en un código de barras.",
            "Admite letras sin acentos, números y signos.",
            index,
        )
    return "code128", codigos.code128_modules(text)


def _corto(text: str) -> str:
    text = limpio(text)
    return text if len(text) <= 60 else text[:60] + "…"


def _filler(contenido: str) -> Callable[[Valores], str]:
    fixed, names = piezas(contenido)
    if not names:
        return lambda _: contenido
    if fixed == ("", ""):
        (only,) = names
        return lambda valores: valores.get(only, "")[:CONTENT_MOST]

    def fill(valores: Valores) -> str:
        found = [aparte(valores.get(name, "")[:CONTENT_MOST]) for name in names]
        if not any(found):
            return ""
        return "".join(part for pair in zip(fixed, [*found, ""], strict=True) for part in pair)

    return fill


def _shift(campo: Texto, width: int, room: int, at_right: bool = False) -> int:
    """at_right: lines that are read from the right, and don't ask for another place."""
    rest = max(0, room - width)
    if campo.alineacion == "izquierda":
        return rest if at_right else 0
    return rest if campo.alineacion == "derecha" else rest // 2


def _check_overlap(cajas: list[Caja]) -> None:
    """No ink on another's, none in a code's white."""
    room = [_with_quiet(box) for box in cajas]
    for i, a in enumerate(cajas):
        left, top, right, bottom = room[i]
        for j in range(i + 1, len(cajas)):
            b = cajas[j]
            if a.campo == b.campo:
                continue
            x0, y0, x1, y1 = room[j]
            if (left < b.x + b.ancho and b.x < right and top < b.y + b.alto and b.y < bottom) or (
                x0 < a.x + a.ancho and a.x < x1 and y0 < a.y + a.alto and a.y < y1
            ):
                raise NoCabe(
                    f"{_name(a)} y {_name(b)} se enciman.", "Sepárelos, o use una etiqueta más grande.", b.campo
                )


def _with_quiet(box: Caja) -> tuple[int, int, int, int]:
    side = codigos.QUIET.get(box.clase, 0) * box.letra
    above = side if box.clase == "qr" else 0
    return box.x - side, box.y - above, box.x + box.ancho + side, box.y + box.alto + above


def _name(box: Caja) -> str:
    names = {"code128": "El código", "ean13": "El código", "qr": "El QR", "linea": "La línea", "logo": "El logo"}
    return f"«{box.texto[:40]}»" if box.clase in ("texto", "dibujo") else names[box.clase]
