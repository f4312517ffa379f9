"""A station's file that somebody edited, or where a value went bad: no queue stands still, nothing is lost unsaid."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from local_db import install, open_items, people, state
from local_db.ordenes import queries
from sync.service import SyncService
from tests.company import Desk, Office
from tests.sync.test_worlds import asked_of

pytestmark = pytest.mark.expects_log


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """With one order that the server has, one that waits, and a change of the first that waits."""
    office = Office(tmp_path)
    made = office.desk("a")
    order = made.receive("enviada")
    made.sync()
    made.receive("por enviar")
    made.edit("orden", made.row("orden", order["id"]), titulo="por enviar")
    yield made
    made.replica.close()
    office.central.close()


def edited(desk: Desk, sql: str) -> SyncService:
    """The program is closed, somebody edits its file, and it syncs again."""
    kept = dict(desk.replica.firmantes)
    desk.replica.close()
    db = sqlite3.connect(desk.replica.path)
    db.executescript(sql)
    db.close()
    desk.replica.firmantes.update(kept)
    desk.reopen()
    service = SyncService(desk.replica, desk.engine)
    for _ in range(3):
        service._cycle()
    return service


@pytest.mark.parametrize(
    ("clave", "valor"),
    [
        ("cursor_version", '"x"'),
        ("cursor_version", "null"),
        ("cursor_version", "-5"),
        ("cursor_version", "1.5"),
        ("cursor_version", "{"),
        ("cursor_sello", "[1]"),
        ("furthest", "7"),
        ("furthest", '{"version": "x"}'),
        ("server_time", "{"),
        ("server_time", '"x"'),
        ("digest_en", '"x"'),
        ("pruned_en", "7"),
        ("rebuild", '"quizá"'),
    ],
)
def test_a_value_of_the_state_that_makes_no_sense_is_asked_of_the_server_again(
    desk: Desk, clave: str, valor: str
) -> None:
    service = edited(desk, f"INSERT OR REPLACE INTO sync_state VALUES ('{clave}', '{valor}')")
    assert (service.status().kind, service.status().pending) == ("al_dia", 0)
    assert {f.falla_reportada for f in desk.read(queries.ordenes)} == {"enviada", "por enviar"}


@pytest.mark.parametrize("valor", ['"x"', "99999999999999999999", "-1"])
def test_a_count_that_makes_no_sense_makes_a_station_enrol_anew(desk: Desk, valor: str) -> None:
    service = edited(desk, f"INSERT OR REPLACE INTO sync_state VALUES ('n', '{valor}')")
    assert service.status().pending == 2
    assert desk.read(state.read).reenrol == "clonada"


def test_a_proof_that_is_no_json_is_asked_of_its_author_again(desk: Desk) -> None:
    service = edited(desk, "UPDATE outbox SET firma = '{' WHERE n = 2")
    assert (service.status().pending, service.status().waiting) == (1, 1), "the others went out"
    assert len(desk.read(lambda c: c.exec_driver_sql("SELECT 1 FROM outbox WHERE espera_motivo = 'firma'").all())) == 1


def test_a_receipt_that_is_no_json_stops_nothing(desk: Desk) -> None:
    service = edited(desk, "UPDATE outbox SET recibos = '[', reoferta = (n = 2)")
    assert (service.status().kind, service.status().pending) == ("al_dia", 0)


@pytest.mark.parametrize("ops", ["[1]", "[{}]", '[{"tabla": "orden", "id": 5, "tipo": "alta", "campos": {}}]'])
def test_operations_that_are_none_are_set_aside_and_listed(desk: Desk, ops: str) -> None:
    edited(desk, f"UPDATE outbox SET cuerpo = json_set(cuerpo, '$.ops', json('{ops}')) WHERE n = 2")
    (lost,) = desk.read(open_items.rechazos)
    assert lost.motivo == "danado"
    people.reofrecer_rechazo(desk.replica, desk.person, lost.cambio_id)
    assert desk.sync().up_to_date
    assert {f.falla_reportada for f in desk.read(queries.ordenes)} == {"enviada", "por enviar"}


@pytest.mark.parametrize(
    "more",
    [
        "CREATE TRIGGER t AFTER INSERT ON orden BEGIN DELETE FROM orden; END",
        "CREATE VIEW v AS SELECT * FROM outbox",
    ],
)
def test_a_snapshot_that_would_do_something_is_refused(desk: Desk, tmp_path: Path, more: str) -> None:
    desk.sync()
    desk.receive("por enviar")
    fresh = desk.line.snapshot(asked_of(desk), tmp_path, lambda *_: None)
    db = sqlite3.connect(fresh)
    db.execute(more)
    db.close()
    with pytest.raises(KnownError, match="no está entera"):
        install.install(desk.replica, fresh)
    assert desk.open_items().pending == 1
