"""The states of an order, the transitions between them, and who may make each."""

from domain.base.actor import Actor
from domain.base.own import es_propio
from domain.base.row import ReadRow
from domain.base.states import Estado, Guarda, StateMachine
from domain.ordenes.permissions import PROPIOS

TIPOS = ("solicitud", "taller", "campo", "ticket")
ESTADOS: dict[str, Estado] = {
    e.codigo: e
    for e in (
        Estado("recibida", "Recibida", "abierta", "#2563eb", {"ticket": "Abierto"}),
        Estado("asignada", "Asignada", "abierta", "#4f46e5"),
        Estado("en_diagnostico", "En diagnóstico", "abierta", "#7c3aed", {"ticket": "En proceso"}),
        Estado("presupuestada", "Presupuestada", "espera", "#b45309"),
        Estado("aprobada", "Aprobada", "abierta", "#0d9488"),
        Estado("rechazada", "Presupuesto rechazado", "abierta", "#be123c"),
        Estado("en_reparacion", "En reparación", "abierta", "#0369a1", {"ticket": "En proceso"}),
        Estado("en_espera_repuesto", "En espera de repuesto", "espera", "#a16207"),
        Estado("pausada", "Pausada", "espera", "#57534e"),
        Estado("reparada", "Reparada", "terminada", "#15803d"),
        Estado("sin_reparacion", "Sin reparación", "terminada", "#9f1239"),
        Estado("lista_para_entrega", "Lista para entrega", "terminada", "#166534"),
        Estado("entregada", "Entregada", "cerrada", "#3f6212"),
        Estado("cerrada", "Cerrada", "cerrada", "#374151", {"ticket": "Cerrado"}),
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


def _papel(actor: Actor, roles: frozenset[str], orden: ReadRow, a_estado: str) -> bool:
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
    taken = "orden.asignar" if a_estado == "asignada" else ""
    return actor.rol == "recepcionista" or es_propio(actor, PROPIOS, orden, taken)


ORDEN = StateMachine(
    columna="estado",
    nombre_fila="orden",
    genero="a",
    estados=ESTADOS,
    transiciones=TRANSICIONES,
    crean={"recibida": frozenset({"recepcionista", "tecnico", "cliente"})},
    papel=_papel,
    guardas={
        # tickets and field work have nothing to hand over: they close from there
        ("reparada", "cerrada"): Guarda(("tipo",), lambda orden: orden.get("tipo") in ("ticket", "campo")),
    },
    exigen_motivo=frozenset({"rechazada", "en_espera_repuesto", "pausada", "cancelada"}),
)
