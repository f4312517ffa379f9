"""What a person sees of a row: the server's image plus the waiting operations, in order."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from domain.base.ambient import instant_of_id
from domain.base.row import Row
from domain.base.table import COMMON
from domain.model import TABLES
from domain.rules import revived
from domain.sums import SUMMED
from local_db import following, images, rows, search


def is_pending(db: sqlite3.Connection, tabla: str, key: str) -> bool:
    """Does a waiting Cambio touch this row?"""
    found = db.execute("SELECT 1 FROM outbox_fila WHERE tabla = ? AND registro_id = ? LIMIT 1", (tabla, key))
    return found.fetchone() is not None


def visible(db: sqlite3.Connection, tabla: str, key: str) -> Row | None:
    """Image plus waiting operations, and what waiting children add. Other derived columns of a row that the server
    hasn't seen stay as they are.
    """
    row = images.get(db, tabla, key)
    waiting = db.execute(
        "SELECT o.cuerpo FROM outbox_fila f JOIN outbox o ON o.n = f.n "
        "WHERE f.tabla = ? AND f.registro_id = ? ORDER BY f.n",
        (tabla, key),
    ).fetchall()
    for (cuerpo,) in waiting:
        cambio = json.loads(cuerpo)
        for op in cambio["ops"]:
            if (op["tabla"], op["id"]) == (tabla, key):
                row = applied(db, cambio, op, row)
    return following.with_waiting(db, (tabla, key), row)


def applied(db: sqlite3.Connection, cambio: dict[str, Any], op: dict[str, Any], row: Row | None) -> Row | None:
    """A row after one operation of a Cambio."""
    if op["tipo"] == "baja":
        return None
    if op["tipo"] == "cambio":
        return None if row is None else {**row, **op["campos"]}
    spec = TABLES[op["tabla"]]
    if row is not None and row.get("borrado_en") is not None:
        return revived(spec, row, op["campos"])
    if row is not None:
        return {**row, **{k: v for k, v in op["campos"].items() if not spec.by_name[k].fixed}}
    moment = instant_of_id(cambio["id"])
    fresh: Row = {c.name: c.default for c in COMMON + spec.cols}
    fresh |= {"creado_en": moment, "actualizado_en": moment}
    fresh |= {"creado_por": cambio["usuario_id"], "actualizado_por": cambio["usuario_id"]}
    shown = rows.get(db, op["tabla"], op["id"]) or {}
    filled = (c.name for c in COMMON + spec.cols if c.derived and c.name not in SUMMED[spec.name])
    fresh |= {name: shown[name] for name in filled if name in shown}
    return {**fresh, **op["campos"], "id": op["id"], "version": 0}


def show(db: sqlite3.Connection, visible: Mapping[tuple[str, str], Row | None]) -> None:
    """Put these rows into their tables and the search, or take them away (None)."""
    for (tabla, key), row in visible.items():
        if row is None:
            search.forget(db, tabla, [key])
            rows.remove(db, tabla, [key])
        else:
            rows.put(db, tabla, [row])
    search.refresh(db, [place for place, row in visible.items() if row is not None])
