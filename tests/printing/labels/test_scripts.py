"""Scripts that a printer's own font lacks: on the label what the preview shows, or a mark, or a refusal."""

import base64
import random
import re
import zlib

import pytest
from PIL import Image

from printing.escritura import MARCA, a_la_vista, de_derecha, escribible
from printing.labels.catalogo import shipped
from printing.labels.layout import Caja, NoCabe, Pagina, componer
from printing.labels.plantilla import Plantilla, Texto
from printing.labels.preview import dibujar
from printing.labels.zpl import zpl
from printing.renglones import envolver
from tests.printing.labels.agree import ink
from tests.printing.labels.hostile import compose, make, tokens

SCRIPTS = [
    "王小明 電視机",
    "日本語ラベル",
    "한국어",
    "Привет мир",
    "Ελληνικά",
    "שלום עולם 123",
    "مرحبا بالعالم",
    "Řehoř ő",
]


def page(content: str, dpi: int = 203, **more: object) -> Pagina:
    field = Texto(2, 3, 46, 3, "{falla}", **more)  # type: ignore[arg-type]
    return componer(Plantilla("Prueba", "orden", 50, 25, (field,)), {"falla": content}, dpi)


def sent(box: Caja) -> Image.Image:
    """The picture that a printer gets, unpacked from its Z64 by the standard library alone."""
    total, stride, data = re.fullmatch(r"\^GFA,\d+,(\d+),(\d+),:Z64:([^:]+):[0-9A-F]{4}", box.z64).groups()  # type: ignore[union-attr]
    raw = zlib.decompress(base64.b64decode(data))
    assert len(raw) == int(total)
    found = Image.frombytes("1", (int(stride) * 8, len(raw) // int(stride)), raw)
    return found.crop((0, 0, box.ancho, box.alto))


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("typed", SCRIPTS)
def test_what_the_preview_draws_is_what_the_printer_gets(typed: str, dpi: int) -> None:
    made = page(typed, dpi)
    assert tokens(zpl(made))[1] == []
    (box,) = made.cajas
    assert (box.clase, box.texto) == ("dibujo", typed)
    place = (box.x, box.y, box.x + box.ancho, box.y + box.alto)
    drawn = dibujar(made)
    assert ink(drawn) == place
    assert drawn.crop(place).point(lambda level: 255 - level).convert("1").tobytes() == sent(box).tobytes()
    assert MARCA not in box.texto


def test_each_letter_has_a_look_of_its_own() -> None:
    """No script is drawn as boxes."""
    for typed in SCRIPTS:
        looks = {sent(page(letter).cajas[0]).tobytes() for letter in set(typed) if not letter.isascii()}
        assert len(looks) == len({letter for letter in typed if not letter.isascii()})


def test_latin_text_stays_text() -> None:
    for typed in ("Íñigo Muñoz «Peña» — 24.990 €", "No enciende", "ÿ ½ Œ"):
        made = page(typed)
        assert tokens(zpl(made))[1] == [typed]
        assert b"^GF" not in zpl(made)


def test_only_letters_of_every_printers_font_are_sent_as_text() -> None:
    rng = random.Random(7)
    for _ in range(25):
        made = compose(*make(rng, ["Łódź", "Привет"]), 203)
        if isinstance(made, Pagina):
            for field in tokens(zpl(made))[1]:
                assert field.encode("cp1252")


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        ("אבג", "גבא"),
        ("אבג 123 דה", "הד 123 גבא"),
        ("Pantalla (אב) rota", "Pantalla (בא) rota"),
        ("אב (LCD 12) גד", "דג (LCD 12) בא"),
        ("אב (גד)", "(דג) בא"),
        ("[א(ב)ג] <x>", "<x> [ג(ב)א]"),
        ("12-34 א", "א 12-34"),
        ("A1-000123 אב", "A1-000123 בא"),
        ("سلام", "\ufee1\ufefc\ufeb3"),
        ("سلام (5) x", "x (5) \ufee1\ufefc\ufeb3"),
    ],
)
def test_letters_stand_in_the_order_they_are_seen(read: str, seen: str) -> None:
    assert a_la_vista(read, de_derecha(read)) == seen


def test_what_no_font_has_is_marked_and_never_in_an_identifier() -> None:
    assert escribible("roto 🔧 ส") == f"roto {MARCA} {MARCA}"
    assert escribible("👩\u200d🔧👍🏽 ❤\ufe0f") == f"{MARCA}{MARCA} ❤"
    assert escribible("שָׁלוֹם ﷺ e\u0301") == "שלום صلى الله عليه وسلم é"
    assert escribible("a" + "\u0301" * 100_000 + "b") == "á" + "\u0301" * 4 + "b"
    assert escribible("\u2068abc\u2069 \u202eñ\ud800") == "abc ñ"
    made = page("roto 🔧")
    assert [box.texto for box in made.cajas] == [f"roto {MARCA}"]
    with pytest.raises(NoCabe, match="no se pueden imprimir") as refused:
        page("SN-🔧-1", identificador=True)
    assert refused.value.campo == 0
    assert page("Серия-1", identificador=True).cajas[0].texto == "Серия-1"


def test_a_long_text_of_any_script_is_wrapped_and_cut_within_its_room() -> None:
    for typed in ("電視机壊" * 40, "Сломался экран " * 20, "המסך לא עובד " * 20, "الشاشة لا تعمل " * 20):
        made = page(typed, lineas=3)
        assert len(made.cajas) == 3
        assert made.cajas[-1].texto.endswith("…")
        assert all(box.x >= 16 and box.x + box.ancho <= 48 * 8 for box in made.cajas)
    assert envolver("一二三、四五", 3, len, 2, 1) == ["一二", "三、…"]


@pytest.mark.parametrize(
    "typed", ["ﷺ" * 4000, "[(" * 2000 + "א", "🔧" * 4000, "\u2068" * 3000 + "א", "e\u0301\u0302" * 1400 + "Ж"]
)
def test_a_flood_of_letters_is_cut(typed: str) -> None:
    made = page(typed, lineas=2)
    assert 1 <= len(made.cajas) <= 2
    assert all(box.x + box.ancho <= 48 * 8 and len(box.texto) < 600 for box in made.cajas)


def test_shipped_labels_take_every_script() -> None:
    for template in shipped():
        for typed in SCRIPTS:
            names = ("cliente", "nombre", "falla", "equipo", "sucursal", "accesorio", "direccion")
            sample = {"folio": "A1-000123", "codigo": "B-3", "qr": "A1-000123", "sku": "X-1", "numero": "1"}
            made = componer(template, {**sample, **dict.fromkeys(names, typed)}, 203)
            assert any(box.clase == "dibujo" for box in made.cajas)
