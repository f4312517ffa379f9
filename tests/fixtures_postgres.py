"""A real PostgreSQL, started by the tests in a temporary folder: one server a worker, a new database a test."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import Databases


def binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")) if os.name == "posix" else []
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise RuntimeError(f"{name} not found: install PostgreSQL (python3 dev.py setup does on Debian)")
    return path


def _run(*command: str) -> None:
    """PostgreSQL refuses to run as root: there it runs as the user postgres."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.name == "posix" and os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server, without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="servitec-pg-"))
    if os.name == "posix" and os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", _free_port()
    try:
        _run(binary("initdb"), "-D", str(data), "-U", "servitec", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
        options += (
            " -c fsync=off -c full_page_writes=off"  # its machine never loses power; our own processes are killed
        )
        _run(binary("pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"127.0.0.1:{port}"
        finally:
            _run(binary("pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Databases:
    return Databases(postgres_server)


@pytest.fixture
def postgres_database(postgres_databases: Databases) -> Callable[[], str]:
    """Makes a new, empty database at each call and gives its SQLAlchemy URL."""
    return postgres_databases.make
