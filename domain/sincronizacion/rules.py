"""Who settles a conflict."""

from domain.base.actor import Actor
from domain.base.errors import Rejection
from domain.base.row import ReadRow
from domain.base.rule import Asking, DelServidor
from domain.wire import Op


def es_autor(actor: Actor, conflicto: ReadRow) -> bool:
    """Is one of the two values his?"""
    return actor.usuario_id in (conflicto["autor_servidor_id"], conflicto["autor_tardio_id"])


class Conflicto(DelServidor):
    """Only that it was settled is ever changed: by one of its two authors, or a supervisor."""

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """Who settled it, and when."""
        if not op.campos.keys() <= {"resuelto_por", "resuelto_en"}:
            raise Rejection("campo", "De un conflicto sólo se anota quién lo resolvió y cuándo.")
        if op.campos.get("resuelto_por", w.actor.usuario_id) != w.actor.usuario_id:
            raise Rejection("permiso", "Un conflicto lo resuelve quien lo anota.")
        if not w.sees_field(str(current["tabla"]), str(current["campo"])):
            raise Rejection("permiso", f"El rol {w.actor.rol} no ve costos.")
        if not es_autor(w.actor, current):
            w.demand("conflicto.resolver", op.tabla, current)
