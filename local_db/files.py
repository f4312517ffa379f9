"""The files of a data folder: which replica is the present one, the lock, the reserve, what is left over."""

import json
import logging
import os
import time
from pathlib import Path

from filelock import FileLock, Timeout

from domain.base import causes
from domain.base.errors import KnownError
from domain.base.row import Row
from local_db import present

RESERVE_BYTES = 4_000_000
RESTORED = ".repuesto"
KEEP_OLD_S = 30 * 86400
OURS = (
    *(
        "replica-*.db*",
        "actual*",
        "abierta",
        "candado*",
        "reserva",
        "llaves*",
        "instantanea*",
        "rescate*",
        "borrador-*.json",
    ),
    *("adjuntos", "adjuntos/**/*", "logs", "logs/*"),
)
"""What this program keeps in its data folder, for its owner alone."""

log = logging.getLogger(__name__)


def current(data_dir: Path) -> Path:
    """The present replica, for reading.

    Raises:
        KnownError: there is none, or nobody can tell which one it is.
    """
    chosen = present.choose(data_dir)
    if chosen is None:
        raise KnownError(f"No hay ninguna estación en la carpeta {data_dir}.", "Inscríbala con «servitec enroll».")
    return chosen.path


def point_to(data_dir: Path, name: str) -> None:
    """Make this the present replica, in one step that survives a power cut; its own name is on the disk before."""
    sync_folder(data_dir)
    fresh = data_dir / "actual.nuevo"
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(name)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(fresh, data_dir / "actual")
    sync_folder(data_dir)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def next_replica(data_dir: Path) -> Path:
    """A name that no replica of this folder has had."""
    numbers = [int(m[1]) for p in data_dir.iterdir() if (m := present.REPLICA.match(p.name))]
    return data_dir / f"replica-{max(numbers, default=0) + 1}.db"


def remove_replica(path: Path) -> None:
    """Delete a replica and what belongs to it; one that somebody has open on Windows stays for the next start."""
    for suffix in ("", "-wal", "-shm", "-journal", present.KEPT, RESTORED):
        try:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        except OSError:
            return


def keep_replica(path: Path, restore_point: int | None = None) -> None:
    """Mark an old replica as worth its 30 days; one of a lost history with the last version that the server kept."""
    point = "" if restore_point is None else str(restore_point)
    path.with_name(path.name + present.KEPT).write_text(point, encoding="ascii")


def unkeep(path: Path) -> None:
    """The present replica isn't an old one, whatever it was before."""
    path.with_name(path.name + present.KEPT).unlink(missing_ok=True)


def kept_replicas(data_dir: Path) -> list[tuple[Path, int]]:
    """The old replicas of lost histories, each with its restore point."""
    found = []
    for mark in sorted(data_dir.glob(f"replica-*.db{present.KEPT}")):
        path, point = mark.with_suffix(""), mark.read_text(encoding="ascii")
        if path.exists() and point.isdigit():
            found.append((path, int(point)))
    return found


def keep_restored(path: Path, rows: dict[str, Row]) -> None:
    """Note beside a replica how the restored server had its rows: who changes one later leaves that behind."""
    path.with_name(path.name + RESTORED).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def restored(path: Path) -> dict[str, Row]:
    """What `keep_restored` noted; nothing where it can't be read."""
    try:
        found: dict[str, Row] = json.loads(path.with_name(path.name + RESTORED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def tidy(data_dir: Path, here: Path) -> None:
    """Remove what earlier runs left: old replicas that have had their time, half a download.

    One that isn't sure to be older than the present replica is kept: it may hold what nothing else does.
    """
    others = [path for path in present.replicas(data_dir) if path != here]
    mine = present.look(here) if others else None
    for path in others:
        mark = path.with_name(path.name + present.KEPT)
        if mark.exists():
            if time.time() - mark.stat().st_mtime > KEEP_OLD_S:
                remove_replica(path)
        elif mine is not None and present.look(path).superseded_by(mine):
            remove_replica(path)
        else:
            log.warning("%s isn't known to be older than %s: it is kept", path.name, here.name)
            keep_replica(path)
    for name in ("instantanea.db", "rescate.db"):
        remove_replica(data_dir / name)


def forget_old(data_dir: Path, here: Path) -> None:
    """Remove every replica but the present one: the station may no longer hold what is in them."""
    for path in present.replicas(data_dir):
        if path != here:
            remove_replica(path)


def own(data_dir: Path, owner: str) -> FileLock:
    """Take the folder's lock, which the system frees when the process dies, and say who has it."""
    lock = FileLock(data_dir / "candado", mode=0o600, thread_local=False)
    note = data_dir / "candado.quien"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise KnownError.of(causes.CARPETA_EN_USO, path=data_dir, who=_read_note(note)) from None
    note.write_text(json.dumps({"owner": owner, "pid": os.getpid()}), encoding="utf-8")
    return lock


def _read_note(note: Path) -> str:
    try:
        who = json.loads(note.read_text(encoding="utf-8"))
        return f"{who['owner']} (proceso {who['pid']})"
    except (OSError, ValueError, KeyError):
        return "otro programa"


def make_reserve(data_dir: Path) -> None:
    """Set disk space aside, so that a full disk still lets a person finish; without room there is none."""
    path = data_dir / "reserva"
    if path.exists() and path.stat().st_size == RESERVE_BYTES:
        return
    try:
        with path.open("wb") as stream:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), 0, RESERVE_BYTES)
            else:
                stream.write(os.urandom(RESERVE_BYTES))
    except OSError:
        path.unlink(missing_ok=True)


def release_reserve(data_dir: Path) -> bool:
    """Give the space set aside back; False: there was none left."""
    path = data_dir / "reserva"
    try:
        path.unlink()
    except OSError:
        return False
    return True
