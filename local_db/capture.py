"""One user action, captured: the rows it changes and the Cambio that tells the server, in one commit."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from domain.base.actor import Actor
from domain.base.ambient import FOLIO, Ambient, format_folio, instant_of_id
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.model import TABLES, refers_to
from domain.proofs import sign
from domain.rules import Applying
from domain.sums import Target
from domain.upgrade import SCHEMA
from domain.wire import MAX_BYTES, MAX_OPS, Op, canonical, fingerprint
from local_db import following, images, overlay, rows, search, state
from local_db.outbox import index_cambio
from local_db.replica import Writing


class ReplicaLookup:
    """Where the rules read on a station. It never numbers: the server does."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def row(self, tabla: str, key: str) -> Row | None:
        """The visible row."""
        return rows.get(self._db, tabla, key)

    def next_number(self, serie: str) -> str | None:
        """Null until the server gives one."""
        return None


class Capture:
    """Saves actions inside one write transaction. Made by `capturing`."""

    def __init__(self, writing: Writing, ambient: Ambient) -> None:
        self._writing = writing
        self._ambient = ambient
        self._db = rows.raw(writing.connection)
        self._state = state.read(writing.connection)
        self._n, self._folio = self._state.n, self._state.folio
        self._stale: set[tuple[str, str]] = set()
        self._kept: set[Target] = set()
        self._ids: dict[int, str] = {}
        self._lookup = ReplicaLookup(self._db)
        if self._state.estacion_id is None:
            raise KnownError("Esta estación no está inscrita.", "Inscríbala en el servidor central.")
        if self._state.reenrol is not None:
            raise KnownError("Esta estación tiene que inscribirse de nuevo.", "Sus cambios siguen guardados.")

    def take_folio(self) -> str:
        """The station's next folio, final from here on."""
        self._folio += 1
        return format_folio(str(self._state.codigo), self._folio)

    def own_folio(self, op: Op) -> Op:
        """A new row that goes out again: a folio of the station that this one was before gives way, and is kept as
        the printed one.
        """
        folio = TABLES[op.tabla].folio if op.tipo == "alta" and op.tabla in TABLES else None
        old = FOLIO.fullmatch(str(op.campos.get(folio.columna))) if folio is not None else None
        if folio is None or old is None or old[1] == self._state.codigo:
            return op
        given = {folio.columna: self.take_folio(), folio.impreso: op.campos[folio.columna]}
        return op.model_copy(update={"campos": op.campos | given})

    def save(self, actor: Actor, ops: list[Op], *, reemplaza: str | None = None) -> str:
        """Check and apply the operations of one action, and put its Cambio in the outbox; gives its id.

        Raises:
            Rejection: a rule refuses; the transaction is as it was before.
        """
        self._db.execute("SAVEPOINT accion")
        try:
            key = self._save(actor, ops, reemplaza)
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled everything back already
                self._db.execute("ROLLBACK TO accion")
                self._db.execute("RELEASE accion")
            raise
        self._db.execute("RELEASE accion")
        return key

    def _save(self, actor: Actor, ops: list[Op], reemplaza: str | None) -> str:
        key = self._ambient.new_id()
        self._kept.clear()
        codes = frozenset({str(self._state.codigo)})
        work = Applying(actor, self._lookup, ops, instant_of_id(key), self._state.estacion_id, codes)
        depende = self._depends_on(ops)
        for op in ops:
            self._apply(work, op)
        self._enqueue(key, actor, ops, depende, reemplaza)
        return key

    def finish(self) -> None:
        """Store the counters and bring the search index up to date."""
        search.refresh(self._db, self._stale)
        state.write(self._writing, n=self._n, folio=self._folio)

    def _apply(self, work: Applying, op: Op) -> None:
        current = rows.get(self._db, op.tabla, op.id)
        self._keep_image((op.tabla, op.id), current)
        if op.tipo == "alta":
            if current is not None and current.get("borrado_en") is None:
                raise Rejection("duplicado", f"Ya existe ese {TABLES[op.tabla].fila}.")
            after = (work.alta(op) if current is None else work.repeated_alta(op, current)).after
            rows.put(self._db, op.tabla, [after])
        else:
            if current is None:
                raise Rejection("no_existe", f"Ya no existe ese {TABLES[op.tabla].fila}.", "Actualice la pantalla.")
            if op.tipo == "baja":
                work.permit(op, current)
                search.forget(self._db, op.tabla, [op.id])
                rows.remove(self._db, op.tabla, [op.id])
                self._writing.touch(op.tabla, op.id)
                following.each(self._db, op.tabla, current, None, self._follow)
                return
            outcome = work.cambio(op, current)
            after = outcome.after | {name: op.campos[name] for name in outcome.lost} | {"version": current["version"]}
            rows.put(self._db, op.tabla, [after])
        if search.stale(op.tabla, current, after):
            self._stale.add((op.tabla, op.id))
        self._writing.touch(op.tabla, op.id)
        following.each(self._db, op.tabla, current, after, self._follow)

    def _follow(self, target: Target, before: Row | None, after: Row) -> None:
        """Show a row that is fed as it becomes."""
        self._keep_image(target, before)
        rows.put(self._db, target[0], [after])
        if search.stale(target[0], before, after):
            self._stale.add(target)
        self._writing.touch(*target)

    def _keep_image(self, key: Target, current: Row | None) -> None:
        """What the server holds of a row, before the first that this action does to it; what waits has it already."""
        if key not in self._kept and current is not None and not overlay.is_pending(self._db, *key):
            images.keep(self._db, *key, current)
        self._kept.add(key)

    def _enqueue(self, key: str, actor: Actor, ops: list[Op], depende: list[str], reemplaza: str | None) -> None:
        n = self._n + 1
        cambio: dict[str, Any] = {
            "id": key,
            "n": n,
            "usuario_id": actor.usuario_id,
            "schema": SCHEMA,
            "visto": {"version": self._state.cursor_version, "cambio_id": self._state.cursor_cambio},
            "depende": depende,
            "reemplaza": reemplaza,
            "ops": [
                {"tabla": o.tabla, "id": o.id, "tipo": o.tipo, "base": o.base, "campos": o.campos, "antes": o.antes}
                for o in ops
            ],
        }
        cambio["huella"] = fingerprint(cambio)
        body = canonical(cambio)
        if len(ops) > MAX_OPS or len(body.encode()) > MAX_BYTES:
            raise Rejection(
                "tamano",
                f"Esto es demasiado para un solo cambio (hasta {MAX_OPS} filas y {MAX_BYTES // 1000} kB).",
                "Acorte los textos, o hágalo en varias partes.",
            )
        self._db.execute(
            "INSERT INTO outbox (n, id, usuario_id, cuerpo, firma) VALUES (?, ?, ?, ?, ?)",
            (n, key, actor.usuario_id, body, self._signature(actor, cambio["huella"])),
        )
        index_cambio(self._db, n, cambio["ops"])
        self._n, self._ids[n] = n, key
        self._writing.touch("outbox", key)

    def _signature(self, actor: Actor, huella: str) -> str | None:
        """The author's proof, as JSON; without what he signs with there is none, and the Cambio has to wait."""
        firmante = self._writing.firmantes.get(actor.usuario_id)
        return None if firmante is None else canonical(sign(firmante, huella).model_dump())

    def _depends_on(self, ops: list[Op]) -> list[str]:
        """The unanswered Cambios that made a row these refer to, or changed a field they change."""
        own = {(op.tabla, op.id) for op in ops if op.tipo == "alta"}
        numbers: set[int] = set()
        for op in ops:
            for parent in _parents(op) - own:
                numbers.update(n for n, names in self._waiting(*parent) if '"*"' in names)
            if op.tipo != "alta":
                fields = {f'"{name}"' for name in op.campos.keys() | self._guarded(op)}
                numbers.update(
                    n
                    for n, names in self._waiting(op.tabla, op.id)
                    if op.tipo == "baja" or '"*"' in names or any(f in names for f in fields)
                )
        return [self._id_of(n) for n in sorted(numbers)]

    def _guarded(self, op: Op) -> set[str]:
        """The columns that decide whether a row may go to the state that this brings it to."""
        machine = TABLES[op.tabla].maquina if op.tabla in TABLES else None
        if machine is None or machine.columna not in op.campos:
            return set()
        to = op.campos[machine.columna]
        return {name for (_, a), guard in machine.guardas.items() if a == to for name in guard.columnas}

    def _waiting(self, tabla: str, key: str) -> list[tuple[int, str]]:
        return self._db.execute(
            "SELECT n, campos FROM outbox_fila WHERE tabla = ? AND registro_id = ?", (tabla, key)
        ).fetchall()

    def _id_of(self, n: int) -> str:
        if n not in self._ids:
            self._ids[n] = self._db.execute("SELECT id FROM outbox WHERE n = ?", (n,)).fetchone()[0]
        return self._ids[n]


def _parents(op: Op) -> set[tuple[str, str]]:
    """The (table, id) of the rows that an operation refers to."""
    by_name = TABLES[op.tabla].by_name if op.tabla in TABLES else {}
    parents = set()
    for name, value in op.campos.items():
        tabla = refers_to(by_name[name], op.campos) if name in by_name else None
        if tabla is not None and isinstance(value, str):
            parents.add((tabla, value))
    return parents


@contextmanager
def capturing(writing: Writing, ambient: Ambient) -> Iterator[Capture]:
    """Capture one action or many inside a transaction."""
    capture = Capture(writing, ambient)
    yield capture
    capture.finish()
