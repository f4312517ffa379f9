"""Noise fails a test; and the real PostgreSQL that tests may ask for.

Fixtures live in tests/fixtures_*.py, one file a part of the house.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import textos

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

pytest_plugins = [f"tests.{path.stem}" for path in sorted(Path(__file__).parent.glob("fixtures_*.py"))]

OURS = ("domain", "console", "local_db", "sync", "printing", "servitec_desktop", "servitec_server")


def pytest_configure(config: pytest.Config) -> None:
    """The window's catalogues, before any worker loads one."""
    if not hasattr(config, "workerinput"):
        textos.compile_()


@pytest.fixture(autouse=True)
def _quiet_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning or error in our logs fails the test, unless it asked for it (mark `expects_log`)."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    noise = [
        f"{record.name}: {record.getMessage()}"
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING and record.name.split(".")[0] in OURS
    ]
    assert not noise, f"unexpected log: {noise}"
