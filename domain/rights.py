"""May this person do this to this row? Asked of the row that is there, of what it becomes, of what it hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.ambient import FOLIO
from domain.errors import Rejection
from domain.estados import exigir_creacion, exigir_papel, exigir_transicion
from domain.nombres import fila_de, nombre_campo
from domain.permissions import (
    CABECERA_ORDEN,
    CONTACTO,
    SOLICITUD,
    Actor,
    alcance,
    exigir,
    puede,
    resuelve,
    ve_costos,
)
from domain.tables import COSTS, MOVIMIENTOS, ROOTS, TABLES, ReadRow, Row, TableSpec
from domain.wire import Op

_IMPORTABLE = frozenset({"tipo_equipo", "marca"})


class Lookup(Protocol):
    """Where the rules read: the replica's or the server's rows."""

    def row(self, tabla: str, key: str) -> Row | None:
        """The row with this id, or None."""

    def next_number(self, serie: str) -> str | None:
        """The next number of a server series (`cliente`); None on a station, which never numbers."""


def root_of(lookup: Lookup, spec: TableSpec, row: ReadRow) -> Row:
    """The row that a child belongs to. Raises Rejection `no_existe`."""
    tabla, column = ROOTS[spec.name]
    tabla = tabla if tabla in TABLES else str(row[tabla])
    found = lookup.row(tabla, str(row[column])) if tabla in TABLES else None
    if found is None:
        raise Rejection("no_existe", f"No existe el {fila_de(tabla)} de este {fila_de(spec.name)}.")
    return found


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of the author of one Cambio. Every method raises Rejection.

    codigos: the folio codes of his station. lines: the Cambio's history lines, by order. happened: it was accepted
    once, in a history that was lost: transitions aren't checked again.
    """

    actor: Actor
    lookup: Lookup
    codigos: frozenset[str]
    lines: Mapping[str, Op]
    happened: bool = False

    def make(self, spec: TableSpec, op: Op, row: ReadRow) -> None:
        """A new row."""
        self._costs(spec, op)
        if spec.writers == "servidor":
            raise Rejection("permiso", f"Un {fila_de(spec.name)} sólo lo escribe el servidor.")
        if spec.writers == "catalogo":
            if not (spec.name in _IMPORTABLE and puede(self.actor, "catalogo.importar", spec.name, row)):
                exigir(self.actor, "catalogo.editar", spec.name, row)
        elif spec.name == "orden":
            self._new_order(op, row)
        elif spec.name == "movimiento_stock":
            self._movement(row)
        elif spec.name == "comentario":
            self._comment(spec, row)
        elif spec.name != "historial_orden":  # which goes with its order, by the rights of that
            exigir(self.actor, f"{spec.name}.crear", spec.name, row)
        if spec.name == "cliente":
            self._client(op, row)

    def edit(self, spec: TableSpec, op: Op, current: ReadRow) -> None:
        """A row that is there; an alta of one is an edit of what isn't fixed and differs."""
        self._costs(spec, op)
        campos = op.campos
        if op.tipo == "alta":
            campos = {n: v for n, v in campos.items() if not spec.by_name[n].fixed and v != current[n]}
        after = {**current, **campos}
        if spec.name == "conflicto":
            self._resolution(op, current)
        elif spec.writers == "servidor":
            raise Rejection("permiso", f"Un {fila_de(spec.name)} sólo lo escribe el servidor.")
        elif spec.name == "orden":
            self._order(op, campos, current, after)
        else:
            permiso = "catalogo.editar" if spec.writers == "catalogo" else f"{spec.name}.editar"
            exigir(self.actor, permiso, spec.name, current)
            exigir(self.actor, permiso, spec.name, after)
        if spec.name == "cliente":
            self._client(op, current)

    def delete(self, spec: TableSpec, current: ReadRow) -> None:
        """A row that is there goes."""
        if spec.append_only or spec.writers == "servidor":
            raise Rejection("solo_anexar", f"Un {fila_de(spec.name)} no se borra.")
        permiso = "catalogo.editar" if spec.writers == "catalogo" else f"{spec.name}.borrar"
        exigir(self.actor, permiso, spec.name, current)

    def _costs(self, spec: TableSpec, op: Op) -> None:
        if not ve_costos(self.actor) and any(spec.by_name[name].cost for name in op.campos):
            raise Rejection("permiso", f"El rol {self.actor.rol} no anota costos.", "Pida el cambio a un supervisor.")

    def _client(self, op: Op, row: ReadRow) -> None:
        if op.campos.get("fusionado_en_id") is not None:
            exigir(self.actor, "cliente.fusionar", "cliente", row)
        if op.campos.get("anonimizado_en") is not None:
            exigir(self.actor, "cliente.anonimizar", "cliente", row)
        if self.actor.rol == "gestor" and op.campos.keys() - CONTACTO:
            raise Rejection("permiso", "Un gestor sólo cambia los datos de contacto de un cliente.")

    def _comment(self, spec: TableSpec, row: ReadRow) -> None:
        exigir(self.actor, "comentario.crear", str(row["entidad"]), root_of(self.lookup, spec, row))
        if self.actor.rol == "cliente" and row["visibilidad"] != "cliente":
            raise Rejection("permiso", "Un cliente no escribe comentarios internos.")

    def _movement(self, row: ReadRow) -> None:
        tipo, cantidad = str(row["tipo"]), int(row["cantidad"] or 0)
        if cantidad == 0 or cantidad * MOVIMIENTOS.get(tipo, 0) < 0:
            raise Rejection("campo", f"La cantidad {cantidad} no corresponde a un movimiento de tipo «{tipo}».")
        permiso = {"uso_orden": "stock.usar", "venta": "stock.vender"}.get(tipo, "stock.mover")
        exigir(self.actor, permiso, "movimiento_stock", row)
        of, key = row["ref_tipo"], row["ref_id"]
        if (of is None) != (key is None):
            raise Rejection("campo", "La referencia de un movimiento lleva «ref_tipo» y «ref_id», o ninguno.")
        if of is not None and self.lookup.row(str(of), str(key)) is None:
            raise Rejection("no_existe", f"El movimiento señala una fila de «{of}» que no existe.")

    def _resolution(self, op: Op, current: ReadRow) -> None:
        if not op.campos.keys() <= {"resuelto_por", "resuelto_en"}:
            raise Rejection("campo", "De un conflicto sólo se anota quién lo resolvió y cuándo.")
        if op.campos.get("resuelto_por", self.actor.usuario_id) != self.actor.usuario_id:
            raise Rejection("permiso", "Un conflicto lo resuelve quien lo anota.")
        if (current["tabla"], current["campo"]) in COSTS and not ve_costos(self.actor):
            raise Rejection("permiso", f"El rol {self.actor.rol} no ve costos.")
        if not resuelve(self.actor, current):
            exigir(self.actor, "conflicto.resolver", "conflicto", current)

    def _new_order(self, op: Op, row: ReadRow) -> None:
        exigir(self.actor, "orden.crear", "orden", row)
        exigir_creacion(self.actor, row, puede(self.actor, "importar", "orden", row))
        match = FOLIO.fullmatch(str(row["folio"]))
        if match is None or match[1] not in self.codigos:
            own = ", ".join(sorted(self.codigos))
            raise Rejection("folio", f"El folio «{row['folio']}» no es de esta estación ({own}).")
        if row["tipo"] == "taller" and not (row["cliente_id"] and row["equipo_id"]):
            raise Rejection("campo", "Una orden de taller lleva cliente y equipo.")
        if self.actor.rol == "cliente":
            self._request(op, row)
        elif row["tecnico_id"] is not None:
            self._assignment(row["tecnico_id"], row)

    def _request(self, op: Op, row: ReadRow) -> None:
        """A client asks for himself, about his own device, and decides nothing about the work."""
        more = sorted(name for name, value in op.campos.items() if name not in SOLICITUD and value is not None)
        if more:
            raise Rejection("permiso", f"Una solicitud de un cliente no lleva {', '.join(more)}.")
        equipo = self.lookup.row("equipo", str(row["equipo_id"])) if row["equipo_id"] else None
        if equipo is not None and equipo["cliente_id"] != self.actor.cliente_id:
            raise Rejection("permiso", "Ese equipo es de otro cliente.")
        if row["recibido_por_id"] not in (None, self.actor.usuario_id):
            raise Rejection("permiso", "Una solicitud no dice quién la recibió.")

    def _order(self, op: Op, campos: ReadRow, current: ReadRow, after: ReadRow) -> None:
        again = op.tipo == "alta"
        if "estado" in campos and not again:
            self._transition(op, current)
        elif again and current.get("borrado_en") is not None:
            exigir_creacion(self.actor, after, puede(self.actor, "importar", "orden", after))
        special = campos.keys() & {"estado", "tecnico_id"}
        if "estado" in special:
            special |= {"motivo_id"}
        if "tecnico_id" in campos:
            self._assignment(campos["tecnico_id"], current)
        if after["sucursal_id"] != current["sucursal_id"]:
            special |= {"sucursal_id"}
            exigir(self.actor, "orden.trasladar", "orden", current)
        rest = campos.keys() - special
        if rest or again or not special:
            exigir(self.actor, "orden.editar", "orden", current)
            exigir(self.actor, "orden.editar", "orden", {**after, "sucursal_id": current["sucursal_id"]})
        if self.actor.rol == "recepcionista" and rest - CABECERA_ORDEN:
            names = ", ".join(sorted(map(nombre_campo, rest - CABECERA_ORDEN)))
            raise Rejection("permiso", f"Recepción no cambia los campos técnicos de la orden ({names}).")

    def _assignment(self, tecnico_id: object, row: ReadRow) -> None:
        exigir(self.actor, "orden.asignar", "orden", row)
        own = tecnico_id in (None, self.actor.empleado_id)
        if alcance(self.actor, "orden.asignar") == "propio" and not own:
            raise Rejection("permiso", "Un técnico sólo se asigna órdenes a sí mismo.")

    def _transition(self, op: Op, current: ReadRow) -> None:
        line = self.lines[op.id].campos
        checked = exigir_papel if self.happened else exigir_transicion
        checked(self.actor, current, str(op.campos["estado"]), bool(line.get("motivo_id") or line.get("nota")))
        without = not (op.campos.get("tecnico_id") or current["tecnico_id"])
        if not self.happened and op.campos["estado"] == "asignada" and without:
            raise Rejection("campo", "Para asignar una orden hace falta un técnico.")
