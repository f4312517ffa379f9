"""A test copy of a server runs beside the real one, and stations mix the two up: the real one changes in nothing."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, inspect, text

from domain.base import actions
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.ordenes.actions import Recepcion
from domain.wire import canonical
from local_db import open_items, people, reading, state
from local_db.ordenes import queries, reception
from local_db.replica import Replica
from servitec_desktop.command.diagnosis import examine
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_server import recovery
from servitec_server.central import Central
from servitec_server.store import Store
from sync import session
from sync.credentials import FileStore
from sync.done import CycleResult
from sync.engine import SyncEngine
from sync.errors import OtherServer, StationUnknown
from sync.transport import STATION_HEADER, Asked, HttpTransport
from testing.company import PERSON, Company
from tests.databases import Databases
from tests.restores.world import dump_database, load_database

BOOKS = ("sesion", "visita")
"""What the server notes of who came by: no row of the company, no mark."""


class Seat:
    """A station as a program on a folder has it, in this process; its servers are processes."""

    def __init__(self, folder: Path, company: Company) -> None:
        self.company = company
        self.folder = folder
        self.replica = Replica.open(folder)
        self.store = FileStore(folder / "credenciales.json")
        session.enroll(self.replica, self.store, company.url, PERSON, company.password, folder.name, 30)

    def reach(self, url: str) -> None:
        """Where it believes its server to be from here on."""
        self.learn(server_url=url)

    def learn(self, **values: Any) -> None:
        with self.replica.writing() as writing:
            state.write(writing, **values)

    def signed_in_online(self) -> bool:
        return session.sign_in(self.replica, self.store, PERSON, self.company.password, 30).online

    def known(self) -> state.State:
        with self.replica.reading() as connection:
            return state.read(connection)

    def sync(self) -> CycleResult:
        transport = HttpTransport(str(self.known().server_url), self.store, 30)
        try:
            return SyncEngine(self.replica, transport).cycle()
        finally:
            transport.close()

    def receive(self, falla: str) -> str:
        """A new order; its id."""
        with self.replica.reading() as connection:
            actor = people.current_actor(connection)
        assert actor is not None
        recepcion = Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden={"falla_reportada": falla})
        return reception.recibir(self.replica, actor, recepcion).orden_id

    def edit(self, orden_id: str, **campos: Any) -> None:
        with self.replica.reading() as connection:
            actor, vista = people.current_actor(connection), reading.row(connection, "orden", orden_id)
        assert actor is not None
        assert vista is not None
        people.guardar(self.replica, actor, actions.editar("orden", vista, campos))

    def fallas(self) -> set[str]:
        with self.replica.reading() as connection:
            return {str(fila.falla_reportada) for fila in queries.ordenes(connection, limit=50)}

    def pending(self) -> int:
        with self.replica.reading() as connection:
            return open_items.resumen(connection).pending

    def outbox(self) -> list[Row]:
        with self.replica.reading() as connection:
            found = connection.exec_driver_sql("SELECT cuerpo, firma, recibos FROM outbox ORDER BY n").mappings()
            return [dict(row) for row in found]

    def doctor(self) -> dict[str, str]:
        """What it finds wrong, and where."""
        found = examine(Context(self.folder, Config(), self.folder / "credenciales.json"))
        return {finding.what: finding.found for finding in found if finding.todo}

    def headers(self) -> dict[str, str]:
        kept = self.store.load()
        return {STATION_HEADER: str(kept.station), "Authorization": f"Bearer {kept.access_token}"}


@dataclass(frozen=True, slots=True)
class Town:
    """The real server with its station `a`, and the copy with its station `c`."""

    real: Company
    copy: Company
    a: Seat
    c: Seat
    orden_id: str


def copied(real: Company, root: Path, made_company: Company, url: str | None) -> Company:
    """A test copy of a running server, as the operator makes one; `url` of its database on PostgreSQL."""
    env = None if url is None else {**os.environ, "SERVITEC_DATABASE_URL": url}
    copy = Company(root / "prueba", env, like=made_company)
    copy.password = real.password
    folder, backup = copy.root / "servidor", root / "respaldo"
    shutil.rmtree(folder)
    if url is None:
        recovery.backup(real.root / "servidor", backup)
        recovery.restore(folder, backup, into=recovery.Into.COPY)
    else:
        dump_database(database_of(real), backup)
        load_database(url, backup)
        copy.server("new-epoch", "--data-dir", str(folder), "--copia")
    return copy


def database_of(company: Company) -> str:
    """Its address."""
    url = (company.env or {}).get("SERVITEC_DATABASE_URL")
    return url or f"sqlite:///{company.root / 'servidor' / 'servidor.db'}"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def town(
    request: pytest.FixtureRequest, made_company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Both have worked since the copy was made; nothing waits anywhere, and each test leaves it so."""
    root = tmp_path_factory.mktemp("copia")
    url, other = None, None
    if request.param == "postgresql":
        databases: Databases = request.getfixturevalue("postgres_databases")
        url, other = databases.make(), databases.make()
    env = None if url is None else {**os.environ, "SERVITEC_DATABASE_URL": url}
    real = Company(root / "real", env, like=None if url else made_company)
    with ExitStack() as stack:
        stack.callback(real.stop)
        real.start()
        a = Seat(root / "a", real)
        stack.callback(a.replica.close)
        orden_id = a.receive("de antes")
        a.sync()
        copy = copied(real, root, made_company, other)
        stack.callback(copy.stop)
        copy.start()
        c = Seat(root / "c", copy)
        stack.callback(c.replica.close)
        c.learn(n=50)
        assert c.fallas() == {"de antes"}
        c.receive("sólo en la copia")
        c.edit(orden_id, titulo="sólo en la copia")
        assert c.sync().up_to_date
        a.edit(orden_id, diagnostico="sólo en el de verdad")
        assert a.sync().up_to_date
        yield Town(real, copy, a, c, orden_id)


