"""What people may change and hold, read off the matrix, the states and the decisions of the business alone.

It shares nothing with the rules that it judges: it looks at rows before and after, and at what was handed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Db = dict[str, dict[str, Row]]
"""Table -> id -> row."""

ADMIN, SUPERVISOR, TECNICO, RECEPCION, GESTOR = "administrador", "supervisor", "tecnico", "recepcionista", "gestor"
WORKSHOP = (SUPERVISOR, TECNICO, RECEPCION)
CATALOGOS = frozenset(
    {"sucursal", "empleado", "usuario", "categoria_servicio", "categoria_problema", "prioridad", "criticidad"}
    | {"ubicacion", "estado_orden", "tipo_equipo", "marca", "motivo"}
)
BRANCH = frozenset({"orden", "historial_orden", "comentario", "movimiento_stock", "existencia", "conflicto"})
"""Tables of rows that belong to a branch."""
BOOKKEEPING = frozenset({"version", "actualizado_en", "actualizado_por", "estacion_id"})
SECRETS = frozenset({"clave_hash", "clave_algoritmo", "ultimo_acceso", "generacion"})
PERSONAL = {
    "usuario": frozenset({"email", "telefono_e164"}),
    "empleado": frozenset({"tipo_doc", "dni", "telefono_e164", "email", "fecha_alta", "fecha_baja"}),
}
COST = "costo_centavos"
CONTACT = frozenset(
    {"telefono", "telefono_alternativo", "telefono_e164", "email", "direccion", "ciudad", "canal_preferido"}
)
FINDINGS = frozenset({"diagnostico", "trabajo_realizado", "orden_origen_id", "plan_id", "total_centavos"})
"""What of an order isn't its header."""
COMPUTED = frozenset({"inicio_en", "fin_en", "entrega_en", "sla_vence_en", "garantia_vence_en"})
STEPS = {
    ("recibida", "asignada"): (RECEPCION, TECNICO),
    ("asignada", "en_diagnostico"): (TECNICO,),
    ("en_diagnostico", "presupuestada"): (TECNICO,),
    ("presupuestada", "aprobada"): (RECEPCION, "cliente"),
    ("presupuestada", "rechazada"): (RECEPCION, "cliente"),
    ("en_diagnostico", "en_reparacion"): (TECNICO,),
    ("aprobada", "en_reparacion"): (TECNICO,),
    ("asignada", "en_reparacion"): (TECNICO,),
    ("en_reparacion", "en_espera_repuesto"): (TECNICO,),
    ("en_reparacion", "pausada"): (TECNICO,),
    ("en_espera_repuesto", "en_reparacion"): (TECNICO,),
    ("pausada", "en_reparacion"): (TECNICO,),
    ("en_reparacion", "reparada"): (TECNICO,),
    ("en_reparacion", "sin_reparacion"): (TECNICO,),
    ("reparada", "lista_para_entrega"): (RECEPCION, TECNICO),
    ("sin_reparacion", "lista_para_entrega"): (RECEPCION, TECNICO),
    ("rechazada", "lista_para_entrega"): (RECEPCION, TECNICO),
    ("lista_para_entrega", "entregada"): (RECEPCION,),
    ("entregada", "cerrada"): (),
    ("reparada", "cerrada"): (),
    ("entregada", "en_diagnostico"): (),
    ("cerrada", "en_diagnostico"): (),
}
"""Who makes a transition, besides the administrador and, in his branch, the supervisor."""
ENDED = frozenset({"entregada", "cerrada", "cancelada"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the database had him when he wrote."""

    id: str
    rol: str
    sucursal_id: str | None = None
    empleado_id: str | None = None
    cliente_id: str | None = None
    activo: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What one Cambio made of one row. `receipt`: it was accepted once: rights and states were asked then."""

    person: Person
    tabla: str
    was: Row | None
    now: Row | None
    old: Db
    new: Db
    receipt: bool = False

    @property
    def row(self) -> Row:
        """The row as it was, or as it was made."""
        return self.was or self.now or {}

    @property
    def names(self) -> set[str]:
        """The columns that differ."""
        was, now = self.was or {}, self.now or {}
        return {n for n in {*was, *now} - BOOKKEEPING if was.get(n) != now.get(n)}

    @property
    def gone(self) -> bool:
        """Was it deleted, or marked as deleted?"""
        marked = self.now is not None and self.now.get("borrado_en") and not (self.was or {}).get("borrado_en")
        return self.now is None or bool(marked)

    @property
    def here(self) -> bool:
        """Does it lie in his branch?"""
        return self.person.sucursal_id is not None and self.row.get("sucursal_id") == self.person.sucursal_id

    @property
    def mine(self) -> bool:
        """Did he make it?"""
        return self.was is None or self.was.get("creado_por") == self.person.id


def person_of(db: Db, key: str) -> Person | None:
    """The person of an account; None: nobody, or one who may not work."""
    row = db["usuario"].get(key)
    if row is None or not row["activo"]:
        return None
    return Person(key, row["rol"], row["sucursal_id"], row["empleado_id"], row["cliente_id"])


def objection(change: Change) -> str | None:
    """Why this person may not have made this change; None: he may."""
    if change.was is not None and change.now is not None:
        fixed = change.names & ({"creado_en", "creado_por", "folio", "codigo_publico"} | SECRETS) - {"generacion"}
        if fixed:
            return f"{sorted(fixed)} never change"
        if change.tabla == "usuario" and change.now["generacion"] < change.was["generacion"]:
            return "a generation that ended is good again"
    judge = _JUDGES.get(change.tabla, _catalogo if change.tabla in CATALOGOS else _nobody)
    if judge in (_ledger, _nobody, _conflicto, _history):
        return judge(change)  # holds for the administrador, and for what was accepted once, too
    if change.person.rol == ADMIN or change.receipt:
        return None
    if change.person.rol != SUPERVISOR and COST in change.names:
        return "it writes a cost"
    return judge(change)


def may_hold(person: Person, tabla: str, row: Row, estacion_id: str) -> str | None:
    """Why a replica of this person may not hold this row; None: it may."""
    rol = person.rol
    if tabla == "estacion":
        known = rol in (ADMIN, *WORKSHOP, GESTOR)
        return None if known and row["id"] == estacion_id else "another station's row"
    if rol == ADMIN or (rol in (*WORKSHOP, GESTOR) and tabla in CATALOGOS):
        return None
    if rol not in WORKSHOP or person.sucursal_id is None:
        return f"a {rol} holds no {tabla}"
    if tabla in BRANCH and row.get("sucursal_id") not in (None, person.sucursal_id):
        return "a row of another branch"
    if tabla == "conflicto" and rol != SUPERVISOR and row["campo"] == COST:
        return "a conflict about a cost"
    return None


def may_know(person: Person, tabla: str, column: str) -> bool:
    """May a replica of this person hold this column?"""
    if column in SECRETS or column in PERSONAL.get(tabla, ()):
        return False
    return column != COST or person.rol in (ADMIN, SUPERVISOR)


def _needs(good: bool, what: str) -> str | None:
    return None if good else what


def _nobody(_: Change) -> str:
    return "only the server writes it"


def _catalogo(c: Change) -> str | None:
    if c.person.rol == SUPERVISOR and c.tabla in ("tipo_equipo", "marca") and c.was is None:
        return None  # an import brings them
    return "catalogues, people and branches are the administrador's"


def _cliente(c: Change) -> str | None:
    rol = c.person.rol
    if c.gone or "anonimizado_en" in c.names:
        return "clients are deleted by the administrador"
    if "fusionado_en_id" in c.names:
        return _needs(rol == SUPERVISOR, "merging is a supervisor's")
    if c.was is None:
        return _needs(rol in WORKSHOP, "may make no client")
    own = rol == "cliente" and c.person.cliente_id == c.was["id"]
    if rol == GESTOR:
        return _needs(c.mine and c.names <= CONTACT, "a gestor changes the contact of his own")
    return _needs(rol in (SUPERVISOR, RECEPCION) or own or (rol == TECNICO and c.mine), "not his client")


def _empresa(c: Change) -> str | None:
    return _needs(c.person.rol in (SUPERVISOR, RECEPCION) and not c.gone, "not his company")


def _equipo(c: Change) -> str | None:
    rol = c.person.rol
    if c.gone or c.was is None:
        return _needs(rol in WORKSHOP and not c.gone, "may neither make nor delete a device")
    return _needs(rol in (SUPERVISOR, RECEPCION) or (rol == TECNICO and c.mine), "not his device")


def _producto(c: Change) -> str | None:
    return _needs(c.person.rol == SUPERVISOR and not c.gone, "products are a supervisor's")


def _plantilla(c: Change) -> str | None:
    return _needs(c.person.rol == SUPERVISOR, "templates are a supervisor's")


def _orden(c: Change) -> str | None:
    if c.gone:
        return "orders are deleted by the administrador"
    if c.was is None or (c.was.get("borrado_en") and c.now and not c.now.get("borrado_en")):
        return _new_order(c)
    rol, names = c.person.rol, c.names
    if rol == "cliente":
        own = c.person.cliente_id is not None and c.was["cliente_id"] == c.person.cliente_id
        return _step(c) if own and names - COMPUTED <= {"estado", "motivo_id"} and "estado" in names else "not his"
    if not c.here or rol not in WORKSHOP:
        return "an order of another branch, or of nobody's like him"
    if "sucursal_id" in names and rol != SUPERVISOR:
        return "a supervisor sends orders to another branch"
    if "estado" in names and (why := _step(c)):
        return why
    if "tecnico_id" in names and rol == TECNICO and not _takes(c):
        return "a technician takes and gives back, for himself alone"
    rest = names - COMPUTED - {"estado", "tecnico_id", "sucursal_id"} - ({"motivo_id"} if "estado" in names else set())
    if rol == RECEPCION:
        return _needs(not rest & FINDINGS, "the findings are the technician's")
    return _needs(rol == SUPERVISOR or not (rest or not names) or _his_order(c), "not his order")


def _his_order(c: Change) -> bool:
    return c.mine or (c.was or {}).get("tecnico_id") == c.person.empleado_id is not None or _takes(c)


def _takes(c: Change) -> bool:
    was, now = (c.was or {}).get("tecnico_id"), (c.now or {}).get("tecnico_id")
    if c.person.empleado_id is None:
        return False
    return (was == c.person.empleado_id or was is None or c.mine) and now in (None, c.person.empleado_id)


def _new_order(c: Change) -> str | None:
    rol, now = c.person.rol, c.now or {}
    imported = rol == SUPERVISOR and now["referencia_externa"] is not None
    if now["estado"] != "recibida" and not imported:
        return "a new order is recibida"
    if rol == "cliente":
        own = now["cliente_id"] == c.person.cliente_id is not None and now["tipo"] == "solicitud"
        work = ("tecnico_id", "en_garantia", "garantia_dias", "diagnostico", "prioridad_id", "referencia_externa")
        return _needs(own and not any(now[n] for n in work), "a client asks for himself, and decides nothing")
    if rol not in WORKSHOP or now["sucursal_id"] != c.person.sucursal_id or c.person.sucursal_id is None:
        return "an order of another branch"
    if c.was is not None and not (c.here and (rol != TECNICO or _his_order(c))):
        return "not his to make again"
    others = rol == TECNICO and now["tecnico_id"] not in (None, c.person.empleado_id)
    return "a technician assigns nobody else" if others else None


def _step(c: Change) -> str | None:
    was, now = c.was or {}, c.now or {}
    step = (was["estado"], now["estado"])
    if now["estado"] == "cancelada":
        roles: tuple[str, ...] | None = (RECEPCION,) if was["estado"] not in ENDED else None
    else:
        roles = STEPS.get(step)
    if step == ("reparada", "cerrada") and was["tipo"] not in ("ticket", "campo"):
        roles = None
    if roles is None:
        return f"there is no way from {step[0]} to {step[1]}"
    if c.person.rol == TECNICO and TECNICO in roles:
        return _needs(_his_order(c), "not his order")
    return _needs(c.person.rol == SUPERVISOR or c.person.rol in roles, f"{step} isn't his step")


def _history(c: Change) -> str | None:
    """A line says what its order did in the same version, and stays; its branch goes with the order."""
    if c.now is None:
        return "history is never deleted"
    orden = c.new["orden"].get(c.now["orden_id"])
    before = c.old["orden"].get(c.now["orden_id"], {})
    if orden is None or c.now["sucursal_id"] != orden["sucursal_id"]:
        return "a line without its order, or of another branch"
    if c.was is not None:
        return _needs(c.names == {"sucursal_id"}, "history is never changed")
    if c.receipt:
        return None
    if orden["version"] != c.now["version"] and not _lost_there(c, orden):
        return "nothing happened to its order"
    told = c.now["a_estado"] in (None, orden["estado"]) and c.now["a_tecnico_id"] in (None, orden["tecnico_id"])
    return _needs(told and c.now["de_estado"] == before.get("estado"), "a line that says what didn't happen")


def _lost_there(c: Change, orden: Row) -> bool:
    """Did it lose a conflict about this order?"""
    version = (c.now or {})["version"]
    return any(r["registro_id"] == orden["id"] and r["version"] == version for r in c.new["conflicto"].values())


def _comentario(c: Change) -> str | None:
    person, row = c.person, c.row
    root = c.new.get(row["entidad"], {}).get(row["entidad_id"]) or c.old.get(row["entidad"], {}).get(row["entidad_id"])
    if root is None:
        return "a comment about nothing"
    if c.was is None and row["sucursal_id"] != root.get("sucursal_id"):
        return "a comment of another branch"
    if person.rol == "cliente":
        whose = root["id"] if row["entidad"] == "cliente" else root["cliente_id"]
        return _needs(c.was is None and whose == person.cliente_id and row["visibilidad"] == "cliente", "not his")
    if person.rol not in WORKSHOP or row["sucursal_id"] not in (None, person.sucursal_id):
        return "not his branch"
    if c.gone:
        return _needs(person.rol == SUPERVISOR, "comments are deleted by a supervisor")
    assigned = person.empleado_id is not None and root.get("tecnico_id") == person.empleado_id
    own = root.get("creado_por") == person.id or assigned or (c.was is not None and c.mine)
    return _needs(person.rol != TECNICO or own, "not his order")


def _ledger(c: Change) -> str | None:
    if c.was is not None or c.now is None:
        return "the ledger is never changed"
    if c.receipt or c.person.rol == ADMIN:
        return None
    if COST in c.names and c.person.rol != SUPERVISOR:
        return "it writes a cost"
    kinds: dict[str, tuple[str, ...]] = {TECNICO: ("uso_orden",), RECEPCION: ("venta",)}
    kind = c.person.rol == SUPERVISOR or c.now["tipo"] in kinds.get(c.person.rol, ())
    return _needs(kind and c.here, "not his stock")


def _conflicto(c: Change) -> str | None:
    """Resolved by one of its authors, or by a supervisor of the branch; what a change loses is judged by `lost`."""
    if c.was is None or c.now is None or c.names - {"resuelto_por", "resuelto_en"}:
        return "only the server writes conflicts"
    if c.now["resuelto_por"] not in (None, c.person.id, c.was["resuelto_por"]):
        return "resolved in another's name"
    if c.person.rol == ADMIN or c.receipt:
        return None
    if c.was["campo"] == COST and c.person.rol != SUPERVISOR:
        return "a conflict about a cost"
    own = c.person.id in (c.was["autor_servidor_id"], c.was["autor_tardio_id"])
    branch = c.was["sucursal_id"] in (None, c.person.sucursal_id)
    return _needs(own or (c.person.rol == SUPERVISOR and branch), "not his conflict")


_JUDGES: dict[str, Callable[[Change], str | None]] = {
    "cliente": _cliente,
    "empresa": _empresa,
    "equipo": _equipo,
    "orden": _orden,
    "historial_orden": _history,
    "comentario": _comentario,
    "producto": _producto,
    "movimiento_stock": _ledger,
    "existencia": _nobody,
    "estacion": _nobody,
    "plantilla_etiqueta": _plantilla,
    "conflicto": _conflicto,
}
