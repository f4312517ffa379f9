"""Several stations, a network that loses things, and kill -9 for everybody: nothing is lost, nothing is twice.

The ordinary tests run a small company. `pytest -m soak tests/chaos` runs ten stations with 500 changes each
(SERVITEC_CHAOS_CHANGES: another number).
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from domain.model import SPECS
from local_db import open_items, state
from local_db.replica import Replica
from local_db.rows import COLUMNS
from testing.company import SERVER, Company
from tests.chaos.proxy import FaultProxy
from tests.chaos.station import JOURNAL, SURPRISES

REPOSITORY = Path(__file__).parents[2]
STATION = [sys.executable, "-m", "tests.chaos.station"]
HEAL_S = 60.0
START_S = 30.0
GRACE_S = 5.0
SHARED = ("cliente", "equipo", "orden", "historial_orden", "comentario", "conflicto")
"""What all stations of a branch hold as the server does."""

Dump = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Size:
    """How big a company, how many of its processes are killed at most, how long its storm may last."""

    stations: int
    changes: int
    servers: int
    pause_s: float
    kills: int
    limit_s: float


class Member:
    """A process of the company, which may be killed and started again."""

    def __init__(
        self, name: str, command: list[str], log: Path, env: dict[str, str], progress: Callable[[], int]
    ) -> None:
        """`progress`: a number that is greater once it does what it was started for."""
        self.name = name
        self.command = command
        self.log = log
        self._env = env
        self._progress = progress
        self._before = 0
        self._started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *extra: str) -> None:
        self._before = self._progress()
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(
                [*self.command, *extra],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env=self._env,
                cwd=REPOSITORY,
            )
        self._started = time.monotonic()

    def at_work(self) -> bool:
        """It did something in this life, or had the time: a slow machine would get nothing done without that grace."""
        return self._progress() > self._before or time.monotonic() - self._started > GRACE_S

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(15)
            self.process = None

    def end(self, *, kindly: bool = True) -> int:
        """Wait for its end, asked for by SIGTERM; the exit code."""
        assert self.process is not None
        if kindly:
            self.process.terminate()
        code = self.process.wait(HEAL_S)
        self.process = None
        return code

    @property
    def died(self) -> bool:
        """It ended, and nobody had asked for it."""
        return self.process is not None and self.process.poll() is not None

    def said(self) -> str:
        """The end of what it wrote."""
        return f"{self.name}: {self.log.read_text(encoding='utf-8', errors='replace')[-3000:]}"


def quiet_port(rng: random.Random) -> int:
    """A free port that the system gives to nobody meanwhile: its server is going to be dead now and then."""
    while True:
        port = rng.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_until(what: Callable[[], object], seconds: float, message: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, message()
        time.sleep(0.1)


class Chaos:
    """The company: servers behind one proxy, stations that know only the proxy."""

    def __init__(self, root: Path, size: Size, database_url: str | None) -> None:
        self.root = root
        self.size = size
        self.rng = random.Random(random.getrandbits(32))
        self._url = database_url or f"sqlite:///{root / 'servidor' / 'servidor.db'}"
        env = {name: value for name, value in os.environ.items() if name != "SERVITEC_DATABASE_URL"}
        env["SERVITEC_KEY_FILE"] = str(root / "clave")
        if database_url is not None:
            env["SERVITEC_DATABASE_URL"] = database_url
        self.company = Company(root, env)
        self.ports = [quiet_port(self.rng) for _ in range(size.servers)]
        self.company.port = self.ports[0]
        folders = ["servidor", *(f"servidor-{i}" for i in range(2, size.servers + 1))]
        self.servers = [
            Member(
                folder,
                [*SERVER, "serve", "--data-dir", str(root / folder), "--port", str(port)],
                root / f"{folder}.log",
                env,
                partial(_listens, port),
            )
            for folder, port in zip(folders, self.ports, strict=True)
        ]
        self.names = [f"e{i}" for i in range(1, size.stations + 1)]
        self.stations = [self._station(name, env) for name in self.names]
        self.kills = dict.fromkeys(("servers", "stations"), 0)
        self.proxy = FaultProxy(lambda: self.ports, self.rng)

    def _station(self, name: str, env: dict[str, str]) -> Member:
        folder = self.root / name
        command = [*STATION, "--data-dir", str(folder), "--credentials-file", str(folder / "credenciales.json")]
        command += ["--changes", str(self.size.changes), "--seed", str(self.rng.getrandbits(32))]
        command += ["--pause", str(self.size.pause_s), "--done", str(folder / "hecho")]
        return Member(name, command, self.root / f"{name}.log", env, lambda: len(self.journal(name)))

    def close(self) -> None:
        """End everything, however it went."""
        self.proxy.heal()
        for member in (*self.stations, *self.servers):
            member.kill()
        self.proxy.close()

    def open(self) -> None:
        """Start the servers, enrol the stations with one of them, then let them know only the proxy."""
        for server in self.servers:
            server.start()
        self._wait_for_servers()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.company.enroll, self.names))
        for name in self.names:
            with closing(Replica.open(self.root / name)) as replica, replica.writing() as writing:
                state.write(writing, server_url=f"http://127.0.0.1:{self.proxy.port}")
        for station in self.stations:
            station.start()

    def _wait_for_servers(self) -> None:
        wait_until(lambda: self._nobody_died() and all(map(_listens, self.ports)), START_S, self._everything_said)

    def _nobody_died(self) -> bool:
        dead = [member for member in (*self.servers, *self.stations) if member.died]
        assert not dead, "\n".join(member.said() for member in dead)
        return True

    def _everything_said(self) -> str:
        return "\n".join(member.said() for member in (*self.servers, *self.stations))

    def storm(self) -> None:
        """kill -9 every second or so, until every station has made its changes."""
        deadline = time.monotonic() + self.size.limit_s
        while not (all(self._done(name) for name in self.names) and all(self.kills.values())):
            assert time.monotonic() < deadline, f"{self._progress()}\n{self._everything_said()}"
            time.sleep(self.rng.uniform(0.3, 1.2))
            self._nobody_died()
            kind = self.rng.choices(("servers", "stations"), (0.4, 0.6))[0]
            kind = min(self.kills, key=lambda name: self.kills[name]) if not all(self.kills.values()) else kind
            at_work: list[Member] = [member for member in getattr(self, kind) if member.at_work()]
            if not at_work or sum(self.kills.values()) >= self.size.kills:
                continue
            victim = self.rng.choice(at_work)
            victim.kill()
            self.kills[kind] += 1
            time.sleep(self.rng.uniform(0, 0.5))
            victim.start()

    def _done(self, name: str) -> bool:
        return (self.root / name / "hecho").exists()

    def journal(self, name: str) -> list[str]:
        """The Cambios that the station said it had saved, but the line it was killed in."""
        path = self.root / name / JOURNAL
        return path.read_text(encoding="utf-8").rpartition("\n")[0].splitlines() if path.exists() else []

    def _progress(self) -> str:
        made = {name: len(self.journal(name)) for name in self.names}
        return f"{made}, waiting {self.waiting()}, {self.kills}, {dict(self.proxy.counts)}"

    def waiting(self) -> dict[str, int]:
        """How many Cambios wait in each station that has any."""
        found = {name: self.read(name, open_items.resumen).pending for name in self.names}
        return {name: pending for name, pending in found.items() if pending}

    def read(self, name: str, query: Callable[[Connection], Any]) -> Any:
        with closing(Replica.open(self.root / name, write=False)) as replica, replica.reading() as connection:
            return query(connection)

    def heal(self) -> float:
        """No more faults; gives after how many seconds nothing waited any more, and then all are at the head."""
        self._wait_for_servers()
        self.proxy.heal()
        healed = time.monotonic()
        wait_until(lambda: self._nobody_died() and not self.waiting(), HEAL_S, self._progress)
        seconds = time.monotonic() - healed
        for station in self.stations:
            assert station.end() in (0, -15), station.said()
        for station in self.stations:
            station.start("--drain")
        for station in self.stations:
            assert station.end(kindly=False) == 0, station.said()
        assert not self.waiting()
        for server in self.servers:
            server.end()
        return seconds

    def server_rows(self, query: str) -> list[Any]:
        engine = create_engine(self._url, poolclass=NullPool)
        with engine.connect() as connection:
            return list(connection.execute(text(query)).all())

    def server_dump(self) -> Dump:
        engine = create_engine(self._url, poolclass=NullPool)
        with engine.connect() as connection:
            return dump(connection, SHARED)

    def check(self) -> None:
        """Nothing is lost, nothing is there twice, and everybody sees the same."""
        surprises = {name: path.read_text() for name in self.names if (path := self.root / name / SURPRISES).exists()}
        assert not surprises, surprises
        self._check_answers()
        self._check_history()
        self._check_rows()

    def _check_answers(self) -> None:
        """Every Cambio of a journal was answered once; none was refused, for nobody did what may be refused."""
        answers = self.server_rows("SELECT cambio_id, resultado, version, estacion_id, n FROM respuesta")
        by_id = {row.cambio_id: row for row in answers}
        assert len(by_id) == len(answers)
        assert {row.resultado for row in answers} == {"aplicado"}
        for name in self.names:
            journal = self.journal(name)
            assert len(journal) >= self.size.changes
            assert len(set(journal)) == len(journal)
            assert not [key for key in journal if key not in by_id], name
            known: state.State = self.read(name, state.read)
            numbers = sorted(row.n for row in answers if row.estacion_id == known.estacion_id)
            assert numbers == list(range(1, known.n + 1)), name
            assert known.n <= len(journal) + self.kills["stations"], name

    def _check_history(self) -> None:
        """One version without gaps for each Cambio that was applied."""
        history = self.server_rows("SELECT version, cambio_id FROM cambio ORDER BY version")
        assert [row.version for row in history] == list(range(1, len(history) + 1))
        applied = self.server_rows("SELECT version, cambio_id FROM respuesta WHERE resultado = 'aplicado'")
        assert sorted(map(tuple, applied)) == [tuple(row) for row in history]

    def _check_rows(self) -> None:
        """All replicas are equal, and as the server where it shares everything; folios are unique."""
        first, *others = [(name, self.read(name, dump)) for name in self.names]
        for name, other in others:
            assert difference(first[1], other) == {}, (first[0], name)
        shared = {key: row for key, row in first[1].items() if key[0] in SHARED}
        assert difference(shared, self.server_dump()) == {}, (first[0], "server")
        folios = [row["folio"] for (tabla, _), row in shared.items() if tabla == "orden"]
        assert folios
        assert len(set(folios)) == len(folios)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def dump(connection: Connection, tables: tuple[str, ...] | None = None) -> Dump:
    """Every visible row of the replicated tables but the station's own, in the columns that travel."""
    found: Dump = {}
    for name in tables or tuple(spec.name for spec in SPECS if not spec.de_estacion):
        columns = COLUMNS[name]
        for row in connection.execute(text(f"SELECT {', '.join(columns)} FROM {name}")).mappings():
            found[name, row["id"]] = dict(row)
    return found


