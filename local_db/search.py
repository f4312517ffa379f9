"""The full-text index, kept in step with the rows: set by set, never row by row."""

import sqlite3
from collections.abc import Iterable

from domain.tables import ReadRow

SEARCHED: dict[str, frozenset[str]] = {
    "orden": frozenset({"folio", "cliente_id", "equipo_id", "falla_reportada", "titulo"}),
    "cliente": frozenset(
        {"nombre", "apellido", "telefono", "telefono_alternativo", "telefono_e164", "dni", "email", "nro_cliente"}
    ),
    "equipo": frozenset({"serie", "imei", "codigo_etiqueta", "marca", "modelo"}),
}
"""The columns whose change makes an entry stale."""


def _digits(column: str) -> str:
    plain = column
    for sign in (" ", "-", "(", ")", "+", "."):
        plain = f"replace({plain}, '{sign}', '')"
    return plain


def _phones(*columns: str) -> str:
    """Each phone's digits, and its last 9, 8 and 4: how people say a number."""
    parts = []
    for column in columns:
        digits = _digits(column)
        parts += [
            f"coalesce({digits}, '')",
            f"coalesce(substr({digits}, -9), '')",
            f"coalesce(substr({digits}, -8), '')",
            f"coalesce(substr({digits}, -4), '')",
        ]
    return " || ' ' || ".join(parts)


def _words(*columns: str) -> str:
    return " || ' ' || ".join(f"coalesce({c}, '')" for c in columns)


_STALE = "SELECT rid FROM {tabla} WHERE id IN (SELECT id FROM temp.tocada)"
_INSERT_ORDEN = f"""
    INSERT INTO busqueda_orden (rowid, folio, cliente, telefono, serie, falla)
    SELECT o.rid,
        o.folio || ' ' || ltrim(substr(o.folio, instr(o.folio, '-') + 1), '0'),
        {_words("c.nombre", "c.apellido")},
        {_phones("c.telefono", "c.telefono_alternativo", "c.telefono_e164")},
        {_words("e.serie", "e.imei", "e.codigo_etiqueta", "e.marca", "e.modelo")},
        {_words("o.titulo", "o.falla_reportada")}
    FROM orden o LEFT JOIN cliente c ON c.id = o.cliente_id LEFT JOIN equipo e ON e.id = o.equipo_id
    WHERE o.id IN (SELECT id FROM temp.tocada)
"""  # noqa: S608
_INSERT_CLIENTE = f"""
    INSERT INTO busqueda_cliente (rowid, nombre, telefono, documento)
    SELECT c.rid, {_words("c.nombre", "c.apellido")},
        {_phones("c.telefono", "c.telefono_alternativo", "c.telefono_e164")},
        {_words("c.dni", "c.email", "c.nro_cliente")}
    FROM cliente c WHERE c.id IN (SELECT id FROM temp.tocada)
"""  # noqa: S608


def stale(tabla: str, before: ReadRow | None, after: ReadRow) -> bool:
    """Does this change of a row make its search entry stale?"""
    columns = SEARCHED.get(tabla)
    if columns is None:
        return False
    return before is None or any(before.get(c) != after.get(c) for c in columns)


def _touch(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS tocada (id TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM temp.tocada")
    db.executemany("INSERT OR IGNORE INTO temp.tocada VALUES (?)", [(key,) for key in keys])


def _forget(db: sqlite3.Connection, tabla: str) -> None:
    db.execute(f"DELETE FROM busqueda_{tabla} WHERE rowid IN ({_STALE.format(tabla=tabla)})")  # noqa: S608


def forget(db: sqlite3.Connection, tabla: str, keys: Iterable[str]) -> None:
    """Drop the entries of rows that are about to be removed."""
    if tabla in ("orden", "cliente"):
        _touch(db, keys)
        _forget(db, tabla)


def refresh(db: sqlite3.Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Rewrite the entries of these (table, id) rows, and of the orders that show them."""
    keys: dict[str, list[str]] = {"orden": [], "cliente": [], "equipo": []}
    for tabla, key in touched:
        if tabla in keys:
            keys[tabla].append(key)
    if keys["cliente"]:
        _touch(db, keys["cliente"])
        _forget(db, "cliente")
        db.execute(_INSERT_CLIENTE)
    if any(keys.values()):
        _touch(db, keys["orden"])
        for parent in ("cliente", "equipo"):
            db.executemany(
                f"INSERT OR IGNORE INTO temp.tocada SELECT id FROM orden WHERE {parent}_id = ?",  # noqa: S608
                [(key,) for key in keys[parent]],
            )
        _forget(db, "orden")
        db.execute(_INSERT_ORDEN)
