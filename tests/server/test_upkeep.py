"""What is old goes in pieces: nobody waits behind it, and a stop in the middle costs nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from domain.base import actions
from domain.base.errors import Rejection
from servitec_server import http, upkeep
from servitec_server.central import Central
from servitec_server.store import Crowded
from servitec_server.tables import cambio_fila, sesion
from tests.company import Office

PIECE = 10


@contextmanager
def deleting(office: Office) -> Iterator[list[int]]:
    """The rows that each write transaction deletes meanwhile."""
    transactions: list[int] = []
    engine = office.central.store.engine

    def begun(*_: Any) -> None:
        transactions.append(0)

    def executed(_: Any, cursor: Any, statement: str, *__: Any) -> None:
        if statement.startswith("DELETE"):
            transactions[-1] += cursor.rowcount

    event.listen(engine, "begin", begun)
    event.listen(engine, "after_cursor_execute", executed)
    yield transactions
    event.remove(engine, "begin", begun)
    event.remove(engine, "after_cursor_execute", executed)


def count(office: Office, table: Any) -> int:
    with office.central.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def old(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Everything is old enough to go."""
    for i in range(40):
        op = actions.alta(office.central.ambient, "marca", {"codigo": f"M{i}", "nombre": f"marca {i}"})
        office.central.write(office.people["ana"], lambda _, op=op: [op])  # type: ignore[misc]
    person, long_ago = office.people["rec"].usuario_id, "2020-01-01T00:00:00.000Z"
    ended = {"usuario_id": person, "familia": person, "expira_en": long_ago, "usado": False}
    with office.central.store.writing() as connection:
        keys = [{**ended, "id": office.central.ambient.new_id(), "refresh_hash": str(i)} for i in range(35)]
        connection.execute(insert(sesion), keys)
    monkeypatch.setattr(upkeep, "KEEP_DAYS", -1)
    monkeypatch.setattr(upkeep, "PIECE", PIECE)
    return office


def test_each_transaction_deletes_a_piece(old: Office) -> None:
    before = count(old, cambio_fila)
    assert before > 4 * PIECE
    of_one = select(func.count()).select_from(cambio_fila).group_by(cambio_fila.c.version)
    with old.central.store.reading() as connection:
        most = max(connection.execute(of_one).scalars())
    with deleting(old) as transactions:
        upkeep.collect(old.central)
    assert (count(old, cambio_fila), count(old, sesion)) == (0, 0)
    assert sum(transactions) >= before + 35
    assert max(transactions) < PIECE + most


def test_others_write_between_two_pieces(old: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def write(_: float) -> None:
        op = actions.alta(old.central.ambient, "marca", {"codigo": f"X{len(made)}", "nombre": "entretanto"})
        answer = old.central.write(old.people["ana"], lambda _: [op])
        made.append(int(answer.version or 0) if answer is not None else 0)

    monkeypatch.setattr("servitec_server.upkeep.sleep", write)
    floor = upkeep.collect(old.central)
    assert len(made) > 4
    assert min(made) > floor
    assert count(old, cambio_fila) == len(made), "what came after the floor is kept"


def test_what_a_stop_left_is_served_to_nobody_and_goes_the_next_time(
    old: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = old.desk("a")
    op = actions.alta(old.central.ambient, "marca", {"codigo": "X", "nombre": "después"})
    old.central.write(old.people["ana"], lambda _: [op])
    left, rest = count(old, cambio_fila), []

    def stop(_: float) -> None:
        rest.append(count(old, cambio_fila))
        if 0 < rest[-1] < left:
            raise Rejection("error", "el servidor se detuvo")

    with monkeypatch.context() as stopped:
        stopped.setattr("servitec_server.upkeep.sleep", stop)
        with pytest.raises(Rejection):
            upkeep.collect(old.central)
    assert 0 < count(old, cambio_fila) < left
    replica = desk.replica.path.name
    assert desk.sync().up_to_date
    assert desk.replica.path.name != replica, "it took a snapshot: the rest of the feed says nothing any more"
    upkeep.collect(old.central)
    assert count(old, cambio_fila) == 0


@pytest.mark.expects_log
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_day_when_it_could_not_be_done_is_not_the_last(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[Exception] = [Crowded("ocupado"), OSError("disco lleno"), LookupError("basta")]

    def collect(_: Central) -> int:
        raise days.pop(0)

    monkeypatch.setattr(upkeep, "collect", collect)
    monkeypatch.setattr(http, "DAY_S", 0)
    with pytest.raises(LookupError, match="basta"):
        asyncio.run(http._daily(office.central))
