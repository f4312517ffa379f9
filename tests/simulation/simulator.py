"""One seed: a server, N stations, and everything that goes wrong; then the claims.

`run(seed)` raises Broken with what doesn't hold. A failing seed is replayed by its number:
`python -m tests.simulation SEED`.
"""

import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from domain.errors import KnownError
from domain.permissions import SISTEMA
from domain.schema import SCHEMA
from domain.tables import SPECS, Row
from domain.wire import PROTOCOL, Op, canonical, fingerprint
from local_db import rows
from local_db.install import OlderWorld
from local_db.replica import Writing
from servitec_server import rows as server_rows
from sync.errors import BootstrapNeeded
from tests.simulation.adapter import Client, Server, make
from tests.simulation.edits import COLUMNS, key_of
from tests.simulation.line import ANA, BEA

ROWS, FIELDS, PARTS = 8, 4, 3
MOST, MOST_RESTORES = 7, 3
KINDS = [
    *("set", "move", "delete", "poison", "sync", "crash", "backup", "aside", "restore", "put_back"),
    *("enrol", "pointer", "gc", "away", "clock", "role", "person", "forge", "live"),
]
WITH_ROLES = [30, 8, 4, 1, 45, 2, 2, 0, 0, 0, 0.5, 0.7, 0.5, 1, 2, 0.7, 1.5, 1.5, 40]
WITH_RESTORES = [30, 8, 4, 1, 45, 2, 2, 1.5, 0.7, 0.9, 0.5, 0.7, 0.5, 1, 2, 0, 1.5, 1.5, 40]
FORGED = "falsificado"
FAULTS = ("request_lost", "reply_lost", "doubled", "held_back", "token", "server_crash", "crash_before", "crash_after")


class Broken(AssertionError):
    """A claim doesn't hold."""


class Lost(BaseException):
    """No answer came."""


class Killed(BaseException):
    """The process of a station is gone."""


@dataclass(slots=True)
class Made:
    """An edit that a person made: who, what, and its Cambio as captured."""

    client: int
    kind: str
    args: tuple[Any, ...]
    body: dict[str, Any]


