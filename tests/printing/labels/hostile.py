"""Labels of people who type ZPL, control bytes, emoji, other scripts and novels.

`python -m tests.printing.labels.hostile 500 --verifier FOLDER [--texts CSV.gz]`: every label is refused with a
reason, or an independent verifier finds nothing wrong and every field's exact data in it.
"""

import argparse
import csv
import gzip
import random
import re
import sys
from pathlib import Path

from domain.base.errors import KnownError
from printing.labels.catalogo import shipped
from printing.labels.layout import Pagina, componer
from printing.labels.plantilla import Plantilla
from printing.labels.registry import KINDS
from printing.labels.zpl import zpl
from tests.printing.labels.agree import verifier

PIECES = (
    "^XA^FO10,10^A0N,50,50^FDrobado^FS^XZ", "~JR", "^XZ", "~HS", "^FS^FO0,0^GB400,300,300^FS", "_5E_7E", "^FH^FD_",
    "\\&",
    "\x00\x01\x02\x1b[31m", "\x03\x02\r\n\t", "😀🔧📱", "👩\u200d🔧", "e\u0301n\u0303o\u0308", "a" + "\u0301" * 40,
    "\u202eenignE\u202c", "שלום עולם", "مرحبا بالعالم", "日本語のラベル", "Žluťoučký kůň", "Ελληνικά", "Привет",
    "«Ñandú» ¿qué?", "ÁÉÍÓÚÜÑ", "€ 1.234,50", ">:>;>0", "{folio}", "{0.__class__}", "%s%n", "' OR 1=1 --",
    "<b>negrita</b>", "\ufeff", "\ud800", "\u2028línea\u2029", "M" * 200, "palabra " * 40, "ﷺ" * 20, "Ⅷ½¾", "ﬁ",
)  # fmt: skip


def hostile(rng: random.Random, texts: list[str]) -> str:
    """A value nobody should type."""
    kind = rng.random()
    if kind < 0.1:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(20, 120)))[:3000].ljust(3000, "x")
    if kind < 0.3 and texts:
        return rng.choice(texts)
    if kind < 0.4:
        return "".join(chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x110000)))) for _ in range(60))
    return " ".join(rng.choice(PIECES) for _ in range(rng.randint(1, 5)))


def make(rng: random.Random, texts: list[str]) -> tuple[Plantilla, dict[str, str]]:
    """A shipped template, and values: all of them hostile, or some."""
    plantilla = rng.choice(shipped())
    part = rng.choice((0.3, 0.7, 1.0))
    valores = KINDS[plantilla.tipo].muestra()
    for name in KINDS[plantilla.tipo].campos:
        if rng.random() < part and (part == 1.0 or name not in ("folio", "codigo", "qr")):
            valores[name] = hostile(rng, texts)
    return plantilla, valores


def exact(page: Pagina) -> list[str]:
    """The data that has to stand in the fields, as decoded from ^FH."""
    made = []
    for box in page.cajas:
        if box.clase == "texto":
            made.append(box.texto)
        elif box.clase == "qr":
            made.append(f"MA,{box.texto}")
        elif box.clase == "ean13":
            made.append(box.texto[:12])
    return made


def compose(plantilla: Plantilla, valores: dict[str, str], dpi: int) -> Pagina | KnownError:
    try:
        return componer(plantilla, valores, dpi)
    except KnownError as refused:
        return refused


def tokens(data: bytes) -> tuple[list[bytes], list[str]]:
    """The commands of a label, and the data of its fields with ^FH undone."""
    commands = re.findall(rb"[\^~][A-Z0-9@]{1,2}", data)
    fields = [
        re.sub(rb"_([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), found).decode("utf-8")
        for found in re.findall(rb"\^FD([^\^~]*)\^FS", data)
    ]
    return commands, fields


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.printing.labels.hostile")
    parser.add_argument("labels", type=int)
    parser.add_argument("--verifier", required=True)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts: list[str] = []
    if options.texts:
        with gzip.open(options.texts, "rt", encoding="utf-8") as file:
            texts = [row["problem"] for row in csv.DictReader(file) if row.get("problem")][:20_000]
    tool = verifier(options.verifier)
    renderer = tool.Renderer()
    passed = refused = bad = 0
    for number in range(options.labels):
        rng = random.Random(f"{options.seed} {number}")
        plantilla, valores = make(rng, texts)
        for dpi in (203, 300, 600):
            page = compose(plantilla, valores, dpi)
            if isinstance(page, KnownError):
                refused += 1
                if not page.message.strip():
                    bad += 1
                continue
            report = tool.verify(
                zpl(page), plantilla.ancho_mm, plantilla.alto_mm, page.dpmm, renderer=renderer, do_ocr=False,
                datas=exact(page), fields_expected=len(page.cajas),
            )  # fmt: skip
            if report["ok"]:
                passed += 1
            else:
                bad += 1
                print(f"{number} {plantilla.nombre} {dpi}:", [(e["check"], e["msg"][:160]) for e in report["errors"]])
    renderer.close()
    print(f"{options.labels} x 3: {passed} passed, {refused} refused with a reason, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
