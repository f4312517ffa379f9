"""GET /ordenes on many orders against the same SQL by hand, and the server's memory while ten readers read.

`python -m bench.api FILE` is the reference behind HTTP: the same SQL by hand, in a bare application.
"""

import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import orjson
import uvicorn
from fastapi import FastAPI, Response

from bench.beside import Beside
from bench.measure import bar, quantile, result, timed
from domain.model import TABLES
from servitec_server.models import shown
from testing.company import PERSON
from testing.yard import Yard

COLUMNS = ", ".join(shown(TABLES["orden"], costs=True))
NAMES = COLUMNS.split(", ")
SQL = (
    f"SELECT {COLUMNS} FROM orden WHERE borrado_en IS NULL AND (sucursal_id IS NULL OR sucursal_id = ?) AND id < ?"
    " ORDER BY id DESC LIMIT ?"
)
LAST = "g"
"""After every id."""
USUAL, MOST = 50, 500
PAGE = 1000
REPEATS = 100
READERS, READ_S = 10, 20


class Hand:
    """The same page by hand: the SQL, and its rows as JSON."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.branch: str = self._db.execute("SELECT id FROM sucursal").fetchone()[0]

    def rows(self, after: str, limit: int) -> list[tuple[Any, ...]]:
        return self._db.execute(SQL, (self.branch, after, limit + 1)).fetchall()

    def page(self, after: str, limit: int) -> bytes:
        filas = [dict(zip(NAMES, row, strict=True)) for row in self.rows(after, limit)[:limit]]
        return orjson.dumps({"filas": filas, "siguiente": filas[-1]["id"] if filas else None})

    def key(self, position: int) -> str:
        """The id of the row at this place of the list."""
        found = self._db.execute("SELECT id FROM orden ORDER BY id DESC LIMIT 1 OFFSET ?", (position,)).fetchone()
        return str(found[0])

    def close(self) -> None:
        self._db.close()


def serve(path: Path) -> None:
    """The reference behind HTTP: says where, then "open"."""
    made, hand = FastAPI(), Hand(path)

    @made.get("/ordenes")
    def orders(after: str, limit: int) -> Response:
        return Response(hand.page(after, limit), media_type="application/json")

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(made, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    print("open", flush=True)
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()
    server.should_exit = True
    thread.join()


def api(datos: Path | None, full: bool) -> dict[str, Any]:
    """Pages 1 and 1,000 of the usual size, and the largest; then ten readers."""
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        yard = Yard(Path(name), 1_000_000 if full else 100_000, datos)
        hand = Hand(yard.root / "servidor" / "servidor.db")
        try:
            with httpx.Client(base_url=yard.company.url, timeout=60) as client:
                sign_in(client, yard.company.password)
                bars, ref_s = _pages(client, hand, yard.root / "servidor" / "servidor.db")
            bars += _readers(yard)
        finally:
            hand.close()
            yard.close()
    return result("api", ref_s, bars)


def sign_in(client: httpx.Client, password: str) -> None:
    tokens = client.post("/token", data={"username": PERSON, "password": password}).json()
    client.headers["Authorization"] = f"Bearer {tokens['access_token']}"


def _pages(client: httpx.Client, hand: Hand, path: Path) -> tuple[list[dict[str, Any]], float]:
    cursor, walked = "", []
    for _ in range(PAGE - 1):
        walked.append(read(client, cursor, USUAL))
        cursor = walked[-1]["siguiente"]
    far = (cursor, hand.key(USUAL * (PAGE - 1) - 1))
    seen = [row["id"] for page in walked for row in page["filas"]]
    if len(seen) != len(set(seen)) or seen[-1] != far[1]:
        raise RuntimeError("the pages aren't the list")
    bars, ref_s = [], 0.0
    with Beside("bench.api", str(path)) as beside, httpx.Client(timeout=60) as bare:
        url = f"http://127.0.0.1:{beside.line()}/ordenes"
        for label, (place, after), limit in (
            ("page_1", ("", LAST), USUAL),
            (f"page_{PAGE}", far, USUAL),
            ("page_1_of_500", ("", LAST), MOST),
            ("middle_page_of_500", far, MOST),
        ):
            took, least, alone = _medians(
                partial(read, client, place, limit),
                partial(read_bare, bare, url, after, limit),
                partial(hand.page, after, limit),
            )
            ref_s = ref_s or alone
            bars += [
                bar(f"{label}_vs_sql_behind_http", took / least, 4),
                bar(f"{label}_vs_sql", took / alone, None),
                bar(f"{label}_ms", 1000 * took, None),
            ]
    return bars, ref_s


def read(client: httpx.Client, cursor: str, limit: int) -> Any:
    reply = client.get("/ordenes", params={"cursor": cursor, "limite": limit})
    reply.raise_for_status()
    return orjson.loads(reply.content)


def read_bare(client: httpx.Client, url: str, after: str, limit: int) -> Any:
    return orjson.loads(client.get(url, params={"after": after, "limit": limit}).content)


def _medians(*works: Callable[[], Any]) -> list[float]:
    """The median of each call, one after the other so that what else goes on meets them alike."""
    found = [[timed(work) for work in works] for _ in range(REPEATS)]
    return [quantile(of, 0.5) for of in zip(*found, strict=True)]


def _readers(yard: Yard) -> list[dict[str, Any]]:
    """Ten readers, each page after page: what the server holds at the end more than when all had begun."""
    idle, ends, pages = yard.rss_kb() / 1000, threading.Event(), []

    def walk() -> None:
        with httpx.Client(base_url=yard.company.url, timeout=60) as client:
            sign_in(client, yard.company.password)
            cursor, count = "", 0
            while not ends.is_set():
                cursor = read(client, cursor, MOST)["siguiente"] or ""
                count += 1
        pages.append(count)

    threads = [threading.Thread(target=walk) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    time.sleep(READ_S / 2)
    begun = yard.rss_kb() / 1000
    time.sleep(READ_S)
    end = yard.rss_kb() / 1000
    ends.set()
    for thread in threads:
        thread.join()
    return [
        bar("ten_readers_memory_growth_mb", end - begun, 10),
        bar("ten_readers_memory_above_idle_mb", end - idle, None),
        bar("ten_readers_rows_per_s", sum(pages) * MOST / (1.5 * READ_S), None),
    ]


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
