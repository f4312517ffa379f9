"""Somebody at the desk of a replica that no server ever knew."""

from domain.base.row import Row
from local_db import rows, state
from local_db.replica import Replica

SUCURSAL = "00000000-0000-7000-8000-0000000000aa"


def sign_in(replica: Replica, rol: str = "administrador") -> str:
    """Somebody of this role and of the branch SUCURSAL is signed in; gives his id."""
    key = replica.ambient.new_id()
    with replica.writing() as writing:
        person: Row = {"id": key, "username": rol, "nombre": rol, "rol": rol, "sucursal_id": SUCURSAL, "activo": True}
        rows.put(rows.raw(writing.connection), "usuario", [person])
        state.write(writing, usuario_id=key)
    return key


def signed_in(replica: Replica) -> Replica:
    """The same replica, with an administrator at its desk."""
    sign_in(replica)
    return replica
