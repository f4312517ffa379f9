"""The names of the live events: what happened to a row, in the words of docs/protocol.md."""

from domain.model import TABLES
from domain.wire import Op

_VERBOS = {"alta": "cread", "cambio": "actualizad", "baja": "eliminad"}


def event_of(op: Op) -> str:
    """The event that announces this operation."""
    spec = TABLES[op.tabla]
    special = spec.regla.evento(op)
    if special is not None:
        return special
    if spec.eventos:
        return f"{op.tabla}_{_VERBOS[op.tipo]}{spec.genero}"
    return "catalogo_actualizado" if spec.writers == "catalogo" else "sincronizar"
