"""Ready replicas: one SQLite file a scope and schema, with its indexes and full-text search, compressed and kept."""

import errno
import hashlib
import logging
import os
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
import zstandard
from sqlalchemy import Connection, text

from domain.base.errors import KnownError
from domain.model import SPECS, TABLES
from domain.scope import Scope, keys_of
from domain.search import INDEXED
from domain.wire import row_hash
from servitec_server.central import Central
from servitec_server.epochs import epoch_of, tree
from servitec_server.feed import in_scope
from servitec_server.history import head
from storage.schema import MIGRATIONS
from storage.search import fill

log = logging.getLogger(__name__)

STALE_VERSIONS = 5000
"""How far a kept snapshot may lie behind: pulling that much is cheaper than building."""
LEVEL = 3
RETRY_S = 30.0
"""So long a failed build is answered with its reason before the next is tried."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file ready to be sent. `etag` names its bytes, `size` is that of the database inside."""

    path: Path
    epoch: str
    version: int
    etag: str
    size: int


class SnapshotFailed(KnownError):
    """The last try to build one failed; another is made a little later."""


class Snapshots:
    """Builds and keeps them."""

    def __init__(self, central: Central, retry_s: float = RETRY_S) -> None:
        self._central = central
        self._retry_s = retry_s
        self._failed: dict[tuple[str, int], tuple[float, str]] = {}
        self._folder = central.data_dir / "instantaneas"
        self._kept: dict[tuple[str, int], Snapshot] = {}
        self._turn = threading.Lock()
        self._building: dict[tuple[str, int], threading.Thread] = {}
        for leftover in self._folder.glob("*"):
            leftover.unlink(missing_ok=True)

    def get(self, scope: Scope, schema: int, *, wait: bool) -> Snapshot | None:
        """The newest snapshot that is good enough; None while one is being built in the background.

        Raises:
            SnapshotFailed: it couldn't be built, for a reason that the station should hear.
        """
        key = (scope.hash, schema)
        kept = self._kept.get(key)
        if kept is not None and self._good(kept, scope):
            return kept
        if wait:
            return self._build(key, scope)
        with self._turn:
            thread = self._building.get(key)
            if thread is None or not thread.is_alive():
                failed_at, reason = self._failed.get(key, (0.0, ""))
                if reason and time.monotonic() - failed_at < self._retry_s:
                    raise SnapshotFailed(reason)
                thread = threading.Thread(target=self._build_logged, args=(key, scope), daemon=True)
                self._building[key] = thread
                thread.start()
        return None

    def _good(self, kept: Snapshot, scope: Scope) -> bool:
        with self._central.store.reading() as connection:
            newest, _ = head(connection)
            epoch = epoch_of(connection)
            floor = connection.execute(text("SELECT valor FROM servidor WHERE clave = 'piso'")).scalar()
            moved = scope.valor is not None and _left(connection, scope, kept.version)
        behind = newest - kept.version
        whole = kept.epoch == epoch and kept.version >= int(floor or 0) and not moved
        return whole and behind <= STALE_VERSIONS and kept.path.exists()

    def _build_logged(self, key: tuple[str, int], scope: Scope) -> None:
        try:
            self._build(key, scope)
        except Exception as error:
            log.exception("snapshot %s", key)
            self._failed[key] = time.monotonic(), _reason(error)
        else:
            self._failed.pop(key, None)

    def _build(self, key: tuple[str, int], scope: Scope) -> Snapshot:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{key[0]}-{key[1]}-{threading.get_ident()}"
        plain, packed = self._folder / f"{name}.db", self._folder / f"{name}.part"
        for leftover in (plain, packed):
            leftover.unlink(missing_ok=True)
        try:
            epoch, version = self._fill(plain, scope, key[1])
            etag, size = _pack(plain, packed), plain.stat().st_size
        except BaseException:
            packed.unlink(missing_ok=True)
            raise
        finally:
            plain.unlink(missing_ok=True)
        path = self._folder / f"{key[0]}-{key[1]}-{version}-{etag[:8]}.db.zst"
        os.replace(packed, path)
        made = Snapshot(path, epoch, version, etag, size)
        old = self._kept.get(key)
        self._kept[key] = made
        if old is not None and old.path != path:
            old.path.unlink(missing_ok=True)
        return made

    def _fill(self, path: Path, scope: Scope, schema: int) -> tuple[str, int]:
        """Write the database as of one moment; gives its epoch and version."""
        db = sqlite3.connect(path, isolation_level=None)
        try:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-32000"):
                db.execute(f"PRAGMA {pragma}")
            for script in sorted(MIGRATIONS.glob("[0-9]*.sql"))[:schema]:
                db.executescript(script.read_text(encoding="utf-8"))
            indexes = db.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            ).fetchall()
            for name, _ in indexes:
                db.execute(f"DROP INDEX {name}")
            with self._central.store.reading() as connection:
                db.execute("BEGIN")
                version, cambio_id = head(connection)
                epoch = epoch_of(connection)
                shared = tree(connection).shared((epoch, version))
                count = total = 0
                for spec in SPECS:
                    if not scope.holds(spec, schema) or spec.de_estacion:
                        continue
                    names = scope.columns(spec, schema)
                    marks = ", ".join("?" * len(names))
                    sql = f"INSERT INTO {spec.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
                    for part in in_scope(connection, spec, names, scope, None).partitions():  # type: ignore[attr-defined]
                        db.executemany(sql, part)
                        for row in part:
                            count, total = count + 1, total + row_hash(row[0], row[1])
            for _, sql in indexes:
                db.execute(sql)
            for tabla in INDEXED:
                if TABLES[tabla].since <= schema:
                    db.execute(fill(tabla, schema))
            cursor = self._central.prover.cursor(epoch, version, cambio_id)
            state = {
                "cursor_version": version,
                "cursor_cambio": cambio_id,
                "cursor_epoca": cursor.epoca,
                "cursor_arranque": cursor.arranque,
                "cursor_sello": cursor.sello,
                "server_id": self._central.identity.server_id,
                "epoch": epoch,
                "scope": scope.hash,
                "shared": shared,
                "digest": {"filas": count, "suma": total % 2**64},
            }
            db.executemany(
                "INSERT INTO sync_state VALUES (?, ?)", [(k, orjson.dumps(v).decode()) for k, v in state.items()]
            )
            db.execute(f"PRAGMA user_version={schema}")
            db.execute("COMMIT")
        finally:
            db.close()
        return epoch, version


def _left(connection: Connection, scope: Scope, version: int) -> bool:
    """Did a row leave the scope after this version?"""
    query = (
        "SELECT DISTINCT tabla, clave_antes, clave FROM cambio_fila "
        "WHERE version > :version AND clave_antes IS NOT NULL AND (clave IS NULL OR clave <> clave_antes)"
    )
    for tabla, before, after in connection.execute(text(query), {"version": version}):
        spec = TABLES[tabla]
        if scope.within(spec, keys_of(spec, before)) and not scope.within(spec, keys_of(spec, after)):
            return True
    return False


def _pack(source: Path, target: Path) -> str:
    """Compress a file; gives the SHA-256 of the result."""
    named = hashlib.sha256()
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, threads=-1)
    with source.open("rb") as plain, target.open("wb") as packed:
        for part in packer.read_to_iter(plain, size=source.stat().st_size, read_size=1 << 20):
            named.update(part)
            packed.write(part)
    return named.hexdigest()


def _reason(error: Exception) -> str:
    """Why a build failed, for a person at a station."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return "El disco del servidor está lleno: no se pudo preparar la base para esta estación."
    return "El servidor no pudo preparar la base para esta estación; la causa quedó en su registro."
