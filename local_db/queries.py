"""What screens and the command line read: frozen rows, never the database's."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from domain.base.row import Row, Value
from domain.model import TABLES
from domain.nombres import nombre_campo, titulo
from domain.permissions import resuelve
from domain.search import match_expression
from local_db import people, rows
from local_db.unreadable import MOTIVO, readable


@dataclass(frozen=True, slots=True)
class OrdenFila:
    """A line of the list of orders. `pendiente`: it has changes that the server hasn't taken yet."""

    id: str
    folio: str
    referencia_externa: str | None
    tipo: str
    estado: str
    cliente: str
    tipo_equipo: str | None
    marca: str | None
    falla_reportada: str | None
    recepcion_en: str | None
    version: int
    pendiente: bool


@dataclass(frozen=True, slots=True)
class ClienteFila:
    """A client as the counter recognises him."""

    id: str
    nombre: str
    telefono: str | None
    email: str | None
    nro_cliente: str | None
    version: int


@dataclass(frozen=True, slots=True)
class EquipoFila:
    """A client's device."""

    id: str
    tipo_equipo_id: str | None
    tipo_equipo: str | None
    marca: str | None
    modelo: str | None
    serie: str | None


@dataclass(frozen=True, slots=True)
class CatalogoFila:
    """An entry of a catalogue."""

    id: str
    codigo: str
    nombre: str
    color: str | None
    activo: bool


@dataclass(frozen=True, slots=True)
class TecnicoFila:
    """Somebody to whom an order can be given."""

    id: str
    nombre: str
    username: str | None


@dataclass(frozen=True, slots=True)
class HistorialFila:
    """A line of an order's history, with names."""

    id: str
    de_estado: str | None
    a_estado: str | None
    tecnico: str | None
    autor: str | None
    motivo: str | None
    nota: str | None
    ocurrio_en: str


@dataclass(frozen=True, slots=True)
class ComentarioFila:
    """A comment, with its author's name."""

    id: str
    texto: str
    visibilidad: str
    autor: str | None
    creado_en: str | None


@dataclass(frozen=True, slots=True)
class OrdenDetalle:
    """An order and what its screen shows. `fila`, `cliente`, `equipo` and `sucursal` are whole rows."""

    fila: Row
    cliente: Row | None
    equipo: Row | None
    sucursal: Row | None
    cliente_nombre: str
    tipo_equipo: str | None
    prioridad: str | None
    tecnico: str | None
    recibido_por: str | None
    pendiente: bool
    historial: tuple[HistorialFila, ...]
    comentarios: tuple[ComentarioFila, ...]


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


_CLIENTE = "trim(coalesce(c.nombre, '') || ' ' || coalesce(c.apellido, ''))"
_ORDENES = f"""
    SELECT o.id, o.folio, o.referencia_externa, o.tipo, o.estado, {_CLIENTE}, t.nombre, e.marca,
        o.falla_reportada, o.recepcion_en, o.version,
        EXISTS (SELECT 1 FROM outbox_fila f WHERE f.tabla = 'orden' AND f.registro_id = o.id)
    FROM orden o
    LEFT JOIN cliente c ON c.id = o.cliente_id
    LEFT JOIN equipo e ON e.id = o.equipo_id
    LEFT JOIN tipo_equipo t ON t.id = e.tipo_equipo_id
"""  # noqa: S608
_NEWEST = " ORDER BY o.recepcion_en DESC, o.folio DESC LIMIT :limit OFFSET :offset"


def _convert(found: Sequence[Any], how: Callable[[Any], Value], *places: int) -> list[Any]:
    """The values of a result row, those at `places` through `how`."""
    return [how(value) if i in places else value for i, value in enumerate(found)]


def _ordenes_where(buscar: str, estado: str | None) -> tuple[str, dict[str, Any]]:
    where, values = ["o.borrado_en IS NULL"], dict[str, Any]()
    expression = match_expression(buscar)
    if expression is not None:
        where.append("o.rid IN (SELECT rowid FROM busqueda_orden WHERE busqueda_orden MATCH :buscar)")
        values["buscar"] = expression
    if estado is not None:
        where.append("o.estado = :estado")
        values["estado"] = estado
    return " WHERE " + " AND ".join(where), values


