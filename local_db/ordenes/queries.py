"""What the screens of orders read: frozen rows, never the database's."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from domain.base.row import Row, Value
from domain.search import match_expression
from local_db.clientes.queries import NOMBRE
from local_db.reading import converted, row


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


_ORDENES = f"""
    SELECT o.id, o.folio, o.referencia_externa, o.tipo, o.estado, {NOMBRE}, t.nombre, e.marca,
        o.falla_reportada, o.recepcion_en, o.version,
        EXISTS (SELECT 1 FROM outbox_fila f WHERE f.tabla = 'orden' AND f.registro_id = o.id)
    FROM orden o
    LEFT JOIN cliente c ON c.id = o.cliente_id
    LEFT JOIN equipo e ON e.id = o.equipo_id
    LEFT JOIN tipo_equipo t ON t.id = e.tipo_equipo_id
"""  # noqa: S608
_NEWEST = " ORDER BY o.recepcion_en DESC, o.folio DESC LIMIT :limit OFFSET :offset"


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
    return [OrdenFila(*converted(values, bool, 11)) for values in found]


def contar_ordenes(connection: Connection, buscar: str = "", estado: str | None = None) -> int:
    """How many `ordenes` would give without a limit."""
    where, values = _ordenes_where(buscar, estado)
    return int(connection.execute(text("SELECT count(*) FROM orden o" + where), values).scalar_one())  # noqa: S608


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
