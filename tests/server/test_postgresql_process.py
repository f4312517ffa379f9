"""The same server process on PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

import pytest

from testing.company import synthetic
from tests.company_here import CallsHere


def test_orders_travel_through_a_server_on_postgresql(
    tmp_path: Path, postgres_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVITEC_DATABASE_URL", postgres_database())
    company = CallsHere(tmp_path)
    company.start()
    try:
        company.enroll("a")
        company.enroll("b")
        datos = synthetic(tmp_path / "datos.csv", 60)
        company.station("a", "import", "ordenes", str(datos), "--map", "ords", "--json")
        assert company.station("a", "sync", "--json")["pushed"] == 60
        company.stop(kill=True)
        company.start()
        assert company.station("b", "sync", "--json")["up_to_date"]
        lists = [company.station(name, "list", "ordenes", "--limit", "100", "--json") for name in "ab"]
        assert lists[0] == lists[1]
        assert len(lists[0]) == 60
        assert not (tmp_path / "servidor" / "servidor.db").exists()
    finally:
        company.stop()
