"""What the tests of printing share: a replica, and its queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_db.replica import Replica
from printing.queue import PrintQueue
from testing.person import signed_in


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    made = signed_in(Replica.open(tmp_path / "a"))
    yield made
    made.close()


@pytest.fixture
def queue(replica: Replica) -> Iterator[PrintQueue]:
    made = PrintQueue(replica)
    made.start()
    yield made
    made.close()
