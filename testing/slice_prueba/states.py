"""An account is closed once nothing is owed."""

from domain.base.actor import Actor
from domain.base.row import ReadRow
from domain.base.states import Estado, Guarda, StateMachine

_OFICINA = frozenset({"supervisor", "gestor"})
_SALDADA = Guarda(("saldo_centavos",), lambda row: row["saldo_centavos"] == 0)


def _papel(actor: Actor, roles: frozenset[str], row: ReadRow, _to: str) -> bool:
    return actor.rol == "administrador" or actor.rol in roles


CUENTA = StateMachine(
    columna="estado",
    nombre_fila="cuenta",
    genero="a",
    estados={
        e.codigo: e
        for e in (
            Estado("abierta", "Abierta", "abierta", "#2563eb"),
            Estado("pagada", "Pagada", "terminada", "#166534"),
            Estado("cerrada", "Cerrada", "cerrada", "#374151"),
        )
    },
    transiciones={
        ("abierta", "pagada"): frozenset({"sistema"}),
        ("abierta", "cerrada"): _OFICINA,
        ("pagada", "cerrada"): _OFICINA,
    },
    crean={"abierta": _OFICINA},
    papel=_papel,
    guardas={("abierta", "cerrada"): _SALDADA, ("pagada", "cerrada"): _SALDADA},
)
