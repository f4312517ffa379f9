"""The server's number series: no number twice, whatever is missing."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.base import actions
from local_db import rows
from servitec_server.epochs import open_epoch
from servitec_server.history import SERIES_AHEAD, keep_number, last_number, next_number
from servitec_server.working_set import WorkingSet
from tests.company import Desk, Office
from tests.sync.test_restore import restore
from tests.sync.test_worlds import backup_of


def numbers(office: Office) -> list[str]:
    with office.central.store.reading() as connection:
        found = connection.execute(text("SELECT nro_cliente FROM cliente ORDER BY id"))
        return [str(row[0]) for row in found]


def make(office: Office, name: str) -> None:
    alta = actions.alta(office.central.ambient, "cliente", {"nombre": name})
    office.central.write(office.people["ana"], lambda _: [alta])


def test_a_series_that_is_missing_is_made(office: Office) -> None:
    with office.central.store.writing() as connection:
        connection.execute(text("DELETE FROM serie WHERE nombre = 'cliente'"))
    for name in ("una", "dos", "tres"):
        make(office, name)
    assert numbers(office) == ["1", "2", "3"]
    with office.central.store.reading() as connection:
        assert last_number(connection, "cliente") == 3


def test_one_series_for_what_apply_numbers_and_for_what_others_do(office: Office) -> None:
    with office.central.store.writing() as connection:
        assert next_number(connection, "nueva") == 1
        working = WorkingSet(connection)
        assert working.next_number("nueva") == 2
        working.flush()
        assert next_number(connection, "nueva") == 3
        keep_number(connection, "nueva", 7)
        assert next_number(connection, "nueva") == 8


def test_after_a_lost_history_a_missing_series_begins_further_on(office: Office) -> None:
    """Its numbers may have been given there, and come back with what is offered again."""
    with office.central.store.writing() as connection:
        open_epoch(connection, office.central.ambient, 1, "prueba")
        assert next_number(connection, "caso") == SERIES_AHEAD + 1


def by_client(office: Office) -> dict[str, str]:
    with office.central.store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(text("SELECT id, nro_cliente FROM cliente"))}


def lost_day(tmp_path: Path) -> tuple[Office, list[Desk], dict[str, str]]:
    """Two stations made clients, and then the server was restored from before; gives who had which number."""
    office = Office(tmp_path)
    backup = backup_of(office)
    desks = [office.desk("a"), office.desk("b")]
    for desk in desks * 2:
        desk.receive()
        desk.sync()
    before = by_client(office)
    assert sorted(before.values()) == ["1", "2", "3", "4"]
    for desk in desks:
        desk.replica.close()
    restore(office, backup)
    for desk in desks:
        desk.reopen()
    assert by_client(office) == {}
    return office, desks, before


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_numbers_outlive_a_restore_in_whatever_order_they_come_back(tmp_path: Path, order: tuple[int, int]) -> None:
    office, desks, before = lost_day(tmp_path)
    for turn in order:
        desks[turn].sync()
    assert by_client(office) == before
    make(office, "nueva")
    assert len(set(numbers(office))) == 5
    for desk in desks:
        assert desk.sync().up_to_date
        assert {str(row["nro_cliente"]) for (tabla, _), row in desk.dump().items() if tabla == "cliente"} == set(
            numbers(office)
        )
    office.close()


def test_numbers_outlive_two_restores(tmp_path: Path) -> None:
    office, desks, before = lost_day(tmp_path)
    (tmp_path / "respaldo.db").rename(tmp_path / "anterior.db")
    backup = backup_of(office)
    for desk in desks:
        desk.sync()
        desk.replica.close()
    restore(office, backup)
    for desk in reversed(desks):
        desk.reopen()
        desk.sync()
    assert by_client(office) == before
    office.close()


def test_a_number_that_another_has_by_now_is_not_taken_from_him(tmp_path: Path) -> None:
    """He got it in a history whose series began anew."""
    office, desks, before = lost_day(tmp_path)
    make(office, "otra")
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE cliente SET nro_cliente = '1'"))
    (other,) = by_client(office)
    for desk in desks:
        desk.sync()
    found = by_client(office)
    assert found[other] == "1"
    assert len(set(found.values())) == 5
    kept = {key: number for key, number in before.items() if number != "1"}
    assert kept.items() <= found.items()
    office.close()


def test_a_forged_number_is_not_taken(tmp_path: Path) -> None:
    office, desks, before = lost_day(tmp_path)
    desk = desks[0]
    with desk.replica.writing() as writing:
        db = rows.raw(writing.connection)
        for n, recibos in db.execute("SELECT n, recibos FROM outbox").fetchall():
            forged = json.loads(recibos)
            for receipt in forged:
                receipt["numeros"] = [[t, key, name, "7"] for t, key, name, _ in receipt["numeros"]]
            db.execute("UPDATE outbox SET recibos = ? WHERE n = ?", (json.dumps(forged), n))
    desk.sync()
    assert len(before) == 4
    assert "7" not in numbers(office)
    assert all(int(number) > SERIES_AHEAD for number in numbers(office))
    office.close()
