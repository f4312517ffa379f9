"""A company of real processes: server and stations by their command lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.company import Company


@pytest.fixture(scope="session")
def made_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """One whose server never ran; others begin as it."""
    return Company(tmp_path_factory.mktemp("compania"))


@pytest.fixture
def company(tmp_path: Path, made_company: Company) -> Iterator[Company]:
    made = Company(tmp_path, like=made_company)
    made.start()
    yield made
    made.stop()
