"""Clients, as the counter recognises them, and their devices."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.search import match_expression

NOMBRE = "trim(coalesce(c.nombre, '') || ' ' || coalesce(c.apellido, ''))"
"""A client's whole name, where he is `c`."""


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


def clientes(connection: Connection, buscar: str = "", limit: int = 50) -> list[ClienteFila]:
    """Clients by name, phone or document; each word as a prefix."""
    expression = match_expression(buscar)
    where = "AND c.rid IN (SELECT rowid FROM busqueda_cliente WHERE busqueda_cliente MATCH :buscar)"
    sql = (
        f"SELECT c.id, {NOMBRE} AS nombre, c.telefono, c.email, c.nro_cliente, c.version FROM cliente c "  # noqa: S608
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
