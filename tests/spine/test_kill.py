"""kill -9 at random moments: nothing acknowledged is lost, nothing is there twice, all start again.

Each kind runs once in the ordinary tests; `pytest -m soak tests/spine` runs each twenty times more.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.company import Company, synthetic
from tests.company_here import CallsHere

ROWS = 2500
ROUNDS = [0, *(pytest.param(i, marks=pytest.mark.soak) for i in range(1, 21))]


@pytest.fixture
def company(tmp_path: Path, made_company: Company) -> Iterator[Company]:
    company = CallsHere(tmp_path, like=made_company)
    company.start()
    company.enroll("a")
    yield company
    company.stop()


def count(path: Path, query: str = "SELECT count(*) FROM orden") -> int:
    """A figure of a database that another process is writing."""
    if not path.exists():
        return 0
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return int(db.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()


def wait_for(path: Path, at_least: int, query: str = "SELECT count(*) FROM orden") -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        seen = count(path, query)
        if seen >= at_least:
            return seen
    raise AssertionError(f"{path.name}: {at_least} never reached")


def replica_of(company: Company, name: str = "a") -> Path:
    folder = company.root / name
    return folder / (folder / "actual").read_text(encoding="utf-8")


def server_of(company: Company) -> Path:
    return company.root / "servidor" / "servidor.db"


def import_all(company: Company, datos: Path) -> dict[str, int]:
    result: dict[str, int] = company.station("a", "import", "ordenes", str(datos), "--map", "ords", "--json")
    return result


def check_all_there_once(company: Company) -> None:
    """Both databases hold every order once, and the server's versions have no gaps."""
    done = company.station("a", "sync", "--json")
    assert done["up_to_date"], done
    for path in (replica_of(company), server_of(company)):
        assert count(path) == ROWS
        assert count(path, "SELECT count(DISTINCT referencia_externa) FROM orden") == ROWS
        assert count(path, "SELECT count(DISTINCT folio) FROM orden") == ROWS
        assert count(path, "SELECT count(*) FROM historial_orden") == ROWS
        assert count(path, "SELECT count(*) FROM equipo") == ROWS
    versions = count(server_of(company), "SELECT max(version) FROM cambio")
    assert versions == count(server_of(company), "SELECT count(*) FROM cambio")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("turn", ROUNDS)
def test_a_station_killed_while_it_imports(company: Company, tmp_path: Path, turn: int) -> None:
    datos = synthetic(tmp_path / "datos.csv", ROWS)
    process = company.popen("a", "import", "ordenes", str(datos), "--map", "ords", "--json")
    acknowledged = wait_for(replica_of(company), random.randint(1, ROWS - 500))
    process.kill()
    process.wait()
    kept = count(replica_of(company))
    assert acknowledged <= kept < ROWS
    result = import_all(company, datos)
    assert (result["created"], result["unchanged"], result["failed"]) == (ROWS - kept, kept, 0)
    check_all_there_once(company)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("turn", ROUNDS)
def test_a_station_killed_while_it_syncs(company: Company, tmp_path: Path, turn: int) -> None:
    import_all(company, synthetic(tmp_path / "datos.csv", ROWS))
    process = company.popen("a", "sync", "--json")
    wait_for(server_of(company), random.randint(1, ROWS - 600))
    process.kill()
    process.wait()
    assert 0 < count(server_of(company)) < ROWS
    assert count(replica_of(company)) == ROWS
    check_all_there_once(company)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("turn", ROUNDS)
def test_a_server_killed_while_it_takes_a_push(company: Company, tmp_path: Path, turn: int) -> None:
    import_all(company, synthetic(tmp_path / "datos.csv", ROWS))
    process = company.popen("a", "sync", "--json")
    wait_for(server_of(company), random.randint(1, ROWS - 600))
    company.stop(kill=True)
    assert process.wait(60) == 1
    acknowledged = ROWS - count(replica_of(company), "SELECT count(*) FROM outbox WHERE acusado_en IS NULL")
    assert acknowledged <= count(server_of(company)) < ROWS
    company.start()
    check_all_there_once(company)
