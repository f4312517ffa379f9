"""Backups of a central database, their return, and a new epoch or key. The old one stays until the new is whole.

A SQLite backup is one file with the server's key in it. PostgreSQL has its own tools, and the key file beside them.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, text, update

from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.proofs import KEY_BYTES, fingerprint_of
from servitec_server import marks
from servitec_server.epochs import epoch_of, last_common, newest, open_epoch
from servitec_server.key import drawn_key, fitting_key, key_file, read_key, stage_key
from servitec_server.store import STAGING, Store, own_folder
from servitec_server.tables import servidor, sesion
from storage.causes import cause

DATABASE = "servidor.db"
SECRET = "clave_secreta"  # noqa: S105  (the name of a row)


class Into(Enum):
    """What a backup becomes in a folder that isn't its server's: the server itself, moved, or another one."""

    MOVED = "movido"
    COPY = "copia"


def backup(data_dir: Path, target: Path) -> None:
    """Copy the SQLite database of a data folder with its key, also of a running server, as of one moment.

    Raises:
        KnownError: there is none, it is damaged, or the target can't be written.
    """
    source = data_dir / DATABASE
    if not source.exists():
        raise KnownError(f"No hay una base central en {data_dir}.", "Con PostgreSQL, use pg_dump y guarde la clave.")
    if target.exists():
        raise KnownError(f"Ya existe {target}.", "Elija otro nombre.")
    key = fitting_key(key_file(data_dir), _identity(source)["clave"])
    part = target.with_name(target.name + ".parte")
    part.unlink(missing_ok=True)
    try:
        _copy(source, part)
        with closing(sqlite3.connect(part)) as db, db:
            db.execute("INSERT OR REPLACE INTO servidor VALUES (?, ?)", (SECRET, key.hex()))
        problem = _problem(part)
        if problem is not None:
            raise KnownError(
                f"La base central está dañada ({problem}): no se hizo el respaldo.",
                "Guarde aparte la carpeta del servidor y restaure el último respaldo bueno.",
            )
        _one_file(part)
        os.replace(part, target)
    except (sqlite3.Error, OSError) as error:
        raise KnownError(
            f"No se pudo escribir {target}: {cause(error)}.", "Revise el espacio y los permisos."
        ) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def restore(
    data_dir: Path,
    source: Path,
    ambient: Ambient | None = None,
    *,
    into: Into | None = None,
    sin_reofertas: bool = False,
) -> str:
    """Put a backup back in the place of the database, under a new epoch; gives the epoch.

    The new database is made whole beside the old one, which stays until the last step. `into` is needed where the
    folder isn't that server's. `sin_reofertas`: put back on purpose; what stations offer again waits for a supervisor.

    Raises:
        KnownError: it isn't a whole backup, a server is running on the folder, the folder is another server's, or
            there is no room: nothing was changed.
    """
    ambient = ambient or Ambient()
    known = _checked(source, data_dir)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = own_folder(data_dir)
    staging = data_dir / STAGING
    try:
        mirror = _remembered(data_dir, known["server_id"], into)
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        key = _key_for(key_file(data_dir), bytes.fromhex(known[SECRET]), mirror, into)
        _copy(source, staging / DATABASE)
        epoch = _prepare(staging, mirror, ambient, key, into=into, sin_reofertas=sin_reofertas)
        if read_key(key_file(data_dir)) != key:
            stage_key(key_file(data_dir), key)
        _swap(staging / DATABASE, data_dir / DATABASE)
        fitting_key(key_file(data_dir), fingerprint_of(key))
    except (sqlite3.Error, OSError) as error:
        raise KnownError(
            f"No se pudo restaurar: {cause(error)}.",
            "La base de antes sigue como estaba. Revise el espacio y los permisos.",
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        lock.release()
    return epoch


def _key_for(path: Path, key: bytes, mirror: marks.Marks | None, into: Into | None) -> bytes:
    """The key of the restored database: its own, unless it is a copy, or that key was ended after the backup.

    Raises:
        KnownError: the key file that was named is of another server.
    """
    present = read_key(path)
    if mirror is None and present is not None and (into is Into.COPY or present != key):
        raise KnownError(
            f"La clave en {path} es de otro servidor.",
            "Quite SERVITEC_KEY_FILE, o señale un archivo que todavía no exista.",
        )
    if into is Into.COPY:
        return os.urandom(KEY_BYTES)
    if mirror is None or mirror["clave"] == fingerprint_of(key):
        return key
    return present if present is not None and fingerprint_of(present) == mirror["clave"] else os.urandom(KEY_BYTES)


def new_epoch(store: Store, ambient: Ambient, *, sin_reofertas: bool = False) -> str:
    """Begin a new epoch after PostgreSQL's own tools put a database back; closes `store`.

    It branches off where the database and the data folder last agreed.
    """
    try:
        mirror = marks.read_mirror(store.data_dir)
        with store.writing() as connection:
            common = last_common(connection, mirror) if mirror is not None else None
            if mirror is not None:
                marks.adopt(connection, mirror)
            where = newest(connection) if common is None else common
            return open_epoch(connection, ambient, where, "restaurada", sin_reofertas=sin_reofertas)
    finally:
        store.close()


def new_copy(store: Store, ambient: Ambient) -> str:
    """Make another server of a PostgreSQL database that its own tools copied: own key, own id; closes `store`.

    Raises:
        KnownError: the folder is a server's, or the database is in use, and perhaps the real one: nothing was changed.
    """
    path = key_file(store.data_dir)
    try:
        if store.is_sqlite:
            raise KnownError("Aquí la base es de SQLite.", "Haga la copia con «servitec-server restore --copia».")
        if marks.read_mirror(store.data_dir) is not None:
            raise KnownError(f"La carpeta {store.data_dir} ya es de un servidor.", "Use una nueva para la copia.")
        with store.writing() as connection:
            _alone(connection, "Revise que SERVITEC_DATABASE_URL señale la copia, y no la base de verdad.")
            _key_for(path, b"", None, Into.COPY)
            key = drawn_key(path)
            _rekey(connection, key)
            _name_anew(connection, ambient)
            epoch = open_epoch(connection, ambient, newest(connection), Into.COPY.value)
        fitting_key(path, fingerprint_of(key))
        return epoch
    finally:
        store.close()


_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend'"
)


def _alone(connection: Connection, hint: str) -> None:
    """Raises KnownError: somebody else is connected to this database of PostgreSQL."""
    if connection.dialect.name == "postgresql" and connection.execute(_OTHERS).scalar():
        raise KnownError("Hay otros programas conectados a esa base de datos.", hint)


def new_key(store: Store, ambient: Ambient | None = None) -> None:
    """Give the server another key, after a leak or a loss: what the old one proved proves nothing; closes `store`.

    Everybody signs in once, and every station enrols anew; its outbox stays. Where the data folder doesn't remember
    this history, it may have been put back, and no cursor could show that any more: an epoch begins.

    Raises:
        KnownError: a process works with the database, and would go on with the old key.
    """
    path = key_file(store.data_dir)
    try:
        with store.writing() as connection:
            _alone(connection, "Detenga todos los procesos del servidor, y repita.")
            mirror = marks.read_mirror(store.data_dir)
            if mirror is None or last_common(connection, mirror) is not None:
                open_epoch(connection, ambient or Ambient(), newest(connection), "clave")
            key = drawn_key(path)
            _rekey(connection, key)
            found = marks.collect(connection)
        fitting_key(path, fingerprint_of(key))
        marks.write_mirror(store.data_dir, marks.merged(found, mirror or {}))
    finally:
        store.close()


def _rekey(connection: Connection, key: bytes) -> None:
    connection.execute(update(servidor).where(servidor.c.clave == "clave").values(valor=fingerprint_of(key)))
    connection.execute(sesion.delete())


def _name_anew(connection: Connection, ambient: Ambient) -> None:
    fresh = update(servidor).where(servidor.c.clave == "server_id").values(valor=ambient.new_id())
    connection.execute(fresh)


def _prepare(
    staging: Path, mirror: marks.Marks | None, ambient: Ambient, key: bytes, *, into: Into | None, sin_reofertas: bool
) -> str:
    """Make the copied database this folder's: marks, epoch, key; gives the epoch."""
    store = Store(staging)
    try:
        with store.writing() as connection:
            connection.execute(servidor.delete().where(servidor.c.clave == SECRET))
            _rekey(connection, key)
            if into is Into.COPY:
                _name_anew(connection, ambient)
            if mirror is not None:
                marks.adopt(connection, mirror)
            after = "" if mirror is None else str(mirror["epoca"])
            why = into.value if into is Into.COPY else "restaurada"
            open_epoch(connection, ambient, newest(connection), why, sin_reofertas=sin_reofertas, after=after)
            epoch = epoch_of(connection)
    finally:
        store.close()
    _one_file(staging / DATABASE)
    return epoch


