"""One seed: a server, N stations, and everything that goes wrong; then the claims.

`run(seed)` raises Broken with what doesn't hold. A failing seed is replayed by its number:
`python -m tests.simulation SEED`.
"""

import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.base.actor import SISTEMA
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.upgrade import SCHEMA
from domain.wire import PROTOCOL, Op, fingerprint
from local_db.install import OlderWorld
from local_db.replica import Writing
from servitec_server import rows as server_rows
from sync.errors import BootstrapNeeded
from tests.simulation import claims
from tests.simulation.adapter import Client, Server, make
from tests.simulation.claims import FORGED, Broken, Made, Played
from tests.simulation.line import ANA, BEA

ROWS, FIELDS, PARTS = 8, 4, 3
MOST, MOST_RESTORES = 7, 3
KINDS = [
    *("set", "move", "delete", "poison", "sync", "crash", "backup", "aside", "restore", "put_back"),
    *("enrol", "pointer", "gc", "away", "clock", "role", "person", "forge", "live"),
]
WITH_ROLES = [30, 8, 4, 1, 45, 2, 2, 0, 0, 0, 0.5, 0.7, 0.5, 1, 2, 0.7, 1.5, 1.5, 40]
WITH_RESTORES = [30, 8, 4, 1, 45, 2, 2, 1.5, 0.7, 0.9, 0.5, 0.7, 0.5, 1, 2, 0, 1.5, 1.5, 40]
FAULTS = ("request_lost", "reply_lost", "doubled", "held_back", "token", "server_crash", "crash_before", "crash_after")


class Lost(BaseException):
    """No answer came."""


class Killed(BaseException):
    """The process of a station is gone."""


