"""A database that is busy, full, away or read-only: everybody is told which, and nobody waits without an end."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.errors import KnownError
from servitec_server import store
from servitec_server.central import Central
from servitec_server.store import Store
from tests.fixtures_served import Served
from tests.waiting import until

pytestmark = pytest.mark.expects_log
AT_ONCE = 60
"""More than the server has threads."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT_S", 1, raising=False)


def address(served: Served) -> str:
    """Of the PostgreSQL database, as psycopg takes it."""
    url = served.office.central.store.engine.url.render_as_string(hide_password=False)
    return url.replace("+psycopg", "")


@contextmanager
def stuck_writer(served: Served) -> Iterator[None]:
    """Somebody who holds the database's write lock and does nothing."""
    if served.office.central.store.is_sqlite:
        path = served.office.root / "servidor" / "servidor.db"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(address(served)) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (store.WRITE_LOCK,))
            yield


def told(reply: httpx.Response) -> tuple[int, str]:
    if reply.status_code == 503:
        assert int(reply.headers["Retry-After"]) > 0
    assert reply.is_success or reply.json()["mensaje"]
    return reply.status_code, reply.json().get("error", "")


def test_behind_a_stuck_writer_readers_read_and_writers_are_told(served: Served) -> None:
    with served.client("jefa") as client, ThreadPoolExecutor(AT_ONCE) as threads:
        with stuck_writer(served):
            waiting = [threads.submit(client.post, "/clientes", json={"nombre": "Íñigo"}) for _ in range(AT_ONCE)]
            assert client.get("/clientes?total=true").json()["total"] == 0
            assert client.get("/salud").status_code == 200
            assert {told(future.result()) for future in waiting} == {(503, "ocupado")}
        assert client.post("/clientes", json={"nombre": "Íñigo"}).status_code == 201
        assert client.get("/clientes?total=true").json()["total"] == 1


def test_a_writer_that_says_nothing_more_is_ended(
    postgres_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WAIT_S", 60, raising=False)
    monkeypatch.setattr(store, "WRITE_IDLE_S", 1, raising=False)
    url = postgres_database()
    other, silent = Central(tmp_path / "a", url), Store(tmp_path / "b", url)
    op = actions.alta(other.ambient, "marca", {"codigo": "x", "nombre": "x"})

    def hold() -> None:
        with silent.writing() as connection:
            other.write(SISTEMA, lambda _: [op], trusted=True)
            connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError):
        hold()
    with other.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM marca WHERE codigo = 'x'")).scalar_one() == 1
    silent.close()
    other.close()


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_database_that_is_away_is_said_to_be(served: Served) -> None:
    name = address(served).rpartition("/")[2]
    with (
        psycopg.connect(address(served).replace(name, "postgres"), autocommit=True) as elsewhere,
        served.client("jefa", "a") as client,
    ):

        def rename(old: str, new: str) -> None:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            while elsewhere.execute(ended, (old,)).rowcount:
                pass
            elsewhere.execute(f"ALTER DATABASE {old} RENAME TO {new}")

        rename(name, "otra")
        push = {"protocol": 1, "schema": 1, "cambios": []}
        assert told(client.get("/salud")) == (503, "sin_base")
        assert told(client.get("/clientes")) == (503, "sin_base")
        assert told(client.post("/clientes", json={"nombre": "Íñigo"})) == (503, "sin_base")
        assert told(client.post("/sync/push", json=push)) == (503, "sin_base")
        rename("otra", name)
        assert client.get("/salud").json()["estado"] == "ok"
        assert client.post("/clientes", json={"nombre": "Íñigo"}).status_code == 201


def test_a_database_that_only_reads_is_said_to(served: Served) -> None:
    central = served.office.central
    with served.client("jefa") as client:
        with central.store.engine.connect() as connection:
            if central.store.is_sqlite:
                connection.connection.execute("PRAGMA query_only=ON")
            else:
                name = address(served).rpartition("/")[2]
                connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
                connection.commit()
        if not central.store.is_sqlite:
            until(lambda: central.store.engine.pool.checkedout() == 0)  # type: ignore[attr-defined]
            central.store.engine.dispose()
        assert told(client.post("/clientes", json={"nombre": "Íñigo"})) == (503, "solo_lectura")
        assert told(client.get("/clientes")) == (200, "")


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_to_be(served: Served) -> None:
    with served.client("jefa") as client:
        with served.office.central.store.engine.connect() as connection:
            raw = connection.connection
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count={pages}")
        answers = {told(client.post("/clientes", json={"nombre": "x" * 100, "notas": "x" * 5000})) for _ in range(20)}
        assert (503, "disco_lleno") in answers
        assert answers <= {(503, "disco_lleno"), (201, "")}


def test_a_bug_is_told_as_one_and_logged_with_its_trace(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with served.client("jefa") as client:
        with served.office.central.store.writing() as connection:
            connection.execute(
                text("DROP TABLE cliente" + ("" if served.office.central.store.is_sqlite else " CASCADE"))
            )
        assert told(client.get("/clientes")) == (500, "error")
        assert told(client.get("/salud")) == (200, "")
    assert any(record.exc_info and record.name == "servitec_server.failures" for record in caplog.records)


def test_a_database_that_does_not_open_is_told_in_spanish(tmp_path: Path) -> None:
    (tmp_path / "servidor.db").write_bytes(b"x" * 4096)
    with pytest.raises(KnownError) as told:
        Store(tmp_path)
    assert told.value.message == "La base de datos central no se puede abrir: no es una base de datos."
