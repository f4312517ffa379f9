"""`dev.py migration` in a copy of the program with a made-up table and columns; what it writes, on data of now."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from domain.upgrade import SCHEMA
from local_db import rows, state
from servitec_server.upgrade import raise_floor
from tests.company import Office
from tests.databases import Databases
from tests.domain.later import NEXT, TRAVELS, copied, edit, run
from tools.migration import Folders, Refused, write

STAYS = {
    "storage/station.py": (
        "OWN = tuple(",
        'nota = Table("nota", own, Column("id", Text, primary_key=True))\n'
        'impresora.append_column(Column("nota", Text))\nIndex("ix_impresora_nota", impresora.c.nota)\nOWN = tuple(',
    ),
}
INDEXED = {"domain/clientes/tables.py": ('indexed=("telefono_e164",', 'indexed=("apodo", "telefono_e164",')}


def written(copy: Path) -> list[str]:
    """The migrations of both sides."""
    return sorted(p.name for p in copy.rglob("0*") if p.suffix != ".pyc")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path)


def of_now(tmp_path: Path, databases: Databases | None) -> tuple[Path, str | None]:
    """A company on the program of now: a station with an order sent, two that wait, and a print job."""
    url = databases.make() if databases else None
    office = Office(tmp_path / "empresa", url)
    desk = office.desk("a")
    desk.receive("enviada")
    desk.sync()
    desk.receive("por enviar")
    desk.receive("también")
    with desk.replica.writing() as writing:
        rows.raw(writing.connection).execute(
            "INSERT INTO trabajo_impresion (id, destino, titulo, datos, sha256, estado, creado_en, actualizado_en) "
            "VALUES ('t', 'tcp://x', 'x', x'00', 'x', 'en_cola', '', '')"
        )
    desk.replica.close()
    office.central.close()
    return tmp_path / "empresa", url


@pytest.mark.parametrize("database", [pytest.param("sqlite", marks=pytest.mark.soak), "postgresql"])
def test_what_it_writes_brings_both_sides_to_the_model(
    tmp_path: Path, copy: Path, database: str, request: pytest.FixtureRequest
) -> None:
    root, url = of_now(tmp_path, None if database == "sqlite" else request.getfixturevalue("postgres_databases"))
    edit(copy, TRAVELS)
    edit(copy, STAYS)
    edit(copy, INDEXED)
    assert run(copy, "-m", "tools.migration", "made_up").count("wrote") == 3
    assert "nothing to write" in run(copy, "-m", "tools.migration", "again")
    found: dict[str, Any] = json.loads(run(copy, "-m", "tests.domain.played_later", str(root), *([url] if url else [])))
    assert (found["schema"], found["central"], found["replica"]) == (NEXT, [], [])
    assert (found["cliente"]["apodo"], found["cliente"]["puntos"]) == (True, False)
    assert "rubro" in found["keys"]
    assert found["rebuild"] is True, "what travels rose: only a snapshot brings the rest"
    assert (found["waiting"], found["jobs"]) == (2, 1)
    assert (found["pushed"], found["al_dia"], found["ordenes"]) == (2, True, 3)
    assert (found["rebuild_after"], found["jobs_after"], found["replica_after"]) == (False, 1, [])


def test_the_stations_own_tables_are_made_in_place(tmp_path: Path, copy: Path) -> None:
    root, _ = of_now(tmp_path, None)
    edit(copy, STAYS)
    assert run(copy, "-m", "tools.migration", "made_up").count("wrote") == 1
    found: dict[str, Any] = json.loads(run(copy, "-m", "tests.domain.played_later", str(root)))
    assert (found["schema"], found["central"], found["replica"], found["rebuild"]) == (SCHEMA, [], [], False)
    assert (found["waiting"], found["jobs"], found["pushed"], found["al_dia"]) == (2, 1, 2, True)


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({**TRAVELS, "domain/upgrade.py": (f"SCHEMA = {SCHEMA}\n", f"SCHEMA = {SCHEMA}\n")}, f"SCHEMA = {NEXT}"),
        (
            {
                **TRAVELS,
                "domain/catalogos/tables.py": (
                    'catalogo("marca"',
                    'catalogo("rubro", "R", "o"),\n    catalogo("marca"',
                ),
            },
            f"since={NEXT} of rubro",
        ),
        ({"domain/clientes/tables.py": ('Col("anonimizado_en", "instant"),', "")}, "anonimizado_en"),
        ({"domain/clientes/tables.py": ('Col("dni", length=40)', 'Col("dni", length=50)')}, "dni"),
        ({"domain/clientes/tables.py": ('Col("dni", length=40)', 'Col("dni", length=40, required=True)')}, "dni"),
        ({"storage/station.py": ('    Column("modelo", Text),\n', "")}, "modelo"),
    ],
)
def test_anything_else_is_refused_and_nothing_written(copy: Path, edits: dict[str, tuple[str, str]], told: str) -> None:
    edit(copy, edits)
    before = written(copy)
    assert told in run(copy, "-m", "tools.migration", "made_up", codes=(1,))
    assert written(copy) == before


def test_a_name_is_a_name() -> None:
    with pytest.raises(Refused, match="no name"):
        write("../fuera", Folders())


def test_a_migration_that_fills_a_column_raises_the_floor(office: Office) -> None:
    """The rows keep their versions; a station at the very head hears of it all the same, once."""
    desk, other = office.desk("a"), office.desk("b")
    order = desk.receive()
    desk.sync(), other.sync()
    waiting = desk.receive("por enviar")
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE orden SET titulo = 'lleno'"))
        raise_floor(connection)
    for one in (desk, other):
        assert one.sync().up_to_date
        assert one.row("orden", order["id"])["titulo"] == "lleno"
    assert int(desk.row("orden", waiting["id"])["version"] or 0) > 0
    assert other.sync().up_to_date
    place = other.read(state.read).cursor.place
    office.handler.snapshots = type(office.handler.snapshots)(office.central)
    other.line.fault = lambda: "ok"
    assert other.sync().up_to_date
    assert other.read(state.read).cursor.place == place
