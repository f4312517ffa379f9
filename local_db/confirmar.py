"""What waits for its author's word: the server found no good proof that he made it, and recorded nothing.

He confirms what he was shown, one by one; nothing is ever signed by itself.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from domain.base.actor import Actor
from domain.base.errors import KnownError
from domain.proofs import sign
from domain.wire import canonical
from local_db import aside, rows
from local_db.replica import Changes, Replica

MOTIVO = "firma"
_WAITING = "acusado_en IS NULL AND espera_motivo = 'firma' AND usuario_id = ?"


@dataclass(frozen=True, slots=True)
class PorConfirmarFila:
    """A change that its author has to confirm, with all that it holds."""

    cambio_id: str
    n: int
    ops: list[dict[str, Any]]


def por_confirmar(connection: Connection, actor: Actor) -> list[PorConfirmarFila]:
    """What waits for this person's word, the oldest first."""
    sql = f"SELECT id, n, cuerpo FROM outbox WHERE {_WAITING} ORDER BY n"  # noqa: S608
    found = rows.raw(connection).execute(sql, (actor.usuario_id,))
    return [PorConfirmarFila(key, n, json.loads(cuerpo)["ops"]) for key, n, cuerpo in found]


def firmar_de_nuevo(replica: Replica, actor: Actor, cambios: Iterable[str]) -> Changes:
    """Sign these with what this person signs with now. Only after he was shown them, and said that he made them.

    Raises:
        KnownError: he can't sign here, or one of these isn't his, or doesn't wait for it.
    """
    firmante = replica.firmantes.get(actor.usuario_id)
    if firmante is None:
        raise KnownError("Su sesión no puede firmar en esta estación.", "Inicie sesión con el servidor y repita.")
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        for key in cambios:
            sql = f"SELECT cuerpo FROM outbox WHERE id = ? AND {_WAITING}"  # noqa: S608
            found = db.execute(sql, (key, actor.usuario_id)).fetchone()
            if found is None:
                raise KnownError("Ese cambio ya no espera su confirmación.")
            firma = canonical(sign(firmante, json.loads(found[0])["huella"]).model_dump())
            db.execute("UPDATE outbox SET firma = ?, espera = NULL, espera_motivo = NULL WHERE id = ?", (firma, key))
            writing.touch("outbox", key)
        return writing.changes


def no_es_mio(replica: Replica, actor: Actor, cambio_id: str) -> None:
    """Move such a change, and what builds on it, to the refused: no server has it.

    Raises:
        KnownError: it isn't his, or doesn't wait for his word.
    """
    with replica.reading() as connection:
        found = next((f for f in por_confirmar(connection, actor) if f.cambio_id == cambio_id), None)
    if found is None:
        raise KnownError("Ese cambio ya no espera su confirmación.")
    aside.set_aside(replica, found.n, MOTIVO, "Su autor no lo confirmó.")
