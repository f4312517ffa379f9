"""A station with somebody at its desk: works, syncs meanwhile, and signs in again whenever that is asked of it.

`python -m tests.restores.station --data-dir D --server URL [--through URL] --name N --username U --seed S`, with the
password in the first line of standard input. It enrols where it isn't a station yet. Then a command a line; each is
answered with a line, its result in JSON:

work N      N changes are saved, while the sync goes on
offline     no sync from here on; online: again
quiet       cycles until one moves nothing; the number of Cambios and rows that moved since the last time
settle      the open conflicts are closed, each in the server's favour; their number

D/diario.txt gets the id of each Cambio after its save has returned, D/sorpresas.txt what should not have happened.
"""

import argparse
import json
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from domain import actions
from domain.errors import KnownError
from domain.tables import Row
from local_db import people, queries, state, stock
from local_db.replica import Changes, Replica
from sync import session
from sync.credentials import open_store
from sync.engine import CycleResult, SyncEngine
from sync.errors import ServerUnreachable, SignInNeeded
from sync.transport import HttpTransport
from tests.chaos.station import JOURNAL, SURPRISES, Journal, Worker

TIMEOUT_S = 5.0
QUIET_S = 120.0
NEXT = {"recibida": "asignada", "asignada": "en_diagnostico", "en_diagnostico": "en_reparacion"}
STOCK = 0.25
MOVED = 0.15


class Desk(Worker):
    """Also counts stock, and moves the orders that were taken in here along their states."""

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
            shelf = stock.existencias(connection)
            sucursal, n = people.branch_of(connection, self._actor), state.read(connection).n + 1
            sku = self._rng.choice(shelf).sku if shelf else None
            producto = stock.producto_por_sku(connection, sku) if sku else None
        if producto is None or self._rng.random() < 0.15:
            nuevo: Row = {"sku": f"{self._codigo}-{n}", "nombre": f"Fuente {self._codigo}-{n}"}
            ops = [actions.alta(self._replica.ambient, "producto", nuevo)]
        else:
            tipo, cantidad = self._rng.choice((("entrada", 7), ("salida", -2), ("ajuste_conteo", 3)))
            place = str(sucursal["id"])
            ops = [actions.mover_stock(self._replica.ambient, producto, place, tipo, cantidad)]
        return people.guardar(self._replica, self._actor, ops)

    def _move_on(self) -> Changes | None:
        """Nobody else moves these, so that no transition may be refused."""
        with self._replica.reading() as connection:
            found = [f for f in queries.ordenes(connection, limit=200) if f.folio.startswith(f"{self._codigo}-")]
            own = [f.id for f in found if f.estado in NEXT]
            orden = queries.row(connection, "orden", self._rng.choice(own)) if own else None
            tecnico = queries.tecnicos(connection)[0].id
        if orden is None:
            return None
        after = NEXT[str(orden["estado"])]
        given = tecnico if after == "asignada" else None
        ops = actions.cambiar_estado(self._replica.ambient, orden, after, tecnico_id=given)
        return people.guardar(self._replica, self._actor, ops)


class Station:
    """The process: a replica, its sync in a thread, its worker in the main one."""

    def __init__(self, options: argparse.Namespace, password: str) -> None:
        self._who = (options.username, password)
        self._folder: Path = options.data_dir
        self._rng = random.Random(options.seed)
        self._replica = Replica.open(options.data_dir, owner="el puesto")
        self._store = open_store(options.data_dir, options.credentials_file)
        if self._known().estacion_id is None:
            session.enroll(self._replica, self._store, options.server, *self._who, options.name, TIMEOUT_S)
        with self._replica.writing() as writing:
            state.write(writing, server_url=options.through or options.server)
        session.resume(self._replica, self._store)
        self._transport = HttpTransport(options.through or options.server, self._store, TIMEOUT_S)
        self._engine = SyncEngine(self._replica, self._transport, batch=20)
        self._journal = Journal(options.data_dir / JOURNAL)
        self._cycling = threading.Lock()
        self._moved = 0
        self._online, self._ended = threading.Event(), threading.Event()
        self._online.set()
        self._thread = threading.Thread(target=self._keep_syncing, name="sync")
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._transport.close()
        self._replica.close()
        self._journal.close()

    def do(self, word: str, *arguments: str) -> object:
        """One command of the test."""
        commands: dict[str, Callable[..., object]] = {
            "work": self._work,
            "offline": self._online.clear,
            "online": self._online.set,
            "quiet": self._quiet,
            "settle": self._settle,
        }
        return commands[word](*map(int, arguments))

    def _known(self) -> state.State:
        with self._replica.reading() as connection:
            return state.read(connection)

    def _work(self, changes: int) -> int:
        worker = Desk(self._replica, self._rng)
        for _ in range(changes):
            try:
                self._journal.add(worker.change())
            except KnownError as error:
                self._surprise("guardar", error)
            self._ended.wait(self._rng.uniform(0, 0.05))
        return self._journal.count

    def _quiet(self) -> int:
        deadline = time.monotonic() + QUIET_S
        while time.monotonic() < deadline:
            result = self._cycle()
            if result is not None and not result.pushed + result.pulled:
                with self._cycling:
                    moved, self._moved = self._moved, 0
                return moved
            self._ended.wait(0.1)
        raise KnownError("Esto no se aquieta.")

    def _settle(self) -> int:
        with self._replica.reading() as connection:
            actor, found = people.current_actor(connection), queries.conflictos(connection)
        for one in found:
            if actor is not None:
                self._journal.add(_key_of(people.aceptar_conflicto(self._replica, actor, one.id)))
        return len(found)

    def _cycle(self) -> CycleResult | None:
        """One cycle; None: there was no answer."""
        with self._cycling:
            try:
                result = self._engine.cycle()
                self._moved += result.pushed + result.pulled
                return result
            except SignInNeeded:
                self._sign_in()
            except ServerUnreachable:
                pass
            except KnownError as error:
                self._surprise("sync", error)
        return None

    def _sign_in(self) -> None:
        try:
            session.sign_in(self._replica, self._store, *self._who, TIMEOUT_S)
        except KnownError as error:
            self._surprise("entrar", error)

    def _surprise(self, where: str, error: KnownError) -> None:
        with (self._folder / SURPRISES).open("a", encoding="utf-8") as stream:
            stream.write(f"{where}: {type(error).__name__}: {error}\n")

    def _keep_syncing(self) -> None:
        """Until the end; an error that is a bug ends the process, loudly."""
        try:
            while not self._ended.is_set():
                if self._online.is_set():
                    self._cycle()
                self._ended.wait(self._rng.uniform(0.05, 0.3))
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(70)


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
