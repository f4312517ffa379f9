"""A made-up slice brings all that it needs: no file of the machinery is touched for it."""

import subprocess
import sys
from collections.abc import Callable

import pytest

POINTS = (
    "children_first",
    "own_rows",
    *(pytest.param(point, marks=pytest.mark.soak) for point in ("waiting", "consequences", "sums_of_sums")),
    "what_hangs_on_it",
)
"""The others are found by the simulation too, or by the claims at once: `pytest -m soak tests/structure`."""


def played(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "testing.slice_prueba", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_a_made_up_slice_holds() -> None:
    done = played()
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["bien"]), done.stderr


def test_a_made_up_slice_holds_on_postgresql(postgres_database: Callable[[], str]) -> None:
    done = played(postgres_database().replace("postgresql+psycopg", "postgresql"))
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["bien"]), done.stderr


@pytest.mark.parametrize("point", POINTS)
def test_a_point_taken_out_is_found(point: str) -> None:
    done = played("--sin", point)
    assert done.returncode == 1
    assert "AssertionError" in done.stderr
