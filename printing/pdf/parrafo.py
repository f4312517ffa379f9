"""Text in a PDF: any script, in lines, over pages. Nothing in it is markup."""

import re
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import Flowable

from printing.escritura import (
    IDEOGRAMAS,
    NEGRITA,
    NORMAL,
    a_la_vista,
    de_derecha,
    escribible,
    fuente,
    milesimas,
    tramos,
)
from printing.renglones import envolver

CADENAS = {NORMAL: (NORMAL, IDEOGRAMAS), NEGRITA: (NEGRITA, NORMAL, IDEOGRAMAS)}
NARROWEST = 0.25
"""Width of the narrowest letter, part of the size."""
NO_END = 1_000_000
_BLANKS = re.compile(r"[^\S\n]+")

Renglon = tuple[str, bool]
"""A line as it is read, and whether its paragraph begins at the right."""


def imprimible(texto: str) -> str:
    """Composed letters that can be printed, lines kept; a mark for what no font has (`escritura.escribible`)."""
    return escribible(texto, "\n\t")


def renglones(texto: str, ancho: float, style: ParagraphStyle) -> list[Renglon]:
    """The lines of a text in this room, in points."""
    chain, size = CADENAS[style.fontName], style.fontSize

    def medir(line: str) -> float:
        return milesimas(line, chain) * size / 1000

    made: list[Renglon] = []
    for paragraph in _BLANKS.sub(" ", imprimible(texto)).strip().split("\n"):
        derecha = de_derecha(paragraph)
        lines = envolver(paragraph.strip(), ancho, medir, NO_END, NARROWEST * size)
        made += [(line, derecha) for line in lines or [""]]
    return made


def escribir(text: PDFTextObject, renglon: Renglon, fontName: str, size: float) -> None:
    """A line, from where the text object stands."""
    line, derecha = renglon
    for name, piece in tramos(a_la_vista(line, derecha), CADENAS[fontName]):
        text.setFont(fuente(name).fontName, size)
        text.textOut(piece)


def trazar(canvas: Canvas, x: float, y: float, texto: str, size: float, *, a_la_derecha: bool = False) -> None:
    """One line on a page; `a_la_derecha`: it ends at x."""
    line = " ".join(imprimible(texto).split())
    if a_la_derecha:
        x -= milesimas(line, CADENAS[NORMAL]) * size / 1000
    text = canvas.beginText(x, y)
    escribir(text, (line, de_derecha(line)), NORMAL, size)
    canvas.drawText(text)


class Parrafo(Flowable):
    """A text, wrapped to the room that it gets."""

    def __init__(self, texto: str, style: ParagraphStyle, hechos: list[Renglon] | None = None) -> None:
        """hechos: the lines, where they were made before."""
        super().__init__()
        self.style = style
        self._texto = texto
        self._room = -1.0
        self._lines = hechos
        self._made = hechos is not None

    def wrap(self, availWidth: float, _availHeight: float) -> tuple[float, float]:
        """Its size in this room."""
        if not self._made and availWidth != self._room:
            self._lines = renglones(self._texto, availWidth, self.style)
            self._room = availWidth
        self.width, self.height = availWidth, len(self._lines or []) * self.style.leading
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:
        """What fits, and the rest."""
        self.wrap(availWidth, availHeight)
        lines = self._lines or []
        fit = int(availHeight / self.style.leading + 1e-6)
        if fit >= len(lines):
            return [self]
        if fit < 1:
            return []
        return [Parrafo("", self.style, lines[:fit]), Parrafo("", self.style, lines[fit:])]

    def draw(self) -> None:
        """On its canvas."""
        canvas: Any = self.canv
        style = self.style
        chain = CADENAS[style.fontName]
        face, size, lines = fuente(style.fontName).face, style.fontSize, self._lines or []
        y = self.height - style.leading / 2 - size * (face.ascent + face.descent) / 2000
        text = canvas.beginText()
        text.setFillColor(style.textColor)
        for renglon in lines:
            align = style.alignment or (2 if renglon[1] and len(lines) > 1 else 0)
            spare = self.width - milesimas(renglon[0], chain) * size / 1000 if align else 0.0
            text.setTextOrigin(spare / 2 if align == 1 else spare, y)
            escribir(text, renglon, style.fontName, size)
            y -= style.leading
        canvas.drawText(text)