def ordenes(
    connection: Connection, buscar: str = "", estado: str | None = None, limit: int = 50, offset: int = 0
) -> list[OrdenFila]:
    """Orders, newest first; `buscar` in folio, client, phone, serial and problem, each word as a prefix."""
    where, values = _ordenes_where(buscar, estado)
    found = connection.execute(text(_ORDENES + where + _NEWEST), {**values, "limit": limit, "offset": offset})
    return [OrdenFila(*_convert(values, bool, 11)) for values in found]


def contar_ordenes(connection: Connection, buscar: str = "", estado: str | None = None) -> int:
    """How many `ordenes` would give without a limit."""
    where, values = _ordenes_where(buscar, estado)
    return int(connection.execute(text("SELECT count(*) FROM orden o" + where), values).scalar_one())  # noqa: S608


def row(connection: Connection, tabla: str, key: str) -> Row | None:
    """A whole visible row, or None."""
    return rows.get(rows.raw(connection), tabla, key)


def orden_por_folio(connection: Connection, folio: str) -> Row | None:
    """The order with exactly this folio (or printed folio), in any case of letters; None when there is none."""
    found = connection.execute(
        text("SELECT id FROM orden WHERE folio = upper(:f) OR folio_impreso = upper(:f) LIMIT 1"), {"f": folio.strip()}
    ).scalar()
    return row(connection, "orden", found) if found else None


def _name(connection: Connection, tabla: str, key: Value) -> str | None:
    if not isinstance(key, str):
        return None
    found = row(connection, tabla, key)
    if found is None:
        return None
    parts = (found.get("nombre"), found.get("apellido"))
    return " ".join(str(p) for p in parts if p) or str(found.get("username") or "")


_HISTORIAL = text("""
    SELECT h.id, h.de_estado, h.a_estado, trim(coalesce(t.nombre, '') || ' ' || coalesce(t.apellido, '')) AS tecnico,
        coalesce(u.nombre, u.username), m.nombre, h.nota, h.ocurrio_en
    FROM historial_orden h
    LEFT JOIN empleado t ON t.id = h.a_tecnico_id
    LEFT JOIN usuario u ON u.id = h.creado_por
    LEFT JOIN motivo m ON m.id = h.motivo_id
    WHERE h.orden_id = :orden ORDER BY h.ocurrio_en, h.id
""")
_COMENTARIOS = text("""
    SELECT k.id, k.texto, k.visibilidad, coalesce(u.nombre, u.username), k.creado_en
    FROM comentario k LEFT JOIN usuario u ON u.id = k.creado_por
    WHERE k.entidad_id = :orden AND k.entidad = 'orden' AND k.borrado_en IS NULL ORDER BY k.creado_en, k.id
""")


def orden(connection: Connection, orden_id: str) -> OrdenDetalle | None:
    """An order with everything its screen shows; a parent that isn't here yet is None."""
    fila = row(connection, "orden", orden_id)
    if fila is None:
        return None
    cliente = row(connection, "cliente", str(fila["cliente_id"])) if fila["cliente_id"] else None
    equipo = row(connection, "equipo", str(fila["equipo_id"])) if fila["equipo_id"] else None
    pending = connection.execute(
        text("SELECT 1 FROM outbox_fila WHERE tabla = 'orden' AND registro_id = :id LIMIT 1"), {"id": orden_id}
    ).scalar()
    return OrdenDetalle(
        fila=fila,
        cliente=cliente,
        equipo=equipo,
        sucursal=row(connection, "sucursal", str(fila["sucursal_id"])),
        cliente_nombre=_name(connection, "cliente", fila["cliente_id"]) or "",
        tipo_equipo=_name(connection, "tipo_equipo", equipo["tipo_equipo_id"]) if equipo else None,
        prioridad=_name(connection, "prioridad", fila["prioridad_id"]),
        tecnico=_name(connection, "empleado", fila["tecnico_id"]),
        recibido_por=_name(connection, "usuario", fila["recibido_por_id"]),
        pendiente=pending is not None,
        historial=tuple(
            HistorialFila(h[0], h[1], h[2], h[3] or None, *h[4:])
            for h in connection.execute(_HISTORIAL, {"orden": orden_id})
        ),
        comentarios=tuple(ComentarioFila(*k) for k in connection.execute(_COMENTARIOS, {"orden": orden_id})),
    )


