"""The label's bytes: whole, inside the paper, and nothing typed is a command."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import KnownError
from printing.label import EtiquetaOrden, LabelSize, clean, escape, fit, orden_label, text_width, wrap

SIZES = [LabelSize(w, h, dpi) for w, h in ((60, 40), (50, 30), (100, 50)) for dpi in (203, 300, 600)]
FIELD = re.compile(r"\^FO(\d+),(\d+)(.*?)\^FH_\^FD(.*?)\^FS")


def label(**fields: str) -> EtiquetaOrden:
    values = {"folio": "A1-000123", "sucursal": "Ñuñoa", "cliente": "Íñigo Ibáñez", "equipo": "Notebook Lenovo"}
    values |= {"falla": "No enciende", "fecha": "20-11-2026 18:51", "telefono": "+56 9 5555 0102"}
    return EtiquetaOrden(**{**values, **fields})


def decode(data: str) -> str:
    return re.sub(r"_([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), data)


def fields(zpl: bytes) -> list[tuple[int, int, str, str]]:
    return [(int(x), int(y), how, decode(data)) for x, y, how, data in FIELD.findall(zpl.decode("utf-8"))]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_label_is_self_contained_and_inside_its_paper(size: LabelSize) -> None:
    zpl = orden_label(label(falla="Se apaga al mover la pantalla " * 40), size)
    text = zpl.decode("utf-8")
    width, height = size.dots(size.ancho_mm), size.dots(size.alto_mm)
    assert text.startswith(f"^XA^CI28^PW{width}^LL{height}^LH0,0")
    assert text.endswith("^PQ1^XZ")
    assert "^JZY" in text
    found = fields(zpl)
    assert [data for _, _, how, data in found if "^BC" in how] == ["A1-000123"]
    assert [data for _, _, how, data in found if "^BQ" in how] == ["MA,A1-000123"]
    lines = [(x, y, int(re.findall(r"\^A0N,(\d+)", how)[0]), data) for x, y, how, data in found if "^A0" in how]
    assert {"Ñuñoa", "A1-000123"} <= {data for *_, data in lines}
    assert any(data.startswith("Íñigo Ibáñez") for *_, data in lines)
    assert any(data.endswith("…") for *_, data in lines) or size.alto_mm < 38
    for x, y, tall, data in lines:
        assert x + text_width(data, tall) <= width
        assert y + tall <= height
    tops = sorted(y for _, y, tall, _ in lines if tall < size.dots(3.4))
    assert all(b - a >= size.dots(2) for a, b in zip(tops, tops[1:], strict=False))


@given(st.text(max_size=300))
def test_nothing_typed_is_a_command(typed: str) -> None:
    zpl = orden_label(label(cliente=typed, falla=typed, equipo=typed, sucursal=typed), SIZES[0]).decode("utf-8")
    inside = re.sub(r"\^FH_\^FD.*?\^FS", "", zpl)
    assert inside.count("^XA") == inside.count("^XZ") == zpl.count("^XZ") == 1
    assert "~" not in zpl
    assert set(re.findall(r"\^[A-Z][A-Z0-9]", inside)) <= {
        *("^XA", "^CI", "^PW", "^LL", "^LH", "^LS", "^LT", "^PO", "^PM", "^JZ", "^BY", "^FO", "^A0", "^BC", "^BQ"),
        *("^PQ", "^XZ"),
    }
    assert not any(ord(c) < 32 for c in zpl)


@given(st.text(max_size=200), st.integers(60, 600))
def test_cut_text_fits(typed: str, width: int) -> None:
    assert text_width(fit(clean(typed), width, 24), 24) <= width
    made = wrap(clean(typed), width, 24, 3)
    assert len(made) <= 3
    assert all(text_width(line, 24) <= max(width, 28) for line in made)


def test_escaping_is_undone_by_the_printer() -> None:
    assert decode(escape("a_b^c~d\\e")) == "a_b^c~d\\e"


def test_what_cannot_be_a_code_is_refused() -> None:
    with pytest.raises(KnownError, match="no es un folio"):
        orden_label(label(folio="^XA"), SIZES[0])
    with pytest.raises(KnownError, match="no cabe"):
        orden_label(label(), LabelSize(30, 20, 203))
    with pytest.raises(KnownError, match="demasiado largo"):
        orden_label(EtiquetaOrden("A1-000123", "", "", "", "", "", qr="x" * 90), SIZES[0])
    with pytest.raises(KnownError, match="copias"):
        orden_label(label(), SIZES[0], copias=0)
