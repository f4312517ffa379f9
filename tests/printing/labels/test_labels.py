"""Labels: templates as data, exact bytes, refusals, and a preview of the same."""

import base64
import io
import json
import random

import pytest
from PIL import Image, ImageDraw

from domain.base.ambient import CODES
from domain.base.errors import KnownError
from printing.labels import graphics
from printing.labels.catalogo import shipped
from printing.labels.codigos import guardas
from printing.labels.layout import NoCabe, Pagina, componer
from printing.labels.plantilla import Code128, Logo, Plantilla, Qr, Texto, escribir, leer
from printing.labels.preview import dibujar, preview_png
from printing.labels.registry import KINDS
from printing.labels.texto import ancho, limpio
from printing.labels.zpl import zpl
from printing.renglones import cortar, envolver
from tests.printing.labels.agree import decoded, ink
from tests.printing.labels.hostile import compose, exact, make, tokens

DPIS = (203, 300, 600)
USED = {b"^XA", b"^CI", b"^PW", b"^LL", b"^LH", b"^LS", b"^LT", b"^PO", b"^PM", b"^LR", b"^FW", b"^JZ", b"^BY", b"^FO",
        b"^A0", b"^FH", b"^FD", b"^FS", b"^BC", b"^BE", b"^BQ", b"^GB", b"^GF", b"^PQ", b"^XZ"}  # fmt: skip


def plantilla(*campos: object, ancho: float = 60, alto: float = 40) -> Plantilla:
    return Plantilla("Prueba", "orden", ancho, alto, campos)  # type: ignore[arg-type]


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("shipped_one", shipped(), ids=lambda p: p.nombre)
def test_a_shipped_template_draws_what_it_sends(shipped_one: Plantilla, dpi: int) -> None:
    valores = KINDS[shipped_one.tipo].muestra()
    page = componer(shipped_one, valores, dpi)
    commands, fields = tokens(zpl(page))
    assert set(commands) <= USED
    assert set(exact(page)) <= set(fields)
    codes = {box.texto for box in page.cajas if box.clase in ("code128", "ean13", "qr")}
    assert decoded(dibujar(page)) == codes
    for box in page.cajas:
        drawn = ink(dibujar(Pagina(page.ancho, page.alto, page.dpmm, (box,))))
        assert drawn is not None
        assert (drawn[0] >= box.x - 2, drawn[2] <= box.x + box.ancho + 3) == (True, True), box


@pytest.mark.parametrize("dpi", DPIS)
def test_what_is_read_below_a_code_does_not_touch_it(dpi: int) -> None:
    for known in shipped():
        page = componer(known, KINDS[known.tipo].muestra(), dpi)
        for code in page.cajas:
            if code.clase in ("ean13", "code128"):
                end = code.y + code.alto
                gaps = [
                    (box.y - end) / page.dpmm
                    for box in page.cajas
                    if box.y >= code.y + 1 and box.x < code.x + code.ancho and code.x < box.x + box.ancho
                ]
                assert min(gaps) >= 0.6, known.nombre
            if code.clase == "ean13":
                bars = code.alto - guardas(code.letra)
                assert b"^BEN,%d,N,N" % bars in zpl(page), "the printer draws the guards longer than it is told"


def test_templates_are_the_same_text_again() -> None:
    for known in shipped():
        assert leer(escribir(known)) == known
        assert escribir(leer(escribir(known))) == escribir(known)
        assert set(KINDS[known.tipo].campos) >= set(KINDS[known.tipo].muestra())


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"campos": [{"clase": "texto", "x_mm": 1}]}, r"campos\[0\]"),
        ({"campos": [{"clase": "nada"}]}, "clase de campo"),
        ({"ancho_mm": 5000}, "ancho_mm.*a lo más 220"),
        ({"tipo": "cometa"}, "no es un tipo"),
        ({"otra": 1}, "otra.*no existe"),
        (
            {"campos": [{"clase": "logo", "x_mm": 1, "y_mm": 1, "ancho_mm": 9, "alto_mm": 9, "imagen": "eA=="}]},
            "imagen",
        ),
    ],
)
def test_a_wrong_template_says_where(change: dict[str, object], where: str) -> None:
    good = json.loads(escribir(shipped()[0]))
    with pytest.raises(KnownError, match=where):
        leer(json.dumps({**good, **change}))
    with pytest.raises(KnownError, match="no es JSON"):
        leer("{")


