"""Stations that lie about what they are, that a restore forgot, or of which there are two."""

import time

import pytest
from sqlalchemy import text

from domain.base.errors import KnownError
from servitec_server import stations
from servitec_server.errors import AuthError
from servitec_server.handler import SyncHandler
from sync.errors import StationRevoked
from tests.company import Desk, Office


def forget(office: Office, desk: Desk) -> None:
    """As a restore to before its enrolment does; marks outlive that."""
    with office.central.store.writing() as connection:
        connection.execute(text("DELETE FROM estacion WHERE id = :id"), {"id": desk.station.id})


def error(office: Office, header: str | None) -> str:
    with pytest.raises(AuthError) as refused:
        office.stations.known(header)
    return refused.value.error


def test_only_the_servers_own_proof_names_a_station(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    key, codigo, credential = a.header.split(":")
    assert office.stations.known(a.header) == a.station
    forged = [
        None,
        "",
        key,
        f"{key}:{credential}",
        f"{key}:{codigo}:",
        f"{key}:{codigo}:{credential}:",
        f"{key}:{b.station.codigo}:{credential}",
        f"{b.station.id}:{codigo}:{credential}",
        f"{office.central.identity.own.id}:00:{credential}",
        f"{key}:\x00:{credential}",
        f"{key}:{codigo}:\xff",
    ]
    assert [error(office, header) for header in forged] == ["credencial"] * len(forged)


def test_a_station_that_the_database_forgot_is_written_down_again(office: Office) -> None:
    a = office.desk("a")
    order = a.receive()
    forget(office, a)
    again = office.stations.known(a.header)
    assert (again.id, again.codigo) == (a.station.id, a.station.codigo)
    a.sync()
    assert office.desk("b").row("orden", order["id"])["folio"] == f"{a.station.codigo}-000001"


def test_a_code_is_not_given_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a = office.desk("a")
    monkeypatch.setattr(stations, "CODES", (a.station.codigo, "ZZ9"))
    assert office.stations.enrol(a.person, "b")["codigo"] == "ZZ9"
    with pytest.raises(KnownError, match="No quedan códigos"):
        office.stations.enrol(a.person, "c")


def test_of_two_stations_with_one_code_the_later_folio_gives_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = office.desk("a")
    first = a.receive("de antes de restaurar")
    forget(office, a)
    with monkeypatch.context() as patch:
        patch.setattr(stations, "CODES", (a.station.codigo,))
        b = office.desk("b")
    second = b.receive("del código repetido")
    assert first["folio"] == second["folio"]
    b.sync()
    office.stations.known(a.header)
    a.sync(), b.sync()
    moved = b.row("orden", first["id"])
    assert str(moved["folio"]).startswith("00-")
    assert moved["folio_impreso"] == first["folio"] == b.row("orden", second["id"])["folio"]


def test_a_revocation_outlives_a_restore(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    for desk in (a, b):
        office.stations.revoke(office.people["ana"], desk.station.id, None)
        assert error(office, desk.header) == "revocada"
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE estacion SET estado = 'activo' WHERE id = :id"), {"id": a.station.id})
    forget(office, b)
    assert [error(office, desk.header) for desk in (a, b)] == ["revocada", "revocada"]
    assert office.stations.known(b.header, revoked=True).revocada


def test_a_station_revoked_while_it_pushes_may_do_nothing_more(office: Office) -> None:
    """Its request came before, its next transaction begins after; then it hands over."""
    a = office.desk("a")

    def clock() -> float:
        """Asked between the check of a request and its first transaction."""
        office.handler = SyncHandler(office.central)
        office.stations.revoke(office.people["ana"], a.station.id, None)
        return time.monotonic()

    order = a.receive()
    office.handler = SyncHandler(office.central, clock)
    with pytest.raises(StationRevoked):
        a.engine._push()
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM orden")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM respuesta WHERE cuerpo IS NOT NULL")).scalar_one() == 0
    a.line.station = office.stations.known(a.header, revoked=True)
    with pytest.raises(StationRevoked):
        a.engine._push()
    with office.central.store.reading() as connection:
        kept = connection.execute(text("SELECT cuerpo FROM respuesta WHERE motivo = 'revocada'")).scalars()
        assert [str(order["id"]) in str(body) for body in kept] == [True]


def test_a_revoked_station_is_no_former_one(office: Office) -> None:
    a = office.desk("a")
    office.stations.revoke(office.people["ana"], a.station.id, None)
    row = office.stations.enrol(a.person, "otra", a.header)
    assert office.stations.known(office.stations.header(row)).antes == frozenset()


def test_enrolling_anew_closes_the_former_station(office: Office) -> None:
    a = office.desk("a")
    first = office.stations.enrol(a.person, "otra", a.header)
    assert error(office, a.header) == "credencial"
    clone = office.stations.enrol(a.person, "la copia", a.header)
    for row in (first, clone):
        now = office.stations.known(office.stations.header(row))
        assert now.antes == {a.station.id}
        assert now.codigos == {a.station.codigo, row["codigo"]}
    third = office.stations.enrol(a.person, "tercera", office.stations.header(first))
    now = office.stations.known(office.stations.header(third))
    assert now.antes == {a.station.id, first["id"]}
    assert error(office, office.stations.header(first)) == "credencial"
    with office.central.store.writing() as connection:
        connection.execute(text("DELETE FROM estacion WHERE codigo <> '00'"))
    again = office.stations.known(office.stations.header(third))
    assert (again.id, again.codigos, again.antes) == (now.id, now.codigos, now.antes)
    assert error(office, office.stations.header(first)) == "credencial"
