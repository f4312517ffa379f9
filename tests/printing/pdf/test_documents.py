"""Documents: their text can be searched, their codes decode, whatever was typed."""

import base64
import io
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from domain.base.errors import KnownError
from domain.formatting import dinero
from printing.labels.catalogo import shipped
from printing.labels.layout import componer
from printing.labels.registry import KINDS
from printing.pdf.base import CENTRO, Ficha, Marco, barras, datos, estilo, parrafo, rollo
from printing.pdf.entrega import DatosEntrega, entrega_pdf
from printing.pdf.etiquetas import etiquetas_pdf
from printing.pdf.hoja_trabajo import DatosHoja, hoja_pdf
from printing.pdf.listado import Columna, listado_pdf
from printing.pdf.recibo import DatosRecibo, recibo_pdf

MARCO = Marco("Taller Ñuñoa", "Av. Irarrázaval 1234, Ñuñoa", "+56 2 2345 6789")
HOSTILE = [
    "<b>&amp;</x>" * 50,
    "\x00\x01\ud800",
    "palabra " * 900,
    "x" * 5000,
    "日本語 🔧",
    "Łódź Ελλάδα Привет",
    "e\u0301",
]


def recibo(marco: Marco = MARCO, **more: Any) -> bytes:
    values: dict[str, Any] = {"folio": "A1-000123", "fecha": "20-11-2026 18:51", "cliente": "Íñigo Muñoz"}
    values |= {"equipo": "Radio Sony", "falla": "No enciende", "condiciones": ("Una condición.", "Otra."), **more}
    return recibo_pdf(DatosRecibo(marco, **values))


def entrega(**more: str) -> bytes:
    names = ("recepcion", "entrega", "cliente", "equipo", "serie", "accesorios", "falla", "diagnostico", "trabajo",
             "garantia", "total", "abonado", "saldo")  # fmt: skip
    return entrega_pdf(DatosEntrega(MARCO, "A1-000123", **{**dict.fromkeys(names, "dato"), **more}))


def hoja(**more: Any) -> bytes:
    names = ("fecha", "prometida", "prioridad", "tecnico", "cliente", "telefono", "equipo", "serie", "accesorios",
             "ubicacion", "falla", "diagnostico")  # fmt: skip
    values: dict[str, Any] = {**dict.fromkeys(names, "dato"), "comentarios": ("uno", "dos"), **more}
    return hoja_pdf(DatosHoja(MARCO, "A1-000123", **values))


def text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def pictures(pdf: bytes, scale: float = 3) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=scale).to_pil() for page in document]
    finally:
        document.close()


def codes(pdf: bytes) -> set[str]:
    return {found.text for page in pictures(pdf) for found in zxingcpp.read_barcodes(page)}


@pytest.mark.parametrize("make", [recibo, entrega, hoja])
def test_a_document_can_be_searched_and_its_codes_decode(make: Callable[..., bytes]) -> None:
    pdf = make(cliente="Íñigo Muñoz", falla="No enciende después de un corte")
    found = text(pdf)
    for words in ("Taller Ñuñoa", "A1-000123", "Íñigo Muñoz", "No enciende después de un corte", "Página 1 de 1"):
        assert words in found
    assert codes(pdf) == {"A1-000123"}
    assert b"/FontFile2" in pdf
    document = pypdfium2.PdfDocument(pdf)
    meta = document.get_metadata_dict()
    document.close()
    assert "A1-000123" in meta["Title"]
    assert (meta["Author"], meta["Creator"]) == ("Taller Ñuñoa", "Servitec")


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("make", [recibo, entrega, hoja])
def test_whatever_was_typed_becomes_a_document(make: Callable[..., bytes], typed: str) -> None:
    pdf = make(falla=typed, cliente=typed[:200], accesorios=typed)
    assert "A1-000123" in text(pdf)
    if "Privet" in typed or "Привет" in typed:
        assert "Привет" in text(pdf)


def test_a_long_problem_flows_to_further_pages() -> None:
    pdf = recibo(falla="Se apaga al mover la pantalla. " * 300)
    assert len(pictures(pdf, 0.3)) > 1
    assert f"Página 2 de {len(pictures(pdf, 0.3))}" in text(pdf)


def test_a_logo_is_drawn_and_a_broken_one_left_out() -> None:
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "red").save(file, "PNG")
    good = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    red = []
    for texto in (good, "no es base64", base64.b64encode(b"GIF89a").decode()):
        bands = pictures(recibo(Marco("T", logo=texto)), 1)[0].convert("RGB").split()
        red.append(any(ImageChops.subtract(bands[0], bands[1]).histogram()[141:]))
    assert red == [True, False, False]


def test_a_list_repeats_its_head_and_totals() -> None:
    columns = [Columna("Folio"), Columna("Cliente", 3), Columna("Total", 1, cifras=True)]
    rows = [[f"A1-{i:06d}", "Íñigo <b>", "$ 10"] for i in range(150)]
    pdf = listado_pdf(MARCO, "Órdenes", columns, rows, filtro="Búsqueda: x", totales=["", "Total", "$ 1.500"])
    found = text(pdf)
    assert found.count("Folio") == len(pictures(pdf, 0.3)) > 1
    assert ("$ 1.500" in found, "Íñigo <" in found, "150 filas" in found) == (True, True, True)
    assert "0 filas" in text(listado_pdf(MARCO, "Nada", columns, []))


def test_labels_on_a_sheet_are_of_true_size_and_decode() -> None:
    pages = [componer(p, KINDS[p.tipo].muestra(), 203) for p in shipped()] * 2
    pdf = etiquetas_pdf(pages, "Etiquetas")
    assert {"A1-000123", "EQ-000451", "7801234567894", "B-3"} <= codes(pdf)
    assert "Íñigo Muñoz Peña" in text(pdf)
    with pytest.raises(KnownError, match="No hay etiquetas"):
        etiquetas_pdf([], "x")


def test_a_roll_is_as_long_as_what_stands_on_it() -> None:
    """A ticket is later one small file like this."""

    def ticket(lines: int) -> bytes:
        story = [parrafo("Taller Ñuñoa", estilo(11, bold=True, align=CENTRO)), Spacer(1, 2 * mm)]
        story += [datos([(f"Línea {i}", dinero(1000 * i, "CLP"))], 72 * mm) for i in range(lines)]
        return rollo([*story, Spacer(1, 3 * mm), barras("V1-000009")], Ficha("Ticket", "Ticket"), MARCO)

    short, long = ticket(3), ticket(30)
    sizes = [pypdfium2.PdfDocument(pdf)[0].get_size() for pdf in (short, long)]
    assert sizes[0][0] == sizes[1][0] == pytest.approx(80 * mm, abs=0.5)
    assert sizes[1][1] > sizes[0][1] + 100
    assert len(pictures(long, 0.3)) == 1
    assert ("$ 29.000" in text(long), codes(short)) == (True, {"V1-000009"})


def test_money_is_written_as_people_do() -> None:
    amounts = [(24990, "CLP"), (123450, "USD"), (-1000, "ARS"), (5, "PEN"), (1234567, "MXN")]
    assert [dinero(*a) for a in amounts] == ["$ 24.990", "US$ 1,234.50", "-$ 10,00", "S/ 0.05", "$ 12,345.67"]
