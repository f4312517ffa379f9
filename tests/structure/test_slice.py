"""A made-up slice brings all that it needs: no file of the machinery is touched for it."""

import subprocess
import sys
from collections.abc import Callable

import pytest

POINTS = 8


def played(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "testing.slice_prueba", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_a_made_up_slice_holds() -> None:
    done = played()
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["bien"]), done.stderr


@pytest.mark.soak
def test_a_made_up_slice_holds_on_postgresql(postgres_database: Callable[[], str]) -> None:
    done = played("--url", postgres_database().replace("postgresql+psycopg", "postgresql"))
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["bien"]), done.stderr


def test_each_point_taken_out_is_found() -> None:
    done = played("--sin")
    assert (done.returncode, done.stdout.count(": notado\n")) == (0, POINTS), done.stdout + done.stderr
