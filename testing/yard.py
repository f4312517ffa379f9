"""A company with many orders, and stations of it in this process."""

import csv
import gzip
import os
import random
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import text

from domain.base import actions
from domain.base.actor import Actor
from domain.base.ambient import Ambient, format_folio
from domain.base.row import Row
from domain.base.table import COMMON
from domain.model import TABLES
from local_db import people, rows
from local_db.capture import capturing
from local_db.replica import Replica
from servitec_server import rows as server_rows
from servitec_server.central import Central
from sync import session
from sync.credentials import FileStore
from sync.engine import SyncEngine
from sync.transport import HttpTransport
from testing.company import PERSON, Company

CHANGED = ("diagnostico", "trabajo_realizado", "ubicacion_fisica", "canal_origen")
"""Four columns that the full-text search doesn't hold."""
WORDS = ("no", "enciende", "pantalla", "rota", "batería", "ruido", "agua", "cable", "botón", "pierde", "fuerza")
FEED = ("version", "tabla", "registro_id", "tipo", "estacion_id", "base", "clave_antes", "clave", "campos")


def texts(datos: Path | None) -> Iterator[tuple[str, str]]:
    """Brand and problem of real repairs, again and again; invented ones without a file."""
    if datos is None:
        rng = random.Random(7)
        while True:
            yield rng.choice(("Epson", "Lenovo", "LG", "HP")), " ".join(rng.choices(WORDS, k=rng.randint(3, 25)))
    packed = datos.suffix == ".gz"
    with gzip.open(datos, "rt", encoding="utf-8") if packed else datos.open(encoding="utf-8") as stream:
        found = [(r.get("brand") or "", r.get("problem") or "") for r in islice(csv.DictReader(stream), 100_000)]
    yield from cycle(found)


def seed(folder: Path, count: int, datos: Path | None = None) -> None:
    """Put `count` orders straight into a stopped server's database, each with a version of its own."""
    central = Central(folder)
    ambient, source = Ambient(rng=random.Random(count)), texts(datos)
    with central.store.writing() as connection:
        branch = connection.execute(text("SELECT id FROM sucursal")).scalar_one()
        author = connection.execute(text("SELECT id FROM usuario")).scalar_one()
        version = int(connection.execute(text("SELECT max(version) FROM cambio")).scalar_one())
        first = version
        columns = [c.name for c in COMMON + TABLES["orden"].cols]
        own, epoch = central.identity.own.id, central.epoch()
        while version < first + count:
            orders, history, feed = [], [], []
            for _ in range(min(5000, first + count - version)):
                version += 1
                key, now, (brand, problem) = ambient.new_id(), ambient.instant(), next(source)
                row: Row = {c.name: c.default for c in COMMON + TABLES["orden"].cols}
                row |= {"id": key, "version": version, "creado_en": now, "actualizado_en": now, "creado_por": author}
                row |= {"actualizado_por": author, "estacion_id": own, "folio": format_folio("00", version)}
                row |= {"tipo": "ticket", "estado": "recibida", "sucursal_id": branch, "titulo": brand or None}
                row |= {"falla_reportada": problem, "recepcion_en": now, "codigo_publico": key[-22:], "moneda": "CLP"}
                orders.append([row[name] for name in columns])
                history.append((version, key, own, author, version, now, epoch))
                feed.append((version, "orden", key, "entera", own, 0, None, branch, None))
            server_rows.insert(connection, "orden", columns, orders)
            names = ("version", "cambio_id", "estacion_id", "usuario_id", "n", "aplicado_en", "epoca")
            server_rows.insert(connection, "cambio", names, history)
            server_rows.insert(connection, "cambio_fila", FEED, feed)
    central.close()


class Yard:
    """A company of one server process, and stations in this process."""

    def __init__(self, root: Path, orders: int, datos: Path | None = None, company: Company | None = None) -> None:
        self.company = Company(root) if company is None else company
        self.root = root
        seed(root / "servidor", orders, datos)
        self.company.start()

    def station(self, name: str) -> "Station":
        """A new station, enrolled and bootstrapped."""
        return Station(self, name)

    def rss_kb(self) -> float:
        """The memory of the server's process."""
        server = self.company._server
        if server is None:
            raise RuntimeError("no server")
        pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1000

    def close(self) -> None:
        self.company.stop()


class Station:
    """A station without a window."""

    def __init__(self, yard: Yard, name: str) -> None:
        self.folder = yard.root / name
        self.replica = Replica.open(self.folder)
        self.store = FileStore(self.folder / "credenciales.json")
        session.enroll(self.replica, self.store, yard.company.url, PERSON, yard.company.password, name, 10)
        self.transport = HttpTransport(yard.company.url, self.store, 30)
        self.engine = SyncEngine(self.replica, self.transport)

    def actor(self) -> Actor:
        with self.replica.reading() as connection:
            found = people.current_actor(connection)
        if found is None:
            raise RuntimeError("nobody is signed in")
        return found

    def change(self, count: int, tag: str) -> None:
        """Change four columns of `count` orders, each in a Cambio of its own."""
        actor = self.actor()
        with self.replica.reading() as connection:
            keys = [k for (k,) in connection.exec_driver_sql(f"SELECT id FROM orden ORDER BY id LIMIT {count:d}")]
        for at in range(0, len(keys), 1000):
            with self.replica.writing() as writing, capturing(writing, self.replica.ambient) as capture:
                db = rows.raw(writing.connection)
                for key in keys[at : at + 1000]:
                    vista = rows.get(db, "orden", key) or {}
                    campos: Row = {name: f"{name} {tag} {key[-5:]}" for name in CHANGED}
                    capture.save(actor, actions.editar("orden", vista, campos))

    def close(self) -> None:
        self.transport.close()
        self.replica.close()
