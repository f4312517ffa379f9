"""A snapshot becomes the replica: the station's own tables move over, its waiting Cambios lie on top again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from domain.base import causes
from domain.base.errors import KnownError
from domain.model import TABLES
from domain.sums import children_first
from local_db import files, images, overlay, perdidas, rows, state
from local_db.outbox import index_waiting, pending_rows
from local_db.present import read_only
from local_db.replica import Replica
from storage.station import MOVED

FROM_SNAPSHOT = (
    "cursor_version",
    "cursor_cambio",
    "cursor_epoca",
    "cursor_arranque",
    "cursor_sello",
    "server_id",
    "epoch",
    "shared",
    "scope",
)


TOLD: dict[str, type] = {"server_id": str, "epoch": str, "scope": str, "cursor_version": int, "shared": dict}
"""What a snapshot says of itself."""


class AnotherServer(KnownError):
    """Not the server whose rows and answers these are: nothing is taken from it, and nothing is offered to it."""


class OlderWorld(KnownError):
    """A snapshot that knows less than the replica."""


@dataclass(frozen=True, slots=True)
class World:
    """Whose history a snapshot is of, for which scope, up to where.

    `shared`: of each epoch that its server knows, up to which version that history is also this one.
    """

    server_id: str
    epoch: str
    scope: str
    version: int
    shared: dict[str, int]


def install(replica: Replica, fresh: Path, *, whole: bool = False) -> None:
    """Put a downloaded snapshot in the place of the replica, whatever it was fetched for.

    Of another epoch: what the server took in one that is lost, or beyond the end of this one, waits again, and the old
    replica is kept for 30 days. Of another scope: nothing of the old replica stays. `whole`: it was pulled up to the
    server's end. Where even that comes before this replica's place, though the server was shown it and opened no epoch
    for it, the place is no proof (a file that was edited, another key): what the server took beyond its end waits again
    too.

    Raises:
        AnotherServer, OlderWorld: the replica is as it was.
        KnownError: it isn't a snapshot of this program; the replica is as it was.
    """
    world = look(fresh)
    with replica.reading() as connection:
        known = state.read(connection)
    if known.server_id not in (None, world.server_id):
        raise AnotherServer.of(causes.BASE_AJENA)
    shorter = whole and known.epoch == world.epoch and world.version < known.cursor_version
    lost = shorter or known.epoch not in (None, world.epoch)
    moved = known.scope not in (None, world.scope)
    if not lost and world.version < known.cursor_version:
        raise OlderWorld.of(causes.BASE_VIEJA)

    restore_point = world.version if shorter else world.shared.get(known.epoch or "", 0)

    def fill(db: sqlite3.Connection) -> None:
        if lost and not moved:
            files.keep_restored(replica.path, perdidas.restored_rows(db, restore_point))
        for table in MOVED:
            names = [row[1] for row in db.execute(f"PRAGMA vieja.table_info({table})")]
            listed = ", ".join(names)
            db.execute(f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM vieja.{table}")  # noqa: S608
        kept = ", ".join(f"'{name}'" for name in FROM_SNAPSHOT)
        sql = f"INSERT OR REPLACE INTO main.sync_state SELECT * FROM vieja.sync_state WHERE clave NOT IN ({kept})"  # noqa: S608
        db.execute(sql)
        if shorter:
            place = known.cursor.model_dump_json(exclude_none=True)
            db.execute("INSERT OR REPLACE INTO main.sync_state VALUES ('furthest', ?)", (place,))
        done = {"rebuild": "false", "propias": "true", "evicted": "false", "digest_en": "null"}
        db.executemany("INSERT OR REPLACE INTO main.sync_state VALUES (?, ?)", list(done.items()))
        _offer_again(db, world.epoch, world.version if lost else None)
        if moved:
            _forget_outside(db)
        index_waiting(db)
        _lay_over(db)

    replica.replace(fresh, fill, keep=restore_point if lost and not moved else None)
    if moved:
        files.forget_old(replica.data_dir, replica.path)


def look(path: Path) -> World:
    """Whose world a downloaded file is, if it is a whole database with the tables of a snapshot.

    Raises:
        KnownError: it isn't.
    """
    try:
        db = read_only(path)
        try:
            db.execute("PRAGMA cache_size=-8000")
            result = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
            if db.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view') LIMIT 1").fetchone():
                result = "it would do more than hold rows"
            known = {key: orjson.loads(value) for key, value in db.execute("SELECT clave, valor FROM sync_state")}
        finally:
            db.close()
    except (sqlite3.DatabaseError, ValueError) as error:
        result, known = str(error), {}
    told = all(isinstance(known.get(name), kind) for name, kind in TOLD.items())
    if result != "ok" or not told or not all(isinstance(version, int) for version in known["shared"].values()):
        raise KnownError.of(causes.BASE_INCOMPLETA, problem=result)
    return World(known["server_id"], known["epoch"], known["scope"], known["cursor_version"], known["shared"])


@contextmanager
def opened(replica: Replica, fresh: Path) -> Iterator[Replica]:
    """A snapshot as a replica of its own, so that it can be pulled up to the present one; gone if that fails."""
    with replica.reading() as connection:
        known = state.read(connection)
    try:
        with replica.beside(fresh) as world:
            with world.writing() as writing:
                state.write(writing, n=known.n, propias=True)
            yield world
    except BaseException:
        files.remove_replica(fresh)
        raise


def _offer_again(db: sqlite3.Connection, epoch: str, beyond: int | None) -> None:
    """What the server took in an epoch that it lost waits again, with its place in that history; also what it took in
    this one `beyond` a version.
    """
    taken = db.execute(
        "SELECT n, recibos FROM main.outbox WHERE acusado_en IS NOT NULL AND recibos IS NOT NULL"
    ).fetchall()
    last = [(n, (orjson.loads(recibos) or [{"epoca": None}])[-1]) for n, recibos in taken]
    gone = [r["epoca"] != epoch or (beyond is not None and r["version"] > beyond) for _, r in last]
    lost = [(n,) for (n, _), away in zip(last, gone, strict=True) if away]
    db.executemany("UPDATE main.outbox SET acusado_en = NULL, enviado = 1, reoferta = 1 WHERE n = ?", lost)


def _forget_outside(db: sqlite3.Connection) -> None:
    """After a change of scope: nothing stays that speaks of rows which aren't here any more."""
    for table, key in (("outbox", "n"), ("rechazo", "cambio_id")):
        where = "WHERE acusado_en IS NOT NULL" if table == "outbox" else ""
        for name, cuerpo in db.execute(f"SELECT {key}, cuerpo FROM main.{table} {where}").fetchall():  # noqa: S608
            typed = table == "rechazo"
            ops = [op for op in orjson.loads(cuerpo)["ops"] if not (typed and op["tipo"] == "alta")]
            if not all(_here(db, op["tabla"], op["id"]) for op in ops):
                db.execute(f"DELETE FROM main.{table} WHERE {key} = ?", (name,))  # noqa: S608
    jobs = db.execute(
        "SELECT id, tabla, registro_id FROM main.trabajo_impresion WHERE registro_id IS NOT NULL"
    ).fetchall()
    gone = [(job,) for job, tabla, key in jobs if not _here(db, tabla, key)]
    db.executemany("DELETE FROM main.trabajo_impresion WHERE id = ?", gone)


def _here(db: sqlite3.Connection, tabla: str, key: str) -> bool:
    if tabla not in TABLES:
        return False
    return db.execute(f"SELECT 1 FROM main.{tabla} WHERE id = ?", (key,)).fetchone() is not None  # noqa: S608


def _lay_over(db: sqlite3.Connection) -> None:
    """Show what waits on top of the server's rows; then what it feeds, which is only known once it is shown."""
    done: set[tuple[str, str]] = set()
    while found := pending_rows(db) - done:
        for key in found:
            shown = rows.get(db, *key)
            if shown is not None:
                images.keep(db, *key, shown)
        done |= found
        for key in children_first(done):
            overlay.show(db, {key: overlay.visible(db, *key)})
        index_waiting(db)
