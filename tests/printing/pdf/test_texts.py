"""Text in a PDF: any script in its order, words whole, nothing lost between pages."""

import io
import re
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from printing.escritura import MARCA, NORMAL, aparte, de_derecha, fuente
from printing.labels.layout import componer
from printing.labels.plantilla import Plantilla, Texto
from printing.pdf.base import estilo
from printing.pdf.etiquetas import etiquetas_pdf
from printing.pdf.parrafo import Parrafo, imprimible, renglones, trazar
from tests.printing.pdf.test_documents import entrega, hoja, pictures, recibo, text

SCRIPTS = ["王小明 電視机", "日本語ラベル", "한국어", "Привет мир", "Ελληνικά", "שלום עולם", "مرحبا بالعالم"]


@pytest.mark.parametrize("typed", SCRIPTS)
def test_every_script_is_drawn_and_can_be_searched(typed: str) -> None:
    found = text(recibo(cliente=typed))
    assert "?" not in found
    assert set(typed) <= set(found)
    if not de_derecha(typed):
        assert typed in found


def sheet(write: Callable[[Canvas], None]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200, 40))
    write(canvas)
    canvas.save()
    return pictures(buffer.getvalue())[0].tobytes()


@pytest.mark.parametrize(
    ("read", "seen"),
    [("שלום", "םולש"), ("שלום (12) x", "x (12) םולש"), ("سلام 5", "5 \ufee1\ufefc\ufeb3"), ("abc אב", "abc בא")],
)
def test_a_line_is_drawn_in_the_order_it_is_seen(read: str, seen: str) -> None:
    """The same picture as its letters set one after the other."""

    def plainly(canvas: Canvas) -> None:
        canvas.setFont(fuente(NORMAL).fontName, 9)
        canvas.drawString(10, 10, seen)

    assert sheet(lambda canvas: trazar(canvas, 10, 10, read, 9)) == sheet(plainly)


def test_the_mark_stands_for_what_no_font_has() -> None:
    assert imprimible("año 🔧 日本 e\u0301 Żółć\x07") == f"año {MARCA} 日本 é Żółć "
    assert MARCA in text(recibo(cliente="José 🔧"))


@pytest.mark.parametrize("width", [60, 155, 400])
def test_words_are_kept_whole(width: float) -> None:
    words = [f"palabra{i}" for i in range(700)]
    lines = renglones(" ".join(words), width, estilo(9))
    assert [word for line, _ in lines for word in line.split()] == words
    assert "".join(line for line, _ in renglones("x" * 5000, width, estilo(9))) == "x" * 5000


@pytest.mark.parametrize("make", [recibo, entrega, hoja])
def test_no_word_of_a_long_text_is_cut(make: Callable[..., bytes]) -> None:
    words = [f"falla{i:04d}" for i in range(600)]
    found = text(make(falla=" ".join(words)))
    assert re.findall(r"falla\d{4}\b", found) == words


def test_a_text_goes_on_on_the_next_page() -> None:
    made = Parrafo("uno dos tres cuatro cinco seis " * 20, estilo(9))
    _, whole = made.wrap(100, 1e6)
    first, rest = made.split(100, whole / 3)
    heights = [part.wrap(100, 1e6)[1] for part in (first, rest)]
    assert heights[0] <= whole / 3
    assert sum(heights) == pytest.approx(whole)
    assert made.split(100, 1) == []
    assert made.split(100, whole) == [made]


def test_what_stands_beside_hebrew_stays_in_its_place() -> None:
    found = renglones(f"Búsqueda: {aparte('שלום')} · 3 filas", 500, estilo(9))
    ((line, derecha),) = found
    assert not derecha
    typed = Plantilla("x", "orden", 60, 20, (Texto(2, 3, 56, 3, "De {cliente} - 3 de 5"),))
    page = componer(typed, {"cliente": "שלום"}, 203)
    assert (page.cajas[0].clase, len(page.cajas)) == ("dibujo", 1)
    assert "3 de 5" in text(etiquetas_pdf([page], "x"))
    assert line.endswith("3 filas")
