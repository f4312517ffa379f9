"""Which replica of a data folder is the present one: the one that the file `actual` names, where that can be true.

A pointer that is lost or wrong costs nothing: every replica says itself whose it is and how far it has come.
"""

import json
import logging
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.base import causes
from domain.base.errors import KnownError

REPLICA = re.compile(r"replica-(\d+)\.db")
KEPT = ".conservar"
"""Beside an old replica: it stays for 30 days."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A replica as far as it can be read. `n` counts the Cambios made in it.

    kind: `ours`; `new`, without a table yet; `junk`, which is no replica or not readable.
    """

    path: Path
    kind: Literal["ours", "new", "junk"]
    estacion_id: str | None = None
    n: int = 0

    @property
    def number(self) -> int:
        """The number in its name: a later replica has a higher one."""
        return int(REPLICA.fullmatch(self.path.name)[1])  # type: ignore[index]

    @property
    def kept(self) -> bool:
        """Was it set aside?"""
        return self.path.with_name(self.path.name + KEPT).exists()

    def superseded_by(self, here: "Found") -> bool:
        """Is everything that was ever made in it in the present one too?"""
        if self.kind == "junk":
            return False
        if self.estacion_id is None:
            return here.estacion_id is not None or self.number < here.number
        return self.estacion_id == here.estacion_id and self.n <= here.n and self.number < here.number


@dataclass(frozen=True, slots=True)
class Chosen:
    """The present replica. `sure`: the pointer named it, and nothing speaks against that."""

    path: Path
    sure: bool


def replicas(data_dir: Path) -> list[Path]:
    """All the replicas of a folder.

    Raises:
        OSError: the system doesn't let us look.
    """
    if not data_dir.is_dir():
        return []
    return sorted(p for p in data_dir.iterdir() if REPLICA.fullmatch(p.name) and p.is_file())


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def problem(path: Path, *, every_index: bool = False) -> str | None:
    """What SQLite finds wrong with a file; None: it is whole. `every_index`: are they what the rows say?"""
    if path.stat().st_size == 0 and _size(path.with_name(path.name + "-wal")):
        return "the file is empty"  # opened for writing, SQLite would throw its log away
    db = read_only(path)
    try:
        result = str(db.execute(f"PRAGMA {'integrity' if every_index else 'quick'}_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        result = str(error)
    finally:
        db.close()
    return None if result == "ok" else result


def is_damage(error: BaseException) -> bool:
    """Does this error of SQLite say that the file isn't whole?"""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def look(path: Path) -> Found:
    """Read whose replica this is, and how far it has come.

    Raises:
        sqlite3.OperationalError: the system doesn't let us read it.
    """
    if path.stat().st_size == 0:
        return Found(path, "junk" if _size(path.with_name(path.name + "-wal")) else "new")
    db = read_only(path)
    try:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            return Found(path, "new")
        kept = dict(db.execute("SELECT clave, valor FROM sync_state WHERE clave IN ('estacion_id', 'n')").fetchall())
        station, n = (json.loads(kept.get(name) or "null") for name in ("estacion_id", "n"))
    except (sqlite3.DatabaseError, ValueError) as error:
        if is_damage(error) or not isinstance(error, sqlite3.Error) or _lacks_tables(error):
            return Found(path, "junk")
        raise
    finally:
        db.close()
    return Found(path, "ours", station, n if isinstance(n, int) else 0)


def _lacks_tables(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def choose(data_dir: Path) -> Chosen | None:
    """The present replica; None: there is none at all.

    Raises:
        KnownError: there are replicas of several stations, and nothing says which is meant.
        sqlite3.OperationalError: the system doesn't let us read one.
    """
    named, paths = _named(data_dir), replicas(data_dir)
    if not paths:
        return None
    if paths == [named]:
        return Chosen(paths[0], sure=True)
    found = [look(path) for path in paths]
    pointed = next((f for f in found if f.path == named), None)
    best = _newest(found, pointed)
    return Chosen(best.path, sure=best is pointed)


def _named(data_dir: Path) -> Path | None:
    """What the pointer names, where it is a replica's name."""
    try:
        name = (data_dir / "actual").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return data_dir / name if REPLICA.fullmatch(name) else None


def _newest(found: list[Found], pointed: Found | None) -> Found:
    """What was set aside comes after the rest, then the one with most Cambios, then the one that the pointer names."""
    readable = [f for f in found if f.kind == "ours"] or [f for f in found if f.kind == "new"] or found
    rivals = [f for f in readable if not f.kept] or readable
    enrolled = [f for f in rivals if f.estacion_id is not None] or rivals
    if pointed in enrolled:
        enrolled = [f for f in enrolled if f.estacion_id == pointed.estacion_id]
    if len({f.estacion_id for f in enrolled}) > 1:
        names = ", ".join(f.path.name for f in enrolled)
        raise KnownError.of(causes.VARIAS_BASES, names=names)
    most = max(f.n for f in enrolled)
    equal = [f for f in enrolled if f.n == most]
    if pointed in equal:
        return pointed
    whole = [f for f in equal if len(equal) == 1 or problem(f.path) is None]
    return max(whole or equal, key=lambda f: f.number)