def clientes(connection: Connection, buscar: str = "", limit: int = 50) -> list[ClienteFila]:
    """Clients by name, phone or document; each word as a prefix."""
    expression = match_expression(buscar)
    where = "AND c.rid IN (SELECT rowid FROM busqueda_cliente WHERE busqueda_cliente MATCH :buscar)"
    sql = (
        f"SELECT c.id, {_CLIENTE} AS nombre, c.telefono, c.email, c.nro_cliente, c.version FROM cliente c "  # noqa: S608
        f"WHERE c.borrado_en IS NULL {where if expression else ''} ORDER BY nombre LIMIT :limit"
    )
    values = {"limit": limit} | ({"buscar": expression} if expression else {})
    return [ClienteFila(*found) for found in connection.execute(text(sql), values)]


def equipos_de(connection: Connection, cliente_id: str) -> list[EquipoFila]:
    """The devices that a client has brought, the newest first."""
    sql = text(
        "SELECT e.id, e.tipo_equipo_id, t.nombre, e.marca, e.modelo, e.serie FROM equipo e "
        "LEFT JOIN tipo_equipo t ON t.id = e.tipo_equipo_id "
        "WHERE e.cliente_id = :cliente AND e.borrado_en IS NULL ORDER BY e.creado_en DESC LIMIT 200"
    )
    return [EquipoFila(*found) for found in connection.execute(sql, {"cliente": cliente_id})]


CATALOGOS = frozenset(
    {
        "tipo_equipo",
        "marca",
        "prioridad",
        "criticidad",
        "categoria_servicio",
        "categoria_problema",
        "ubicacion",
        "estado_orden",
        "motivo",
    }
)


def catalogo(connection: Connection, tabla: str) -> list[CatalogoFila]:
    """The active entries of a catalogue, in its order."""
    if tabla not in CATALOGOS:
        raise ValueError(f"not a catalogue: {tabla}")
    sql = text(f"SELECT id, codigo, nombre, color, activo FROM {tabla} WHERE activo ORDER BY orden, nombre")  # noqa: S608
    return [CatalogoFila(*_convert(found, bool, 4)) for found in connection.execute(sql)]


def tecnicos(connection: Connection) -> list[TecnicoFila]:
    """The employees whose account is a technician's."""
    sql = text(
        "SELECT e.id, trim(coalesce(e.nombre, '') || ' ' || coalesce(e.apellido, '')), u.username FROM empleado e "
        "JOIN usuario u ON u.empleado_id = e.id WHERE u.rol = 'tecnico' AND u.activo AND e.activo ORDER BY 2"
    )
    return [TecnicoFila(*found) for found in connection.execute(sql)]


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
        SELECT k.id, k.tabla, k.registro_id, o.folio, k.campo, k.valor_servidor, k.valor_tardio,
            coalesce(s.nombre, s.username), coalesce(t.nombre, t.username), k.servidor_en, k.tardio_en
        FROM conflicto k
        LEFT JOIN orden o ON k.tabla = 'orden' AND o.id = k.registro_id
        LEFT JOIN usuario s ON s.id = k.autor_servidor_id
        LEFT JOIN usuario t ON t.id = k.autor_tardio_id
        WHERE k.resuelto_en IS NULL ORDER BY k.creado_en DESC LIMIT :limit
    """)
    return [ConflictoFila(*_convert(k, _value, 5, 6)) for k in connection.execute(sql, {"limit": limit})]


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
    for op in json.loads(cuerpo)["ops"]:
        tabla, campos = op["tabla"], op["campos"]
        if tabla == "historial_orden":
            continue
        found = campos if tabla not in TABLES else {**(row(connection, tabla, op["id"]) or {}), **campos}
        name = found.get("folio") or ("" if op["tipo"] == "alta" else found.get("nombre"))
        head = titulo(tabla, op["tipo"], str(name or ""))
        fields = ", ".join(nombre_campo(campo).lower() for campo in sorted(campos))
        parts.append({"alta": head, "cambio": f"{head}: {fields}", "baja": f"{head}: se borra"}[op["tipo"]])
    return "; ".join(parts)
