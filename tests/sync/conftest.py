"""A station with its own person, against a server over HTTP in this process."""

from pathlib import Path

import pytest

from tests.counter import Counter
from tests.fixtures_served import Served


@pytest.fixture
def counter(served: Served, tmp_path: Path) -> Counter:
    return Counter(served, tmp_path / "mostrador")
