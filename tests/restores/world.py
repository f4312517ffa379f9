"""The company of these runs: a real server that is put back, and stations that are processes of their own."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from domain.base.row import Row
from local_db import rows
from local_db.replica import Replica
from testing.company import PERSON, Company
from tests.chaos.proxy import FaultProxy
from tests.chaos.station import JOURNAL, SURPRISES
from tests.fixtures_postgres import binary

REPOSITORY = Path(__file__).parents[2]
END_S = 60.0


class Desk:
    """A station's process, which is told what to do in lines."""

    def __init__(self, world: "World", name: str) -> None:
        self.name = name
        self.folder = world.root / name
        self.folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.restores.station", "--data-dir", str(self.folder)]
        command += ["--credentials-file", str(self.folder / "credenciales.json"), "--server", world.company.url]
        command += ["--name", name, "--username", PERSON]
        if world.proxy is not None:
            command += ["--through", f"http://127.0.0.1:{world.proxy.port}"]
        self._command, self._password, self._rng = command, world.company.password, world.rng
        self.log = world.root / f"{name}.log"
        self.kills = 0
        self.start()

    def start(self) -> None:
        """Its program; when it is ready it says so, as its first answer."""
        command = [*self._command, "--seed", str(self._rng.getrandbits(32))]
        with self.log.open("ab") as stream:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stream, text=True, cwd=REPOSITORY
            )
        self.send(self._password)

    def kill(self) -> None:
        """kill -9, and its program is started again."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        self.kills += 1
        self.start()
        assert self.answer() == "ready"

    def send(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """What it answers to the oldest line that wasn't answered yet."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"{self.name} ended: {self.log.read_text(encoding='utf-8')[-3000:]}"
        return json.loads(line)

    def ask(self, line: str) -> Any:
        self.send(line)
        return self.answer()

    def end(self) -> None:
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def journal(self) -> list[str]:
        """The Cambios that were saved here."""
        return (self.folder / JOURNAL).read_text(encoding="utf-8").splitlines()

    def surprises(self) -> str:
        path = self.folder / SURPRISES
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def read(self, query: Callable[[Connection], Any]) -> Any:
        with closing(Replica.open(self.folder, write=False)) as replica, replica.reading() as connection:
            return query(connection)

    def outbox(self) -> dict[str, tuple[bool, Row]]:
        """Of each Cambio that is kept here: whether the server took it, and its content."""
        sql = "SELECT id, acusado_en IS NOT NULL, cuerpo FROM outbox"

        def found(connection: Connection) -> list[Any]:
            return rows.raw(connection).execute(sql).fetchall()

        return {key: (bool(taken), json.loads(cuerpo)) for key, taken, cuerpo in self.read(found)}


class World:
    """`database_url` None: SQLite. `faults`: the share of requests that go wrong until `heal`.

    `untold`: it goes back behind its own back, by a copy of its file, of its whole folder, or of a backup.
    """

    def __init__(
        self,
        root: Path,
        rng: random.Random,
        like: Company | None = None,
        database_url: str | None = None,
        faults: float = 0.0,
        untold: str = "",
    ) -> None:
        self.root = root
        self.rng = rng
        self.database_url = database_url
        self.untold = untold
        env = {name: value for name, value in os.environ.items() if name != "SERVITEC_DATABASE_URL"}
        if database_url is not None:
            env["SERVITEC_DATABASE_URL"] = database_url
        self.company = Company(root, env, like)
        if like is None:
            self.company.create_user("tec", "tecnico")
        self.folder = root / "servidor"
        self.desks: list[Desk] = []
        self.proxy = FaultProxy(lambda: [self.company.port], rng, faults) if faults else None
        self._saved = 0
        self.company.start()

    def close(self) -> None:
        for desk in self.desks:
            desk.end()
        if self.proxy is not None:
            self.proxy.close()
        self.company.stop()

    def open(self, *names: str) -> None:
        """Stations enrol."""
        fresh = [Desk(self, name) for name in names]
        self.desks += fresh
        for desk in fresh:
            assert desk.answer() == "ready"

    def everybody(self, line: str) -> list[Any]:
        """All at once."""
        for desk in self.desks:
            desk.send(line)
        return [desk.answer() for desk in self.desks]

    def quiet(self, rounds: int = 20) -> None:
        """Until everybody is at the same version with nothing to send, and stays there."""
        before: list[Any] = []
        for _ in range(rounds):
            found = self.everybody("cycle")
            if found == before and len({tuple(place) for place in found}) == 1 and found[0][1] == 0:
                return
            before = found
        raise AssertionError(f"not quiet after {rounds} rounds: {before}")

    def save(self) -> Path:
        """A state of the server that it can go back to; by the operator's own commands, while it runs."""
        self._saved += 1
        target = self.root / f"respaldo-{self._saved}"
        if self.database_url is not None:
            dump_database(self.database_url, target)
        elif self.untold in ("file", "folder"):
            self._copy_files(target)
        else:
            self.company.server("backup", "--data-dir", str(self.folder), "--to", str(target))
        return target

    def go_back(self, saved: Path) -> None:
        """To that state; the server is stopped."""
        if self.untold:
            self._put_back(saved)
        elif self.database_url is None:
            self.company.server("restore", "--data-dir", str(self.folder), "--from", str(saved))
        else:
            self._put_back(saved)
            self.company.server("new-epoch", "--data-dir", str(self.folder))

    def _put_back(self, saved: Path) -> None:
        """The same without telling the server: by the tools of PostgreSQL, or of who copies files."""
        if self.database_url is not None:
            load_database(self.database_url, saved)
        elif self.untold == "folder":
            shutil.rmtree(self.folder)
            shutil.copytree(saved, self.folder)
        elif self.untold == "backup":
            _no_database(self.folder)
            shutil.copy(saved, self.folder / "servidor.db")
        else:
            _no_database(self.folder)
            _copy_database(saved, self.folder)

    def _copy_files(self, target: Path) -> None:
        """The files of the server, which is stopped for that."""
        self.company.stop()
        if self.untold == "folder":
            shutil.copytree(self.folder, target)
        else:
            target.mkdir()
            _copy_database(self.folder, target)
        self.company.start()

    def heal(self) -> None:
        if self.proxy is not None:
            self.proxy.heal()

    def rows(self, query: str) -> list[Any]:
        """Of the server's database."""
        url = self.database_url or f"sqlite:///{self.folder / 'servidor.db'}"
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            return list(connection.execute(text(query)).all())

    def dump(self, read: Callable[[Connection], Any]) -> Any:
        url = self.database_url or f"sqlite:///{self.folder / 'servidor.db'}"
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            return read(connection)


def _no_database(folder: Path) -> None:
    for path in folder.glob("servidor.db*"):
        path.unlink()


def _copy_database(source: Path, target: Path) -> None:
    for path in source.glob("servidor.db*"):
        shutil.copy(path, target)


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def dump_database(url: str, target: Path) -> None:
    """Of PostgreSQL, with its own tool."""
    _run("pg_dump", "--format=custom", f"--file={target}", _libpq(url))


def load_database(url: str, source: Path) -> None:
    """In the place of whatever is there."""
    made = make_url(url)
    admin = made.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {made.database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {made.database}")
    _run("pg_restore", f"--dbname={_libpq(url)}", str(source))


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run([binary(name), *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name}: {done.stderr}")
