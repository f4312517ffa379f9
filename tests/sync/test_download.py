"""The download of a replica over HTTP: cancelled, broken and gone on with, damaged."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from local_db import state
from sync.errors import ServerUnreachable
from testing.company import Company
from testing.yard import Station, Yard
from tests.company_here import CompanyHere


@pytest.fixture
def station(tmp_path: Path, made_company: Company) -> Iterator[Station]:
    yard = Yard(tmp_path, 4000, company=CompanyHere(tmp_path, like=made_company))
    made = yard.station("a")
    yield made
    made.close()
    yard.close()


def orders(station: Station) -> int:
    with station.replica.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM orden").scalar() or 0)


def rebuild(station: Station) -> None:
    with station.replica.writing() as writing:
        state.write(writing, rebuild=True)


def test_a_cancelled_download_leaves_the_old_replica_and_is_gone_on_with(station: Station) -> None:
    rebuild(station)
    station.change(3, "por enviar")
    before = station.replica.path

    def cancel(done: int, total: int) -> None:
        assert 0 < done <= total
        raise KnownError("La descarga de la base se canceló.")

    station.engine.progress = cancel
    with pytest.raises(KnownError, match="canceló"):
        station.engine.cycle()
    assert station.replica.path == before
    assert orders(station) == 4000
    part = station.folder / "instantanea.part"
    received = part.stat().st_size
    assert received > 0
    content = part.read_bytes()
    part.write_bytes(content[: received // 2])
    told: list[tuple[int, int]] = []
    station.engine.progress = lambda done, total: told.append((done, total))
    result = station.engine.cycle()
    assert (result.pushed, result.up_to_date) == (3, True)
    assert told[-1][0] == told[-1][1]
    assert station.replica.path != before
    assert not before.exists()
    assert orders(station) == 4000
    assert not part.exists()


def test_a_part_that_is_complete_or_damaged_is_begun_anew(station: Station) -> None:
    etag = ""

    def keep(*_: int) -> None:
        nonlocal etag
        etag = (station.folder / "instantanea.etag").read_text()

    station.engine.progress = keep
    rebuild(station)
    station.engine.cycle()
    assert etag
    for content in (b"nada de esto es una base" * 50, b"\x00" * 10_000_000):
        (station.folder / "instantanea.part").write_bytes(content)
        (station.folder / "instantanea.etag").write_text(etag)
        rebuild(station)
        for _ in range(3):
            with suppress(ServerUnreachable):
                station.engine.cycle()
        assert orders(station) == 4000
        with station.replica.reading() as connection:
            assert not state.read(connection).rebuild
