"""After a restore of the server: the rows newer than its restore point that nobody brought back.

The replicas of the lost history are kept for 30 days; what is only in them is told here, for a person to decide.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from domain.tables import SPECS, ReadRow, TableSpec, Value
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


def _of(path: Path, restore_point: int, present: sqlite3.Connection) -> list[FilaPerdida]:
    old = read_only(path)
    found: list[FilaPerdida] = []
    try:
        for spec in SPECS:
            if spec.writers != "servidor":
                for then in rows.newer(old, spec.name, restore_point, LIMIT):
                    lost = _compared(spec, then, rows.get(present, spec.name, str(then["id"])), restore_point)
                    found += [lost] if lost is not None else []
    except sqlite3.DatabaseError:
        return found  # of an old schema, or damaged: what could be read
    finally:
        old.close()
    return found


def _compared(spec: TableSpec, then: ReadRow, now: ReadRow | None, restore_point: int) -> FilaPerdida | None:
    """What is missing of a row; None where it was brought back, or is as it was."""
    if then.get("borrado_en") is not None or (now is not None and int(now["version"] or 0) > restore_point):
        return None
    campos = {}
    for col in spec.cols:
        missing = now[col.name] if now is not None else col.default
        if col.name in then and not col.derived and then[col.name] != missing:
            campos[col.name] = (then[col.name], missing)
    return FilaPerdida(spec.name, str(then["id"]), then, now, campos) if campos else None
