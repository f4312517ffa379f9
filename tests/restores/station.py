"""A station with somebody at its desk: works, syncs meanwhile, and signs in again whenever that is asked of it.

`python -m tests.restores.station --data-dir D --server URL [--through URL] --name N --username U --seed S`, with the
password in the first line of standard input. It enrols where it isn't a station yet. Then a command a line; each is
answered with a line, its result in JSON:

work N      N changes are saved, while the sync goes on
offline     the sync pauses; online: it goes on
cycle       waits for a cycle that goes through; the version where it ended, and how many Cambios wait
settle      the open conflicts are closed, each in the server's favour; their number

D/diario.txt gets the id of each Cambio after its save has returned, D/sorpresas.txt what should not have happened.
"""

import argparse
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from domain.base import actions
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.ordenes import actions as de_ordenes
from local_db import open_items, people, reading, state
from local_db.inventario import queries as leer_inventario
from local_db.ordenes import queries as leer_ordenes
from local_db.organizacion import queries as leer_organizacion
from local_db.replica import Changes, Replica
from sync import session
from sync.credentials import open_store
from sync.done import CycleResult
from sync.engine import SyncEngine
from sync.live import Live
from sync.service import Status, SyncService
from sync.transport import HttpTransport
from tests.chaos.station import JOURNAL, SURPRISES, Journal, Worker

TIMEOUT_S = 5.0
INTERVAL_S = 1.0
CYCLE_S = 120.0
NEXT = {"recibida": "asignada", "asignada": "en_diagnostico", "en_diagnostico": "en_reparacion"}
GONE = "no_existe"
"""The row that somebody was looking at went away with a world that the server lost, until who made it is back."""
STOCK = 0.25
MOVED = 0.15


class Person(Worker):
    """At the desk. Also counts stock, and moves the orders that were taken in here along their states."""

    def change(self) -> str:
        """Save one change; the id of its Cambio."""
        chance = self._rng.random()
        changes = None
        if chance < STOCK:
            changes = self._count()
        elif chance < STOCK + MOVED:
            changes = self._move_on()
        if changes is None:
            return super().change()
        (key,) = (key for tabla, key in changes.rows if tabla == "outbox")
        return key

    def _count(self) -> Changes:
        with self._replica.reading() as connection:
            shelf = leer_inventario.existencias(connection)
            sucursal, n = people.branch_of(connection, self._actor), state.read(connection).n + 1
            sku = self._rng.choice(shelf).sku if shelf else None
            producto = leer_inventario.producto_por_sku(connection, sku) if sku else None
        if producto is None or self._rng.random() < 0.15:
            nuevo: Row = {"sku": f"{self._codigo}-{n}", "nombre": f"Fuente {self._codigo}-{n}"}
            ops = [actions.alta(self._replica.ambient, "producto", nuevo)]
        else:
            tipo, cantidad = self._rng.choice((("entrada", 7), ("salida", -2), ("ajuste_conteo", 3)))
            place = str(sucursal["id"])
            ops = [de_inventario.mover_stock(self._replica.ambient, producto, place, tipo, cantidad)]
        return people.guardar(self._replica, self._actor, ops)

    def _move_on(self) -> Changes | None:
        """Nobody else moves these, so that no transition may be refused."""
        with self._replica.reading() as connection:
            found = [f for f in leer_ordenes.ordenes(connection, limit=200) if f.folio.startswith(f"{self._codigo}-")]
            own = [f.id for f in found if f.estado in NEXT]
            orden = reading.row(connection, "orden", self._rng.choice(own)) if own else None
            tecnico = leer_organizacion.tecnicos(connection)[0].id
        if orden is None:
            return None
        after = NEXT[str(orden["estado"])]
        given = tecnico if after == "asignada" else None
        ops = de_ordenes.cambiar_estado(self._replica.ambient, orden, after, tecnico_id=given)
        return people.guardar(self._replica, self._actor, ops)


class Cycles(SyncEngine):
    """Counts those that went through."""

    done = 0

    def cycle(self) -> CycleResult:
        result = super().cycle()
        self.done += 1
        return result


