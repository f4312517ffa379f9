"""What an order, its history and its comments ask of a change."""

from collections.abc import Sequence
from datetime import timedelta

from domain.base.ambient import FOLIO, from_instant, to_instant
from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row, Value
from domain.base.rule import Asking, Rule
from domain.ordenes.permissions import CABECERA, SOLICITUD
from domain.ordenes.states import ORDEN
from domain.wire import Op

_LINE_SAYS = {"a_estado": "estado", "a_tecnico_id": "tecnico_id"}
"""What a history line repeats of its order."""
_TERMINAN = ("reparada", "sin_reparacion")


class Orden(Rule):
    """An order moves along its states, each move with its line of history."""

    def together(self, ops: Sequence[Op]) -> None:
        """Does each history line say what its order's change does?"""
        lines: dict[str, Op] = {}
        moved: dict[str, Row] = {}
        for op in ops:
            if op.tabla == "historial_orden" and op.tipo == "alta":
                if lines.setdefault(str(op.campos.get("orden_id")), op) is not op:
                    raise Rejection("historial", "Un cambio lleva una sola línea de historial de cada orden.")
            elif op.tabla == "orden" and op.tipo != "baja":
                fields: Row = {name: op.campos[name] for name in _LINE_SAYS.values() if name in op.campos}
                if not fields:
                    continue
                if fields.keys() & moved.get(op.id, {}).keys():
                    raise Rejection("historial", "Un cambio mueve una sola vez cada orden.")
                moved.setdefault(op.id, {}).update(fields)
        for key, fields in moved.items():
            if "estado" in fields and key not in lines:
                raise Rejection("historial", "Un cambio de estado lleva su línea de historial en el mismo cambio.")
        for key, line in lines.items():
            _check_line(line, moved.get(key, {}))

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """A new order: by whom, in which state, under which folio."""
        w.demand("orden.crear", "orden", row)
        _first_state(w, row)
        match = FOLIO.fullmatch(str(row["folio"]))
        if match is None or match[1] not in w.codigos:
            own = ", ".join(sorted(w.codigos))
            raise Rejection("folio", f"El folio «{row['folio']}» no es de esta estación ({own}).")
        if row["tipo"] == "taller" and not (row["cliente_id"] and row["equipo_id"]):
            raise Rejection("campo", "Una orden de taller lleva cliente y equipo.")
        if w.actor.rol == "cliente":
            _request(w, op, row)
        elif row["tecnico_id"] is not None:
            _assignment(w, row["tecnico_id"], row)

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """Its state by the machine, its technician and its branch by rights of their own, the rest by the matrix."""
        after = {**current, **campos}
        again = op.tipo == "alta"
        if "estado" in campos and not again:
            _transition(w, op, current)
        elif again and current.get("borrado_en") is not None:
            _first_state(w, after)
        special = campos.keys() & {"estado", "tecnico_id"}
        if "estado" in special:
            special |= {"motivo_id"}
        if "tecnico_id" in campos:
            _assignment(w, campos["tecnico_id"], current)
        if after["sucursal_id"] != current["sucursal_id"]:
            special |= {"sucursal_id"}
            w.demand("orden.trasladar", "orden", current)
        rest = campos.keys() - special
        if rest or again or not special:
            w.demand("orden.editar", "orden", current)
            w.demand("orden.editar", "orden", {**after, "sucursal_id": current["sucursal_id"]})
        if w.actor.rol == "recepcionista" and rest - CABECERA:
            names = ", ".join(sorted(name.removesuffix("_id").replace("_", " ") for name in rest - CABECERA))
            raise Rejection("permiso", f"Recepción no cambia los campos técnicos de la orden ({names}).")

    def derive(self, w: Asking, before: ReadRow | None, row: Row) -> None:
        """The deadline by its priority, and when it began and ended."""
        if before is None or before["prioridad_id"] != row["prioridad_id"]:
            prioridad = w.row("prioridad", str(row["prioridad_id"])) if row["prioridad_id"] else None
            minutes = prioridad["sla_solucion_min"] if prioridad else None
            row["sla_vence_en"] = _plus(row["recepcion_en"], timedelta(minutes=int(minutes))) if minutes else None
        if before is not None and before["estado"] != row["estado"]:
            if row["estado"] == "en_reparacion" and row["inicio_en"] is None:
                row["inicio_en"] = w.instant
            elif row["estado"] in _TERMINAN:
                row["fin_en"] = w.instant
            elif row["estado"] == "entregada":
                row["entrega_en"] = w.instant

    def computed(self, row: ReadRow) -> Row:
        """Until when the work is guaranteed."""
        if row["entrega_en"] is None or row["garantia_dias"] is None:
            return {}
        return {"garantia_vence_en": _plus(row["entrega_en"], timedelta(days=int(row["garantia_dias"])))}

    def evento(self, op: Op) -> str | None:
        """What happened to it, in the words of the list of events."""
        if op.tipo == "cambio" and "estado" in op.campos:
            special = {"cancelada": "orden_cancelada", "entregada": "orden_entregada", "asignada": "orden_asignada"}
            return special.get(str(op.campos["estado"]), "orden_estado_cambiado")
        return "orden_asignada" if op.tipo == "cambio" and "tecnico_id" in op.campos else None


