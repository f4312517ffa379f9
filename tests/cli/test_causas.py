"""What a command line says of a failure: a known cause in its sentences, anything else as a bug with a trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servitec_desktop.command import cli, commands
from tests.causes import ERRORS


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], int]:
    """A command that ends with an error."""

    def fails(error: Exception) -> int:
        def status(*_: Any) -> int:
            raise error

        monkeypatch.setattr(commands, "status", status)
        return cli.main(["--data-dir", str(tmp_path), "status"])

    return fails


def test_every_cause_is_told(run: Callable[[Exception], int], capsys: pytest.CaptureFixture[str]) -> None:
    for error in ERRORS:
        assert run(error) == 1
        assert capsys.readouterr().err == f"servitec: {error.message} {error.hint}\n"


@pytest.mark.expects_log
def test_anything_else_is_a_bug(
    run: Callable[[Exception], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ZeroDivisionError("nadie lo previó")) == 1
    assert "Error del programa. El detalle quedó en" in capsys.readouterr().err
    (path,) = (tmp_path / "logs").glob("*.log")
    logged = path.read_text(encoding="utf-8")
    assert "Traceback" in logged
    assert "ZeroDivisionError: nadie lo previó" in logged