class Station:
    """The process: a replica, its sync as the desktop has it, its worker in the main thread."""

    def __init__(self, options: argparse.Namespace, password: str) -> None:
        self._who = (options.username, password)
        self._folder: Path = options.data_dir
        self._rng = random.Random(options.seed)
        self._replica = Replica.open(options.data_dir, owner="el puesto")
        self._store = open_store(options.data_dir, options.credentials_file)
        if self._known().estacion_id is None:
            session.enroll(self._replica, self._store, options.server, *self._who, options.name, TIMEOUT_S)
        self._journal = Journal(options.data_dir / JOURNAL)
        url = options.through or options.server
        with self._replica.writing() as writing:
            state.write(writing, server_url=url)
        self._transport = HttpTransport(url, self._store, TIMEOUT_S)
        self._engine = Cycles(self._replica, self._transport, batch=20)
        self._sync = SyncService(self._replica, self._engine, interval_s=INTERVAL_S)
        heard = (self._sync.nudge, self._sync.doubt, self._sync.hear)
        self._sync.live = Live(self._transport, self._replica.ambient, *heard)
        self._sync.subscribe(self._told)
        self._signed_out, self._ended = threading.Event(), threading.Event()
        if not session.resume(self._replica, self._store):
            self._signed_out.set()
        self._person = threading.Thread(target=self._sign_in_when_asked, name="person")
        self._person.start()
        self._sync.start()

    def close(self) -> None:
        self._ended.set()
        self._signed_out.set()
        self._person.join()
        self._sync.close()
        self._transport.close()
        self._replica.close()
        self._journal.close()

    def do(self, word: str, *arguments: str) -> object:
        """One command of the test."""
        commands: dict[str, Callable[..., object]] = {
            "work": self._work,
            "offline": self._sync.pause,
            "online": self._sync.resume,
            "cycle": self._cycle,
            "settle": self._settle,
        }
        return commands[word](*map(int, arguments))

    def _known(self) -> state.State:
        with self._replica.reading() as connection:
            return state.read(connection)

    def _work(self, changes: int) -> int:
        worker, goal = Person(self._replica, self._rng), self._journal.count + changes
        while self._journal.count < goal:
            try:
                self._journal.add(worker.change())
            except Rejection as rejection:
                if rejection.motivo != GONE:
                    self._surprise("guardar", str(rejection))
                    break
            self._ended.wait(self._rng.uniform(0, 0.05))
        return self._journal.count

    def _cycle(self) -> tuple[int, int]:
        deadline, before = time.monotonic() + CYCLE_S, self._engine.done
        self._sync.run_once()
        while self._engine.done == before:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no cycle went through: {self._sync.status()}")
            self._ended.wait(0.02)
        with self._replica.reading() as connection:
            return state.read(connection).cursor_version, open_items.resumen(connection).pending

    def _settle(self) -> int:
        with self._replica.reading() as connection:
            actor, found = people.current_actor(connection), open_items.conflictos(connection)
        for one in found:
            if actor is not None:
                self._journal.add(_key_of(people.aceptar_conflicto(self._replica, actor, one.id)))
        return len(found)

    def _told(self, status: Status) -> None:
        """What the status bar says, from the thread of the sync."""
        if status.kind == "sin_sesion":
            self._signed_out.set()
        elif status.kind in ("detenida", "disco", "error"):
            self._surprise(status.kind, f"{status.message} {status.detail}")

    def _sign_in_when_asked(self) -> None:
        while self._signed_out.wait() and not self._ended.is_set():
            self._signed_out.clear()
            try:
                session.sign_in(self._replica, self._store, *self._who, TIMEOUT_S)
            except KnownError as error:
                self._surprise("entrar", str(error))
            self._sync.nudge()

    def _surprise(self, where: str, what: str) -> None:
        with (self._folder / SURPRISES).open("a", encoding="utf-8") as stream:
            stream.write(f"{where}: {what}\n")


def _key_of(changes: Changes) -> str:
    (key,) = (key for tabla, key in changes.rows if tabla == "outbox")
    return key


def main() -> int:
    """Exit code 0: standard input has ended; anything else is a bug."""
    parser = argparse.ArgumentParser(prog="tests.restores.station")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--credentials-file", type=Path, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--through", help="what it knows as its server's address, once enrolled")
    parser.add_argument("--name", required=True)
    parser.add_argument("--username", required=True)
    parser.add_argument("--seed", type=int, default=0)
    station = Station(parser.parse_args(), sys.stdin.readline().rstrip("\n"))
    print(json.dumps("ready"), flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(station.do(*line.split())), flush=True)
    finally:
        station.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