@dataclass(slots=True)
class World:
    """What one seed plays with."""

    rng: random.Random
    server: Server
    clients: list[Client]
    new_client: Callable[[int], Client]
    made: dict[str, Made] = field(default_factory=dict)
    backups: list[Any] = field(default_factory=list)
    machines: list[Path] = field(default_factory=list)
    restores: int = 0
    held: list[dict[str, Any]] = field(default_factory=list)
    offline: dict[int, int] = field(default_factory=dict)
    roles: bool = False
    """Roles change instead of servers being restored: a station forgets what it may no longer see."""

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
        try:
            client.sync(lambda request: self.call(i, request))
        except (Lost, KnownError):
            pass
        except Killed:
            client.crash()
        self.check_own_work_is_seen(client)

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
        if not all(asked) and rng.random() < 0.7:
            self.sync(i)
        self.check_own_work_is_seen(client)

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

    def check_own_work_is_seen(self, client: Client) -> None:
        """What a person typed and the server hasn't answered stays on his screen."""
        with client.replica.reading() as connection:
            db = rows.raw(connection)
            waiting = [
                json.loads(b) for (b,) in db.execute("SELECT cuerpo FROM outbox WHERE acusado_en IS NULL ORDER BY n")
            ]
            last: dict[tuple[str, str, str], Any] = {}
            for cambio in waiting:
                for op in cambio["ops"]:
                    if op["tipo"] != "cambio":
                        last = {k: v for k, v in last.items() if k[1] != op["id"]}
                    if op["tabla"] == "orden":
                        last |= {(op["tabla"], op["id"], c): v for c, v in op["campos"].items() if c in COLUMNS}
            for (tabla, key, campo), value in last.items():
                shown = rows.get(db, tabla, key)
                if shown is not None and shown[campo] != value:
                    where = f"{tabla} {key} {campo}: {value} waits, {shown[campo]} is shown"
                    raise Broken(f"a waiting change isn't shown: {where}")

    def check(self) -> None:
        """The claims."""
        server, clients = self.server, self.clients
        central = server.dump()
        for i, client in enumerate(clients):
            if client.pending():
                raise Broken(f"station {i}: {client.pending()} still wait")
            if client.dump() != central:
                raise Broken(f"station {i} differs: {_difference(client.dump(), central)}")
        if any(value == FORGED for value in self.server.values()):
            raise Broken("what nobody wrote was taken")
        self._check_every_column()
        applied = Counter(server.applied())
        if any(n > 1 for n in applied.values()):
            raise Broken("applied twice")
        with server.central.store.reading() as connection:
            no = "SELECT cambio_id FROM respuesta WHERE resultado <> 'aplicado'"
            answered_no = set(connection.exec_driver_sql(no).scalars())  # a change of role forgets them at the station
        for client in clients:
            if lost := set(client.acked()) - applied.keys() - answered_no:
                raise Broken(f"acknowledged and not there: {sorted(lost)}")
        refused = {key for client in clients for key in client.quarantined()}
        for client in clients:
            with client.replica.reading() as connection:
                for key, motivo in connection.exec_driver_sql("SELECT cambio_id, motivo FROM rechazo"):
                    made = self.made.get(key)
                    ana = made is not None and made.body["usuario_id"] != BEA
                    if motivo == "permiso" and made is not None and ana and made.kind != "poison" and not self.roles:
                        raise Broken(f"{made.kind} {key} was refused its right")
        for key, made in self.made.items():
            if made.kind == "poison" and (key in applied or key not in refused | answered_no):
                raise Broken(f"poison {key} isn't among the refused")
            if key not in applied and key not in refused | answered_no:
                raise Broken(f"{made.kind} {key} is nowhere")
        moves: Counter[str] = Counter()
        for key, made in self.made.items():
            if made.kind == "move" and key in applied:
                moves[made.args[0]] += made.args[1]
        stock = server.stock()
        if any(stock.get(part, 0) != total for part, total in moves.items()):
            raise Broken(f"stock {stock}, ledger {dict(moves)}")
        self._check_history()

    def _check_every_column(self) -> None:
        """Every replica holds every row of the server, column by column, and nothing else."""
        with self.server.central.store.reading() as connection:
            versions = list(connection.exec_driver_sql("SELECT version FROM cambio ORDER BY version").scalars())
            folios = list(connection.exec_driver_sql("SELECT folio FROM orden").scalars())
            names = rows.COLUMNS
            there = {
                spec.name: sorted(connection.exec_driver_sql(f"SELECT {', '.join(names[spec.name])} FROM {spec.name}"))
                for spec in SPECS
                if spec.reach != "propia"
            }
        if versions != list(range(1, len(versions) + 1)):
            raise Broken("versions have gaps")
        if len(set(folios)) != len(folios):
            raise Broken("folios twice")
        for i, client in enumerate(self.clients):
            with client.replica.reading() as connection:
                for tabla, expected in there.items():
                    query = f"SELECT {', '.join(names[tabla])} FROM {tabla}"
                    found = sorted(connection.exec_driver_sql(query), key=lambda row: str(row[0]))
                    if found != sorted(expected, key=lambda row: str(row[0])):
                        pairs = zip(found, sorted(expected, key=lambda row: str(row[0])), strict=False)
                        apart = next(((tuple(a), tuple(b)) for a, b in pairs if tuple(a) != tuple(b)), None)
                        raise Broken(f"station {i}: {tabla} ({len(found)}, {len(expected)}) {apart}")
                for tabla, count in (("imagen", 0), ("outbox_fila", 0)):
                    if connection.exec_driver_sql(f"SELECT count(*) FROM {tabla}").scalar() != count:
                        raise Broken(f"station {i}: {tabla} isn't empty")

    def _check_history(self) -> None:
        """No unseen overwrite, nothing resurrected, the last line of a field stands, what lost is in a conflict."""
        sql = (
            "SELECT b.entidad_id, b.accion, b.antes, b.despues, b.cambio_id, c.origen "
            "FROM bitacora b JOIN cambio c ON c.version = b.version WHERE b.entidad = 'orden' ORDER BY b.version"
        )
        with self.server.central.store.reading() as connection:
            trail = list(connection.execute(text(sql)).mappings())
            state = {row["id"]: row for row in connection.execute(text("SELECT * FROM orden")).mappings()}
        stands: dict[tuple[str, str], Any] = {}
        deleted: dict[str, bool] = {}
        for line in trail:
            key = line["entidad_id"]
            if line["accion"] == "baja":
                deleted[key] = True
                continue
            if line["accion"] in ("alta", "rehacer"):
                deleted |= {key: False} if key in deleted or line["accion"] == "rehacer" else {}
            if line["antes"] is None or line["accion"] == "rehacer":
                stands = {k: v for k, v in stands.items() if k[0] != key}
            antes, despues = json.loads(line["antes"] or "{}"), json.loads(line["despues"] or "{}")
            made = self.made.get(line["cambio_id"])
            op = next((o for o in made.body["ops"] if o["id"] == key), None) if made else None
            for name, value in despues.items():
                native = op is not None and op["tipo"] == "cambio" and line["origen"] is None
                if op is not None and native and name in antes and antes[name] not in (op["antes"].get(name), value):
                    raise Broken(f"{line['cambio_id']} overwrote {name} unseen")
                stands[key, name] = value
        for (key, name), value in stands.items():
            row = state.get(key)
            if row is not None and row["borrado_en"] is None and name in row and row[name] != value:
                raise Broken(f"{key}.{name} is {row[name]!r}, the last line says {value!r}")
        for key, gone in deleted.items():
            if gone and key in state and state[key]["borrado_en"] is None:
                raise Broken(f"{key} is back from the dead")
        self._check_nothing_vanished(stands, deleted)

    def _check_nothing_vanished(self, stands: dict[tuple[str, str], Any], deleted: dict[str, bool]) -> None:
        """Every acknowledged value stands, or was seen by who typed over it or deleted it, or is in a conflict.

        A deletion counts too that was accepted after it in a history that was lost, and can't be made again. A
        conflict that is still open keeps the latest value that a station lost there; the earlier was told it too.
        """
        with self.server.central.store.reading() as connection:
            sql = "SELECT registro_id, campo, valor_servidor, valor_tardio FROM conflicto"
            found = list(connection.execute(text(sql)))
            answers = connection.execute(text("SELECT cambio_id, perdidos FROM respuesta WHERE perdidos IS NOT NULL"))
            told = {(r.cambio_id, key, campo) for r in answers for _, key, campo in json.loads(r.perdidos)}
        kept = {(r.registro_id, r.campo, v) for r in found for v in (r.valor_servidor, r.valor_tardio)}
        open_ones = {(r.registro_id, r.campo) for r in found}
        seen = {
            (op["id"], name, canonical(value))
            for made in self.made.values()
            for op in made.body["ops"]
            for name, value in op["antes"].items()
        }
        applied = set(self.server.applied())
        for key, made in self.made.items():
            if made.kind != "set" or key not in applied:
                continue
            row, column = key_of("orden", made.args[0]), self.server.column(made.args[1])
            value = canonical(canonical(made.args[2]))
            if row in deleted or (row, column, value) in kept | seen or canonical(stands.get((row, column))) == value:
                continue
            if (key, row, column) in told and (row, column) in open_ones:
                continue
            if self._deleted_after(key, row):
                continue
            raise Broken(f"{key}: {made.args} left no trace")

    def _deleted_after(self, key: str, row: str) -> bool:
        """Was a deletion of the row accepted after this Cambio, in one history?"""
        places = self.server.places
        after = {
            place
            for baja, made in self.made.items()
            if any(op["tipo"] == "baja" and op["id"] == row for op in made.body["ops"])
            for place in places.get(baja, ())
        }
        return any(p[0] == q[0] and q[1] < p[1] for p in after for q in places.get(key, ()))


def _difference(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    return {k: (a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)}


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
    world = World(rng, server, [new_client(i) for i in range(stations)], new_client, roles=seed % 3 == 0)
    differences = Differences()
    logging.getLogger("sync.engine").addHandler(differences)
    try:
        for client in world.clients:
            mortal(client, rng)
        for _ in range(steps):
            world.step()
        for client in world.clients:
            del client._start
            client.crash()
        world.heal()
        world.check()
        if differences.heard:
            raise Broken(f"rows differed on the way: {differences.heard}")
    finally:
        logging.getLogger("sync.engine").removeHandler(differences)
        for client in world.clients:
            client.replica.close()
        server.central.close()
    return world
