"""A database that can't grow: a push is taken whole or not at all, and says so."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import PoolProxiedConnection

from sync.engine import SyncEngine
from tests.company import Office


def limit(engine: Engine, spare_pages: int | None) -> None:
    """No more than so many pages beyond those that exist; None: as many as it likes."""
    raw: PoolProxiedConnection = engine.raw_connection()
    pages = raw.cursor().execute("PRAGMA page_count").fetchone()[0]
    most = 2**30 if spare_pages is None else pages + spare_pages
    raw.cursor().execute(f"PRAGMA max_page_count={most}")
    raw.close()


def counts(office: Office) -> list[int]:
    with office.central.store.reading() as connection:
        tables = ("orden", "cliente", "cambio", "cambio_fila", "bitacora")
        return [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables]


@pytest.mark.parametrize("spare_pages", [0, 1, 4, 16])
def test_a_push_into_a_full_database_changes_nothing(tmp_path: Path, spare_pages: int) -> None:
    office = Office(tmp_path)
    desk = office.desk("a")
    desk.engine = SyncEngine(desk.replica, desk.line)  # all in one push
    rows = [desk.receive(f"falla {i} " + "x" * 900) for i in range(60)]
    before = counts(office)
    engine = office.central.store.engine
    limit(engine, spare_pages)
    with pytest.raises(OperationalError, match="full"):
        desk.sync()
    assert counts(office) == before
    limit(engine, None)
    while not desk.sync().up_to_date:
        pass
    assert counts(office)[0] == before[0] + len(rows)
    with office.central.store.reading() as connection:
        kept = connection.execute(text("SELECT count(DISTINCT folio) FROM orden")).scalar_one()
    assert kept == before[0] + len(rows)
