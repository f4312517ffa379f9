"""The states of an order, the transitions between them, and who may make each."""

from dataclasses import dataclass

from domain.errors import Rejection
from domain.permissions import Actor, es_propio
from domain.tables import ReadRow


@dataclass(frozen=True, slots=True)
class Estado:
    """`nombre` on screen, `nombre_ticket` for orders of tipo ticket, `clase` for filters and figures."""

    codigo: str
    nombre: str
    clase: str
    color: str
    nombre_ticket: str | None = None


ESTADOS: dict[str, Estado] = {
    e.codigo: e
    for e in (
        Estado("recibida", "Recibida", "abierta", "#2563eb", "Abierto"),
        Estado("asignada", "Asignada", "abierta", "#4f46e5"),
        Estado("en_diagnostico", "En diagnóstico", "abierta", "#7c3aed", "En proceso"),
        Estado("presupuestada", "Presupuestada", "espera", "#b45309"),
        Estado("aprobada", "Aprobada", "abierta", "#0d9488"),
        Estado("rechazada", "Presupuesto rechazado", "abierta", "#be123c"),
        Estado("en_reparacion", "En reparación", "abierta", "#0369a1", "En proceso"),
        Estado("en_espera_repuesto", "En espera de repuesto", "espera", "#a16207"),
        Estado("pausada", "Pausada", "espera", "#57534e"),
        Estado("reparada", "Reparada", "terminada", "#15803d"),
        Estado("sin_reparacion", "Sin reparación", "terminada", "#9f1239"),
        Estado("lista_para_entrega", "Lista para entrega", "terminada", "#166534"),
        Estado("entregada", "Entregada", "cerrada", "#3f6212"),
        Estado("cerrada", "Cerrada", "cerrada", "#374151", "Cerrado"),
        Estado("cancelada", "Cancelada", "cancelada", "#6b7280"),
    )
}

_RECEPCION = frozenset({"recepcionista"})
_TECNICO = frozenset({"tecnico"})
_SISTEMA = frozenset({"sistema"})

TRANSICIONES: dict[tuple[str, str], frozenset[str]] = {
    ("recibida", "asignada"): _RECEPCION | _TECNICO,
    ("asignada", "en_diagnostico"): _TECNICO,
    ("en_diagnostico", "presupuestada"): _TECNICO,
    ("presupuestada", "aprobada"): _RECEPCION | {"cliente"},
    ("presupuestada", "rechazada"): _RECEPCION | {"cliente"},
    ("en_diagnostico", "en_reparacion"): _TECNICO,
    ("aprobada", "en_reparacion"): _TECNICO,
    ("asignada", "en_reparacion"): _TECNICO,
    ("en_reparacion", "en_espera_repuesto"): _TECNICO,
    ("en_reparacion", "pausada"): _TECNICO,
    ("en_espera_repuesto", "en_reparacion"): _TECNICO | _SISTEMA,
    ("pausada", "en_reparacion"): _TECNICO | _SISTEMA,
    ("en_reparacion", "reparada"): _TECNICO,
    ("en_reparacion", "sin_reparacion"): _TECNICO,
    ("reparada", "lista_para_entrega"): _RECEPCION | _TECNICO,
    ("sin_reparacion", "lista_para_entrega"): _RECEPCION | _TECNICO,
    ("rechazada", "lista_para_entrega"): _RECEPCION | _TECNICO,
    ("lista_para_entrega", "entregada"): _RECEPCION,
    ("entregada", "cerrada"): _SISTEMA,
    ("reparada", "cerrada"): _SISTEMA,
    ("entregada", "en_diagnostico"): frozenset(),
    ("cerrada", "en_diagnostico"): frozenset(),
} | {(estado, "cancelada"): _RECEPCION for estado in ESTADOS if estado not in ("entregada", "cerrada", "cancelada")}
"""(from, to) -> roles, besides administrador (all) and supervisor (all in his branch)."""

_SOLO_SIN_ENTREGA = {("reparada", "cerrada")}
"""Tickets and field work have nothing to hand over: they close from `reparada`."""

EXIGEN_MOTIVO = frozenset({"rechazada", "en_espera_repuesto", "pausada", "cancelada"})
CREAN = {
    "recibida": frozenset({"recepcionista", "tecnico", "cliente"}),
}
"""First states, and the roles that make an order in them, besides administrador and supervisor."""


