"""The least that a live change can cost with the same libraries: commit, HTTP, commit, WebSocket, commit.

`python -m bench.floor serve FOLDER` is its server: it commits what is posted and tells the open socket.
`python -m bench.floor hear FOLDER URL` is the other station.
"""

import asyncio
import contextlib
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
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect

from bench.beside import Beside

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
        with contextlib.suppress(WebSocketDisconnect):
            await one.receive_text()

    return made


def serve(folder: Path) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app(folder), log_level="warning", ws="websockets-sansio")).run(sockets=[listener])


def hear(folder: Path, url: str) -> None:
    """Commit what the socket brings, and say when."""
    db = opened(folder / "b.db")
    line = websocket.create_connection(f"ws://{url}/ws")
    print("open", flush=True)

    def listen() -> None:
        while True:
            commit(db, str(line.recv()))
            print(time.perf_counter(), flush=True)

    threading.Thread(target=listen, daemon=True).start()
    sys.stdin.read()
    line.close()


def samples() -> list[float]:
    """Seconds from the beginning of one commit to the end of the other station's, change after change."""
    with tempfile.TemporaryDirectory(prefix="servitec-floor-") as name:
        command = [sys.executable, "-m", "bench.floor", "serve", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            if server.stdout is None:
                raise RuntimeError("no pipe")
            found = _measure(Path(name), f"127.0.0.1:{int(server.stdout.readline())}")
            server.kill()
    return found


def _measure(folder: Path, url: str) -> list[float]:
    here = opened(folder / "a.db")
    client = httpx.Client(base_url=f"http://{url}", transport=httpx.HTTPTransport(retries=20))
    client.post("/c", content=b"0")
    found = []
    with Beside("bench.floor", "hear", str(folder), url) as other:
        for i in range(SAMPLES + 5):
            started = time.perf_counter()
            commit(here, str(i))
            client.post("/c", content=f"{i}".encode())
            found.append(float(other.line()) - started)
            time.sleep(0.01)
    client.close()
    return found[5:]


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]))
    else:
        hear(Path(sys.argv[2]), sys.argv[3])
