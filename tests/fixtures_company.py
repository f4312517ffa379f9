"""The company in one process, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.company import Office
from tests.databases import Databases


@pytest.fixture(scope="session")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office that was only made; others begin as it."""
    root = tmp_path_factory.mktemp("oficina")
    Office(root).close()
    return root / "servidor"


@pytest.fixture(scope="session")
def made_office_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres_databases: Databases) -> tuple[Path, str]:
    """The same on PostgreSQL: the folder, and the database."""
    root, url = tmp_path_factory.mktemp("oficina-pg"), postgres_databases.make()
    Office(root, url).close()
    return root / "servidor", url


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    folder: Path
    url: str | None = None
    if request.param == "postgresql":
        databases: Databases = request.getfixturevalue("postgres_databases")
        folder, like = request.getfixturevalue("made_office_postgresql")
        url = databases.make(like)
    else:
        folder = request.getfixturevalue("made_office")
    shutil.copytree(folder, tmp_path / "servidor")
    made = Office(tmp_path, url)
    yield made
    made.close()