def nombre(estado: str, tipo: str | None = None) -> str:
    """The state's name on screen, for an order of this tipo."""
    item = ESTADOS.get(estado)
    if item is None:
        return estado
    return item.nombre_ticket or item.nombre if tipo == "ticket" else item.nombre


def _rol_puede(actor: Actor, roles: frozenset[str], orden: ReadRow, a_estado: str) -> bool:
    if actor.rol == "administrador":
        return True
    if actor.rol == "supervisor":
        return orden.get("sucursal_id") == actor.sucursal_id
    if actor.rol not in roles:
        return False
    if actor.rol == "sistema":
        return True
    if actor.rol != "cliente" and orden.get("sucursal_id") != actor.sucursal_id:
        return False
    return actor.rol == "recepcionista" or es_propio(actor, "orden", orden, sin_asignar=a_estado == "asignada")


def _existe(orden: ReadRow, a_estado: str) -> bool:
    par = (str(orden["estado"]), a_estado)
    if par in _SOLO_SIN_ENTREGA and orden.get("tipo") not in ("ticket", "campo"):
        return False
    return par in TRANSICIONES


def permitidos(actor: Actor, orden: ReadRow) -> list[str]:
    """The states that `actor` may move this order to, in the machine's order."""
    return [
        codigo
        for codigo in ESTADOS
        if _existe(orden, codigo) and _rol_puede(actor, TRANSICIONES[str(orden["estado"]), codigo], orden, codigo)
    ]


def exigir_transicion(actor: Actor, orden: ReadRow, a_estado: str, motivo: bool) -> None:
    """Check a transition from the order's *current* state.

    Args:
        actor: who makes it.
        orden: the order as it is now.
        a_estado: where to.
        motivo: whether a reason was given.

    Raises:
        Rejection: `ya_hecho`, `transicion`, `permiso` or `motivo`.
    """
    de, a = nombre(str(orden["estado"])), nombre(a_estado)
    if orden["estado"] == a_estado:
        raise Rejection("ya_hecho", f"La orden ya está en «{a}».", "No hace falta repetir el cambio.")
    if not _existe(orden, a_estado):
        raise Rejection(
            "transicion",
            f"Una orden en «{de}» no puede pasar a «{a}».",
            "Revise el estado actual de la orden y elija uno de los permitidos.",
        )
    if not _rol_puede(actor, TRANSICIONES[str(orden["estado"]), a_estado], orden, a_estado):
        raise Rejection(
            "permiso",
            f"El rol {actor.rol} no puede pasar esta orden de «{de}» a «{a}».",
            "Pida el cambio a un supervisor.",
        )
    if a_estado in EXIGEN_MOTIVO and not motivo:
        raise Rejection("motivo", f"Para pasar a «{a}» hace falta un motivo.", "Escriba el motivo y repita.")


def exigir_papel(actor: Actor, orden: ReadRow, a_estado: str, _motivo: bool) -> None:
    """Check only that the author's role ever moves an order to this state: the transition was accepted once.

    Raises:
        Rejection: `permiso`.
    """
    roles = [quien for (_, a), quien in TRANSICIONES.items() if a == a_estado] + [CREAN.get(a_estado, frozenset())]
    if not any(_rol_puede(actor, quien, orden, a_estado) for quien in roles):
        raise Rejection("permiso", f"El rol {actor.rol} no pasa órdenes a «{nombre(a_estado)}».")


def exigir_creacion(actor: Actor, orden: ReadRow, puede_importar: bool) -> None:
    """Check the first state of a new order: `recibida`, or any for an imported one."""
    estado = str(orden["estado"])
    if orden.get("referencia_externa") is not None and puede_importar:
        return
    if estado not in CREAN or (actor.rol != "sistema" and not _rol_puede(actor, CREAN[estado], orden, estado)):
        raise Rejection(
            "transicion",
            f"El rol {actor.rol} no puede crear una orden en «{nombre(estado)}».",
            "Una orden nueva empieza en «Recibida».",
        )
    if actor.rol == "cliente" and orden.get("tipo") != "solicitud":
        raise Rejection("permiso", "Un cliente sólo crea solicitudes.")