def photograph(company: Company) -> tuple[dict[str, list[str]], str]:
    """Every row of every table but the books, and the marks in the folder."""
    engine = create_engine(database_of(company), poolclass=NullPool)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name not in BOOKS]
        found = {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in names}  # noqa: S608
    return found, (company.root / "servidor" / "marcas.json").read_text(encoding="utf-8")


def test_a_station_of_the_real_one_comes_to_the_copy(town: Town) -> None:
    a = town.a
    a.receive("sin enviar")
    before, there, cursor = photograph(town.real), photograph(town.copy), a.known().cursor
    a.reach(town.copy.url)
    for _ in range(2):
        with pytest.raises(OtherServer, match="es otro"):
            a.sync()
    assert "otro servidor" in a.doctor()["Servidor"]
    assert not a.signed_in_online(), "no password goes to another server"
    a.receive("hecha ante la copia")
    with pytest.raises(OtherServer, match="No se recibió ni se borró nada"):
        a.sync()
    assert (a.pending(), a.known().cursor, a.known().reenrol) == (2, cursor, None)
    assert photograph(town.real) == before
    assert {k: v for k, v in photograph(town.copy)[0].items() if k != "usuario"} == {
        k: v for k, v in there[0].items() if k != "usuario"
    }
    a.reach(town.real.url)
    assert a.sync().up_to_date
    assert a.fallas() >= {"de antes", "sin enviar", "hecha ante la copia"}
    assert "sólo en la copia" not in a.fallas()
    assert a.doctor() == {}


def test_a_station_of_the_copy_comes_to_the_real_one(town: Town) -> None:
    """Also one that was made to believe that it knows the real one."""
    c, a = town.c, town.a
    c.receive("sin enviar")
    before, mine = photograph(town.real), c.known()
    c.reach(town.real.url)
    with pytest.raises(OtherServer, match="es otro"):
        c.sync()
    real = a.known()
    c.learn(server_id=real.server_id, epoch=real.epoch)
    with pytest.raises(StationUnknown, match="no reconoce esta estación"):
        c.sync()
    assert c.pending() == 1
    c.learn(server_id=real.server_id, epoch=real.epoch, rebuild=True)
    with pytest.raises(StationUnknown, match="no reconoce esta estación"):
        c.sync()
    assert photograph(town.real) == before
    c.learn(server_id=mine.server_id, epoch=mine.epoch, rebuild=False, reenrol=None, server_url=town.copy.url)
    assert c.sync().up_to_date
    assert c.fallas() == {"de antes", "sólo en la copia", "sin enviar"}


