"""The real engine and the real server handler behind the small interface of a simulator.

`make(rng)` gives a server and a maker of clients, all in one process, on SQLite files, in virtual time. Rows are
orders, parts are products; nothing here decides anything.
"""

import json
import random
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from domain.base.actor import Actor
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.scope import scope_of
from domain.wire import EnrolReply, Firmante, LiveEvent
from local_db import enrolment, rows, state
from local_db.capture import capturing
from local_db.replica import Replica
from servitec_server import admin, marks, recovery, upkeep
from servitec_server import rows as server_rows
from servitec_server.auth import Auth
from servitec_server.authors import FOR_A_SUPERVISOR
from servitec_server.central import Central
from servitec_server.chunks import Chunks, Told
from servitec_server.handler import SyncHandler
from servitec_server.marks import NAME
from servitec_server.people import actor_of
from servitec_server.tables import respuesta
from sync.engine import SyncEngine
from sync.errors import StationCloned, StationUnknown
from tests.simulation.edits import COLUMNS, ops_of
from tests.simulation.line import ANA, BEA, MEMORY, Call, CallTransport, Clock, answer, enrolled, template

SELECT_ORDERS = f"SELECT referencia_externa, {', '.join(COLUMNS)} FROM orden WHERE borrado_en IS NULL"
SELECT_STOCK = "SELECT p.sku, e.stock FROM existencia e JOIN producto p ON p.id = e.producto_id"


