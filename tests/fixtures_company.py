"""The company in one process, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.company import Office


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url: str | None = None
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("postgres_database")
        url = make()
    made = Office(tmp_path, url)
    yield made
    made.close()