def test_proofs_of_the_copy_prove_nothing_to_the_real_one(town: Town) -> None:
    """Its cursors, its authors' proofs, its receipts and its tokens, shown by a station of the real one."""
    a, c = town.a, town.c
    before = photograph(town.real)
    mine, theirs = a.known(), c.known()
    forged = theirs.cursor.model_copy(update={"epoca": mine.epoch})
    with httpx.Client(base_url=town.real.url, headers=a.headers(), timeout=30) as http:
        for cursor in (theirs.cursor, forged, mine.cursor.model_copy(update={"version": 999_999})):
            asked = Asked(mine.server_id, mine.epoch, mine.scope, mine.n, cursor)
            refused = http.get("/sync/changes", params=asked.query())
            assert (refused.status_code, refused.json()["error"]) == (409, "otra_historia"), refused.text
            assert "no conoce el punto" in refused.json()["mensaje"]
            reply = http.post("/sync/push", content=pushed(asked, a.outbox()[:1]))
            assert [answer["resultado"] for answer in reply.json()["answers"]] == ["repetido"], reply.text
        asked = Asked(mine.server_id, mine.epoch, mine.scope, mine.n + 9, mine.cursor)
        for epoca in (None, mine.epoch):
            reply = http.post("/sync/push", content=pushed(asked, c.outbox(), epoca))
            answers = reply.json()["answers"]
            assert {(answer["resultado"], answer["motivo"]) for answer in answers} == {("espera", "firma")}, reply.text
            assert all(answer["mensaje"] for answer in answers)
        token = {"Authorization": c.headers()["Authorization"]}
        assert http.get("/sync/changes", params=asked.query(), headers=token).status_code == 401
        stolen = http.get("/sync/changes", params=asked.query(), headers={STATION_HEADER: c.headers()[STATION_HEADER]})
        assert (stolen.status_code, stolen.json()["error"]) == (403, "credencial")
    assert photograph(town.real) == before
    assert a.sync().up_to_date
    assert "sólo en la copia" not in a.fallas()


def pushed(asked: Asked, rows: list[Row], epoca: str | None = None) -> str:
    """A push of what lies in an outbox, offered again; `epoca`: its receipts name this one."""
    cambios = []
    for row in rows:
        recibos = json.loads(str(row["recibos"]))
        proofs = [recibo | ({} if epoca is None else {"epoca": epoca}) for recibo in recibos]
        cambios.append(json.loads(str(row["cuerpo"])) | {"firma": json.loads(str(row["firma"])), "reoferta": proofs})
    return canonical(asked.values() | {"cambios": cambios})


def test_a_copy_on_postgresql_is_made_only_where_nobody_is_at_work(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    url = postgres_database()
    real = Central(tmp_path / "real", url)
    known, proof = real.identity.server_id, real.prover.cursor(real.epoch(), 1, real.identity.own.id)

    def copy_into(name: str) -> str:
        with closing(Store(tmp_path / name, url)) as store:
            return recovery.new_copy(store, Ambient())

    with pytest.raises(KnownError, match="conectados"):
        copy_into("copia")
    with closing(Store(tmp_path / "real", url)) as again, pytest.raises(KnownError, match="conectados"):
        recovery.new_key(again)
    assert real.prover.sealed(proof), "who works goes on with the key that the folder has"
    real.close()
    with pytest.raises(KnownError, match="ya es de un servidor"):
        copy_into("real")
    Central(tmp_path / "real", url).close()
    epoch = copy_into("copia")
    copy = Central(tmp_path / "copia", url)
    assert copy.identity.server_id != known
    assert copy.epoch() == epoch
    assert not copy.prover.sealed(proof)
    copy.close()