@dataclass(slots=True, kw_only=True)
class World(Played):
    """What one seed plays with."""

    rng: random.Random
    new_client: Callable[[int], Client]
    backups: list[Any] = field(default_factory=list)
    machines: list[Path] = field(default_factory=list)
    restores: int = 0
    held: list[dict[str, Any]] = field(default_factory=list)
    offline: dict[int, int] = field(default_factory=dict)

    def call(self, i: int, request: dict[str, Any]) -> dict[str, Any]:
        """The line of station `i`."""
        rng, server = self.rng, self.server
        while self.held and rng.random() < 0.3:
            server.handle(self.held.pop(rng.randrange(len(self.held))))
        fault = rng.choice(FAULTS) if rng.random() < 0.25 else ""
        if fault == "token":
            return {"error": "token", "mensaje": "La sesión expiró."}
        if fault == "crash_before":
            raise Killed
        if fault == "held_back" and request["kind"] == "push":
            self.held.append(request)
        if fault in ("request_lost", "held_back"):
            raise Lost
        if fault == "server_crash":
            with failing_commits(server), suppress(Lost):
                server.handle(request)
            server.crash()
            raise Lost
        reply = server.handle(request)
        if fault == "doubled":
            reply = server.handle(request)
        if fault == "reply_lost":
            raise Lost
        if fault == "crash_after":
            raise Killed
        return json.loads(json.dumps(reply))  # type: ignore[no-any-return]

    def sync(self, i: int) -> None:
        """One cycle of a station, which may die in it."""
        client = self.clients[i]
        client.at_place = False
        try:
            client.sync(lambda request: self.call(i, request))
        except (Lost, KnownError):
            pass
        except Killed:
            client.crash()
        else:
            client.at_place = True
        claims.sums_are_right(client)
        claims.own_work_is_seen(client)

    def hear(self, i: int) -> None:
        """A station hears what is new on its socket: sometimes late, out of order, twice, or not at all."""
        rng, client, events = self.rng, self.clients[i], self.server.events
        new = events[client.heard :]
        client.heard = len(events)
        if rng.random() < 0.2:
            new = rng.choices(events[-10:], k=rng.randint(0, 4)) if events else []
        try:
            asked = [client.hear(told) for told in new]
        except Killed:
            client.crash()
            return
        claims.sums_are_right(client)
        if not all(asked) and rng.random() < 0.7:
            self.sync(i)
        claims.own_work_is_seen(client)

    def edit(self, i: int, kind: str, *args: Any) -> None:
        """One action of one of two persons; the process may die before its commit."""
        client = self.clients[i]
        try:
            key = client.edit(kind, *args, by_bea=kind in ("set", "move") and self.rng.random() < 0.25)
        except Killed:
            client.crash()
            return
        except KnownError:
            return
        with client.replica.reading() as connection:
            body = connection.exec_driver_sql("SELECT cuerpo FROM outbox WHERE id = ?", (key,)).scalar()
        claims.sums_are_right(client)
        self.made[key] = Made(i, kind, args, json.loads(str(body)))

    def step(self) -> None:
        """One of the things that happen."""
        rng = self.rng
        i = rng.randrange(len(self.clients))
        client = self.clients[i]
        if self.offline.get(i, 0) > 0:
            self.offline[i] -= 1
        kind = rng.choices(
            KINDS,
            WITH_ROLES if self.roles else WITH_RESTORES,
        )[0]
        if kind == "set":
            row, name = f"r{rng.randrange(ROWS)}", f"f{rng.randrange(FIELDS)}"
            self.edit(i, "set", row, name, rng.randrange(1000))
        elif kind == "move":
            self.edit(i, "move", f"p{rng.randrange(PARTS)}", rng.randint(-5, 9))
        elif kind == "delete":
            self.edit(i, "delete", f"r{rng.randrange(ROWS)}")
        elif kind == "poison":
            self.edit(i, "poison")
        elif kind == "sync" and not self.offline.get(i, 0):
            self.sync(i)
        elif kind == "live" and not self.offline.get(i, 0):
            self.hear(i)
        elif kind == "crash":
            client.crash()
        elif kind == "backup":
            self.backups.append(self.server.backup())
        elif kind == "aside":
            self.machines.append(self.server.put_aside())
        elif kind in ("restore", "put_back"):
            self.go_back(kind)
        elif kind == "enrol" and len(self.clients) < MOST:
            self.enrol()
        elif kind == "pointer":
            client.lose_pointer(rng.choice([None, b"", b"replica-9.db", b"../otra.db", b"\xff\x00"]))
        elif kind == "person":
            self.change_bea()
        elif kind == "forge":
            self.forge(client)
        elif kind == "gc":
            self.server.gc()
            self.backups.clear()  # what was acknowledged longer ago than 30 days is promised to nobody
            self.machines.clear()
        elif kind == "away":
            self.offline[i] = rng.randint(20, 60)
        elif kind == "clock":
            client.offset = timedelta(seconds=rng.randint(-100_000, 100_000))
        elif kind == "role":
            self.change_role("consulta")
            for j in range(len(self.clients)):
                if rng.random() < 0.5:
                    self.sync(j)
            self.change_role("administrador")

    def go_back(self, kind: str) -> None:
        """A restore of a backup, or a database put back behind the server's back; three in one life."""
        if self.restores == MOST_RESTORES:
            return
        if kind == "restore" and self.backups:
            self.server.restore(self.rng.choice(self.backups))
            self.restores += 1
        elif kind == "put_back" and self.machines:
            self.server.put_back(self.rng.choice(self.machines), whole=self.rng.random() < 0.7)
            self.restores += 1

    def enrol(self) -> None:
        """One more station."""
        client = self.new_client(len(self.clients))
        mortal(client, self.rng)
        self.clients.append(client)

    def change_bea(self) -> None:
        """She is dismissed, comes back, loses or gets a right, has her secrets ended, or signs in somewhere."""
        bea = self.server.account(BEA)
        what = self.rng.choice(["activo", "rol", "signs_in", "signs_in"])
        if what == "signs_in":
            if bea["activo"]:
                self.rng.choice(self.clients).sign_in(BEA)
            return
        campos: Row = {"activo": not bea["activo"]} if what == "activo" else {}
        campos = campos or {"rol": "consulta" if bea["rol"] == "supervisor" else "supervisor"}
        op = Op(tabla="usuario", id=BEA, tipo="cambio", base=int(bea["version"] or 0), campos=campos)
        op.antes = {name: bea[name] for name in campos}
        self.server.central.write(SISTEMA, lambda _: [op], trusted=True)

    def forge(self, client: Client) -> None:
        """Somebody who holds the station sends what nobody wrote, under a good name and with made-up proofs."""
        made = [m for m in self.made.values() if m.kind == "set"]
        if not made:
            return
        model = self.rng.choice(made)
        column = self.server.column(model.args[1])
        body = json.loads(json.dumps(model.body)) | {"id": self.server.ambient.new_id(), "depende": []}
        body["n"] += 100_000 + self.rng.randrange(100_000)
        for op in body["ops"]:
            if op["tabla"] == "orden":
                op["tipo"], op["campos"] = "cambio", {column: FORGED}
        body["ops"] = [op for op in body["ops"] if op["tabla"] == "orden"]
        body["huella"] = fingerprint(body)
        epoch = self.rng.choice(self.server.epochs())
        if self.rng.random() < 0.5:
            receipt = {"epoca": epoch, "arranque": "x", "version": 10**6, "perdidos": [], "prueba": "A" * 22}
            body["reoferta"] = [receipt]
        if self.rng.random() < 0.5:
            station = client.transport.station.partition(":")[0]
            body["firma"] = {"estacion_id": station, "generacion": 1, "prueba": "A" * 22}
        head = {"protocol": PROTOCOL, "schema": SCHEMA, "cambios": [body]}
        self.server.handle({"kind": "push", "station": client.transport.station, "body": json.dumps(head)})

    def change_role(self, rol: str) -> None:
        """Another role for the person at every station."""
        with self.server.central.store.reading() as connection:
            known = server_rows.get(connection, "usuario", ANA) or {}
        campos: Row = {"rol": rol}
        op = Op(tabla="usuario", id=ANA, tipo="cambio", base=int(known["version"] or 0), campos=campos)
        op.antes = {"rol": known["rol"]}
        if known["rol"] != rol:
            self.server.central.write(SISTEMA, lambda _: [op], trusted=True)

    def heal(self) -> None:
        """No more faults: everybody syncs until nothing moves, and a supervisor decides what is his to decide."""
        while self.held:
            self.server.handle(self.held.pop())
        self.change_role("administrador")
        for round_ in range(8):
            for client in self.clients:
                client.offset = timedelta()
                try:
                    client.sync(self.server.handle)
                except BootstrapNeeded:
                    continue  # a third world in one cycle: the next one takes it
                except OlderWorld as stuck:
                    raise Broken(f"without any fault a station gets no further: {stuck}") from stuck
            if round_ in (2, 4):
                self.server.approve_all()


