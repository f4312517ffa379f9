"""A company of real processes: server and stations by their command lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.company import Company


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    made.start()
    yield made
    made.stop()
