"""PostgreSQL with overlapping writers: a reader that polls by version misses nothing.

5 seconds in the ordinary tests; `pytest -m soak tests/server` runs a minute.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.scope import scope_of
from domain.upgrade import SCHEMA
from domain.wire import Cursor, Head
from servitec_server.central import Central
from servitec_server.feed import Options
from servitec_server.handler import SyncHandler

WRITERS = 8


@pytest.mark.timeout(200)
@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.soak)])
def test_a_polling_reader_misses_nothing(
    postgres_database: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setenv("SERVITEC_KEY_FILE", str(tmp_path / "clave"))
    url = postgres_database()
    processes = [Central(tmp_path / str(i), url) for i in range(WRITERS)]
    reader = Central(tmp_path / "reader", url)
    stop = threading.Event()
    written: list[set[str]] = [set() for _ in range(WRITERS)]
    problems: list[BaseException] = []

    def write(i: int) -> None:
        central = processes[i]
        try:
            while not stop.is_set():
                op = actions.alta(central.ambient, "marca", {"codigo": central.ambient.new_id(), "nombre": f"{i}"})
                central.write(SISTEMA, lambda _, op=op: [op], trusted=True)  # type: ignore[misc]
                written[i].add(op.id)
        except BaseException as error:  # noqa: BLE001  (told to the test)
            problems.append(error)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(WRITERS)]
    for thread in threads:
        thread.start()
    seen = poll(reader, seconds, stop)
    stop.set()
    for thread in threads:
        thread.join()
    seen |= poll(reader, 0, stop, seen)
    assert not problems
    every = set().union(*written)
    assert len(every) > 20
    assert every - seen.keys() == set()
    with reader.store.reading() as connection:
        versions = list(connection.execute(text("SELECT version FROM cambio ORDER BY version")).scalars())
    assert versions == list(range(1, len(versions) + 1))
    for central in (*processes, reader):
        central.close()


def poll(
    central: Central, seconds: float, stop: threading.Event, known: dict[str, Cursor] | None = None
) -> dict[str, Cursor]:
    """Pull again and again; the rows seen, each with the cursor after it."""
    handler = SyncHandler(central)
    station = central.identity.own
    seen = dict(known or {})
    cursor = max(seen.values(), key=lambda c: c.version, default=Cursor())
    until = time.monotonic() + seconds
    while True:
        ended = time.monotonic() >= until
        head = Head(schema=SCHEMA, cursor=cursor)
        reply = handler.changes(head, None, scope_of(Actor("u", "administrador")), station, Options())
        for group in reply.grupos:
            seen |= {str(values[0]): reply.cursor for values in group.filas if group.tabla == "marca"}
        cursor = reply.cursor
        if ended and reply.last:
            return seen
