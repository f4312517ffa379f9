"""The machinery knows no slice, and code keeps its size. Each of these tests fails on a broken example."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from domain.base.table import COMMON
from domain.model import MATRIZ, SPECS

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "storage", "console", "local_db", "sync", "printing", "servitec_desktop", "servitec_server")
SLICES = {path.name for path in (ROOT / "domain").iterdir() if (path / "tables.py").exists()}

MACHINERY = ("domain", "storage", "console", "sync", "local_db", "servitec_server")
"""Where slices have folders of their own; what stands beside those knows none."""
NOT_YET = {
    "domain/model.py": "gathers the slices",
}
"""What is of a slice and stands in no slice's folder."""
GATHER = {"domain/model.py", "servitec_server/cli.py", "servitec_server/routes.py"}
"""The registries of the machinery: what slices bring is listed there, and imported nowhere else."""
OWN_SLICE = "sincronizacion"
OWN_TABLES = {"usuario", "estacion", "conflicto"}
OWN_WORDS = {
    *("motivo", "tipo", "cuerpo", "serie", "cantidad", "texto", "clase", "titulo"),  # of the wire and of its own tables
    *("entidad", "entidad_id", "ocurrio_en", "padre_id", "equipo", "codigo", "nombre"),
    *("borrado_en", "observado", "folio", "sucursal_id", "activo", "activa", "color", "orden"),  # of every table's form
    *("cliente", "sucursal", "telefono"),  # roles, reaches, kinds of search
    *("marca", "modelo", "prioridad"),  # of printers and their queue
}
"""What the machinery gives a meaning of its own, whatever slices call so too."""

NOBODY_ASKS: set[str] = set()
"""Rights of the matrix that nothing asks for yet."""

MOST_LINES, MOST_METHODS, MOST_FUNCTION = 400, 20, 60


def sources(*packages: str) -> Iterator[tuple[str, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def is_machinery(name: str) -> bool:
    parts = name.split("/")
    return parts[0] in MACHINERY and not SLICES & set(parts[1:]) and "migrations" not in parts and name not in NOT_YET


def nouns(source: str) -> set[str]:
    """The tables and columns of slices that a source names, as a string or in SQL."""
    own = {col.name for spec in SPECS if spec.name in OWN_TABLES for col in spec.cols} | {col.name for col in COMMON}
    tables = {spec.name for spec in SPECS} - OWN_TABLES - OWN_WORDS
    columns = {col.name for spec in SPECS for col in spec.cols} - own - OWN_WORDS
    tree = ast.parse(source)
    told = {id(node.body[0].value) for node in ast.walk(tree) if _is_documented(node)}  # type: ignore[attr-defined]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            words = set(re.findall(r"\w+", node.value))
            sql = "SELECT" in words or "FROM" in words or "UPDATE" in words
            found |= words & tables if sql or node.value.isidentifier() else set()
            found |= {node.value} & columns
    return found


def _is_documented(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


def too_large(name: str, source: str) -> list[str]:
    """What of a source is more than it may be."""
    tree, found = ast.parse(source), []
    lines = source.count("\n")
    if lines > MOST_LINES:
        found.append(f"{name}: {lines} lines")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) for item in node.body)
            if methods > MOST_METHODS:
                found.append(f"{name}: {node.name} has {methods} methods")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > MOST_FUNCTION:
                found.append(f"{name}: {node.name} has {size} lines")
    return found


def rights_in(found: Iterable[tuple[str, str]]) -> set[str]:
    """Every text that could be a right."""
    pattern = re.compile(r"""["']([a-z_]+(?:\.[a-z_]+)?)["']""")
    return {match for _, source in found for match in pattern.findall(source)}


def test_the_machinery_names_no_slice() -> None:
    named = {name: nouns(source) for name, source in sources(*MACHINERY) if is_machinery(name)}
    assert {name: found for name, found in named.items() if found} == {}


def slices_imported(source: str) -> set[str]:
    """The slices from which a source imports something."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= SLICES & {*(node.module or "").split(".")[1:2], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= SLICES & {part for alias in node.names for part in alias.name.split(".")[1:2]}
    return found - {OWN_SLICE}


def test_the_machinery_imports_no_slice() -> None:
    found = {name: slices_imported(source) for name, source in sources(*MACHINERY) if is_machinery(name)}
    assert {name for name, slices in found.items() if slices} == GATHER - {"domain/model.py"}


@pytest.mark.parametrize("source", ["from local_db.ordenes import queries", "import domain.ordenes.rules"])
def test_an_import_of_a_slice_is_noticed(source: str) -> None:
    assert slices_imported(source) == {"ordenes"}


@pytest.mark.parametrize(
    "source",
    [
        'if op.tabla == "orden_de_prueba" or op.tabla == "movimiento_stock":\n    pass',
        'sql = "SELECT id FROM historial_orden"',
        'row["falla_reportada"] = None',
    ],
)
def test_a_noun_is_noticed(source: str) -> None:
    assert nouns(source)


def test_what_stands_elsewhere_is_still_there() -> None:
    assert not [name for name in NOT_YET if not (ROOT / name).exists()]


def test_nothing_is_too_large() -> None:
    generated = "servitec_server/migrations/"
    found = [
        complaint
        for name, source in sources(*PACKAGES, "tests", "testing", "bench")
        if not name.startswith(generated)
        for complaint in too_large(name, source)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n" * 401,
        "class A:\n" + "".join(f"    def m{i}(self): ...\n" for i in range(21)),
        "def f():\n" + "    x = 1\n" * 60,
    ],
)
def test_what_is_too_large_is_noticed(source: str) -> None:
    assert too_large("x.py", source)


def test_every_slice_stands_in_the_contract_of_its_imports() -> None:
    """import-linter says nothing of a slice that no layer names."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (layers,) = (c["layers"] for c in tools["importlinter"]["contracts"] if c["name"].startswith("Slices import"))
    assert SLICES - {layer.removeprefix("domain.") for layer in layers} == set()


def test_every_right_is_used() -> None:
    """By a rule that asks for it, or by the name of a table and what is done to it."""
    matrices = {f"domain/{name}/permissions.py" for name in SLICES | {"organizacion"}}
    own = [(name, source) for name, source in sources(*PACKAGES) if name not in matrices]
    asked = rights_in(own)
    by_table = {f"{spec.name}.{verb}" for spec in SPECS for verb in ("ver", "crear", "editar", "borrar")}
    assert set(MATRIZ) - asked - by_table == NOBODY_ASKS


def test_every_table_that_people_write_has_rights() -> None:
    for spec in SPECS:
        if spec.writers == "todos" and type(spec.regla).change.__qualname__ == "Rule.change" and not spec.append_only:
            assert f"{spec.name}.editar" in MATRIZ
            assert f"{spec.name}.borrar" in MATRIZ
