"""Do the preview and an independent renderer draw the same label?

`python -m tests.printing.labels.agree VERIFIER` for every shipped template at every resolution: each text and code
box within 1 mm, codes decode to the same data, and nothing that the verifier finds wrong. VERIFIER is a folder with
a module `verify_label` (`verify(...)`, `Renderer`), run by its own interpreter if it has one.
"""

import importlib
import io
import sys
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from printing.labels.catalogo import shipped
from printing.labels.layout import Pagina, componer
from printing.labels.preview import dibujar
from printing.labels.registry import KINDS
from printing.labels.zpl import zpl

NEAR_MM = 1.0


def verifier(folder: str) -> Any:
    """The verifier's module."""
    sys.path.insert(0, folder)
    sys.path += map(str, Path(folder).glob(".venv/lib/*/site-packages"))
    return importlib.import_module("verify_label")


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return picture.point(lambda level: 255 if level < 128 else 0).getbbox()


def own_boxes(page: Pagina) -> list[tuple[int, int, int, int] | None]:
    """The ink of each box, drawn alone by the preview."""
    return [ink(dibujar(Pagina(page.ancho, page.alto, page.dpmm, (box,)))) for box in page.cajas]


def decoded(picture: Image.Image) -> set[str]:
    times = 2 if picture.width < 1000 else 1
    large = picture.resize((picture.width * times, picture.height * times), Image.Resampling.NEAREST)
    sheet = Image.new("L", (large.width + 160, large.height + 160), 255)
    sheet.paste(large, (80, 80))
    return {found.text for found in zxingcpp.read_barcodes(sheet)}


def main() -> int:
    tool = verifier(sys.argv[1])
    renderer = tool.Renderer()
    worst, bad = 0.0, 0
    for plantilla in shipped():
        for dpi in (203, 300, 600):
            page = componer(plantilla, KINDS[plantilla.tipo].muestra(), dpi)
            report = tool.verify(
                zpl(page), plantilla.ancho_mm, plantilla.alto_mm, page.dpmm, renderer=renderer, do_ocr=dpi == 300
            )
            apart = 0.0
            theirs = report["labels"][0]["fields"]
            for box, ours, other in zip(page.cajas, own_boxes(page), theirs, strict=True):
                if ours is None or "box" not in other:
                    print(f"{plantilla.nombre} {dpi}: «{box.texto}» draws nothing")
                    bad += 1
                    continue
                off = max(abs(a - b) for a, b in zip(ours, other["box"], strict=True)) / page.dpmm
                if off > NEAR_MM:
                    print(f"{plantilla.nombre} {dpi}: «{box.texto}» {off:.2f} mm apart: {ours} {other['box']}")
                    bad += 1
                apart = max(apart, off)
            worst = max(worst, apart)
            same = decoded(dibujar(page)) == set(report.get("codes", {}))
            if not same or not report["ok"]:
                print(f"{plantilla.nombre} {dpi}: codes {decoded(dibujar(page))} {report.get('codes')}")
                for error in report["errors"]:
                    print("   ", error["check"], error["msg"])
                bad += 1
    renderer.close()
    print(f"{len(shipped())} templates x 3: worst box {worst:.2f} mm apart, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, "utf-8", line_buffering=True)
    sys.exit(main())
