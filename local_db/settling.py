"""Rows on their way into the replica: brought to what the server holds, under what still waits for an answer."""

import sqlite3
from collections.abc import Iterable

from domain.base.row import ReadRow, Row, Value
from domain.model import TABLES
from domain.search import SEARCHED
from domain.sums import Target
from domain.wire import Grupo
from local_db import following, images, overlay, rows, search, state
from local_db.outbox import chunks, marks, waiting_among
from local_db.replica import Writing


class WholeRowsNeeded(Exception):
    """A chunk changed a row that isn't here; nothing of it was taken."""


class Settling:
    """Brings rows to what the server holds, under the operations that still wait for an answer.

    `unsure` are rows whose shown values aren't the image plus what the server took: they fall back to the image.
    """

    def __init__(self, writing: Writing, db: sqlite3.Connection, unsure: set[tuple[str, str]]) -> None:
        self._writing = writing
        self._db = db
        self._unsure = unsure
        self._left = set(unsure)
        self._pending: set[tuple[str, str]] = set()
        self._stale: list[tuple[str, str]] = []

    def settle(self, grupos: Iterable[Grupo], absent: Iterable[tuple[str, str]], *, lenient: bool) -> int:
        """Take groups of rows and absent rows; gives how many.

        Raises:
            WholeRowsNeeded: unless `lenient`, when a changed row isn't here.
        """
        known = [_known_columns(grupo) for grupo in grupos if grupo.tabla in TABLES]
        gone = [key for key in absent if key[0] in TABLES]
        touched = {(grupo.tabla, str(values[0])) for grupo in known for values in grupo.filas}.union(gone, self._unsure)
        self._pending = waiting_among(self._db, touched)
        for tabla in reversed(TABLES):  # what feeds others before what it feeds
            for grupo in (grupo for grupo in known if grupo.tabla == tabla):
                self._group(grupo, lenient=lenient)
            for key in (key for t, key in gone if t == tabla):
                self._one(tabla, key, None)
            for key in sorted(key for t, key in self._left if t == tabla):
                self._one(tabla, key, images.get(self._db, tabla, key))
        self._db.executemany(
            "DELETE FROM imagen WHERE tabla = ? AND registro_id = ?",
            touched - self._pending,
        )
        search.refresh(self._db, self._stale)
        return sum(len(grupo.filas) for grupo in known)

    def _group(self, grupo: Grupo, *, lenient: bool) -> None:
        tabla, names = grupo.tabla, grupo.columnas
        bases = grupo.bases or [0] * len(grupo.filas)
        plain: list[list[Value]] = []
        plain_bases: list[int] = []
        for values, base in zip(grupo.filas, bases, strict=True):
            key = (tabla, str(values[0]))
            if key in self._pending or key in self._unsure:
                self._merge(key, dict(zip(names, values, strict=True)), None if grupo.entera else base, lenient=lenient)
            else:
                plain.append(values)
                plain_bases.append(base)
                self._writing.touched.add(key)
        if not plain:
            return
        if grupo.entera:
            rows.upsert_newer(self._db, tabla, names, plain)
        elif rows.update_between(self._db, tabla, names, plain, plain_bases) < len(plain):
            self._missing(tabla, plain, lenient=lenient)
        searched = SEARCHED.get(tabla)
        if searched is not None and (grupo.entera or searched.intersection(names)):
            self._stale += [(tabla, str(values[0])) for values in plain]

    def _missing(self, tabla: str, values: list[list[Value]], *, lenient: bool) -> None:
        """Some rows didn't take their change: good if they are as new already."""
        here: dict[str, int] = {}
        for part in chunks([v[0] for v in values]):
            sql = f"SELECT id, version FROM {tabla} WHERE id IN ({marks(part)})"  # noqa: S608
            here.update(self._db.execute(sql, part).fetchall())
        if all(here.get(str(v[0]), -1) >= int(v[1] or 0) for v in values):
            return
        if not lenient:
            raise WholeRowsNeeded
        state.write(self._writing, propias=True)

    def _merge(self, key: tuple[str, str], news: Row, base: int | None, *, lenient: bool) -> None:
        """The same for a row with waiting operations, or whose shown values can't be trusted."""
        self._left.discard(key)
        shown = rows.get(self._db, *key)
        image = images.get(self._db, *key)
        if image is None and key not in self._pending:
            image = shown if shown is not None and stands_at(shown) > 0 else None
        if base is not None:
            if image is None or stands_at(image) < base:
                if not lenient:
                    raise WholeRowsNeeded
                state.write(self._writing, propias=True)
                self._one(*key, image)
                return
            if stands_at(image) < stands_at(news):
                image = {**image, **news}
        elif image is None or stands_at(news) >= stands_at(image):
            image = {**(dict.fromkeys(rows.COLUMNS[key[0]]) if image is None else image), **news}
        self._one(*key, image)

    def _one(self, tabla: str, key: str, image: ReadRow | None) -> None:
        """Show a row as the image and what still waits make it; then those that it fed, and that it feeds now."""
        self._left.discard((tabla, key))
        row: ReadRow | None = image
        fed: set[Target] = set()
        if (tabla, key) in self._pending:
            fed = following.fed(self._db, tabla, key)
            images.keep(self._db, tabla, key, image)
            row = overlay.visible(self._db, tabla, key)
        self._writing.touch(tabla, key)
        if row is None:
            search.forget(self._db, tabla, [key])
            rows.remove(self._db, tabla, [key])
        else:
            rows.put(self._db, tabla, [row])
            self._stale.append((tabla, key))
        if (tabla, key) in self._pending:
            fed |= following.fed(self._db, tabla, key)
            self._pending |= waiting_among(self._db, fed)
            self._left |= fed & self._pending


def _known_columns(grupo: Grupo) -> Grupo:
    """Without the columns of a newer server."""
    known = rows.COLUMNS[grupo.tabla]
    if all(n in known for n in grupo.columnas):
        return grupo
    at = [i for i, n in enumerate(grupo.columnas) if n in known]
    names = [grupo.columnas[i] for i in at]
    return grupo.model_copy(update={"columnas": names, "filas": [[v[i] for i in at] for v in grupo.filas]})


def stands_at(row: ReadRow | None) -> int:
    """The version of a row; 0 where there is none, or the server hasn't seen it."""
    return int(row["version"] or 0) if row is not None else 0
