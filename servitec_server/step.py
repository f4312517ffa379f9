"""One Cambio of a batch: its operations, stored in the working set, and what feed, trail and reply say of them."""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from domain.base.ambient import Ambient, format_folio
from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row
from domain.events import event_of
from domain.model import CHILDREN, HUNG, ONLY_MARKED, TABLES
from domain.rules import Applying, Outcome
from domain.scope import stored_keys
from domain.sums import added, difference, made
from domain.wire import Cambio, Op, canonical
from servitec_server import rows
from servitec_server.announcement import Announcement
from servitec_server.origin import OWN_CODE, Station
from servitec_server.working_set import Key, WorkingSet

MAX_MOVED = 2000
"""Rows that one Cambio may take to another branch with what it moves: nobody waits long for the next one."""
REVIVED = "rehacer"
"""`accion` in the audit trail of an alta of a row that had been deleted."""


_HIDDEN = {name: frozenset(n for n, col in spec.by_name.items() if col.server_only) for name, spec in TABLES.items()}
"""By table, the columns that never leave the server."""
_TOLD = {n: frozenset(c for c, col in s.by_name.items() if col.replicated) - {"version"} for n, s in TABLES.items()}
"""By table, the columns whose change the feed tells of."""


@dataclass(slots=True)
class Touch:
    """A row that the reply has to carry: whole (`base` None), or the columns `names` changed since `base`."""

    base: int | None
    names: set[str] = field(default_factory=set)

    def then(self, later: "Touch") -> "Touch":
        """This and a later touch of the same row as one."""
        if self.base is None or later.base is None:
            return Touch(None)
        return Touch(self.base, self.names | later.names)


@dataclass
class FeedEntry:
    """What one version does to one row, as the feed keeps it (servitec_server.tables.cambio_fila)."""

    version: int
    tabla: str
    registro_id: str
    base: int
    clave_antes: str | None
    estacion_id: str | None
    tipo: str = ""
    clave: str | None = None
    campos: str | None = None

    def record(self) -> dict[str, Any]:
        """As it is written."""
        return vars(self)


