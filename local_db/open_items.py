"""What is open between this station and its server: changes that wait, that were refused, that are in conflict."""

import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from domain.base.row import Value
from domain.model import TABLES
from domain.nombres import nombre_campo, titulo
from domain.permissions import resuelve
from local_db import people, rows
from local_db.reading import converted, row
from local_db.unreadable import MOTIVO, readable


@dataclass(frozen=True, slots=True)
class ConflictoFila:
    """A field that two people changed. Values are the field's own, not their JSON."""

    id: str
    tabla: str
    registro_id: str
    folio: str | None
    campo: str
    valor_servidor: Value
    valor_tardio: Value
    autor_servidor: str | None
    autor_tardio: str | None
    servidor_en: str | None
    tardio_en: str | None


@dataclass(frozen=True, slots=True)
class RechazoFila:
    """A change that the server refused. `resumen` says what it wanted to do."""

    cambio_id: str
    n: int
    autor: str | None
    motivo: str
    mensaje: str
    resumen: str
    rechazado_en: str


@dataclass(frozen=True, slots=True)
class PendienteFila:
    """A change that waits for the server's answer. `enviado`: it was tried; `espera`: what the server waits for."""

    id: str
    n: int
    autor: str | None
    resumen: str
    enviado: bool
    espera: str | None


@dataclass(frozen=True, slots=True)
class Resumen:
    """How much is open. `damaged`: those of the rejected that this computer's disk spoiled; `waiting`: those of the
    pending that the server can't apply before something else comes.
    """

    pending: int
    rejected: int
    conflicts: int
    damaged: int = 0
    waiting: int = 0

    @property
    def clear(self) -> bool:
        """Nothing waits, nothing was refused, nothing is in conflict."""
        return not (self.pending or self.rejected or self.conflicts)


def resumen(connection: Connection) -> Resumen:
    """How many changes wait, were refused, are in conflict; of conflicts, those that who is signed in may resolve."""
    sql = (
        "SELECT (SELECT count(*) FROM outbox WHERE acusado_en IS NULL), (SELECT count(*) FROM rechazo), ?, "
        "(SELECT count(*) FROM rechazo WHERE motivo = ?), "
        "(SELECT count(*) FROM outbox WHERE acusado_en IS NULL AND espera IS NOT NULL)"
    )
    return Resumen(*rows.raw(connection).execute(sql, (len(resolubles(connection)), MOTIVO)).fetchone())


def resolubles(connection: Connection) -> frozenset[str]:
    """The ids of the open conflicts that who is signed in may resolve; all of them while nobody is."""
    names = ("id", "sucursal_id", "autor_servidor_id", "autor_tardio_id")
    sql = f"SELECT {', '.join(names)} FROM conflicto WHERE resuelto_en IS NULL"  # noqa: S608
    found = [dict(zip(names, values, strict=True)) for values in rows.raw(connection).execute(sql)]
    actor = people.current_actor(connection) if found else None
    return frozenset(k["id"] for k in found if actor is None or resuelve(actor, k))


def conflictos(connection: Connection, limit: int = 500) -> list[ConflictoFila]:
    """The open conflicts, newest first."""
    sql = text("""
        SELECT k.id, k.tabla, k.registro_id, NULL, k.campo, k.valor_servidor, k.valor_tardio,
            coalesce(s.nombre, s.username), coalesce(t.nombre, t.username), k.servidor_en, k.tardio_en
        FROM conflicto k
        LEFT JOIN usuario s ON s.id = k.autor_servidor_id
        LEFT JOIN usuario t ON t.id = k.autor_tardio_id
        WHERE k.resuelto_en IS NULL ORDER BY k.creado_en DESC LIMIT :limit
    """)
    found = [ConflictoFila(*converted(k, _value, 5, 6)) for k in connection.execute(sql, {"limit": limit})]
    return [replace(k, folio=_folio(connection, k.tabla, k.registro_id)) for k in found]


def _folio(connection: Connection, tabla: str, key: str) -> str | None:
    """The number on paper of a row that has one."""
    folio = TABLES[tabla].folio if tabla in TABLES else None
    found = row(connection, tabla, key) if folio is not None else None
    return None if found is None or folio is None else str(found[folio.columna])


def _value(stored: str | None) -> Value:
    value: Value = json.loads(stored) if stored else None
    return value


def rechazos(connection: Connection, limit: int = 500) -> list[RechazoFila]:
    """The refused changes, newest first."""
    sql = text("""
        SELECT r.cambio_id, r.n, coalesce(u.nombre, u.username), r.motivo, r.mensaje, r.cuerpo, r.rechazado_en
        FROM rechazo r LEFT JOIN usuario u ON u.id = r.usuario_id ORDER BY r.n DESC LIMIT :limit
    """)
    return [
        RechazoFila(r[0], r[1], r[2], r[3], r[4], _summary(connection, r[5]), r[6])
        for r in connection.execute(sql, {"limit": limit})
    ]


def pendientes(connection: Connection, limit: int = 500) -> list[PendienteFila]:
    """The changes that wait to be sent, the first to go first."""
    sql = text("""
        SELECT x.id, x.n, coalesce(u.nombre, u.username), CAST(x.cuerpo AS BLOB), x.enviado, x.espera
        FROM outbox x LEFT JOIN usuario u ON u.id = x.usuario_id WHERE x.acusado_en IS NULL ORDER BY x.n LIMIT :limit
    """)
    return [
        PendienteFila(p[0], p[1], p[2], _summary(connection, p[3]), bool(p[4]), p[5])
        for p in connection.execute(sql, {"limit": limit})
    ]


def cuerpo(connection: Connection, cambio_id: str) -> str | None:
    """A waiting Cambio, as it was captured."""
    found = connection.execute(text("SELECT cuerpo FROM outbox WHERE id = :id"), {"id": cambio_id}).scalar()
    return None if found is None else str(found)


def _summary(connection: Connection, cuerpo: str | bytes) -> str:
    """One line of what a Cambio does: `Orden A1-000007: estado, técnico`; of a damaged one, that it is."""
    if not readable(cuerpo):
        return "(dañado)"
    parts = []
    ops = json.loads(cuerpo)["ops"]
    named = {op["id"] for op in ops}
    for op in ops:
        tabla, campos = op["tabla"], op["campos"]
        spec = TABLES.get(tabla)
        if spec is not None and spec.append_only and spec.raiz is not None and campos.get(spec.raiz) in named:
            continue  # what is written down beside a change says no more than it
        found = campos if spec is None else {**(row(connection, tabla, op["id"]) or {}), **campos}
        name = found.get("folio") or ("" if op["tipo"] == "alta" else found.get("nombre"))
        head = titulo(tabla, op["tipo"], str(name or ""))
        fields = ", ".join(nombre_campo(campo).lower() for campo in sorted(campos))
        parts.append({"alta": head, "cambio": f"{head}: {fields}", "baja": f"{head}: se borra"}[op["tipo"]])
    return "; ".join(parts)
