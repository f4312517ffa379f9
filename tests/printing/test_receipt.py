"""The receipt: a PDF whose text can be searched, whatever was typed."""

import re

import pytest

from printing.receipt import DatosRecibo, recibo_pdf


def receipt(**fields: str) -> DatosRecibo:
    values = dict.fromkeys(
        ("direccion", "telefono_sucursal", "telefono", "serie", "accesorios", "prioridad", "recibido_por"), ""
    )
    values |= {"folio": "A1-000123", "sucursal": "Ñuñoa", "fecha": "20-11-2026", "cliente": "Íñigo", "equipo": "Radio"}
    values |= {"falla": "No enciende", **fields}
    return DatosRecibo(**values, condiciones=("Una.", "Dos."))


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_a_receipt_has_embedded_fonts_and_metadata() -> None:
    pdf = recibo_pdf(receipt())
    assert pdf.startswith(b"%PDF")
    assert b"/FontFile2" in pdf
    assert b"A1-000123" in pdf
    assert pages(pdf) == 1


@pytest.mark.parametrize("hostile", ["<b>&amp;</x>" * 50, "\x00\x01\ud800", "palabra " * 900, "x" * 5000, "日本語 😀"])
def test_whatever_was_typed_becomes_a_receipt(hostile: str) -> None:
    pdf = recibo_pdf(receipt(falla=hostile, cliente=hostile[:200], accesorios=hostile))
    assert pages(pdf) >= 1


def test_a_long_problem_flows_to_further_pages() -> None:
    assert pages(recibo_pdf(receipt(falla="Se apaga al mover la pantalla. " * 300))) > 1
