"""Whose a row is: what is declared (`Propio`), asked of a row or written as a condition."""

from functools import lru_cache

from domain.base.actor import Actor, Propio
from domain.base.condition import AllOf, AnyOf, Condition, Is, Null
from domain.base.row import ReadRow, Row


@lru_cache(maxsize=4096)
def propio(actor: Actor, propios: tuple[Propio, ...], permiso: str) -> Condition:
    """When is a row his own, for this right?"""
    parts: list[Condition] = []
    for own in propios:
        if own.roles is not None and actor.rol not in own.roles:
            continue
        parts.append(Is(own.columna, getattr(actor, own.de)))
        if permiso in own.libres:
            parts.append(AllOf((Null(own.columna), Is("sucursal_id", actor.sucursal_id))))
    return AnyOf(tuple(parts))


def es_propio(actor: Actor, propios: tuple[Propio, ...], fila: ReadRow, permiso: str = "") -> bool:
    """Is this row his own?"""
    return propio(actor, propios, permiso).holds(fila, _nowhere)


def _nowhere(_tabla: str, _key: str) -> Row | None:
    return None
