"""The server's number series: no number twice, whatever is missing."""

from sqlalchemy import text

from domain.base import actions
from servitec_server.epochs import open_epoch
from servitec_server.history import SERIES_AHEAD, keep_number, last_number, next_number
from servitec_server.working import WorkingSet
from tests.company import Office


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