@pytest.mark.parametrize("seed", range(20))
def test_a_hostile_label_is_refused_or_exact(seed: int) -> None:
    rng = random.Random(seed)
    chosen, valores = make(rng, ["Se apaga al mover la pantalla " * 40, "No prende; olía a quemado ~ 2^3"])
    for dpi in DPIS:
        page = compose(chosen, valores, dpi)
        if isinstance(page, KnownError):
            assert page.message
            continue
        commands, fields = tokens(zpl(page))
        assert set(commands) <= USED
        assert (commands.count(b"^XA"), commands.count(b"^XZ")) == (1, 1)
        assert set(exact(page)) <= set(fields)
        assert len(fields) == sum(box.clase not in ("linea", "logo", "dibujo") for box in page.cajas)
        preview_png(page)


def test_what_cannot_be_right_is_refused_with_a_reason() -> None:
    long = {"folio": "A1-" + "9" * 40}
    for field, words in (
        (Texto(1, 2, 20, 5, "{folio}", identificador=True), "no se puede cortar"),
        (Code128(4, 4, 8, "{folio}"), "se sale|blanco"),
        (Code128(0.5, 4, 8, "X"), "blanco"),
        (Qr(50, 4, "{folio}"), "se sale|blanco"),
        (Code128(4, 4, 8, "ñandú"), "no puede ir"),
        (Qr(4, 4, "x" * 300), "no puede ir"),
        (Texto(1, 39, 20, 5, "abajo"), "se sale"),
        (Texto(50, 2, 20, 5, "fuera"), "se sale"),
    ):
        with pytest.raises(NoCabe, match=words) as refused:
            componer(plantilla(field), long, 203)
        assert refused.value.campo == 0
    with pytest.raises(NoCabe, match="enciman"):
        componer(plantilla(Texto(2, 5, 30, 5, "uno"), Texto(3, 6, 30, 5, "dos")), {}, 203)
    with pytest.raises(NoCabe, match="no se leen"):
        componer(plantilla(Code128(4, 4, 8, "X", modulo_mm=0.19)), {}, 152)
    with pytest.raises(NoCabe, match="en blanco"):
        componer(plantilla(Texto(2, 5, 30, 5, "{cliente}")), {}, 203)
    with pytest.raises(KnownError, match="0 copias"):
        zpl(componer(shipped()[0], KINDS[shipped()[0].tipo].muestra(), 203), 0)


def test_free_text_is_cut_whole_letters_and_wrapped_at_words() -> None:
    def wide(line: str) -> float:
        return ancho(line, 20)

    assert cortar("mañana", 10_000, wide) == "mañana"
    cut = cortar("cargador original del cliente", 150, wide)
    assert cut.endswith("…")
    assert "cargador original del cliente".startswith(cut[:-1].rstrip())
    lines = envolver("uno dos tres cuatro cinco seis siete ocho nueve diez once doce", 200, wide, 2, 5)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert lines[0].split()[-1] in ("dos", "tres", "cuatro", "cinco")
    assert limpio("  a\u0301rbol\x00\t\u202evino  ") == "árbol vino"


def test_logos_travel_compressed_and_come_back(tmp_path: object) -> None:
    picture = Image.new("RGBA", (200, 80), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((4, 4, 76, 76), outline="black", width=8)
    pen.rectangle((90, 30, 195, 50), fill="black")
    file = io.BytesIO()
    picture.save(file, "PNG")
    logo = Logo(2, 2, 25, 10, base64.b64encode(file.getvalue()).decode())
    page = componer(plantilla(logo), {}, 203)
    (box,) = page.cajas
    assert box.zpl.startswith("^GFA,2000,2000,25,")
    ours = dibujar(page).crop((box.x, box.y, box.x + box.ancho, box.y + box.alto))
    bits = graphics.blanco_y_negro(logo.imagen, 200, 80)
    assert ours.point(lambda v: 255 - v).convert("1").tobytes() == bits.tobytes()
    assert len(graphics.gf_z64(bits)) < len(graphics.gf_acs(bits)) < 2000
    assert b":Z64:" in zpl(page, modelo="ZTC ZD421-203dpi ZPL")
    assert b":Z64:" not in zpl(page, modelo="LP2844") + zpl(page)


@pytest.mark.parametrize("dpi", DPIS)
def test_the_widest_code_of_a_station_stands_on_every_shipped_label(dpi: int) -> None:
    widest = max(CODES, key=lambda code: ancho(code, 40))
    assert len(widest) == 3
    for known in shipped():
        values = KINDS[known.tipo].muestra()
        old = values.get("folio", "")
        folio = f"{widest}-888888"
        componer(known, {name: value.replace(old, folio) if old else value for name, value in values.items()}, dpi)
