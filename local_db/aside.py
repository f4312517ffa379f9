"""A Cambio that can never be sent is kept among the refused, with those that build on it; the queue goes on."""

import json

from domain.upgrade import SCHEMA
from domain.wire import Answer, Cursor, PushReply
from local_db import rows, state
from local_db.replica import Replica
from local_db.server_door import PushEffect, apply_answers

TOLD = "El cambio es demasiado grande para enviarlo al servidor."


def set_aside(replica: Replica, n: int, motivo: str = "tamano", told: str = TOLD) -> PushEffect:
    """Refuse the n-th Cambio here, which no server has: by default since it doesn't take one of its size."""
    with replica.reading() as connection:
        now = state.read(connection)
        waiting = (
            rows.raw(connection)
            .execute("SELECT id, cuerpo FROM outbox WHERE acusado_en IS NULL AND n >= ? ORDER BY n", (n,))
            .fetchall()
        )
    answers: list[Answer] = []
    refused: set[str] = set()
    for key, cuerpo in waiting:
        if not refused:
            answers.append(Answer(id=key, resultado="rechazado", motivo=motivo, mensaje=told))
        elif refused.intersection(json.loads(cuerpo)["depende"]):
            told = "Depende de un cambio que no se pudo enviar."
            answers.append(Answer(id=key, resultado="dependencia", motivo="dependencia", mensaje=told))
        else:
            continue
        refused.add(key)
    reply = PushReply(
        schema=SCHEMA,
        scope=now.scope,
        answers=answers,
        head=Cursor(),
        server_time=now.server_time or replica.ambient.instant(),
    )
    return apply_answers(replica, reply)
