"""A station that works and syncs at the same time and may be killed at any moment.

`python -m tests.chaos.station --data-dir D --credentials-file F --changes N --seed S --done FILE`: N changes
over all its lives, counted in D/diario.txt, which gets the id of each Cambio after its save has returned.
After the last one it touches FILE and goes on syncing until SIGTERM. With `--drain` it only syncs, and ends
when nothing waits. What should not have happened goes to D/sorpresas.txt.
"""

import argparse
import os
import random
import signal
import sys
import threading
import traceback
from pathlib import Path
from types import FrameType

from domain.base import actions
from domain.base.actor import Actor
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from domain.ordenes.actions import Recepcion
from local_db import open_items, people, reading, state
from local_db.clientes import queries as leer_clientes
from local_db.ordenes import queries as leer_ordenes
from local_db.ordenes import reception
from local_db.replica import Changes, Replica
from sync import session
from sync.credentials import open_store
from sync.engine import SyncEngine
from sync.errors import ServerUnreachable
from sync.transport import HttpTransport

JOURNAL = "diario.txt"
SURPRISES = "sorpresas.txt"
TIMEOUT_S = 2.0
FIELDS = ("titulo", "descripcion", "falla_reportada", "diagnostico", "trabajo_realizado", "ubicacion_fisica")


