"""A copy of the program with a later schema, and how it is made and run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from domain.upgrade import SCHEMA

ROOT = Path(__file__).parents[2]
NEXT = SCHEMA + 1

PACKAGES = ("domain", "storage", "console", "servitec_server", "local_db", "sync", "tests", "tools")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "desktop", "printing")

TRAVELS = {
    "domain/upgrade.py": (f"SCHEMA = {SCHEMA}\n", f"SCHEMA = {NEXT}\n"),
    "domain/catalogos/tables.py": (
        'catalogo("marca"',
        f'catalogo("rubro", "Rubro", "o", Col("nivel", "int", default=0), since={NEXT}),\n    catalogo("marca"',
    ),
    "domain/clientes/tables.py": (
        'Col("anonimizado_en", "instant"),',
        f'Col("anonimizado_en", "instant"), Col("apodo", length=80, since={NEXT}), '
        f'Col("puntos", "int", required=True, default=3, since={NEXT}), ref("rubro_id", "rubro", since={NEXT}),',
    ),
}
"""A table and columns that travel: what a next schema may bring."""


def edit(copy: Path, edits: dict[str, tuple[str, str]]) -> None:
    for name, (old, new) in edits.items():
        path = copy / name
        source = path.read_text(encoding="utf-8")
        assert source.count(old) >= 1, (name, old)
        path.write_text(source.replace(old, new, 1), encoding="utf-8")


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "copia"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=LEFT_OUT)
    return folder


def run(copy: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
    environment = dict(os.environ, PYTHONPATH=str(copy))
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in codes, done.stderr
    return done.stdout + done.stderr