class Historial(Rule):
    """A line of history goes with its order, by the rights of that."""

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """With its order."""

    def together(self, ops: Sequence[Op]) -> None:
        """The same as for the order itself, which may be missing."""
        made = any(op.tabla == "historial_orden" and op.tipo == "alta" for op in ops)
        if made and not any(op.tabla == "orden" for op in ops):
            raise Rejection("historial", "Una línea de historial va con el cambio de su orden.")

    def derive(self, w: Asking, before: ReadRow | None, row: Row) -> None:
        """What was before, and what came of it."""
        if before is not None:
            return
        key = str(row["orden_id"])
        try:
            was = w.before("orden", key)
        except KeyError:
            raise Rejection("historial", "La línea de historial va después de su orden.") from None
        row["de_estado"] = was["estado"] if was else None
        if was and row["a_tecnico_id"] is not None:
            row["de_tecnico_id"] = was["tecnico_id"]
        if not w.happened:  # what lost a conflict didn't happen
            orden = w.root("historial_orden", row)
            row |= {name: orden[of] for name, of in _LINE_SAYS.items() if row[name] is not None}


class Comentario(Rule):
    """Whoever may comment on what it is about comments; a client is answered in the open."""

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """By the right to comment on that row."""
        w.demand("comentario.crear", str(row["entidad"]), w.root("comentario", row))
        if w.actor.rol == "cliente" and row["visibilidad"] != "cliente":
            raise Rejection("permiso", "Un cliente no escribe comentarios internos.")

    def evento(self, op: Op) -> str | None:
        """One name for whatever is said."""
        return "comentario_creado"


def _check_line(line: Op, fields: ReadRow) -> None:
    if not fields:
        raise Rejection("historial", "Una línea de historial va con el cambio de su orden.")
    tecnico_id = line.campos.get("a_tecnico_id")
    if line.campos.get("a_estado") != fields.get("estado") or tecnico_id not in (None, fields.get("tecnico_id")):
        raise Rejection("historial", "La línea de historial no dice lo que cambia en su orden.")


def _first_state(w: Asking, row: ReadRow) -> None:
    if row.get("referencia_externa") is not None and w.may("importar", "orden", row):
        return
    ORDEN.exigir_creacion(w.actor, row)
    if w.actor.rol == "cliente" and row.get("tipo") != "solicitud":
        raise Rejection("permiso", "Un cliente sólo crea solicitudes.")


def _request(w: Asking, op: Op, row: ReadRow) -> None:
    """A client asks for himself, about his own device, and decides nothing about the work."""
    more = sorted(name for name, value in op.campos.items() if name not in SOLICITUD and value is not None)
    if more:
        raise Rejection("permiso", f"Una solicitud de un cliente no lleva {', '.join(more)}.")
    equipo = w.row("equipo", str(row["equipo_id"])) if row["equipo_id"] else None
    if equipo is not None and equipo["cliente_id"] != w.actor.cliente_id:
        raise Rejection("permiso", "Ese equipo es de otro cliente.")
    if row["recibido_por_id"] not in (None, w.actor.usuario_id):
        raise Rejection("permiso", "Una solicitud no dice quién la recibió.")


def _assignment(w: Asking, tecnico_id: object, row: ReadRow) -> None:
    w.demand("orden.asignar", "orden", row)
    own = tecnico_id in (None, w.actor.empleado_id)
    if w.reach("orden.asignar") == "propio" and not own:
        raise Rejection("permiso", "Un técnico sólo se asigna órdenes a sí mismo.")


def _transition(w: Asking, op: Op, current: ReadRow) -> None:
    a_estado = str(op.campos["estado"])
    if w.happened:
        ORDEN.exigir_papel(w.actor, current, a_estado)
        return
    line = w.altas("historial_orden", "orden_id")[op.id][0].campos
    ORDEN.exigir_transicion(w.actor, current, a_estado, motivo=bool(line.get("motivo_id") or line.get("nota")))
    if a_estado == "asignada" and not (op.campos.get("tecnico_id") or current["tecnico_id"]):
        raise Rejection("campo", "Para asignar una orden hace falta un técnico.")


def _plus(instant: Value, delta: timedelta) -> str | None:
    try:
        return to_instant(from_instant(str(instant)) + delta) if instant else None
    except (OverflowError, ValueError) as error:
        raise Rejection("campo", f"«{instant}» es una fecha demasiado lejana.") from error
