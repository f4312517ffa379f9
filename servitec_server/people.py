"""The people behind accounts, as the server knows them now."""

from domain.base.actor import SISTEMA, Actor
from domain.base.row import Row
from servitec_server.working_set import WorkingSet


def actor_of(usuario: Row | None, usuario_id: str) -> Actor | None:
    """The person of an account that may work; None: there is none, or it isn't active."""
    if usuario_id == SISTEMA.usuario_id:
        return SISTEMA
    if usuario is None or not usuario["activo"]:
        return None
    names = ("sucursal_id", "empleado_id", "cliente_id")
    branch, employee, client = (None if usuario[n] is None else str(usuario[n]) for n in names)
    return Actor(usuario_id, str(usuario["rol"]), branch, employee, client, str(usuario["username"]))


_WHO_HE_IS = ("activo", "rol", "sucursal_id", "empleado_id", "cliente_id", "clave_hash", "generacion")


def settle(rows: WorkingSet, before: dict[str, Row | None]) -> set[str]:
    """Which of these accounts became another: the sessions of these people end.

    A new password and a closed account begin a new generation, so that what was unlocked before proves nothing.
    """
    changed: set[str] = set()
    for key, then in before.items():
        now = rows.get("usuario", key)
        if then is None or (now is not None and all(now[n] == then[n] for n in _WHO_HE_IS)):
            continue
        changed.add(key)
        closed = now is not None and then["activo"] and not now["activo"]
        if now is not None and (closed or now["clave_hash"] != then["clave_hash"]):
            rows.put("usuario", now | {"generacion": int(then["generacion"] or 0) + 1})
    return changed
