"""Who wrote a Cambio, and was it accepted before? What its proofs are worth (docs/protocol.md, Proofs)."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from domain.base.actor import SISTEMA
from domain.proofs import Prover
from domain.wire import Cambio, Recibo
from servitec_server import marks, rows
from servitec_server.epochs import tree
from servitec_server.origin import OWN_CODE, Station
from servitec_server.tables import respuesta, visita
from servitec_server.working_set import WorkingSet

MAX_KEPT = 500
"""How many Cambios of one station may wait for a supervisor for want of a good proof."""
KEPT = {
    "generacion": "Se firmó antes de que su autor cambiara la clave o cerrara sus sesiones: un supervisor decide.",
    "revocada": "La estación fue revocada: un supervisor decide sobre lo que traía.",
}
"""What is kept for a supervisor, by motivo."""
FOR_A_SUPERVISOR = ("permiso_cambiado", *KEPT, "restaurado")
"""The motivos of what he may let in; what builds on it has the same, and comes after it."""
UNSIGNED = "No tiene la firma de su autor: él la confirma cuando inicia sesión en esa estación."
FULL = "Ya esperan demasiados cambios de esta estación: un supervisor tiene que decidir antes sobre ellos."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A Cambio with only its good receipts. `motivo` None: it may be taken; firma: nothing of it is believed."""

    item: Cambio
    motivo: str | None = None


class Authors:
    """The proofs of the Cambios of one transaction."""

    def __init__(self, connection: Connection, prover: Prover, rows: WorkingSet, instant: str) -> None:
        self._connection = connection
        self._prover = prover
        self._rows = rows
        self._instant = instant
        self._kept: dict[str, int] = {}

    def judge(self, item: Cambio, station: Station) -> Verdict:
        """What its `firma` and its receipts prove. The server's own station needs no proof."""
        if station.codigo == OWN_CODE:
            return Verdict(item)
        if item.usuario_id == SISTEMA.usuario_id:
            return Verdict(item, "firma")
        again = self._receipts(item, station)
        if again != item.reoferta:
            item = item.model_copy(update={"reoferta": again})
        motivo = None if again else self._signature(item, station)
        if motivo != "firma" and station.revocada:
            motivo = "revocada"
        return Verdict(item, motivo)

    def room(self, station: Station) -> bool:
        """May one more of this station be kept for a supervisor? Then it counts."""
        if station.id not in self._kept:
            query = select(func.count()).where(
                respuesta.c.estacion_id == station.id, respuesta.c.motivo.in_(KEPT), respuesta.c.cuerpo.is_not(None)
            )
            self._kept[station.id] = int(self._connection.execute(query).scalar_one())
        self._kept[station.id] += 1
        return self._kept[station.id] <= MAX_KEPT

    def seen(self, item: Cambio, station: Station) -> int:
        """The version that the author had seen at least, whatever the Cambio says.

        Its station asked with an earlier number from there.
        """
        query = select(func.max(visita.c.version)).where(visita.c.estacion_id == station.id, visita.c.n < item.n)
        return int(self._connection.execute(query).scalar() or 0)

    def _signature(self, item: Cambio, station: Station) -> str | None:
        firma, usuario = item.firma, self._rows.get("usuario", item.usuario_id)
        if firma is None or firma.estacion_id not in {station.id, *station.antes}:
            return "firma"
        if not self._prover.signed(firma, item.usuario_id, item.content_hash()):
            return "firma"
        known = int(usuario["generacion"] or 0) if usuario is not None else 0
        if usuario is not None and firma.generacion > known:  # of a history that was lost
            self._rows.put("usuario", usuario | {"generacion": firma.generacion})
        return "generacion" if firma.generacion < known else None

    def _receipts(self, item: Cambio, station: Station) -> list[Recibo] | None:
        """Those that this server gave, of an epoch that it knows."""
        content = item.content_hash() if item.reoferta else ""
        good = [r for r in item.reoferta or () if self._prover.accepted(r, item.id, content)]
        if not good:
            return None
        epochs = tree(self._connection)
        for epoca in sorted({r.epoca for r in good if r.epoca not in epochs}):
            value = {"tipo": "copia", "epoca": epoca, "estacion_id": station.id, "en": self._instant}
            if marks.put(self._connection, "aviso", f"copia:{epoca}", value):
                log.warning("station %s shows a receipt of epoch %s: a copy of this server is alive", station.id, epoca)
        return [r for r in good if r.epoca in epochs] or None


MAX_VISITS = 1000
"""How many are remembered of a station."""


def note_visit(connection: Connection, estacion_id: str, n: int, version: int, instant: str) -> None:
    """Remember from where a station asked, by the number of its last Cambio. See `due`."""
    mark = rows.mark(connection)
    connection.exec_driver_sql(
        f"INSERT INTO visita (estacion_id, n, version, en) VALUES ({mark}, {mark}, {mark}, {mark}) "  # noqa: S608
        "ON CONFLICT (estacion_id, n) DO UPDATE SET version = excluded.version, en = excluded.en",
        (estacion_id, n, version, instant),
    )
    many = f"SELECT 1 FROM visita WHERE estacion_id = ? ORDER BY n LIMIT 1 OFFSET {MAX_VISITS:d}"  # noqa: S608
    if rows.first(connection, many, estacion_id) is not None:
        own = visita.c.estacion_id == estacion_id
        query = select(visita.c.n, visita.c.version).where(own).order_by(visita.c.n)
        first, second = connection.execute(query.limit(2)).all()
        connection.execute(visita.delete().where(own, visita.c.n == second.n))
        seen = max(first.version, second.version)
        connection.execute(visita.update().where(own, visita.c.n == first.n).values(version=seen))


def due(connection: Connection, estacion_id: str, n: int | None, version: int, instant: str) -> bool:
    """Is there something to remember: another number, or the first word from further on in an hour?"""
    if n is None or version == 0:
        return False
    last = rows.first(connection, "SELECT version, en FROM visita WHERE estacion_id = ? AND n = ?", estacion_id, n)
    return last is None or bool(version > last[0] and last[1][:13] != instant[:13])
