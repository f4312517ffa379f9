"""A reception at the counter, saved."""

from dataclasses import dataclass

from domain.base.actor import Actor
from domain.base.ambient import Ambient
from domain.ordenes import actions
from local_db import people
from local_db.capture import capturing
from local_db.replica import Changes, Replica, Writing


@dataclass(frozen=True, slots=True)
class OrdenRecibida:
    """A reception that was saved."""

    orden_id: str
    folio: str
    changes: Changes


def recibir(replica: Replica, actor: Actor, recepcion: actions.Recepcion) -> OrdenRecibida:
    """Take a device in: folio, client, device, order and history in one commit.

    Raises:
        Rejection, KnownError: as `people.guardar`.
    """
    with replica.writing() as writing:
        orden_id, folio = recibir_en(writing, replica.ambient, actor, recepcion)
        return OrdenRecibida(orden_id, folio, writing.changes)


def recibir_en(writing: Writing, ambient: Ambient, actor: Actor, recepcion: actions.Recepcion) -> tuple[str, str]:
    """The same inside a caller's transaction; gives the order's id and folio."""
    sucursal = people.branch_of(writing.connection, actor)
    with capturing(writing, ambient) as capture:
        folio = capture.take_folio()
        ops = actions.recibir(ambient, actor, sucursal, folio, recepcion)
        capture.save(actor, ops)
    return next(op.id for op in ops if op.tabla == "orden"), folio
