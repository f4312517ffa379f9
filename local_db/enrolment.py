"""What an enrolment changes here."""

from typing import Any

from domain.wire import Cursor, EnrolReply
from local_db import rows, state
from local_db.replica import Replica


def finish_enrolment(replica: Replica, url: str, reply: EnrolReply) -> None:
    """Become the station that the server made. Folios start anew under its code; Cambios go on counting.

    Its person signs from here on what he makes. What another server took is none of this one's.
    """
    with replica.reading() as connection:
        known = state.read(connection)
    values: dict[str, Any] = {
        "server_url": url,
        "server_id": reply.server_id,
        "estacion_id": reply.estacion_id,
        "codigo": reply.codigo,
        "estacion_nombre": reply.nombre,
        "sucursal_id": reply.sucursal_id,
        "folio": 0,
        "rebuild": True,
        "reenrol": None,
        "ended": None,
    }
    elsewhere = known.server_id not in (None, reply.server_id)
    if elsewhere:
        values |= {"epoch": None, "scope": None, "server_time": None, **state.of_cursor(Cursor())}
    with replica.writing() as writing:
        if elsewhere:
            rows.raw(writing.connection).execute("DELETE FROM outbox WHERE acusado_en IS NOT NULL")
        state.write(writing, **values)
    replica.firmantes = {reply.firmante.usuario_id: reply.firmante}
