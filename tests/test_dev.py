"""dev.py says in one sentence what is wrong, and leaves the machine as it was."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).parents[1]


def test_an_old_python_is_refused() -> None:
    dev.check_python((3, 11))
    with pytest.raises(dev.Problem, match=r"Python 3\.11 or newer is needed; this one is 3\.10\."):
        dev.check_python((3, 10))


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(folder / "dev.py"), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_wrong_usage() -> None:
    assert run(ROOT, "bailar").returncode == 2
    assert run(ROOT).returncode == 2


def test_without_a_network_it_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    for name in ("dev.py", "uv.lock", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    nowhere = "http://127.0.0.1:9/simple"
    offline = {
        "PATH": "/usr/bin:/bin",
        "PIP_INDEX_URL": nowhere,
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    done = run(tmp_path, "setup", **offline)
    assert done.returncode == 1
    assert done.stderr.startswith("dev.py: uv could not be installed (is there a network?)")
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / ".dev").exists()
    assert not (tmp_path / ".venv").exists()


def test_the_demo_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "servitec_desktop.demo", "--datos", str(tmp_path / "no.csv")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "No existe el archivo" in done.stderr
    assert list(tmp_path.iterdir()) == []
