"""What keeps a central database well: the end of old feed entries, backups, and their return."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from domain.ambient import Ambient, to_instant
from domain.errors import KnownError
from servitec_server.central import Central
from servitec_server.sessions import forget_expired
from servitec_server.store import Store, own_folder
from servitec_server.tables import cambio, cambio_fila

KEEP_DAYS = 180


def collect(central: Central) -> int:
    """Forget sessions long expired and the feed of more than KEEP_DAYS ago.

    Gives the floor, below which a station needs a snapshot.
    """
    before = to_instant(central.ambient.now() - timedelta(days=KEEP_DAYS))
    with central.store.writing() as connection:
        forget_expired(connection, central.ambient)
        floor = connection.execute(select(func.max(cambio.c.version)).where(cambio.c.aplicado_en < before)).scalar()
        known = connection.execute(text("SELECT valor FROM servidor WHERE clave = 'piso'")).scalar()
        if floor is None or (known is not None and int(known) >= floor):
            return int(known or 0)
        connection.execute(cambio_fila.delete().where(cambio_fila.c.version <= floor))
        sql = "UPDATE servidor SET valor = :v WHERE clave = 'piso'"
        if known is None:
            sql = "INSERT INTO servidor (clave, valor) VALUES ('piso', :v)"
        connection.execute(text(sql), {"v": str(floor)})
        return int(floor)


def backup(data_dir: Path, target: Path) -> None:
    """Copy the SQLite database of a data folder, also of a running server, as of one moment.

    Raises:
        KnownError: there is none, or the target can't be written.
    """
    source = data_dir / "servidor.db"
    if not source.exists():
        raise KnownError(f"No hay una base central en {data_dir}.", "Con PostgreSQL, use pg_dump.")
    if target.exists():
        raise KnownError(f"Ya existe {target}.", "Elija otro nombre.")
    _copy(source, target)


def restore(data_dir: Path, source: Path, ambient: Ambient | None = None) -> str:
    """Put a backup back in the place of the database, under a new epoch; gives the epoch.

    Raises:
        KnownError: it isn't a whole backup, or a server is running on the folder.
    """
    _check(source)
    target = data_dir / "servidor.db"
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = own_folder(data_dir)
    try:
        lost = _epoch_in(target)
        for suffix in ("", "-wal", "-shm"):
            (data_dir / f"servidor.db{suffix}").unlink(missing_ok=True)
        _copy(source, target)
    finally:
        lock.release()
    return new_epoch(Store(data_dir), ambient or Ambient(), lost)


def new_epoch(store: Store, ambient: Ambient, lost: str = "") -> str:
    """Begin a new epoch in a restored database, after the one it has and the one that was lost; closes `store`."""
    try:
        with store.writing() as connection:
            known = str(connection.execute(text("SELECT valor FROM servidor WHERE clave = 'epoch'")).scalar_one())
            epoch = ambient.new_id_after(max(known, lost))
            connection.execute(text("UPDATE servidor SET valor = :v WHERE clave = 'epoch'"), {"v": epoch})
    finally:
        store.close()
    return epoch


def _copy(source: Path, target: Path) -> None:
    try:
        origin, copy = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(target)
        try:
            origin.backup(copy)
        finally:
            copy.close()
            origin.close()
    except sqlite3.Error as error:
        raise KnownError(f"No se pudo copiar {source.name}: {error}.", "Revise el espacio y los permisos.") from error


def _check(path: Path) -> None:
    try:
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            result = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
            db.execute("SELECT valor FROM servidor WHERE clave = 'epoch'").fetchone()
        finally:
            db.close()
    except sqlite3.Error as error:
        result = str(error)
    if result != "ok":
        raise KnownError(f"{path} no es un respaldo completo ({result}).", "Elija otro respaldo.")


def _epoch_in(path: Path) -> str:
    """The epoch of a database that may be damaged or gone."""
    if not path.exists():
        return ""
    db = sqlite3.connect(path)
    try:
        found = db.execute("SELECT valor FROM servidor WHERE clave = 'epoch'").fetchone()
    except sqlite3.Error:
        return ""
    finally:
        db.close()
    return str(found[0]) if found else ""