def _one_file(path: Path) -> None:
    """Make a database one file: who only reads it, and mayn't change it, leaves nothing beside it then."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE")


def _remembered(data_dir: Path, server_id: str, into: Into | None) -> marks.Marks | None:
    """What the folder knows of this server; its own database is asked first, while it can be read.

    Raises:
        KnownError: the folder is another server's, or empty and nobody said what the backup becomes.
    """
    mirror = marks.read_mirror(data_dir)
    present = _marks_in(data_dir)
    if present is not None:
        mirror = marks.merged(mirror, present) if mirror is not None else present
    if mirror is None:
        if into is None:
            raise KnownError(
                f"En {data_dir} no hay un servidor, y el respaldo es de uno.",
                "Diga --movido si el anterior no volverá a encenderse nunca, o --copia si esto es una copia de prueba.",
            )
        return None
    if mirror["server_id"] != server_id:
        raise KnownError(f"La carpeta {data_dir} es de otro servidor que el respaldo.", "Use una carpeta nueva.")
    if into is not None:
        raise KnownError("La carpeta ya es del servidor del respaldo.", "Repita sin --movido ni --copia.")
    marks.write_mirror(data_dir, mirror)
    return mirror


def _marks_in(data_dir: Path) -> marks.Marks | None:
    """The marks of the database that is there; None: none that can be read. It is looked at in a copy."""
    if not (data_dir / DATABASE).exists():
        return None
    folder = data_dir / STAGING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        _identity(data_dir / DATABASE)
        _copy(data_dir / DATABASE, folder / DATABASE)
        store = Store(folder)
        try:
            with store.reading() as connection:
                return marks.collect(connection)
        finally:
            store.close()
    except (sqlite3.DatabaseError, KnownError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            raise
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    """Replace the database in one step. No log of the old one may ever be applied to the new one."""
    _durable(fresh)
    if target.exists():
        try:
            with closing(sqlite3.connect(target)) as db:
                db.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError:
            for suffix in ("-wal", "-shm"):
                old = target.with_name(target.name + suffix)
                if old.exists():
                    os.replace(old, target.with_name(f"{target.name}.danada{suffix}"))
    os.replace(fresh, target)
    _durable(target.parent)


def _durable(path: Path) -> None:
    """Make a file, or the names in a folder, durable where the system can."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(_reading(source)) as origin, closing(sqlite3.connect(target)) as copy:
        origin.backup(copy)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _checked(source: Path, data_dir: Path) -> dict[str, str]:
    """What a backup says of its server.

    Raises:
        KnownError: it isn't a whole backup with its key, or it is the database itself.
    """
    target = data_dir / DATABASE
    if target.exists() and source.exists() and os.path.samefile(source, target):
        raise KnownError(f"{source} es la base misma, no un respaldo.", "Elija un respaldo hecho con «backup».")
    if not source.exists():
        raise KnownError(f"No existe el respaldo {source}.", "Revise la ruta.")
    problem = _problem(source)
    known = _identity(source) if problem is None else {}
    if problem is None and fingerprint_of(bytes.fromhex(known.get(SECRET, ""))) != known["clave"]:
        problem = "le falta la clave del servidor"
    if problem is not None:
        raise KnownError(f"{source} no es un respaldo completo ({problem}).", "Elija otro respaldo.")
    return known


def _identity(path: Path) -> dict[str, str]:
    """The table `servidor` of a database file.

    Raises:
        KnownError: it can't be read.
    """
    try:
        with closing(_reading(path)) as db:
            known = dict(db.execute("SELECT clave, valor FROM servidor").fetchall())
    except sqlite3.Error as error:
        raise KnownError(f"La base {path} no se puede leer: {cause(error)}.", "Restaure un respaldo.") from error
    if not {"server_id", "epoch", "clave"} <= known.keys():
        raise KnownError(f"{path} no es la base de un servidor.", "Elija otro archivo.")
    return known


def _problem(path: Path) -> str | None:
    """What is wrong with a database file; None: nothing."""
    try:
        with closing(_reading(path)) as db:
            result = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        result = cause(error)
    return None if result == "ok" else result