@dataclass(slots=True)
class Step:
    """One Cambio in its turn."""

    cambio: Cambio
    station: Station
    applying: Applying
    rows: WorkingSet
    ambient: Ambient
    version: int
    instant: str
    ip: str | None
    observado: str | None = None
    """Why a stock fact was accepted although its author may no longer make it."""
    moved: int = 0
    """Rows that went to another branch with those that it moved."""
    told: bool = True
    """Does its station hear of it by the answer? What a supervisor approved it hears of like any other."""
    changed: dict[Key, Row | None] = field(default_factory=dict)
    """The rows that changed, and what they were."""
    touched: dict[Key, Touch] = field(default_factory=dict)
    feed: dict[Key, FeedEntry] = field(default_factory=dict)
    trail: list[dict[str, Any]] = field(default_factory=list)
    perdidos: list[tuple[str, str, str]] = field(default_factory=list)
    """Table, id and column of the fields that lost a conflict."""
    numeros: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Table, id, column and number of what the server numbered of its new rows."""
    announcements: list[Announcement] = field(default_factory=list)

    def alta(self, op: Op) -> None:
        """A new row, or one that is made again."""
        current = self.rows.get(op.tabla, op.id)
        if current is not None:
            self.store(op, self.applying.repeated_alta(op, current))
            return
        row = self.applying.alta(op).after | {"version": self.version}
        self._check_parents(op)
        if TABLES[op.tabla].hecho:
            row["observado"] = self.observado
        self.rows.put(op.tabla, self._unique(op, row))
        numbered = (col.name for col in TABLES[op.tabla].cols if col.serie is not None)
        self.numeros += [(op.tabla, op.id, name, str(row[name])) for name in numbered]
        self._note(op, None, row, set(), op.campos)
        self._follow(op.tabla, None, row)

    def store(self, op: Op, outcome: Outcome) -> None:
        """Store what a change makes of a row; lost fields are the caller's."""
        current = outcome.before or {}
        row = outcome.after | {"version": self.version}
        back = op.tipo == "alta" and current.get("borrado_en") is not None
        names = [c.name for c in TABLES[op.tabla].cols] if back else list(op.campos)
        applied = {n for n in names if n not in outcome.lost and current[n] != row[n]}
        if not applied and outcome.lost:
            self.touched[op.tabla, op.id] = Touch(None)
            return
        by_name = TABLES[op.tabla].by_name
        if any(by_name[n].ref is not None for n in applied):
            self._check_parents(op)
        self.rows.put(op.tabla, self._unique(op, row))
        self._note(op, current, row, applied, {n: row[n] for n in applied})
        self._follow(op.tabla, current, row)
        if not applied.isdisjoint(TABLES[op.tabla].claves) and HUNG[op.tabla]:
            self._move_tree(op, row)

    def baja(self, op: Op, current: Row) -> None:
        """Delete a row; one that others refer to is only marked."""
        if current.get("borrado_en") is not None:
            raise Rejection("ya_hecho", f"Ese {TABLES[op.tabla].fila} ya está borrado.")
        if op.tabla in ONLY_MARKED or self._has_children(op):
            if "borrado_en" not in current:
                raise Rejection(
                    "en_uso", f"Este {TABLES[op.tabla].fila} está en uso.", "Desactívela en vez de borrarla."
                )
            row = self._stamped(current) | {"borrado_en": self.instant}
            self.rows.put(op.tabla, row)
            self._note(op, current, row, {"borrado_en"}, None)
        else:
            self.rows.drop(op.tabla, op.id)
            self._note(op, current, None, set(), None)
        self._follow(op.tabla, current, None)

    def add_row(self, tabla: str, row: Row, event: str | None = None) -> None:
        """A row that `apply` writes besides the operations: a conflict, a balance."""
        before = self.rows.get(tabla, str(row["id"]))
        self.changed.setdefault((tabla, str(row["id"])), before)
        self.rows.put(tabla, row)
        self._feed(tabla, before, row, named=False)
        self.touched[tabla, str(row["id"])] = Touch(None)
        if event is not None:
            self._announce(event, tabla, row)

    def _stamped(self, current: ReadRow) -> Row:
        return {
            **current,
            "version": self.version,
            "actualizado_en": self.instant,
            "actualizado_por": self.cambio.usuario_id,
            "estacion_id": self.station.id,
        }

    def _check_parents(self, op: Op) -> None:
        by_name = TABLES[op.tabla].by_name
        for name, value in op.campos.items():
            ref = by_name[name].ref
            if ref and value is not None and self.rows.get(ref, str(value)) is None:
                raise Rejection("no_existe", f"{TABLES[op.tabla].campo(name)} señala algo que no existe.")

    def _unique(self, op: Op, row: Row) -> Row:
        """The row, once its unique values are known to be free; an order's folio that is taken gives way."""
        for name in TABLES[op.tabla].unique:
            if row[name] is None or (op.tipo != "alta" and name not in op.campos):
                continue
            if self.rows.holder(op.tabla, name, row[name]) in (None, op.id):
                continue
            folio = TABLES[op.tabla].folio
            if folio is None or folio.columna != name:
                text = f"{TABLES[op.tabla].campo(name)} «{row[name]}» ya está en uso."
                raise Rejection("duplicado", text, "Escriba otro valor, o use el registro que ya lo tiene.")
            row = row | {folio.impreso: row[name], name: format_folio(OWN_CODE, self.rows.next_number("folio"))}
        return row

    def _has_children(self, op: Op) -> bool:
        return any(rows.exists(self.rows.connection, tabla, column, op.id) for tabla, column in CHILDREN[op.tabla])

    def _move_tree(self, op: Op, root: ReadRow) -> None:
        """The children of a moved row go with it, each with the new version; what was to be told of them, too."""
        gone: dict[Key, Row] = {}
        keys = self._tree(op)
        self.moved += len(keys)
        self.rows.load(keys)
        for tabla, key in keys:
            child = self.rows.get(tabla, key)
            if child is not None:
                gone[tabla, key] = self._stamped(child) | {name: root.get(name) for name in TABLES[tabla].copiadas}
                self.add_row(tabla, gone[tabla, key])
        self.announcements = [
            replace(item, row=gone.get((item.tabla, str(item.row["id"])), item.row)) for item in self.announcements
        ]

    def _tree(self, op: Op) -> list[Key]:
        """What hangs on a row, and the conflicts of all of it. Raises Rejection `tamano` for too much at once."""
        found: list[Key] = []
        hung = [op.id]
        for tabla, column in HUNG[op.tabla]:
            of = set(hung)
            keys = set(rows.ids(self.rows.connection, tabla, of, column, MAX_MOVED))
            keys |= {str(child["id"]) for child in self.rows.unwritten(tabla) if child[column] in of}
            found += ((tabla, key) for key in sorted(keys))
            hung += sorted(keys)
            if len(found) > MAX_MOVED:
                told = f"Tiene más de {MAX_MOVED} filas (historial, comentarios, conflictos) y no se puede trasladar."
                raise Rejection("tamano", told, "Ciérrela y abra otra en la otra sucursal.")
            if self.moved + len(found) > MAX_MOVED:
                told = f"Lo que se traslada de una vez pasa de {MAX_MOVED} filas."
                raise Rejection("tamano", told, "Trasládelo en varias partes.")
        return found

    def _follow(self, tabla: str, before: ReadRow | None, after: ReadRow | None) -> None:
        """The rows that are added up from what changed, and those that are from them. Raises Rejection."""
        for (into, key), amounts in difference(TABLES[tabla], before, after).items():
            there = self.rows.get(into, key)
            target = there if there is not None or after is None else made(TABLES[tabla], after, (into, key))
            if target is None:
                raise Rejection("no_existe", f"No existe el {TABLES[into].fila} que suma este {TABLES[tabla].fila}.")
            if there is None:
                target |= {"creado_en": self.instant, "creado_por": self.cambio.usuario_id}
            row = added(into, target, amounts) | {"version": self.version}
            self.add_row(into, row)
            self._tell_following(into, row)
            self._follow(into, there, row)

    def put_right(self, tabla: str, key: str, values: Row) -> None:
        """A row that is added up, as it should be; what follows it follows."""
        before = self.rows.get(tabla, key)
        if before is not None:
            row = {**before, **values, "version": self.version}
            row.update(TABLES[tabla].regla.computed(row))
            self.add_row(tabla, row)
            self._follow(tabla, before, row)

    def _tell_following(self, tabla: str, row: ReadRow) -> None:
        """Announced once a Cambio, as it is at its end."""
        event = TABLES[tabla].regla.siguio(row)
        if event is not None:
            self.announcements = [a for a in self.announcements if (a.event, a.row["id"]) != (event, row["id"])]
            self._announce(event, tabla, row)

    def _note(self, op: Op, before: Row | None, after: Row | None, applied: set[str], despues: ReadRow | None) -> None:
        """Feed, reply, audit trail and announcement of a row that changed."""
        row: Row = after if after is not None else before or {}
        self.changed.setdefault((op.tabla, op.id), before)
        names = self._feed(op.tabla, before, after, named=True)
        known = before is not None and (int(before["version"] or 0) == op.base or _last_by(before, self.station))
        touch = Touch(int(before["version"] or 0) if before and known and after else None, names)
        earlier = self.touched.get((op.tabla, op.id))
        self.touched[op.tabla, op.id] = earlier.then(touch) if earlier else touch
        was_deleted = before is not None and before.get("borrado_en") is not None
        again = op.tipo == "alta" and (op.base > 0 or was_deleted)
        antes = (
            None if before is None else {n: before[n] for n in applied or before if applied or before[n] is not None}
        )
        self.trail.append(
            {
                "version": self.version,
                "cambio_id": self.cambio.id,
                "ocurrio_en": self.instant,
                "usuario_id": self.cambio.usuario_id,
                "estacion_id": self.station.id,
                "accion": REVIVED if again else op.tipo,
                "entidad": op.tabla,
                "entidad_id": op.id,
                "antes": _public(op.tabla, antes),
                "despues": _public(op.tabla, despues),
                "ip": self.ip,
            }
        )
        self._announce(event_of(op), op.tabla, row)

    def _announce(self, event: str, tabla: str, row: ReadRow) -> None:
        entry = self.feed.get((tabla, str(row["id"])))
        before = entry.clave_antes if entry is not None else None
        origin = self.station.id if self.told else ""
        self.announcements.append(Announcement(event, tabla, row, self.version, origin, before))

    def _feed(self, tabla: str, before: ReadRow | None, after: ReadRow | None, *, named: bool) -> set[str]:
        """Put a row's change into the feed; gives the changed columns, as far as they leave the server."""
        row = after if after is not None else before or {}
        key = (tabla, str(row["id"]))
        names: set[str] = set()
        tipo = "baja" if after is None else "entera"
        if before is not None and after is not None:
            tipo = "parcial"
            names = set(_TOLD[tabla].intersection(rows.differing(before, after)))
        entry = self.feed.get(key)
        if entry is None:
            base = 0 if before is None else int(before["version"] or 0)
            keys = None if before is None else stored_keys(TABLES[tabla], before)
            origin = self.station.id if named and self.told else None
            entry = self.feed[key] = FeedEntry(self.version, tabla, key[1], base, keys, origin)
        elif entry.tipo != "parcial" and tipo == "parcial":
            tipo = "entera"
        elif tipo == "parcial":
            names |= orjson.loads(entry.campos or "{}").keys()
        entry.tipo = tipo
        entry.clave = stored_keys(TABLES[tabla], row)
        entry.campos = canonical({n: row[n] for n in names}) if tipo == "parcial" else None
        return names


def _last_by(row: ReadRow, station: Station) -> bool:
    return row["estacion_id"] == station.id


def _public(tabla: str, values: ReadRow | None) -> str | None:
    if values is None:
        return None
    hidden = _HIDDEN[tabla]
    return canonical({k: v for k, v in values.items() if k not in hidden})
