"""After a restore of the server: the rows newer than its restore point that nobody brought back.

The replicas of the lost history are kept for 30 days; what is only in them is told here, for a person to decide.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from domain.base.row import ReadRow, Row, Value
from domain.base.table import TableSpec
from domain.model import SPECS
from local_db import files, rows
from local_db.outbox import pending_rows
from local_db.present import read_only
from local_db.replica import Replica

LIMIT = 500


@dataclass(frozen=True, slots=True)
class FilaPerdida:
    """A row of a lost history. `ahora` None: it isn't here at all.

    `campos`: column -> (value then, value now); of a row that isn't here, what differs from a row of defaults.
    """

    tabla: str
    id: str
    fila: ReadRow
    ahora: ReadRow | None
    campos: dict[str, tuple[Value, Value]]


def filas_perdidas(replica: Replica) -> list[FilaPerdida]:
    """At most LIMIT of them, by table; what still waits to be sent isn't lost."""
    found: dict[tuple[str, str], FilaPerdida] = {}
    with replica.reading() as connection:
        db = rows.raw(connection)
        waiting = pending_rows(db)
        for path, restore_point in files.kept_replicas(replica.data_dir):
            for one in _of(path, restore_point, db):
                if (one.tabla, one.id) not in waiting:
                    found[one.tabla, one.id] = one
    return list(found.values())[:LIMIT]


def restored_rows(db: sqlite3.Connection, restore_point: int) -> dict[str, Row]:
    """The rows that the restored server has had since before, of those that `vieja` has newer.

    What is changed in one later tells itself by it from what is still missing.
    """
    found: dict[str, Row] = {}
    for spec in SPECS:
        sql = (
            f"SELECT m.id FROM main.{spec.name} m JOIN vieja.{spec.name} v ON v.id = m.id "  # noqa: S608
            "WHERE v.version > ? AND m.version <= ? ORDER BY v.version LIMIT ?"
        )
        for (key,) in db.execute(sql, (restore_point, restore_point, LIMIT)).fetchall():
            found[f"{spec.name}/{key}"] = rows.get(db, spec.name, key) or {}
    return found


def _of(path: Path, restore_point: int, present: sqlite3.Connection) -> list[FilaPerdida]:
    old, restored = read_only(path), files.restored(path)
    found: list[FilaPerdida] = []
    try:
        for spec in SPECS:
            if spec.writers != "servidor":
                for then in rows.newer(old, spec.name, restore_point, LIMIT):
                    key = str(then["id"])
                    before = restored.get(f"{spec.name}/{key}", {})
                    lost = _compared(spec, then, rows.get(present, spec.name, key), before)
                    found += [lost] if lost is not None else []
    except sqlite3.DatabaseError:
        return found  # of an old schema, or damaged: what could be read
    finally:
        old.close()
    return found


def _compared(spec: TableSpec, then: ReadRow, now: ReadRow | None, restored: ReadRow) -> FilaPerdida | None:
    """What is missing of a row, field by field; None where all was brought back, or is as it was.

    A field that was changed after the restore is settled, whatever it says now.
    """
    if then.get("borrado_en") is not None:
        return None
    campos = {}
    for col in spec.cols:
        missing = now[col.name] if now is not None else col.default
        settled = now is not None and col.name in restored and restored[col.name] != missing
        if col.name in then and not col.derived and not settled and then[col.name] != missing:
            campos[col.name] = (then[col.name], missing)
    return FilaPerdida(spec.name, str(then["id"]), then, now, campos) if campos else None