class Journal:
    """Lines that were promised: each is on the disk when `add` returns. A half line at the end is forgotten."""

    def __init__(self, path: Path) -> None:
        whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
        self.count = len(whole.split(b"\n")) if whole else 0
        self._stream = path.open("ab")
        self._stream.truncate(len(whole) + 1 if whole else 0)

    def add(self, line: str) -> None:
        self._stream.write(line.encode() + b"\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self.count += 1

    def close(self) -> None:
        self._stream.close()


class Worker:
    """The person at the desk: takes orders in, edits anybody's, comments."""

    def __init__(self, replica: Replica, rng: random.Random) -> None:
        self._replica = replica
        self._rng = rng
        with replica.reading() as connection:
            actor = people.current_actor(connection)
            self._codigo = str(state.read(connection).codigo)
        if actor is None:
            raise KnownError("Nadie ha iniciado sesión en esta estación.")
        self._actor: Actor = actor

    def change(self) -> str:
        """Save one change; the id of its Cambio.

        It is taken from what the save says it touched: in the outbox the other thread may have sent it by now.
        """
        with self._replica.reading() as connection:
            words = f"{self._codigo}, cambio {state.read(connection).n + 1}"
        seen = self._look()
        chance = self._rng.random()
        if not seen or chance < 0.25:
            changes = self._receive(words)
        elif chance < 0.75:
            changes = self._edit(self._rng.choice(seen), words)
        elif chance < 0.85:
            changes = self._edit_client(self._rng.choice(seen), words)
        else:
            ops = de_ordenes.comentar(self._replica.ambient, self._rng.choice(seen), words)
            changes = people.guardar(self._replica, self._actor, ops)
        (key,) = (key for tabla, key in changes.rows if tabla == "outbox")
        return key

    def _look(self) -> list[Row]:
        """Some orders as the screen shows them: the newest, on which everybody works, and now and then others."""
        limit = 8 if self._rng.random() < 0.6 else 200
        with self._replica.reading() as connection:
            keys = [fila.id for fila in leer_ordenes.ordenes(connection, limit=limit)]
            found = (reading.row(connection, "orden", key) for key in self._rng.sample(keys, min(2, len(keys))))
            return [row for row in found if row is not None]

    def _receive(self, words: str) -> Changes:
        with self._replica.reading() as connection:
            clients = leer_clientes.clientes(connection, limit=20)
        known = self._rng.choice(clients).id if clients and self._rng.random() < 0.5 else None
        new: Row = {"nombre": f"Íñigo {words}", "telefono": f"+569555{self._rng.randrange(10**5):05d}"}
        recepcion = Recepcion(
            cliente_id=known,
            cliente=None if known else new,
            equipo={"marca": "Epson", "serie": words},
            orden={"falla_reportada": words},
        )
        return reception.recibir(self._replica, self._actor, recepcion).changes

    def _edit(self, vista: Row, words: str) -> Changes:
        names = self._rng.sample(FIELDS, self._rng.choice((1, 1, 2)))
        ops = actions.editar("orden", vista, {name: f"{name} según {words}" for name in names})
        return people.guardar(self._replica, self._actor, ops)

    def _edit_client(self, orden: Row, words: str) -> Changes:
        with self._replica.reading() as connection:
            vista = reading.row(connection, "cliente", str(orden["cliente_id"]))
        if vista is None:
            return self._edit(orden, words)
        ops = actions.editar("cliente", vista, {"notas": words})
        return people.guardar(self._replica, self._actor, ops)


class Station:
    """The process: a replica, its sync and, unless it only drains, its worker."""

    def __init__(self, data_dir: Path, credentials_file: Path, seed: int) -> None:
        self.ended = threading.Event()
        self.data_dir = data_dir
        self.journal = Journal(data_dir / JOURNAL)
        self.replica = Replica.open(data_dir, owner="el caos")
        with self.replica.reading() as connection:
            known = state.read(connection)
        if known.server_url is None:
            raise KnownError("Esta carpeta no es una estación todavía.")
        self.rng = random.Random(f"{seed}, {known.n}")
        store = open_store(data_dir, credentials_file)
        session.resume(self.replica, store)
        self._transport = HttpTransport(known.server_url, store, TIMEOUT_S)
        self._engine = SyncEngine(self.replica, self._transport, batch=50)

    def close(self) -> None:
        self._transport.close()
        self.replica.close()
        self.journal.close()

    def cycle(self) -> bool:
        """One cycle; True when it went through and left nothing waiting."""
        try:
            result = self._engine.cycle()
        except ServerUnreachable:
            return False
        except KnownError as error:
            self.surprise("sync", error)
            return False
        with self.replica.reading() as connection:
            return result.up_to_date or open_items.resumen(connection).pending == 0

    def surprise(self, where: str, error: KnownError) -> None:
        with (self.data_dir / SURPRISES).open("a", encoding="utf-8") as stream:
            stream.write(f"{where}: {type(error).__name__}: {error}\n")

    def keep_syncing(self) -> None:
        """Until the end; an error that is a bug ends the process, loudly."""
        try:
            while not self.ended.is_set():
                self.cycle()
                self.ended.wait(self.rng.uniform(0.02, 0.3))
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(70)

    def drain(self) -> None:
        """Sync until nothing waits."""
        while not self.ended.is_set() and not self.cycle():
            self.ended.wait(0.1)

    def work(self, changes: int, pause_s: float, done: Path) -> None:
        """Make what is missing of the changes, syncing meanwhile; then only sync, until the end."""
        thread = threading.Thread(target=self.keep_syncing, name="sync")
        thread.start()
        try:
            worker = Worker(self.replica, self.rng)
            while self.journal.count < changes and not self.ended.is_set():
                try:
                    self.journal.add(worker.change())
                except KnownError as error:
                    self.surprise("guardar", error)
                self.ended.wait(self.rng.uniform(0, pause_s))
            if self.journal.count >= changes:
                done.touch()
            self.ended.wait()
        finally:
            self.ended.set()
            thread.join()


def main() -> int:
    """Exit code 0: drained, or told to end; anything else is a bug."""
    parser = argparse.ArgumentParser(prog="tests.chaos.station")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--credentials-file", type=Path, required=True)
    parser.add_argument("--changes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--done", type=Path)
    parser.add_argument("--pause", type=float, default=0.1, help="longest pause between two changes, in seconds")
    parser.add_argument("--drain", action="store_true")
    options = parser.parse_args()
    station = Station(options.data_dir, options.credentials_file, options.seed)

    def end(_: int, __: FrameType | None) -> None:
        station.ended.set()

    signal.signal(signal.SIGTERM, end)
    try:
        if options.drain:
            station.drain()
        else:
            station.work(options.changes, options.pause, options.done or options.data_dir / "hecho")
    finally:
        station.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
