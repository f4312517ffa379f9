"""The least that a live change can cost with the same libraries: commit, HTTP, commit, WebSocket, commit.

`python -m bench.floor FOLDER` is its server: it commits what is posted and tells the open socket.
"""

import asyncio
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import uvicorn
import websocket
from fastapi import FastAPI, Request, WebSocket

SAMPLES = 200


def opened(path: Path) -> sqlite3.Connection:
    """A database that commits as ours do."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, texto TEXT)")
    return db


def commit(db: sqlite3.Connection, value: str) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO t (texto) VALUES (?)", (value,))
    db.execute("COMMIT")


def app(folder: Path) -> FastAPI:
    made, db, sockets = FastAPI(), opened(folder / "server.db"), list[WebSocket]()

    @made.post("/c")
    async def changed(request: Request) -> dict[str, str]:
        value = (await request.body()).decode()
        await asyncio.to_thread(commit, db, value)
        for one in sockets:
            await one.send_text(value)
        return {"resultado": "aplicado"}

    @made.websocket("/ws")
    async def live(one: WebSocket) -> None:
        await one.accept()
        sockets.append(one)
        await one.receive_text()

    return made


def serve(folder: Path) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app(folder), log_level="warning", ws="websockets-sansio")).run(sockets=[listener])


def samples() -> list[float]:
    """Seconds from the beginning of one commit to the end of the other station's, change after change."""
    with tempfile.TemporaryDirectory(prefix="servitec-floor-") as name:
        folder = Path(name)
        command = [sys.executable, "-m", "bench.floor", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            if server.stdout is None:
                raise RuntimeError("no pipe")
            url = f"127.0.0.1:{int(server.stdout.readline())}"
            found = _measure(folder, url)
            server.kill()
    return found


def _measure(folder: Path, url: str) -> list[float]:
    here, there = opened(folder / "a.db"), opened(folder / "b.db")
    client = httpx.Client(base_url=f"http://{url}", transport=httpx.HTTPTransport(retries=20))
    client.post("/c", content=b"0")
    line = websocket.create_connection(f"ws://{url}/ws")
    seen, moments = threading.Event(), [0.0]

    def listen() -> None:
        for _ in range(SAMPLES + 5):
            commit(there, str(line.recv()))
            moments[0] = time.perf_counter()
            seen.set()

    threading.Thread(target=listen, daemon=True).start()
    found = []
    for i in range(SAMPLES + 5):
        seen.clear()
        started = time.perf_counter()
        commit(here, str(i))
        client.post("/c", content=f"{i}".encode())
        seen.wait(20)
        found.append(moments[0] - started)
        time.sleep(0.01)
    client.close()
    line.close()
    return found[5:]


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
