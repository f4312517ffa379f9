"""Conflicts on the command line: which field of what, both values and whose they are; and what to do about them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.ordenes import actions as de_ordenes
from local_db import people
from servitec_desktop.command import cli
from servitec_desktop.command.diagnosis import examine
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from tests.company import Desk, Office
from tests.company_here import standard_input


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Where two fields of an order, and one of a client, are in conflict with what another station did."""
    office = Office(tmp_path)
    here, there = office.desk("a", "jefa"), office.desk("b", "ana")
    order = here.receive("No enciende")

    def assign(at: Desk, name: str) -> None:
        seen = at.row("orden", order["id"])
        key = office.people[name].empleado_id or ""
        people.guardar(at.replica, at.person, de_ordenes.asignar(at.replica.ambient, seen, key))

    assign(here, "tec")
    assert here.sync().up_to_date
    there.sync()
    for at, title, who, name in ((there, "uno\ndos", "ana", "Íñigo Paz"), (here, "tres", "rec", "Íñigo Luz")):
        assign(at, who)
        at.edit("orden", at.row("orden", order["id"]), titulo=title)
        at.edit("cliente", at.row("cliente", order["cliente_id"]), nombre=name)
    there.sync()
    here.sync()
    assert here.open_items().conflicts == 3
    yield here
    office.close()


def command(desk: Desk, *arguments: str) -> int:
    with standard_input(""):
        return cli.main(["--data-dir", str(desk.folder), "list", "conflictos", *arguments])


def test_they_are_listed_in_words(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(desk) == 0
    shown = capsys.readouterr().out.splitlines()
    folio = next(line for line in shown if "Título" in line).partition("  ")[0]
    assert folio.startswith(desk.station.codigo)
    when = r"\d\d-\d\d-\d{4} \d\d:\d\d"
    assert len(shown) == 3
    for pattern in (
        rf"{folio}  Título  quedó: «uno dos» de ana, {when}  tardío: «tres» de jefa, {when}",
        rf"{folio}  Técnico  quedó: «ana» de ana, {when}  tardío: «rec» de jefa, {when}",
        rf"Cliente Íñigo Paz  Nombre  quedó: «Íñigo Paz» de ana, {when}  tardío: «Íñigo Luz» de jefa, {when}",
    ):
        assert any(re.fullmatch(pattern, line) for line in shown), shown
    assert command(desk, "--buscar", "título", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(item["campo"], item["valor_servidor"], item["valor_tardio"]) for item in found] == [
        ("titulo", "uno\ndos", "tres")
    ]


def test_the_doctor_says_what_to_do(desk: Desk) -> None:
    found = next(f for f in examine(Context(desk.folder, Config())) if f.what == "Cambios")
    assert "conflicto" in found.todo
    assert "«servitec list conflictos»" in found.todo
    assert "Sincronización" in found.todo
    assert "rechaz" not in found.todo
