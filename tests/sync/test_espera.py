"""A change that the server can't apply before something else comes is seen, and a person may decide about it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from domain.wire import Answer, PushReply
from local_db import fallback, open_items
from local_db.ordenes import queries
from sync.service import SyncService
from sync.transport import Asked
from tests.company import Desk, Office

WHY = "Falta la orden A1-000009, que el servidor perdió."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = Office(tmp_path)
    yield office.desk("a")
    office.close()


def let_wait(desk: Desk) -> None:
    """The server answers every change so, as it does after a restore for a row that another station has to bring."""
    push = desk.line.push

    def waiting(asked: Asked, bodies: list[str]) -> PushReply:
        reply = push(asked, [])
        ids = [json.loads(body)["id"] for body in bodies]
        reply.answers = [Answer(id=key, resultado="espera", motivo="no_existe", mensaje=WHY) for key in ids]
        return reply

    desk.line.push = waiting  # type: ignore[method-assign]


def listed(desk: Desk) -> list[open_items.PendienteFila]:
    found: list[open_items.PendienteFila] = desk.read(open_items.pendientes)
    return found


def test_what_waits_is_listed_with_its_reason_and_can_be_discarded(desk: Desk) -> None:
    order = desk.receive("primera")
    desk.edit("orden", desk.row("orden", order["id"]), ubicacion_fisica="estante 3")
    other = desk.receive("segunda")
    first, edit, second = listed(desk)
    with pytest.raises(KnownError, match="aún puede aplicarlo"):
        fallback.discard(desk.replica, first.id)
    let_wait(desk)
    service = SyncService(desk.replica, desk.engine)
    service._cycle()
    status = service.status()
    assert (status.kind, status.pending, status.waiting) == ("con_rechazos", 3, 3)
    assert [f.espera for f in listed(desk)] == [WHY] * 3
    assert json.loads(str(desk.read(lambda c: open_items.cuerpo(c, edit.id))))["ops"][0]["campos"]
    assert fallback.count_dependents(desk.replica, first.id) == 2
    assert fallback.discard(desk.replica, first.id) == 2
    assert [f.id for f in listed(desk)] == [second.id]
    assert {f.id for f in desk.read(queries.ordenes)} == {other["id"]}
    with pytest.raises(KnownError, match="ya no espera"):
        fallback.discard(desk.replica, first.id)
    del desk.line.push  # the real server again
    assert desk.sync().up_to_date
    assert service.status().waiting == 0
    assert {f.id for f in desk.read(queries.ordenes)} == {other["id"]}
    with pytest.raises(KnownError):
        fallback.discard(desk.replica, second.id)


def test_an_edit_that_waited_falls_back_to_what_the_server_has(desk: Desk) -> None:
    order = desk.receive()
    desk.sync()
    desk.edit("orden", desk.row("orden", order["id"]), ubicacion_fisica="estante 3")
    let_wait(desk)
    desk.sync()
    (edit,) = listed(desk)
    fallback.discard(desk.replica, edit.id)
    assert desk.row("orden", order["id"])["ubicacion_fisica"] is None
    del desk.line.push
    assert desk.sync().up_to_date
