"""The door of people: what screens and the command line write."""

import json

from sqlalchemy import Connection

from domain.base.actions import editar
from domain.base.actor import Actor
from domain.base.ambient import Ambient
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row, Value
from domain.model import TABLES
from domain.wire import Op
from local_db import rows, state
from local_db.capture import capturing
from local_db.replica import Changes, Replica, Writing


def actor_of(usuario: Row) -> Actor:
    """The person of a row of `usuario`."""
    return Actor(
        usuario_id=str(usuario["id"]),
        rol=str(usuario["rol"]),
        sucursal_id=_text(usuario["sucursal_id"]),
        empleado_id=_text(usuario["empleado_id"]),
        cliente_id=_text(usuario["cliente_id"]),
        username=str(usuario["username"]),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def current_actor(connection: Connection) -> Actor | None:
    """Who is signed in on this station; None: nobody, or somebody who may no longer work."""
    key = state.read(connection).usuario_id
    usuario = rows.get(rows.raw(connection), "usuario", key) if key else None
    return actor_of(usuario) if usuario is not None and usuario["activo"] else None


def guardar(replica: Replica, actor: Actor, ops: list[Op]) -> Changes:
    """Save one user action.

    Raises:
        Rejection: a rule of the business refuses it; nothing was saved.
        KnownError: the station isn't enrolled or the disk refuses; nothing was saved.
    """
    if not ops:
        return Changes()
    with replica.writing() as writing:
        guardar_en(writing, replica.ambient, actor, ops)
        return writing.changes


def guardar_en(
    writing: Writing, ambient: Ambient, actor: Actor, ops: list[Op], *, reemplaza: str | None = None
) -> None:
    """The same inside a caller's transaction."""
    with capturing(writing, ambient) as capture:
        capture.save(actor, ops, reemplaza=reemplaza)


def branch_of(connection: Connection, actor: Actor) -> Row:
    """The branch of the person, or of the station for one who has none."""
    sucursal = _branch(connection, actor)
    if sucursal is None:
        raise KnownError("Esta estación todavía no conoce su sucursal.", "Sincronice una vez con el servidor.")
    return sucursal


def own_branch(connection: Connection) -> Row | None:
    """The branch of whoever is signed in, or of the station; None: nobody has heard of it yet."""
    return _branch(connection, current_actor(connection))


def _branch(connection: Connection, actor: Actor | None) -> Row | None:
    key = (actor.sucursal_id if actor is not None else None) or state.read(connection).sucursal_id
    return rows.get(rows.raw(connection), "sucursal", key) if key else None


def descartar_rechazo(replica: Replica, cambio_id: str) -> Changes:
    """Forget a refused change; its author decided so."""
    with replica.writing() as writing:
        rows.raw(writing.connection).execute("DELETE FROM rechazo WHERE cambio_id = ?", (cambio_id,))
        writing.touch("rechazo", cambio_id)
        return writing.changes


def ops_de_rechazo(connection: Connection, cambio_id: str) -> list[Op]:
    """The operations of a refused change, as they were captured.

    Raises:
        KnownError: there is no such change.
    """
    sql = "SELECT cuerpo FROM rechazo WHERE cambio_id = ?"
    found = rows.raw(connection).execute(sql, (cambio_id,)).fetchone()
    if found is None:
        raise KnownError("Ese cambio ya no está entre los rechazados.")
    return [Op(**item) for item in json.loads(found[0])["ops"]]


def reofrecer_rechazo(replica: Replica, actor: Actor, cambio_id: str) -> Changes:
    """Send a refused change again, as a new one against the rows of now.

    Raises:
        Rejection: the rules still refuse it; it stays among the refused.
        KnownError: there is no such change.
    """
    return enmendar_rechazo(replica, actor, cambio_id, {})


def enmendar_rechazo(
    replica: Replica, actor: Actor, cambio_id: str, campos: dict[tuple[str, str, str], Value]
) -> Changes:
    """Send a refused change again with other values, by (table, row's id, field); the others go as they were.

    Raises:
        Rejection: the rules still refuse it; it stays among the refused, as it was.
        KnownError: there is no such change, or it has no such field.
    """
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        refused = ops_de_rechazo(writing.connection, cambio_id)
        unknown = campos.keys() - {(op.tabla, op.id, name) for op in refused for name in op.campos}
        if unknown:
            names = ", ".join(sorted(f"{tabla}.{campo}" for tabla, _, campo in unknown))
            raise KnownError(f"El cambio rechazado no lleva {names}.")
        ops: list[Op] = []
        for op in refused:
            values = {name: campos.get((op.tabla, op.id, name), value) for name, value in op.campos.items()}
            if op.tipo == "alta":
                ops.append(op.model_copy(update={"campos": values}))
                continue
            current = rows.get(db, op.tabla, op.id)
            if current is None:
                raise Rejection("no_existe", f"Ya no existe ese {TABLES[op.tabla].fila}.", "Descarte el cambio.")
            ops += editar(op.tabla, current, values) if op.tipo == "cambio" else [op]
        if ops:
            with capturing(writing, replica.ambient) as capture:
                capture.save(actor, [capture.own_folio(op) for op in ops], reemplaza=cambio_id)
        db.execute("DELETE FROM rechazo WHERE cambio_id = ?", (cambio_id,))
        writing.touch("rechazo", cambio_id)
        return writing.changes


def restaurar_conflicto(replica: Replica, actor: Actor, conflicto_id: str) -> Changes:
    """Put the value that lost back, as an ordinary change, and close the conflict."""
    return _resolver(replica, actor, conflicto_id, restore=True)


def aceptar_conflicto(replica: Replica, actor: Actor, conflicto_id: str) -> Changes:
    """Leave the server's value and close the conflict."""
    return _resolver(replica, actor, conflicto_id, restore=False)


def _resolver(replica: Replica, actor: Actor, conflicto_id: str, *, restore: bool) -> Changes:
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        conflicto = rows.get(db, "conflicto", conflicto_id)
        if conflicto is None or conflicto["resuelto_en"] is not None:
            raise KnownError("Ese conflicto ya está resuelto.")
        ops: list[Op] = []
        if restore:
            current = rows.get(db, str(conflicto["tabla"]), str(conflicto["registro_id"]))
            if current is None:
                raise Rejection("no_existe", "La fila del conflicto ya no existe.")
            value = json.loads(str(conflicto["valor_tardio"]))
            ops += editar(str(conflicto["tabla"]), current, {str(conflicto["campo"]): value})
        closed: Row = {"resuelto_por": actor.usuario_id, "resuelto_en": replica.ambient.instant()}
        ops += editar("conflicto", conflicto, closed)
        guardar_en(writing, replica.ambient, actor, ops)
        return writing.changes
