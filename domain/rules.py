"""The rules that a change must pass: the station asks them before it saves, the server before it applies.

`Applying` works through the operations of one Cambio. It reads through `Lookup` and gives the resulting
row of each operation; who stores it is not its business.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

import phonenumbers

from domain.ambient import from_instant, to_instant
from domain.errors import Rejection
from domain.nombres import campo_de, fila_de
from domain.permissions import Actor
from domain.rights import Lookup, Rights, root_of
from domain.tables import COMMON, ROOTS, TABLES, ReadRow, Row, TableSpec, Value
from domain.values import check_value
from domain.wire import Op

_COMMON_NAMES = frozenset(c.name for c in COMMON)
_LINE_SAYS = {"a_estado": "estado", "a_tecnico_id": "tecnico_id"}
"""What a history line repeats of its order."""


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
    """The rules' memory while the operations of one Cambio are applied in order."""

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
    _lines: dict[str, Op] = field(default_factory=dict)
    _previo: dict[str, ReadRow | None] = field(default_factory=dict)
    _rights: Rights = field(init=False)

    def __post_init__(self) -> None:
        """Check what concerns the Cambio as a whole; raises Rejection."""
        moved: dict[str, Row] = {}
        for op in self.ops:
            if op.tabla not in TABLES:
                raise Rejection("campo", f"No existe la tabla «{op.tabla}».")
            if op.tabla == "historial_orden" and op.tipo == "alta":
                if self._lines.setdefault(str(op.campos.get("orden_id")), op) is not op:
                    raise Rejection("historial", "Un cambio lleva una sola línea de historial de cada orden.")
            elif op.tabla == "orden" and op.tipo != "baja":
                fields: Row = {name: op.campos[name] for name in ("estado", "tecnico_id") if name in op.campos}
                if fields.keys() & moved.get(op.id, {}).keys():
                    raise Rejection("historial", "Un cambio mueve una sola vez cada orden.")
                moved.setdefault(op.id, {}).update(fields)
        self._check_lines(moved)
        self._rights = Rights(self.actor, self.lookup, self.codigos, self._lines, self.happened)

    def _check_lines(self, moved: dict[str, Row]) -> None:
        """Does each history line say what its order's change does?"""
        for key, fields in moved.items():
            if "estado" in fields and key not in self._lines:
                raise Rejection("historial", "Un cambio de estado lleva su línea de historial en el mismo cambio.")
        for key, line in self._lines.items():
            fields = moved.get(key, {})
            if not fields:
                raise Rejection("historial", "Una línea de historial va con el cambio de su orden.")
            tecnico_id = line.campos.get("a_tecnico_id")
            if line.campos.get("a_estado") != fields.get("estado") or tecnico_id not in (
                None,
                fields.get("tecnico_id"),
            ):
                raise Rejection("historial", "La línea de historial no dice lo que cambia en su orden.")

    def permit(self, op: Op, current: ReadRow | None) -> None:
        """May the author do this at all? Asked before anything of it is compared or recorded. Raises Rejection."""
        spec = TABLES[op.tabla]
        if op.tipo == "baja":
            if current is not None:
                self.permit_baja(op, current)
            return
        if op.tipo == "alta" and current is None:
            self._fresh(spec, op)
            return
        self._check_columns(spec, op, current)
        if current is not None and not self.trusted:
            self._rights.edit(spec, op, current)

    def alta(self, op: Op) -> Outcome:
        """The row that a new one becomes. Raises Rejection."""
        spec = TABLES[op.tabla]
        row = self._fresh(spec, op)
        for col in spec.cols:
            if col.required and row[col.name] is None and not col.derived:
                raise Rejection("campo", f"Falta {campo_de(op.tabla, col.name)}.")
        return self._finish(spec, op, None, row, ())

    def repeated_alta(self, op: Op, current: Row) -> Outcome:
        """An alta of a row that is there: made twice under one key, or made again after its deletion.

        Fixed columns stay. A deleted row comes back with the new values alone; otherwise fields merge as in
        a change that saw a row of defaults. Raises Rejection.
        """
        spec = TABLES[op.tabla]
        if spec.append_only:
            raise Rejection("duplicado", f"Ya existe ese {fila_de(spec.name)}.")
        self.permit(op, current)
        if current.get("borrado_en") is not None:
            return self._finish(spec, op, current, made_again(spec, current, op.campos), ())
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
            raise Rejection("solo_anexar", f"Un {fila_de(op.tabla)} no se modifica.")
        self.permit(op, current)
        if current.get("borrado_en") is not None and not self.happened:
            raise Rejection("borrado", f"Ese {fila_de(spec.name)} se borró.", "Vuelva a crearla si todavía hace falta.")
        row, lost = dict(current), []
        for name, value in op.campos.items():
            if ((spec.name, name) == ("orden", "estado") and not self.happened) or current[name] in (
                op.antes.get(name),
                value,
            ):
                row[name] = value
            else:
                lost.append(name)
        return self._finish(spec, op, current, row, tuple(lost))

    def unchanged(self, op: Op, current: Row | None) -> None:
        """Note that an operation has nothing left to do: what hangs on it still may."""
        if op.tabla == "orden":
            self._previo[op.id] = current

    def permit_baja(self, op: Op, current: ReadRow) -> None:
        """May the author delete this row? Raises Rejection."""
        self._rights.delete(TABLES[op.tabla], current)

    def _fresh(self, spec: TableSpec, op: Op) -> Row:
        """The new row, permitted, before anything is computed from it. Raises Rejection."""
        self._check_columns(spec, op, None)
        row: Row = {col.name: col.default for col in COMMON[1:] + spec.cols}
        row.update(op.campos)
        row["id"] = op.id
        row["creado_en"], row["creado_por"] = self.instant, self.actor.usuario_id
        if not self.trusted:
            self._rights.make(spec, op, row)
        return row

    def _finish(self, spec: TableSpec, op: Op, before: Row | None, row: Row, lost: tuple[str, ...]) -> Outcome:
        self._derive(spec, before, row)
        row["actualizado_en"], row["actualizado_por"] = self.instant, self.actor.usuario_id
        row["estacion_id"] = self.estacion_id
        return Outcome(spec.name, op.id, before, row, lost)

    def _check_columns(self, spec: TableSpec, op: Op, current: ReadRow | None) -> None:
        for name, value in op.campos.items():
            col = spec.by_name.get(name)
            if col is None or name in _COMMON_NAMES:
                raise Rejection("campo", f"«{name[:60]}» no es un campo de {spec.name}.")
            if col.derived or (col.server_only and not self.trusted):
                raise Rejection("campo", f"«{spec.name}.{name}» lo calcula el servidor.")
            if col.fixed and op.tipo != "alta":
                raise Rejection("campo", f"«{spec.name}.{name}» no cambia después del alta.")
            if current is not None and name not in current:
                raise Rejection("campo", f"«{spec.name}.{name}» se cambia en el servidor.")
            check_value(spec, col, value)

    def _derive(self, spec: TableSpec, before: Row | None, row: Row) -> None:
        if spec.name == "cliente":
            row["telefono_e164"] = e164(row["telefono"], row["pais"])
            if before is None:
                row["nro_cliente"] = self.lookup.next_number("cliente")
        elif spec.name == "orden":
            self._previo[str(row["id"])] = before
            self._derive_orden(before, row)
        elif spec.name in ROOTS and before is None:
            root = root_of(self.lookup, spec, row)
            row["sucursal_id"] = root.get("sucursal_id")
            if spec.name == "historial_orden":
                self._derive_line(row, root)

    def _derive_line(self, row: Row, orden: ReadRow) -> None:
        key = str(row["orden_id"])
        if key not in self._previo:
            raise Rejection("historial", "La línea de historial va después de su orden.")
        before = self._previo[key]
        row["de_estado"] = before["estado"] if before else None
        if before and row["a_tecnico_id"] is not None:
            row["de_tecnico_id"] = before["tecnico_id"]
        if not self.happened:  # what lost a conflict didn't happen
            row |= {name: orden[of] for name, of in _LINE_SAYS.items() if row[name] is not None}

    def _derive_orden(self, before: Row | None, row: Row) -> None:
        if before is None or before["prioridad_id"] != row["prioridad_id"]:
            prioridad = self.lookup.row("prioridad", str(row["prioridad_id"])) if row["prioridad_id"] else None
            minutes = prioridad["sla_solucion_min"] if prioridad else None
            row["sla_vence_en"] = _plus(row["recepcion_en"], timedelta(minutes=int(minutes))) if minutes else None
        if before is not None and before["estado"] != row["estado"]:
            if row["estado"] == "en_reparacion" and row["inicio_en"] is None:
                row["inicio_en"] = self.instant
            elif row["estado"] in ("reparada", "sin_reparacion"):
                row["fin_en"] = self.instant
            elif row["estado"] == "entregada":
                row["entrega_en"] = self.instant
        if row["entrega_en"] is not None and row["garantia_dias"] is not None:
            row["garantia_vence_en"] = _plus(row["entrega_en"], timedelta(days=int(row["garantia_dias"])))


def made_again(spec: TableSpec, row: ReadRow, campos: ReadRow) -> Row:
    """A deleted row that comes back: fixed and derived columns stay, the others begin anew."""
    fresh: Row = {col.name: col.default for col in spec.cols if not (col.fixed or col.derived or col.server_only)}
    again = {name: value for name, value in campos.items() if not spec.by_name[name].fixed}
    return {**row, **fresh, **again, "borrado_en": None}


def _plus(instant: Value, delta: timedelta) -> str | None:
    try:
        return to_instant(from_instant(str(instant)) + delta) if instant else None
    except (OverflowError, ValueError) as error:
        raise Rejection("campo", f"«{instant}» es una fecha demasiado lejana.") from error


@lru_cache(maxsize=4096)
def e164(telefono: Value, pais: Value) -> str | None:
    """A phone as typed in its E.164 form, or None where it isn't a possible number of `pais` (ISO 3166 code)."""
    if not isinstance(telefono, str) or not telefono.strip():
        return None
    try:
        number = phonenumbers.parse(telefono, str(pais) if pais else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(row: ReadRow, names: list[str]) -> Row:
    """The `antes` of a change: what the screen showed for these columns."""
    return {name: row[name] for name in names}
