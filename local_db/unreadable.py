"""Changes in the outbox that can't be read any more: they go where a person sees them, with what is left of them.

A damaged page, or a flipped bit inside a body that is no JSON any more, must neither stop the queue nor vanish.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

import orjson

from domain.base.row import Row
from domain.base.table import COMMON
from domain.model import TABLES
from domain.sums import SUMMED
from local_db import images, rows

MOTIVO = "danado"
ORDER = {name: place for place, name in enumerate(TABLES)}
"""What others refer to comes first."""
_PART = "Este cambio se dañó en el disco. Se muestra lo que se pudo leer: revíselo y reenvíelo, o descártelo."
_BROKEN = {name: f"({name} IS NOT NULL AND NOT json_valid({name}))" for name in ("firma", "recibos")}
_NOTHING = "Este cambio se dañó en el disco y no se pudo leer nada de él. Vuelva a anotarlo, o descártelo."


def readable(body: bytes | str) -> bool:
    """Is this a Cambio, whatever it says?"""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    ops = found.get("ops") if isinstance(found, dict) else None
    return isinstance(ops, list) and all(map(_is_operation, ops))


def _is_operation(op: object) -> bool:
    if not isinstance(op, dict) or not isinstance(op.get("campos"), dict):
        return False
    return all(isinstance(op.get(name), str) for name in ("tabla", "id", "tipo"))


def broken_proofs(db: sqlite3.Connection) -> bool:
    """Is a proof beside a change no JSON any more?"""
    sql = f"SELECT 1 FROM outbox WHERE {_BROKEN['firma']} OR {_BROKEN['recibos']} LIMIT 1"  # noqa: S608
    return db.execute(sql).fetchone() is not None


def forget_broken_proofs(db: sqlite3.Connection) -> None:
    """They prove nothing: an author is asked again, and what a receipt was of is offered again after a restore."""
    db.execute(f"UPDATE outbox SET firma = NULL WHERE {_BROKEN['firma']}")  # noqa: S608
    db.execute(f"UPDATE outbox SET recibos = '[]' WHERE {_BROKEN['recibos']}")  # noqa: S608


def keep(db: sqlite3.Connection, n: int, key: str, author: str, body: dict[str, Any], instant: str) -> None:
    """Put what is left of a change among the refused ones."""
    db.execute(
        "INSERT OR IGNORE INTO rechazo (cambio_id, n, usuario_id, motivo, mensaje, cuerpo, rechazado_en) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, n, author, MOTIVO, _PART if body["ops"] else _NOTHING, json.dumps(body, ensure_ascii=False), instant),
    )


def rebuilt(db: sqlite3.Connection, n: int, body: bytes = b"") -> dict[str, Any]:
    """A Cambio from the rows that it touched, as they are shown; `crudo` is what its bytes still say."""
    ops = []
    try:
        touched = db.execute("SELECT tabla, registro_id, campos FROM outbox_fila WHERE n = ?", (n,)).fetchall()
    except sqlite3.DatabaseError:
        touched = []
    for tabla, key, campos in sorted(touched, key=lambda row: (ORDER.get(row[0], 0), row[1])):
        try:
            op = _operation(db, tabla, key, orjson.loads(campos))
        except (sqlite3.DatabaseError, ValueError):
            continue  # a page of that row is gone too
        ops += [op] if op is not None else []
    return {"ops": ops, "crudo": body.decode(errors="replace")}


def _operation(db: sqlite3.Connection, tabla: str, key: str, names: list[str]) -> dict[str, Any] | None:
    if tabla not in TABLES or (SUMMED[tabla] and SUMMED[tabla].issuperset(names)):
        return None  # it only follows others
    shown, image = rows.get(db, tabla, key), images.get(db, tabla, key)
    if shown is None:
        return _op(tabla, key, "baja", image, ())
    own = [c.name for c in TABLES[tabla].cols if not c.derived and shown[c.name] != c.default]
    if image is None:
        return _op(tabla, key, "alta", None, own) | {"campos": {name: shown[name] for name in own}}
    changed = [c for c in shown if shown[c] != image.get(c)] if "*" in names else names
    changed = [c for c in changed if c in shown and c not in {common.name for common in COMMON}]
    return _op(tabla, key, "cambio", image, changed) | {"campos": {name: shown[name] for name in changed}}


def _op(tabla: str, key: str, tipo: str, image: Row | None, names: Iterable[str]) -> dict[str, Any]:
    before = {name: image.get(name) for name in names} if image is not None else {}
    base = int(image["version"] or 0) if image is not None else 0
    return {"tabla": tabla, "id": key, "tipo": tipo, "base": base, "campos": {}, "antes": before}
