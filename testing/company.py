"""A whole company on this machine: a server process and stations driven by their command lines."""

import csv
import json
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVER = [sys.executable, "-m", "servitec_server"]
STATION = [sys.executable, "-m", "servitec_desktop"]
PERSON = "jefa"
CALL_S = 3600
"""No command takes longer."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def synthetic(path: Path, rows: int) -> Path:
    """A file in the Open Repair Data Standard, for a machine without real data."""
    words = (
        *("no", "enciende", "pantalla", "rota", "batería", "ruido", "agua", "cable"),
        *("botón", "pierde", "fuerza", "se", "apaga", "café"),
    )
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["id", "data_provider", "country", "product_category", "brand", "repair_status", "group_identifier"]
            + ["event_date", "problem"]
        )
        for i in range(rows):
            problem = " ".join(words[(i * k) % len(words)] for k in (3, 5, 7, 11)) if i % 2 else ""
            status = ("Fixed", "Repairable", "End of life", "Unknown")[i % 4]
            day = f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}"
            group = f"Grupo {i % 90}"
            writer.writerow([f"syn_{i}", "Synthetic", "CHL", "Laptop", "Marca", status, group, day, problem])
    return path


class Company:
    """A supervisor of the branch CENTRAL, a server on a fixed port, stations by name, all under `root`."""

    def __init__(self, root: Path, env: dict[str, str] | None = None, like: "Company | None" = None) -> None:
        """`like`: another that has only been made, which this one begins as."""
        self.root = root
        self.env = env
        self.port = free_port()
        self.password: str = secrets.token_urlsafe(12) if like is None else like.password
        self._server: subprocess.Popen[str] | None = None
        if like is None:
            self.create_user(PERSON)
        else:
            shutil.copytree(like.root / "servidor", root / "servidor")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server; returns when it says that it is ready."""
        command = [*SERVER, "serve", "--data-dir", str(self.root / "servidor"), "--port", str(self.port)]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=self.env)
        if self._server.stdout is None or not self._server.stdout.readline():
            raise RuntimeError("the server did not start")

    def stop(self, *, kill: bool = False) -> None:
        """End the server: SIGTERM, or kill -9."""
        if self._server is not None:
            (self._server.kill if kill else self._server.terminate)()
            self._server.wait(15)
            if self._server.stdout is not None:
                self._server.stdout.close()
            self._server = None

    def create_user(self, username: str, rol: str = "supervisor") -> None:
        """An account of the branch CENTRAL with the one password; the server must not run."""
        command = [*SERVER, "create-user", "--data-dir", str(self.root / "servidor"), "--username", username]
        self._run([*command, "--rol", rol, "--sucursal", "CENTRAL"], self.password)

    def enroll(self, name: str, username: str = PERSON) -> None:
        self.station(
            name, "enroll", "--server", self.url, "--username", username, "--estacion", name, stdin=self.password
        )

    def command(self, name: str, *arguments: str) -> list[str]:
        folder = self.root / name
        return [
            *STATION,
            "--data-dir",
            str(folder),
            "--credentials-file",
            str(folder / "credenciales.json"),
            *arguments,
        ]

    def station(self, name: str, *arguments: str, stdin: str = "", codes: tuple[int, ...] = (0, 3)) -> Any:
        """Run a command of a station; the value it printed with --json, else its text."""
        out = self._run(self.command(name, *arguments), stdin, codes)
        return json.loads(out) if "--json" in arguments and out else out

    def server(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command of the server's administration; what it printed."""
        done = self.call([*SERVER, *arguments])
        if done.returncode not in codes:
            raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr}")
        return done.stdout + done.stderr

    def popen(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command of a station and let it run."""
        return subprocess.Popen(
            self.command(name, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.env,
        )

    def call(self, command: list[str], stdin: str | None = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `stdin` None: there is none."""
        return subprocess.run(
            command,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env=self.env,
            timeout=CALL_S,
        )

    def _run(self, command: list[str], stdin: str = "", codes: tuple[int, ...] = (0, 3)) -> str:
        done = self.call(command, stdin)
        if done.returncode not in codes:
            raise RuntimeError(f"{' '.join(command[2:])} ended with {done.returncode}: {done.stderr}")
        return done.stdout