@contextmanager
def failing_commits(server: Server) -> Iterator[None]:
    """The process dies before any transaction of the server is committed."""
    store = server.central.store
    real = store.writing

    @contextmanager
    def dying() -> Iterator[Any]:
        with real() as connection:
            yield connection
            raise Lost

    store.writing = dying  # type: ignore[method-assign]
    try:
        yield
    finally:
        store.writing = real  # type: ignore[method-assign]


def mortal(client: Client, rng: random.Random) -> None:
    """Its local transactions may die just before their commit."""
    real = client._start

    def start() -> None:
        real()
        writing = client.replica.writing

        @contextmanager
        def dying() -> Iterator[Writing]:
            with writing() as inner:
                yield inner
                if rng.random() < 0.01:
                    raise Killed

        client.replica.writing = dying  # type: ignore[method-assign]

    client._start = start  # type: ignore[method-assign]
    client.crash()


class Differences(logging.Handler):
    """Hears when a station notices that its rows aren't the server's: repaired, but it must never come to that."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


def run(seed: int, stations: int = 5, steps: int = 200) -> World:
    """Play one seed and check the claims.

    Raises:
        Broken: one doesn't hold.
    """
    rng = random.Random(seed)
    server, new_client = make(rng)
    world = World(
        rng=rng,
        server=server,
        clients=[new_client(i) for i in range(stations)],
        new_client=new_client,
        roles=seed % 3 == 0,
    )
    differences = Differences()
    logging.getLogger("sync.engine").addHandler(differences)
    try:
        for client in world.clients:
            mortal(client, rng)
        for _ in range(steps):
            world.step()
            claims.ledger_is_added_up(server)
        for client in world.clients:
            del client._start
            client.crash()
        world.heal()
        claims.check(world)
        if differences.heard:
            raise Broken(f"rows differed on the way: {differences.heard}")
    finally:
        logging.getLogger("sync.engine").removeHandler(differences)
        for client in world.clients:
            client.replica.close()
        server.central.close()
    return world
