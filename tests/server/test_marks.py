"""What was decided once outlives a restore, and what remembers it is never guessed at."""

from pathlib import Path

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.errors import KnownError
from domain.base.row import Row
from servitec_server import marks, recovery, rows, stations
from servitec_server.announcement import Announcement
from servitec_server.central import Central
from servitec_server.errors import AuthError
from tests.company import Office
from tests.server.backups import backed_up, everybody, reopened


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def account(office: Office, key: str) -> Row:
    with office.central.store.reading() as connection:
        found = rows.get(connection, "usuario", key)
    assert found is not None
    return found


def test_what_was_decided_outlives_a_restore(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = office.desk("a"), office.desk("b")
    a.receive()
    everybody(a, b)
    backup = backed_up(office)
    central = office.central
    person = office.people["rec"]
    with central.store.reading() as connection:
        usuario = rows.get(connection, "usuario", person.usuario_id)
        estacion = rows.get(connection, "estacion", b.station.id)
    assert usuario is not None
    assert estacion is not None
    closed: Row = {"activo": False}
    revoked: Row = {"estado": "revocado"}
    central.write(SISTEMA, lambda _: actions.editar("usuario", usuario, closed), trusted=True)
    central.write(SISTEMA, lambda _: actions.editar("estacion", estacion, revoked), trusted=True)
    first = office.stations.enrol(office.people["jefa"], "después")
    again = office.stations.enrol(office.people["jefa"], "de nuevo", office.stations.header(first))
    former, header = office.stations.header(first), office.stations.header(again)
    reopened(office, lambda folder: recovery.restore(folder, backup))
    with office.central.store.reading() as connection:
        assert not (rows.get(connection, "usuario", person.usuario_id) or {})["activo"]
        assert (rows.get(connection, "estacion", b.station.id) or {})["estado"] == "revocado"
        assert {first["codigo"], again["codigo"]} <= marks.of_kind(connection, "codigo").keys()
    monkeypatch.setattr(stations, "CODES", (first["codigo"], again["codigo"], "ZZ9"))
    assert office.stations.enrol(office.people["jefa"], "otra")["codigo"] == "ZZ9", "no code is given twice"
    with pytest.raises(KnownError, match="No quedan códigos"):
        office.stations.enrol(office.people["jefa"], "y otra")
    known = office.stations.known(header)
    assert known.codigos == {str(first["codigo"]), str(again["codigo"])}
    assert known.antes == {str(first["id"])}
    with pytest.raises(AuthError, match="no reconoce"):
        office.stations.known(former)


def test_numbers_of_a_lost_history_are_not_given_again(office: Office) -> None:
    desk = office.desk("a")
    backup = backed_up(office)
    for _ in range(3):
        desk.receive()
    desk.sync()
    with office.central.store.reading() as connection:
        given = set(connection.execute(text("SELECT nro_cliente FROM cliente")).scalars())
    reopened(office, lambda folder: recovery.restore(folder, backup))
    fresh = office.desk("b")
    fresh.receive()
    fresh.sync()
    with office.central.store.reading() as connection:
        now = set(connection.execute(text("SELECT nro_cliente FROM cliente")).scalars())
    assert not given & now


def test_what_was_decided_about_people_outlives_two_restores(office: Office) -> None:
    first = backed_up(office, "uno.db")
    bob, eva = office.hire("bob", "recepcionista"), office.hire("eva", "recepcionista")
    second = backed_up(office, "dos.db")
    bob_row, eva_row = account(office, bob.usuario_id), account(office, eva.usuario_id)
    closed: Row = {"activo": False}
    raised: Row = {"generacion": 2}
    office.central.write(SISTEMA, lambda _: actions.editar("usuario", bob_row, closed), trusted=True)
    office.central.write(SISTEMA, lambda _: actions.editar("usuario", eva_row, raised), trusted=True)
    reopened(office, lambda folder: recovery.restore(folder, first))
    office.central.mirror()
    reopened(office, lambda folder: recovery.restore(folder, second))
    assert account(office, bob.usuario_id)["activo"] is False
    assert account(office, eva.usuario_id)["generacion"] == 2


@pytest.mark.parametrize("content", [b"[]", b"null", b"{}", b'{"server_id": "x"}', b"", b"basura"])
def test_marks_that_cannot_be_read_start_nothing(office: Office, content: bytes) -> None:
    office.central.close()
    (office.central.data_dir / "marcas.json").write_bytes(content)
    with pytest.raises(KnownError, match=r"No se puede leer .*marcas\.json"):
        Central(office.central.data_dir)


@pytest.mark.expects_log
def test_what_the_disk_refused_to_remember_is_done_and_written_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Announcement] = []
    office.central.listeners.append(heard.extend)
    desk = office.desk("a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(marks, "write_mirror", full)
        office.stations.revoke(office.people["ana"], desk.station.id, None)
    assert [item.tabla for item in heard][-1] == "estacion"
    before = marks.read_mirror(office.central.data_dir)
    assert before is not None
    assert desk.station.id not in before["revocadas"]
    office.central.mirror_again()
    after = marks.read_mirror(office.central.data_dir)
    assert after is not None
    assert desk.station.id in after["revocadas"]