class Server:
    """The central server without HTTP."""

    def __init__(self, rng: random.Random) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="servitec-sim-", dir=MEMORY))
        weakref.finalize(self, shutil.rmtree, self.root, ignore_errors=True)
        shutil.copytree(template(), self.root / "servidor")
        self.rng, self.clock = rng, Clock()
        self.ambient = Ambient(self.clock, rng)
        self.fields: dict[object, str] = {}
        self._backups = 0
        self.places: dict[str, set[tuple[str, int]]] = {}
        """Where each Cambio was ever accepted: epoch and version, by its id."""
        self._open()

    def _open(self) -> None:
        self.central = Central(self.root / "servidor", None, self.ambient)
        self.handler = SyncHandler(self.central, clock=lambda: self.clock().timestamp() / 1000)
        self.auth = Auth(self.central)
        self.chunks = Chunks(self.central, self.handler)
        self.events: list[Told] = []
        self.central.listeners.append(self._tell)

    def _tell(self, _: object) -> None:
        """What sockets hear; those of before are closed with the process that had them."""
        self.events += self.chunks.since_last([scope_of(self.person())]).values()

    def person(self) -> Actor:
        with self.central.store.reading() as connection:
            return actor_of(server_rows.get(connection, "usuario", ANA), ANA) or Actor(ANA, "consulta")

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["kind"] == "enrol":
            return enrolled(self.handler, self.auth, self.person(), request["anterior"])
        reply = answer(self.handler, self.auth, self.person(), request)
        for told in reply.get("answers", []):
            if recibo := told.get("recibo"):
                self.places.setdefault(told["id"], set()).add((recibo["epoca"], recibo["version"]))
        return reply

    def backup(self) -> Path:
        self._backups += 1
        target = self.root / f"respaldo-{self._backups}.db"
        recovery.backup(self.central.data_dir, target)
        return target

    def restore(self, obj: Path) -> None:
        self.central.close()
        recovery.restore(self.root / "servidor", obj, self.ambient)
        self._open()

    def crash(self) -> None:
        self.central.close()
        self._open()

    def put_aside(self) -> Path:
        """The machine as it stands, as a virtual machine's snapshot holds it."""
        self._backups += 1
        aside = self.root / f"maquina-{self._backups}"
        aside.mkdir()
        folder = self.central.data_dir
        with closing(sqlite3.connect(folder / "servidor.db")) as db:
            db.execute("VACUUM INTO ?", (str(aside / "servidor.db"),))
        shutil.copy(folder / NAME, aside)
        return aside

    def put_back(self, aside: Path, *, whole: bool) -> None:
        """Put the machine back, or only its database; nobody tells the server."""
        self.central.close()
        folder = self.central.data_dir
        for name in ("servidor.db-wal", "servidor.db-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copy(aside / "servidor.db", folder / "servidor.db")
        if whole:
            shutil.copy(aside / NAME, folder)
        self._open()

    def values(self) -> list[Any]:
        """Every value that stands for a simulator's field, and every one that lost."""
        with self.central.store.reading() as connection:
            orders = connection.exec_driver_sql(f"SELECT {', '.join(COLUMNS)} FROM orden")
            found = [value for row in orders for value in row]
            lost = connection.exec_driver_sql("SELECT valor_servidor, valor_tardio FROM conflicto")
            return found + [json.loads(value) for row in lost for value in row]

    def epochs(self) -> list[str]:
        """Every epoch that the server knows."""
        with self.central.store.reading() as connection:
            return sorted(marks.of_kind(connection, "epoca"))

    def approve_all(self) -> None:
        """A supervisor lets in what lacks a proof or a right, the oldest first; what a rule is against stays out."""
        with self.central.store.reading() as connection:
            query = select(respuesta.c.cambio_id).where(respuesta.c.cuerpo.is_not(None))
            query = query.where(respuesta.c.motivo.in_(FOR_A_SUPERVISOR)).order_by(respuesta.c.respondido_en)
            keys = list(connection.execute(query.order_by(respuesta.c.n)).scalars())
        for key in keys:
            with suppress(KnownError):
                admin.let_in(self.central, self.person(), key, None)

    def account(self, key: str) -> Row:
        """A person's account, as it is now."""
        with self.central.store.reading() as connection:
            return server_rows.get(connection, "usuario", key) or {}

    def gc(self) -> None:
        self.clock.at += timedelta(days=181)
        upkeep.collect(self.central)

    def column(self, field: object) -> str:
        """The column that stands for a simulator's field."""
        return self.fields.setdefault(field, COLUMNS[len(self.fields)] if field not in self.fields else "")

    def dump(self) -> dict[str, Any]:
        with self.central.store.reading() as connection:
            return self.shown(connection.exec_driver_sql)

    def shown(self, query: Callable[[str], Any]) -> dict[str, Any]:
        names = {column: field for field, column in self.fields.items()}
        found = {f"stock/{sku}": stock for sku, stock in query(SELECT_STOCK)}
        for name, *values in query(SELECT_ORDERS):
            pairs = zip(COLUMNS, values, strict=True)
            found |= {f"{name}/{names[c]}": json.loads(v) for c, v in pairs if v is not None}
        return found

    def applied(self) -> list[str]:
        with self.central.store.reading() as connection:
            sql = "SELECT cambio_id FROM cambio WHERE estacion_id <> :own ORDER BY version"
            return list(connection.execute(text(sql), {"own": self.central.identity.own.id}).scalars())

    def stock(self) -> dict[str, int]:
        with self.central.store.reading() as connection:
            return {str(sku): int(stock) for sku, stock in connection.exec_driver_sql(SELECT_STOCK)}


class Client:
    """One station."""

    def __init__(self, server: Server, i: int) -> None:
        self._server = server
        self.folder = server.root / f"estacion-{i}-{server.ambient.new_id()}"
        self.offset = timedelta()
        self.ambient = Ambient(lambda: server.clock() + self.offset, server.rng)
        self.transport = CallTransport()
        self.heard = 0
        self.at_place = False
        """Does it stand where the server stood: nothing came since its last whole cycle but chunks that follow it?"""
        self._ids: list[str] = []
        self._firmantes: dict[str, Firmante] = {}
        self._start()
        self.transport.call = server.handle
        self._enrol()
        self.engine.cycle()

    def _start(self) -> None:
        self.replica = Replica.open(self.folder, ambient=self.ambient)
        self.replica.firmantes.update(self._firmantes)
        self.engine = SyncEngine(self.replica, self.transport, batch=20)

    def _enrol(self) -> None:
        reply = self.transport.ask("enrol", anterior=self.transport.station)
        enrolment.finish_enrolment(self.replica, "sim://", EnrolReply.model_validate(reply))
        with self.replica.writing() as writing:
            state.write(writing, usuario_id=ANA)
        self.transport.station = f"{reply['estacion_id']}:{reply['codigo']}:{reply['credencial']}"
        self._firmantes = dict(self.replica.firmantes)

    def sign_in(self, usuario_id: str) -> None:
        """Somebody unlocks what he signs with here, as the server knows him now."""
        station = self.transport.station.partition(":")[0]
        self.replica.firmantes[usuario_id] = self._server.auth.signer(station, usuario_id)
        self._firmantes = dict(self.replica.firmantes)

    def edit(self, kind: str, *args: Any, by_bea: bool = False) -> str:
        """One user action; the id of its Cambio."""
        actor = Actor(ANA, "administrador")
        if by_bea:
            with self.replica.reading() as connection:
                branch = connection.exec_driver_sql("SELECT sucursal_id FROM usuario WHERE id = ?", (BEA,)).scalar()
            actor = Actor(BEA, "supervisor", branch)
            if BEA not in self.replica.firmantes:
                self.sign_in(BEA)
        if kind == "poison":
            actor = Actor(self.ambient.new_id(), "administrador")
            station = self.transport.station.partition(":")[0]
            self.replica.firmantes[actor.usuario_id] = self._server.central.prover.signer(station, actor.usuario_id, 1)
        with self.replica.writing() as writing, capturing(writing, self.ambient) as capture:
            ops = ops_of(kind, args, rows.raw(writing.connection), capture, self.ambient, self._server.column)
            key = capture.save(actor, ops)
        self._ids.append(key)
        return key

    def hear(self, told: Told) -> bool:
        """A message of the live socket; False: it asks for a cycle."""
        if told.maker == self.transport.station.partition(":")[0]:
            return True
        event = LiveEvent.model_validate_json(told.message)
        return event.cambios is not None and self.engine.take(event.cambios)

    def sync(self, call: Call) -> None:
        """One cycle; what `call` raises comes out."""
        self.transport.call = call
        try:
            self.engine.cycle()
        except (StationCloned, StationUnknown):
            self._enrol()
            self.engine.cycle()

    def crash(self) -> None:
        """The process is gone; it starts again."""
        self.replica._whole = False  # a process that is killed takes no mark away
        self.replica.close()
        self._start()

    def lose_pointer(self, content: bytes | None) -> None:
        """The process is gone, and with it the file that says which replica is the present one."""
        self.replica._whole = False
        self.replica.close()
        pointer = self.folder / "actual"
        if content is None:
            pointer.unlink(missing_ok=True)
        else:
            pointer.write_bytes(content)
        self._start()

    def _column(self, sql: str) -> list[str]:
        with self.replica.reading() as connection:
            return list(connection.exec_driver_sql(sql).scalars())

    def acked(self) -> list[str]:
        open_ = set(self._column("SELECT id FROM outbox WHERE acusado_en IS NULL")) | set(self.quarantined())
        return [key for key in self._ids if key not in open_]

    def pending(self) -> int:
        return len(self._column("SELECT id FROM outbox WHERE acusado_en IS NULL"))

    def quarantined(self) -> list[str]:
        return self._column("SELECT cambio_id FROM rechazo")

    def dump(self) -> dict[str, Any]:
        with self.replica.reading() as connection:
            return self._server.shown(connection.exec_driver_sql)

    def seen(self, row: object, field: object) -> Any:
        return self.dump().get(f"{row}/{field}")


def make(rng: random.Random) -> tuple[Server, Callable[[int], Client]]:
    """A server, and what makes its clients."""
    server = Server(rng)
    return server, lambda i: Client(server, i)
