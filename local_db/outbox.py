"""The outbox: every Cambio made here, until 30 days after the server took it. `acusado_en IS NULL`: it waits."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from domain.sums import SUMMED
from domain.wire import Answer, canonical
from local_db import following

CHUNK = 500


def index_waiting(db: sqlite3.Connection) -> None:
    """Make `outbox_fila` anew from the Cambios that wait."""
    db.execute("DELETE FROM outbox_fila")
    for n, cuerpo in db.execute("SELECT n, cuerpo FROM outbox WHERE acusado_en IS NULL").fetchall():
        index_cambio(db, n, json.loads(cuerpo)["ops"])


def index_cambio(db: sqlite3.Connection, n: int, ops: list[dict[str, object]]) -> None:
    """Note the rows and columns that a waiting Cambio touches, and those that they feed."""
    columns: dict[tuple[object, object], set[str]] = {}
    for op in ops:
        campos = op["campos"]
        names = set(campos) if op["tipo"] == "cambio" and isinstance(campos, dict) else {"*"}
        columns.setdefault((op["tabla"], op["id"]), set()).update(names)
        for target in following.fed(db, str(op["tabla"]), str(op["id"])):
            columns.setdefault(target, set()).update(SUMMED[target[0]])
    db.executemany(
        "INSERT OR REPLACE INTO outbox_fila (tabla, registro_id, n, campos) VALUES (?, ?, ?, ?)",
        [(tabla, key, n, canonical(sorted(names))) for (tabla, key), names in columns.items()],
    )


def chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Lists of at most CHUNK: SQLite bounds the parameters of a statement."""
    found = list(values)
    return (found[i : i + CHUNK] for i in range(0, len(found), CHUNK))


def marks(values: list[Any]) -> str:
    """As many placeholders."""
    return ", ".join("?" * len(values))


def pending_rows(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """The (table, id) of every row that a waiting Cambio touches."""
    return set(db.execute("SELECT DISTINCT tabla, registro_id FROM outbox_fila").fetchall())


def waiting_among(db: sqlite3.Connection, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (table, id) that a waiting Cambio touches."""
    if db.execute("SELECT 1 FROM outbox_fila LIMIT 1").fetchone() is None:
        return set()
    sql = "SELECT 1 FROM outbox_fila WHERE tabla = ? AND registro_id = ? LIMIT 1"
    return {key for key in keys if db.execute(sql, key).fetchone() is not None}


def note_waiting(db: sqlite3.Connection, answers: Iterable[Answer]) -> list[str]:
    """Write down what each of these waits for, for a person to decide about it; gives the ids where that is new."""
    sql = "UPDATE outbox SET espera = ?1, espera_motivo = ?2 WHERE id = ?3 AND (espera, espera_motivo) IS NOT (?1, ?2)"
    told = [(a.mensaje or "El servidor todavía no puede aplicarlo.", a.motivo, a.id) for a in answers]
    return [key for why, motivo, key in told if db.execute(sql, (why, motivo, key)).rowcount]


def unanswered(connection: Connection) -> bool:
    """Was something sent that has no answer yet?"""
    sql = "SELECT 1 FROM outbox WHERE acusado_en IS NULL AND enviado LIMIT 1"
    return connection.exec_driver_sql(sql).first() is not None
