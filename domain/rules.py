"""The rules that a change must pass: the station asks them before it saves, the server before it applies.

`Applying` works through the operations of one Cambio. It reads through `Lookup` and gives the resulting
row of each operation; who stores it is not its business.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

import phonenumbers

from domain.ambient import FOLIO, INSTANT, from_instant, to_instant
from domain.errors import Rejection
from domain.estados import exigir_creacion, exigir_papel, exigir_transicion
from domain.permissions import CABECERA_ORDEN, Actor, alcance, exigir, puede
from domain.tables import COMMON, MOVIMIENTOS, TABLES, Col, ReadRow, Row, TableSpec, Value
from domain.wire import Op

_COMMON_NAMES = frozenset(c.name for c in COMMON)


class Lookup(Protocol):
    """Where the rules read: the replica's or the server's rows."""

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id, or None."""

    def next_number(self, serie: str) -> str | None:
        """The next number of a server series (`cliente`); None on a station, which never numbers."""


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
    _historial: dict[str, Op] = field(default_factory=dict)
    _ordenes: dict[str, Op] = field(default_factory=dict)
    _previo: dict[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check what concerns the Cambio as a whole; raises Rejection."""
        for op in self.ops:
            if op.tabla not in TABLES:
                raise Rejection("campo", f"No existe la tabla «{op.tabla}».")
            if op.tabla == "historial_orden" and op.tipo == "alta":
                self._historial[str(op.campos.get("orden_id"))] = op
            elif op.tabla == "orden":
                self._ordenes[op.id] = op
        for key, op in self._ordenes.items():
            if "estado" in op.campos:
                line = self._historial.get(key)
                if line is None or line.campos.get("a_estado") != op.campos["estado"]:
                    raise Rejection("historial", "Un cambio de estado lleva su línea de historial en el mismo cambio.")
        for key in self._historial:
            own = self._ordenes.get(key)
            if own is None or not {"estado", "tecnico_id"} & own.campos.keys():
                raise Rejection("historial", "Una línea de historial va con el cambio de su orden.")

    def alta(self, op: Op) -> Outcome:
        """The row that a new one becomes. Raises Rejection."""
        spec = TABLES[op.tabla]
        self._check_columns(spec, op, new=True)
        row: Row = {col.name: col.default for col in COMMON[1:] + spec.cols}
        row.update(op.campos)
        row["id"] = op.id
        for col in spec.cols:
            if col.required and row[col.name] is None and not col.derived:
                raise Rejection("campo", f"Falta «{col.name}» en {op.tabla}.")
        row["creado_en"], row["creado_por"] = self.instant, self.actor.usuario_id
        self._permit_alta(spec, row)
        return self._finish(spec, op, None, row, ())

    def repeated_alta(self, op: Op, current: Row) -> Outcome:
        """An alta of a row that is there: made twice under one key, or made again after its deletion.

        Fixed columns stay. A deleted row comes back with the new values alone; otherwise fields merge as in
        a change that saw a row of defaults. Raises Rejection.
        """
        spec = TABLES[op.tabla]
        if spec.append_only:
            raise Rejection("duplicado", f"Ya existe esa fila de {spec.name}.")
        self._check_columns(spec, op, new=True)
        self._permit_alta(spec, {**current, **op.campos})
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
            raise Rejection("solo_anexar", f"Las filas de {op.tabla} no se modifican.")
        if current.get("borrado_en") is not None and not self.happened:
            raise Rejection("borrado", f"Esa fila de {spec.name} se borró.", "Vuelva a crearla si todavía hace falta.")
        self._check_columns(spec, op, new=False)
        self._permit_cambio(spec, op, current)
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
            self._previo[op.id] = current["estado"] if current else None

    def permit_baja(self, op: Op, current: Row) -> None:
        """May the author delete this row? Raises Rejection."""
        if TABLES[op.tabla].append_only or TABLES[op.tabla].writers == "servidor":
            raise Rejection("solo_anexar", f"Las filas de {op.tabla} no se borran.")
        permiso = "catalogo.editar" if TABLES[op.tabla].writers == "catalogo" else f"{op.tabla}.borrar"
        exigir(self.actor, permiso, op.tabla, current)

    def _finish(self, spec: TableSpec, op: Op, before: Row | None, row: Row, lost: tuple[str, ...]) -> Outcome:
        self._derive(spec, before, row)
        row["actualizado_en"], row["actualizado_por"] = self.instant, self.actor.usuario_id
        row["estacion_id"] = self.estacion_id
        return Outcome(spec.name, op.id, before, row, lost)

    def _check_columns(self, spec: TableSpec, op: Op, *, new: bool) -> None:
        for name, value in op.campos.items():
            col = spec.by_name.get(name)
            if col is None or name in _COMMON_NAMES:
                raise Rejection("campo", f"«{name}» no es un campo de {spec.name}.")
            if col.derived or (col.server_only and not self.trusted):
                raise Rejection("campo", f"«{spec.name}.{name}» lo calcula el servidor.")
            if col.fixed and not new:
                raise Rejection("campo", f"«{spec.name}.{name}» no cambia después del alta.")
            check_value(spec, col, value)

    def _permit_alta(self, spec: TableSpec, row: Row) -> None:
        if self.trusted:
            return
        if spec.writers == "servidor":
            raise Rejection("permiso", f"Las filas de {spec.name} las escribe el servidor.")
        if spec.writers == "catalogo":
            importable = spec.name in ("tipo_equipo", "marca") and puede(
                self.actor, "catalogo.importar", spec.name, row
            )
            if not importable:
                exigir(self.actor, "catalogo.editar", spec.name, row)
        elif spec.name == "orden":
            self._permit_orden(row)
        elif spec.name == "historial_orden":
            orden = self._previo.get(str(row["orden_id"]), _UNSEEN)
            if orden is _UNSEEN:
                raise Rejection("historial", "La línea de historial va después de su orden.")
        elif spec.name == "movimiento_stock":
            self._permit_movimiento(row)
        else:
            exigir(self.actor, f"{spec.name}.crear", spec.name, row)

    def _permit_orden(self, row: Row) -> None:
        exigir(self.actor, "orden.crear", "orden", row)
        exigir_creacion(self.actor, row, puede(self.actor, "importar", "orden", row))
        match = FOLIO.fullmatch(str(row["folio"]))
        if match is None or match[1] not in self.codigos:
            own = ", ".join(sorted(self.codigos))
            raise Rejection("folio", f"El folio «{row['folio']}» no es de esta estación ({own}).")
        if row["tipo"] == "taller" and not (row["cliente_id"] and row["equipo_id"]):
            raise Rejection("campo", "Una orden de taller lleva cliente y equipo.")

    def _permit_movimiento(self, row: Row) -> None:
        tipo, cantidad = str(row["tipo"]), int(row["cantidad"] or 0)
        sign = MOVIMIENTOS[tipo]
        if cantidad == 0 or cantidad * sign < 0:
            raise Rejection("campo", f"La cantidad {cantidad} no corresponde a un movimiento de tipo «{tipo}».")
        permiso = {"uso_orden": "stock.usar", "venta": "stock.vender"}.get(tipo, "stock.mover")
        exigir(self.actor, permiso, "movimiento_stock", row)

    def _permit_cambio(self, spec: TableSpec, op: Op, current: Row) -> None:
        if self.trusted:
            return
        if spec.name == "conflicto":
            if not op.campos.keys() <= {"resuelto_por", "resuelto_en"}:
                raise Rejection("campo", "De un conflicto sólo se anota quién lo resolvió y cuándo.")
            if self.actor.usuario_id not in (current["autor_servidor_id"], current["autor_tardio_id"]):
                exigir(self.actor, "conflicto.resolver", spec.name, current)
        elif spec.writers == "servidor":
            raise Rejection("permiso", f"Las filas de {spec.name} las escribe el servidor.")
        elif spec.writers == "catalogo":
            exigir(self.actor, "catalogo.editar", spec.name, current)
        elif spec.name == "orden":
            self._permit_cambio_orden(op, current)
        else:
            exigir(self.actor, f"{spec.name}.editar", spec.name, current)

    def _permit_cambio_orden(self, op: Op, current: Row) -> None:
        fields = set(op.campos)
        if "estado" in fields:
            line = self._historial[op.id].campos
            checked = exigir_papel if self.happened else exigir_transicion
            checked(self.actor, current, str(op.campos["estado"]), bool(line.get("motivo_id") or line.get("nota")))
            if (
                not self.happened
                and op.campos["estado"] == "asignada"
                and not (op.campos.get("tecnico_id") or current["tecnico_id"])
            ):
                raise Rejection("campo", "Para asignar una orden hace falta un técnico.")
        if "tecnico_id" in fields:
            exigir(self.actor, "orden.asignar", "orden", current)
            own = op.campos["tecnico_id"] in (None, self.actor.empleado_id)
            if alcance(self.actor, "orden.asignar") == "propio" and not own:
                raise Rejection("permiso", "Un técnico sólo se asigna órdenes a sí mismo.")
        if "sucursal_id" in fields:
            exigir(self.actor, "orden.trasladar", "orden", current)
        rest = fields - {"estado", "tecnico_id", "motivo_id", "sucursal_id"}
        if rest:
            exigir(self.actor, "orden.editar", "orden", current)
        if self.actor.rol == "recepcionista" and rest - CABECERA_ORDEN:
            names = ", ".join(sorted(rest - CABECERA_ORDEN))
            raise Rejection("permiso", f"Recepción no cambia los campos técnicos de la orden ({names}).")

    def _derive(self, spec: TableSpec, before: Row | None, row: Row) -> None:
        if spec.name == "cliente":
            row["telefono_e164"] = e164(row["telefono"], row["pais"])
            if before is None:
                row["nro_cliente"] = self.lookup.next_number("cliente")
        elif spec.name == "historial_orden":
            row["de_estado"] = self._previo[str(row["orden_id"])]
        elif spec.name == "orden":
            self._previo[str(row["id"])] = before["estado"] if before else None
            self._derive_orden(before, row)

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


_UNSEEN = "?"


def _plus(instant: Value, delta: timedelta) -> str | None:
    return to_instant(from_instant(str(instant)) + delta) if instant else None


def check_value(spec: TableSpec, col: Col, value: Value) -> None:
    """Type, length and allowed values of one column; raises Rejection `campo`."""
    where = f"«{spec.name}.{col.name}»"
    if value is None:
        if col.required:
            raise Rejection("campo", f"{where} no puede quedar vacío.")
        return
    if col.kind == "bool":
        good = isinstance(value, bool)
    elif col.kind == "int":
        good = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    else:
        good = isinstance(value, str)
    if not good:
        raise Rejection("campo", f"{where} no admite un valor de tipo {type(value).__name__}.")
    if isinstance(value, str):
        _check_text(col, where, value)


def _check_text(col: Col, where: str, value: str) -> None:
    if "\x00" in value:
        raise Rejection("campo", f"{where} contiene un carácter nulo.")
    if not value.isascii() and not _encodes(value):
        raise Rejection("campo", f"{where} contiene texto mal codificado.")
    if col.values and value not in col.values:
        raise Rejection("campo", f"{where} no admite «{value}».", "Valores: " + ", ".join(col.values) + ".")
    limit = 36 if col.kind == "id" else col.length
    if limit is not None and len(value) > limit:
        raise Rejection("campo", f"{where} admite {limit} caracteres y recibió {len(value)}.")
    if col.kind == "instant" and not _is_instant(value):
        raise Rejection("campo", f"{where} no es una fecha y hora en UTC: «{value}».")
    if col.kind == "date" and not _is_date(value):
        raise Rejection("campo", f"{where} no es una fecha: «{value}».")


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_instant(text: str) -> bool:
    if not INSTANT.fullmatch(text):
        return False
    try:
        from_instant(text)
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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
