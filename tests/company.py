"""A company in one process: the real central server without HTTP, real replicas, and a line that loses things."""

import contextlib
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.ambient import Ambient
from domain.base.row import Row
from domain.incoming import read_push
from domain.model import SPECS
from domain.ordenes.actions import Recepcion
from domain.scope import scope_of
from domain.wire import ChangesReply, EnrolReply, Firmante, Head, PushReply, PushRequest, canonical
from local_db import enrolment, open_items, people, rows, state
from local_db.ordenes import reception
from local_db.replica import Replica
from servitec_server import rows as server_rows
from servitec_server.batch import ClonedStation
from servitec_server.central import Central
from servitec_server.feed import Options
from servitec_server.handler import Refusal, SyncHandler
from servitec_server.origin import Station
from servitec_server.people import actor_of
from servitec_server.stations import Stations
from servitec_server.tables import metadata
from sync.done import CycleResult
from sync.download import unpack
from sync.engine import SyncEngine
from sync.errors import BootstrapNeeded, SchemaRefused, ServerUnreachable, StationCloned, StationRevoked
from sync.transport import Answered, Asked
from tests.simulation.line import asked_here


class Line:
    """A Transport straight into the handler. `fault` decides what happens to each request."""

    def __init__(self, office: "Office", station: Station, person: Actor) -> None:
        self._office = office
        self.station = station
        self.person = person
        self.fault: Callable[[], str] = lambda: "ok"
        self._late: list[PushRequest] = []

    def push(self, asked: Asked, bodies: list[str]) -> PushReply:
        request = read_push((canonical(asked.values())[:-1] + ',"cambios":[' + ",".join(bodies) + "]}").encode())
        fault = self.fault()
        if fault == "request_lost":
            raise ServerUnreachable("lost")
        if fault == "held_back":
            self._late.append(request)
            raise ServerUnreachable("held back")
        while self._late and fault == "ok":
            with contextlib.suppress(Refusal):
                self._office.handler.push(self._late.pop(), self.station, scope_of(self._now()))
        reply = self._call(lambda: self._office.handler.push(request, self.station, scope_of(self._now())))
        if fault == "doubled":
            reply = self._call(lambda: self._office.handler.push(request, self.station, scope_of(self._now())))
        if fault == "reply_lost":
            raise ServerUnreachable("reply lost")
        return PushReply.model_validate_json(reply.model_dump_json(by_alias=True))

    def changes(self, asked: Asked, hasta: int | None, *, propias: bool, enteras: bool, digest: bool) -> ChangesReply:
        fault = self.fault()
        if fault in ("request_lost", "held_back"):
            raise ServerUnreachable("lost")
        head, options = Head.model_validate(asked.values()), Options(propias, enteras, digest, weight=7)
        handler, scope = self._office.handler, scope_of(self._now())
        reply = self._call(lambda: handler.changes(head, hasta, scope, self.station, options))
        if fault == "reply_lost":
            raise ServerUnreachable("reply lost")
        return ChangesReply.model_validate_json(reply.model_dump_json(by_alias=True))

    def forget(self) -> None:
        return

    def ahead(self, request: Callable[[], Answered]) -> Callable[[], Answered]:
        return asked_here(request)

    def snapshot(self, asked: Asked, folder: Path, progress: Callable[[int, int], None]) -> Path:
        if self.fault() in ("request_lost", "held_back", "reply_lost"):
            raise ServerUnreachable("lost")
        head, handler = Head.model_validate(asked.values()), self._office.handler
        ready = self._call(lambda: handler.snapshot(head, scope_of(self._now()), self.station, wait=True))
        unpack([ready.path.read_bytes()], folder / "instantanea.db", ready.size)
        return folder / "instantanea.db"

    def _now(self) -> Actor:
        with self._office.central.store.reading() as connection:
            key = self.person.usuario_id
            return actor_of(server_rows.get(connection, "usuario", key), key) or self.person

    def _call(self, request: Callable[[], Any]) -> Any:
        try:
            return request()
        except ClonedStation as cloned:
            raise StationCloned(cloned.message) from cloned
        except Refusal as refusal:
            if refusal.error == "clonada":
                raise StationCloned(refusal.message) from refusal
            if refusal.error == "revocada":
                raise StationRevoked(refusal.message) from refusal
            if refusal.status == 426:
                raise SchemaRefused(refusal.message) from refusal
            central = self._office.central
            here = (central.identity.server_id, central.epoch())
            raise BootstrapNeeded(refusal.error, refusal.message, *here) from refusal


