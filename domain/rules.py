"""The rules that a change must pass: the station asks them before it saves, the server before it applies.

`Applying` works through the operations of one Cambio. It reads through `Lookup` and gives the resulting
row of each operation; who stores it is not its business. What is particular to a table its `Rule` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.base.actor import Actor, Alcance
from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row
from domain.base.table import COMMON, TableSpec
from domain.base.values import check_value
from domain.model import COSTS, TABLES, refers_to
from domain.permissions import alcance, exigir, puede, ve_costos
from domain.wire import Op

_COMMON_NAMES = frozenset(c.name for c in COMMON)


class Lookup(Protocol):
    """Where the rules read: the replica's or the server's rows."""

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id, or None."""

    def next_number(self, serie: str) -> str | None:
        """The next number of a server series; None on a station, which never numbers."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation makes of its row. `before` is None for an alta; `lost` fields kept the server's value."""

    tabla: str
    id: str
    before: Row | None
    after: Row
    lost: tuple[str, ...] = ()


@dataclass(slots=True)
class Applying:
    """The rules' memory while the operations of one Cambio are applied in order: what a Rule may ask (`Asking`)."""

    actor: Actor
    lookup: Lookup
    ops: list[Op]
    instant: str
    estacion_id: str | None
    codigos: frozenset[str]
    """The station's folio code, and those of the stations that it was before."""
    trusted: bool = False
    """Administration on the server itself: may set columns that never leave it and tables only it writes."""
    happened: bool = False
    """It was accepted once, in a history that was lost: transitions aren't checked again."""
    numeros: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """By table, id and column: the numbers that its new rows had there, and may have again."""
    _before: dict[tuple[str, str], Row | None] = field(default_factory=dict)
    _altas: dict[tuple[str, str], dict[str, list[Op]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check what concerns the Cambio as a whole; raises Rejection."""
        for tabla in dict.fromkeys(op.tabla for op in self.ops):
            if tabla not in TABLES:
                raise Rejection("campo", f"No existe la tabla «{tabla}».")
            TABLES[tabla].regla.together(self.ops)

    def permit(self, op: Op, current: ReadRow | None) -> None:
        """May the author do this at all? Asked before anything of it is compared or recorded. Raises Rejection."""
        spec = TABLES[op.tabla]
        if op.tipo == "baja":
            if current is not None:
                self._permit_baja(spec, op, current)
            return
        if op.tipo == "alta" and current is None:
            self._fresh(spec, op)
            return
        self._check_columns(spec, op, current)
        if current is not None and not self.trusted:
            self._permit_edit(spec, op, current)

    def alta(self, op: Op) -> Outcome:
        """The row that a new one becomes. Raises Rejection."""
        spec = TABLES[op.tabla]
        row = self._fresh(spec, op)
        for col in spec.cols:
            if col.required and row[col.name] is None and not col.derived:
                raise Rejection("campo", f"Falta {spec.campo(col.name)}.")
        return self._finish(spec, op, None, row, ())

    def repeated_alta(self, op: Op, current: Row) -> Outcome:
        """An alta of a row that is there: made twice under one key, or made again after its deletion.

        Fixed columns stay. A deleted row comes back with the new values alone; otherwise fields merge as in
        a change that saw a row of defaults. Raises Rejection.
        """
        spec = TABLES[op.tabla]
        if spec.append_only:
            raise Rejection("duplicado", f"Ya existe ese {spec.fila}.")
        self.permit(op, current)
        if current.get("borrado_en") is not None:
            return self._finish(spec, op, current, revived(spec, current, op.campos), ())
        row, lost = dict(current), []
        for name, value in op.campos.items():
            col = spec.by_name[name]
            if not col.fixed and current[name] in (col.default, value):
                row[name] = value
            elif not col.fixed:
                lost.append(name)
        return self._finish(spec, op, current, row, tuple(lost))

    def cambio(self, op: Op, current: Row) -> Outcome:
        """The row that results from a change of `current`, merged field by field. Raises Rejection."""
        spec = TABLES[op.tabla]
        if spec.append_only:
            raise Rejection("solo_anexar", f"Un {spec.fila} no se modifica.")
        self.permit(op, current)
        if current.get("borrado_en") is not None and not self.happened:
            raise Rejection("borrado", f"Ese {spec.fila} se borró.", "Vuelva a crearla si todavía hace falta.")
        moves = None if spec.maquina is None or self.happened else spec.maquina.columna
        row, lost = dict(current), []
        for name, value in op.campos.items():
            if name == moves or current[name] in (op.antes.get(name), value):
                row[name] = value
            else:
                lost.append(name)
        return self._finish(spec, op, current, row, tuple(lost))

    def unchanged(self, op: Op, current: Row | None) -> None:
        """Note that an operation has nothing left to do: what hangs on it still may."""
        self._before[op.tabla, op.id] = current

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id as of now."""
        return self.lookup.row(tabla, key)

    def root(self, tabla: str, row: ReadRow) -> Row:
        """The row that a child belongs to. Raises Rejection `no_existe`."""
        spec = TABLES[tabla]
        column = spec.by_name[str(spec.raiz)]
        of = refers_to(column, row)
        found = self.lookup.row(of, str(row[column.name])) if of is not None else None
        if found is None:
            told = TABLES[of].nombre if of is not None else row.get(column.ref_en or "")
            raise Rejection("no_existe", f"No existe el registro de «{told}» de este {spec.fila}.")
        return found

    def before(self, tabla: str, key: str) -> Row | None:
        """A row as it was before an earlier operation of this Cambio. Raises KeyError: none named it."""
        return self._before[tabla, key]

    def altas(self, tabla: str, column: str) -> Mapping[str, Sequence[Op]]:
        """The new rows of a table in this Cambio, by what they hold in a column."""
        if (tabla, column) not in self._altas:
            found: dict[str, list[Op]] = {}
            for op in self.ops:
                if op.tabla == tabla and op.tipo == "alta":
                    found.setdefault(str(op.campos.get(column)), []).append(op)
            self._altas[tabla, column] = found
        return self._altas[tabla, column]

    def may(self, permiso: str, tabla: str, fila: ReadRow) -> bool:
        """Has the author this right on this row?"""
        return puede(self.actor, permiso, tabla, fila)

    def demand(self, permiso: str, tabla: str, fila: ReadRow) -> None:
        """Raise Rejection `permiso` unless he has."""
        exigir(self.actor, permiso, tabla, fila)

    def sees_field(self, tabla: str, campo: str) -> bool:
        """May the author know what stands there?"""
        return (tabla, campo) not in COSTS or ve_costos(self.actor)

    def reach(self, permiso: str) -> Alcance | None:
        """How far he holds a right."""
        return alcance(self.actor, permiso)

    def _permit_edit(self, spec: TableSpec, op: Op, current: ReadRow) -> None:
        """A row that is there; an alta of one is an edit of what isn't fixed and differs."""
        self._check_costs(spec, op)
        campos: ReadRow = op.campos
        if op.tipo == "alta":
            campos = {n: v for n, v in campos.items() if not spec.by_name[n].fixed and v != current[n]}
        spec.regla.change(self, op, campos, current)

    def _permit_baja(self, spec: TableSpec, op: Op, current: ReadRow) -> None:
        if spec.append_only:
            raise Rejection("solo_anexar", f"Un {spec.fila} no se borra.")
        spec.regla.delete(self, op, current)

    def _fresh(self, spec: TableSpec, op: Op) -> Row:
        """The new row, permitted, before anything is computed from it. Raises Rejection."""
        self._check_columns(spec, op, None)
        row: Row = {col.name: col.default for col in COMMON[1:] + spec.cols}
        row.update(op.campos)
        row["id"] = op.id
        row["creado_en"], row["creado_por"] = self.instant, self.actor.usuario_id
        if not self.trusted:
            self._check_costs(spec, op)
            spec.regla.make(self, op, row)
        return row

    def _check_costs(self, spec: TableSpec, op: Op) -> None:
        if any(spec.by_name[name].cost for name in op.campos) and not ve_costos(self.actor):
            raise Rejection("permiso", f"El rol {self.actor.rol} no anota costos.", "Pida el cambio a un supervisor.")

    def _finish(self, spec: TableSpec, op: Op, before: Row | None, row: Row, lost: tuple[str, ...]) -> Outcome:
        if before is None:
            for col in (col for col in spec.cols if col.serie is not None):
                given = self.numeros.get((spec.name, op.id, col.name))
                row[col.name] = given or self.lookup.next_number(str(col.serie))
            if spec.copiadas:
                root = self.root(spec.name, row)
                row.update({name: root.get(name) for name in spec.copiadas})
        self._before[spec.name, op.id] = before
        spec.regla.derive(self, before, row)
        row.update(spec.regla.computed(row))
        row["actualizado_en"], row["actualizado_por"] = self.instant, self.actor.usuario_id
        row["estacion_id"] = self.estacion_id
        return Outcome(spec.name, op.id, before, row, lost)

    def _check_columns(self, spec: TableSpec, op: Op, current: ReadRow | None) -> None:
        for name, value in op.campos.items():
            col = spec.by_name.get(name)
            if col is None or name in _COMMON_NAMES:
                raise Rejection("campo", f"«{name[:60]}» no es un campo de «{spec.nombre}».")
            if col.derived or (col.server_only and not self.trusted):
                raise Rejection("campo", f"{spec.campo(name)} lo calcula el servidor.")
            if col.fixed and op.tipo != "alta":
                raise Rejection("campo", f"{spec.campo(name)} no cambia después del alta.")
            if current is not None and name not in current:
                raise Rejection("campo", f"{spec.campo(name)} se cambia en el servidor.")
            check_value(spec, col, value)


def revived(spec: TableSpec, row: ReadRow, campos: ReadRow) -> Row:
    """A deleted row that comes back: fixed and derived columns stay, the others begin anew."""
    fresh: Row = {col.name: col.default for col in spec.cols if not (col.fixed or col.derived or col.server_only)}
    again = {name: value for name, value in campos.items() if not spec.by_name[name].fixed}
    return {**row, **fresh, **again, "borrado_en": None}
