"""What the server holds of a row that waits here."""

import json
import sqlite3

from domain.base.row import ReadRow, Row
from domain.wire import canonical


def get(db: sqlite3.Connection, tabla: str, key: str) -> Row | None:
    """The last server image of a pending row; None: the server had none."""
    found = db.execute("SELECT fila FROM imagen WHERE tabla = ? AND registro_id = ?", (tabla, key)).fetchone()
    if found is None:
        return None
    row: Row = json.loads(found[0])
    return row


def keep(db: sqlite3.Connection, tabla: str, key: str, row: ReadRow | None) -> None:
    """Store what the server holds of a pending row."""
    if row is None:
        db.execute("DELETE FROM imagen WHERE tabla = ? AND registro_id = ?", (tabla, key))
    else:
        db.execute("INSERT OR REPLACE INTO imagen VALUES (?, ?, ?)", (tabla, key, canonical(dict(row))))