class Desk:
    """One workstation."""

    def __init__(self, office: "Office", name: str, person: Actor) -> None:
        self.folder = office.root / name
        self.replica = Replica.open(self.folder)
        self.person = person
        row = office.stations.enrol(person, name)
        self.header = office.stations.header(row)
        self.station = office.stations.known(self.header)
        reply = EnrolReply(
            **office.handler.head(scope_of(person).hash),
            estacion_id=self.station.id,
            codigo=self.station.codigo,
            nombre=name,
            sucursal_id=person.sucursal_id,
            credencial=office.stations.credential(row),
            firmante=office.central.prover.signer(self.station.id, person.usuario_id, 1),
        )
        enrolment.finish_enrolment(self.replica, "http://loopback", reply)
        with self.replica.writing() as writing:
            state.write(writing, usuario_id=person.usuario_id)
        self.line = Line(office, self.station, person)
        self.engine = SyncEngine(self.replica, self.line, batch=5)

    def reopen(self, firmantes: Mapping[str, Firmante] | None = None) -> None:
        """A new start of the program on the same folder."""
        self.replica.close()
        kept = self.replica.firmantes if firmantes is None else firmantes
        self.replica = Replica.open(self.folder, ambient=self.replica.ambient)
        self.replica.firmantes.update(kept)
        self.engine = SyncEngine(self.replica, self.line, batch=5)

    def sync(self) -> CycleResult:
        return self.engine.cycle()

    def receive(self, falla: str = "No enciende", **orden: Any) -> Row:
        recepcion = Recepcion(
            cliente={"nombre": "Íñigo", "telefono": "+56955550102"},
            equipo={"marca": "Epson"},
            orden={"falla_reportada": falla, **orden},
        )
        return self.row("orden", reception.recibir(self.replica, self.person, recepcion).orden_id)

    def edit(self, tabla: str, vista: Row, **campos: Any) -> None:
        people.guardar(self.replica, self.person, actions.editar(tabla, vista, campos))

    def row(self, tabla: str, key: object) -> Row:
        with self.replica.reading() as connection:
            found = rows.get(rows.raw(connection), tabla, str(key))
        assert found is not None, (tabla, key)
        return found

    def read(self, query: Callable[[Any], Any]) -> Any:
        with self.replica.reading() as connection:
            return query(connection)

    def open_items(self) -> open_items.Resumen:
        found: open_items.Resumen = self.read(open_items.resumen)
        return found

    def dump(self) -> dict[tuple[str, str], Row]:
        """Every visible replicated row, but the station's own."""
        with self.replica.reading() as connection:
            db = rows.raw(connection)
            return {
                (spec.name, key): rows.get(db, spec.name, key) or {}
                for spec in SPECS
                if not spec.de_estacion
                for (key,) in db.execute(f"SELECT id FROM {spec.name}").fetchall()
            }


class Office:
    """The central server and its people: `jefa` (supervisor), `ana` (administrador), `rec`, `tec`."""

    def __init__(self, root: Path, database_url: str | None = None, rng: random.Random | None = None) -> None:
        self.root = root
        self.central = Central(root / "servidor", database_url, Ambient() if rng is None else Ambient(rng=rng))
        self.handler = SyncHandler(self.central)
        self.people: dict[str, Actor] = {}
        self.desks: list[Desk] = []
        with self.central.store.reading() as connection:
            branch = connection.execute(text("SELECT id FROM sucursal WHERE codigo = 'CENTRAL'")).scalar_one()
        self.branch: str = branch
        for name, rol in (
            ("ana", "administrador"),
            ("jefa", "supervisor"),
            ("rec", "recepcionista"),
            ("tec", "tecnico"),
        ):
            self.people[name] = self._known(name) or self.hire(name, rol)

    @property
    def stations(self) -> Stations:
        return Stations(self.central)

    def _known(self, name: str) -> Actor | None:
        """Who was hired already, where this is a copy of another office."""
        usuario = metadata.tables["usuario"]
        with self.central.store.reading() as connection:
            key = connection.execute(select(usuario.c.id).where(usuario.c.username == name)).scalar()
            return None if key is None else actor_of(server_rows.get(connection, "usuario", key), key)

    def hire(self, name: str, rol: str) -> Actor:
        ambient = self.central.ambient
        ops = [actions.alta(ambient, "empleado", {"nombre": name, "sucursal_id": self.branch})]
        campos: Row = {"username": name, "rol": rol, "sucursal_id": self.branch, "empleado_id": ops[0].id}
        ops.append(actions.alta(ambient, "usuario", campos))
        self.central.write(SISTEMA, lambda _: ops, trusted=True)
        return Actor(ops[1].id, rol, self.branch, ops[0].id, None, name)

    def desk(self, name: str, person: str = "jefa") -> Desk:
        made = Desk(self, name, self.people[person])
        made.sync()
        self.desks.append(made)
        return made

    def close(self) -> None:
        for desk in self.desks:
            desk.replica.close()
        self.central.close()
