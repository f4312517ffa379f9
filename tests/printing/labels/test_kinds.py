"""A kind of label is one file: everything else learns of it from there."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from printing.labels import kinds
from printing.labels.catalogo import shipped
from printing.labels.registry import KINDS, kind_of

NEW = """
from printing.labels.kind import LabelKind, of_row, word

KIND = LabelKind(
    "{name}", "{tabla}", "Taller", "Con su teléfono.", "Taller {{nombre}}",
    {{"nombre": ("Nombre", "Taller Central")}},
    of_row("sucursal", lambda _, row: {{"nombre": word(row, "nombre")}}),
    (),
)
"""
TEMPLATE = (
    '{"nombre":"Taller 50x25","tipo":"taller","ancho_mm":50,"alto_mm":25,'
    '"campos":[{"clase":"texto","x_mm":2,"y_mm":3,"ancho_mm":46,"alto_mm":6,"contenido":"{nombre}"}]}'
)
SEEN = """
import sys
from printing.labels import kinds
kinds.__path__.append(sys.argv[1])
from contextlib import closing
from pathlib import Path
from local_db.replica import Replica
from printing import printers
from printing.labels import catalogo
from servitec_desktop.command import arguments
options = arguments.parser().parse_args(["print", "taller", "CENTRAL"])
with closing(Replica.open(Path(sys.argv[2]))) as replica:
    with replica.writing() as writing:
        printers.guardar_por_tipo(writing, printers.PorTipo("taller", None, "taller-50x25"))
    with replica.reading() as connection:
        chosen = printers.por_tipo(connection)["taller"]
        template = catalogo.elegir(connection, "taller", 50, 25)
print(options.que, chosen.plantilla, template.nombre, sep="|")
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, encoding="utf-8", check=False, timeout=60
    )


def declared(folder: Path, name: str = "taller", tabla: str = "sucursal") -> str:
    (folder / "shipped").mkdir(parents=True)
    (folder / "taller.py").write_text(NEW.format(name=name, tabla=tabla), encoding="utf-8")
    (folder / "shipped" / "taller-50x25.json").write_text(TEMPLATE, encoding="utf-8")
    return str(folder)


def test_a_new_file_is_a_new_kind_everywhere(tmp_path: Path) -> None:
    done = run(SEEN, declared(tmp_path / "kinds"), str(tmp_path / "a"))
    assert done.stdout.strip() == "taller|taller-50x25|Taller 50x25", done.stderr


@pytest.mark.parametrize(("name", "tabla"), [("otro", "sucursal"), ("taller", "talleres")])
def test_a_file_that_declares_something_else_is_noticed(tmp_path: Path, name: str, tabla: str) -> None:
    code = (
        "import sys\nfrom printing.labels import kinds\nkinds.__path__.append(sys.argv[1])\n"
        "import printing.labels.registry\n"
    )
    done = run(code, declared(tmp_path / "kinds", name, tabla))
    assert "LookupError: the kind of label" in done.stderr


def test_every_kind_has_a_name_for_its_labels_and_a_template() -> None:
    assert tuple(sorted(KINDS)) == kinds.names()
    assert list(KINDS)[:2] == ["orden", "accesorio"]
    for name, kind in KINDS.items():
        assert kind.titulo.format_map(kind.muestra())
        assert any(known.tipo == name for known in shipped())
    with pytest.raises(KnownError, match="no es un tipo de etiqueta"):
        kind_of("taller")