def difference(one: Dump, other: Dump) -> dict[tuple[str, str], Any]:
    """Where two dumps differ: the columns, or who has the row alone."""
    found: dict[tuple[str, str], Any] = {}
    for key in one.keys() | other.keys():
        a, b = one.get(key), other.get(key)
        if a is None or b is None:
            found[key] = "only in the second" if a is None else "only in the first"
        elif a != b:
            found[key] = {name: (a[name], b[name]) for name in a if a[name] != b[name]}
    return found


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.soak), "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """None: the server's own SQLite file."""
    if request.param == "sqlite":
        return None
    make: Callable[[], str] = request.getfixturevalue("postgres_database")
    return make()


@pytest.fixture
def chaos(tmp_path: Path, database: str | None) -> Iterator[Callable[[Size], Chaos]]:
    made: list[Chaos] = []

    def make(size: Size) -> Chaos:
        made.append(Chaos(tmp_path, size, database))
        return made[0]

    yield make
    for company in made:
        company.close()


def survive(chaos: Chaos) -> None:
    started = time.monotonic()
    chaos.open()
    opened = time.monotonic()
    chaos.storm()
    healing = time.monotonic()
    drained = chaos.heal()
    chaos.check()
    print(
        f"\nopened in {opened - started:.1f} s, storm {healing - opened:.1f} s, queues empty after {drained:.1f} s, "
        f"killed {chaos.kills}, network {dict(chaos.proxy.counts)}, all {time.monotonic() - started:.1f} s"
    )


@pytest.mark.timeout(240)
def test_a_small_company_survives_chaos(chaos: Callable[[Size], Chaos], database: str | None) -> None:
    servers = 1 if database is None else 2
    survive(chaos(Size(stations=3, changes=25, servers=servers, pause_s=0.2, kills=8, limit_s=90)))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_stations_survive_chaos(chaos: Callable[[Size], Chaos], database: str | None) -> None:
    changes = int(os.environ.get("SERVITEC_CHAOS_CHANGES", "500"))
    servers = 1 if database is None else 4
    survive(chaos(Size(stations=10, changes=changes, servers=servers, pause_s=0.1, kills=10_000, limit_s=1800)))
