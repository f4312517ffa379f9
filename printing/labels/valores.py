"""What labels say, from the replica: the values behind the names of `campos`."""

from collections.abc import Callable

from sqlalchemy import Connection

from domain.base.errors import KnownError
from domain.base.row import Row
from domain.ordenes.actions import accesorios_de
from local_db import queries, rows
from printing.documents import local_time, precio

Values = dict[str, str]


def valores_de(connection: Connection, tipo: str, registro_id: str, publica: str | None = None) -> list[Values]:
    """The values of each label of this kind for a row: one, and one an accessory.

    registro_id: the order's for `orden` and `accesorio`, else that of the device, product, place or client.
    publica: the address of the public status page, to which an order's public code is added.

    Raises:
        KnownError: the row isn't here, or there is no such kind of label.
    """
    if tipo == "orden":
        return [_orden(connection, registro_id, publica)]
    if tipo == "accesorio":
        return _accesorios(connection, registro_id)
    make = _OTHERS.get(tipo)
    if make is None:
        raise KnownError(f"«{tipo}» no es un tipo de etiqueta.")
    row = rows.get(rows.raw(connection), TABLA[tipo], registro_id)
    if row is None:
        raise KnownError(
            f"Lo que se quiere imprimir ({tipo}) no está en esta estación.", "Sincronice e intente de nuevo."
        )
    return [make(connection, row)]


TABLA = {
    "orden": "orden",
    "accesorio": "orden",
    "equipo": "equipo",
    "producto": "producto",
    "ubicacion": "ubicacion",
    "cliente": "cliente",
}
"""tipo -> the table of the row that a label of it is made from."""


def _word(row: Row | None, name: str) -> str:
    value = (row or {}).get(name)
    return "" if value is None else str(value)


def _joined(*words: str | None) -> str:
    return " ".join(word for word in words if word)


def _detail(connection: Connection, orden_id: str) -> queries.OrdenDetalle:
    detail = queries.orden(connection, orden_id)
    if detail is None:
        raise KnownError("Esa orden no está en esta estación.", "Sincronice e intente de nuevo.")
    return detail


def _equipment(connection: Connection, equipo: Row | None) -> str:
    kind = rows.get(rows.raw(connection), "tipo_equipo", str((equipo or {}).get("tipo_equipo_id") or ""))
    return _joined(_word(kind, "nombre"), _word(equipo, "marca"), _word(equipo, "modelo"))


def _orden(connection: Connection, orden_id: str, publica: str | None) -> Values:
    detail = _detail(connection, orden_id)
    row, folio = detail.fila, str(detail.fila["folio"])
    place = rows.get(rows.raw(connection), "ubicacion", str(row["ubicacion_id"] or ""))
    return {
        "folio": folio,
        "sucursal": _word(detail.sucursal, "nombre"),
        "cliente": detail.cliente_nombre,
        "telefono": _word(detail.cliente, "telefono"),
        "equipo": _equipment(connection, detail.equipo),
        "serie": _word(detail.equipo, "serie"),
        "falla": _word(row, "falla_reportada"),
        "fecha": local_time(row["recepcion_en"], detail.sucursal),
        "prometida": local_time(row["prometida_en"], detail.sucursal)[:10],
        "prioridad": detail.prioridad or "",
        "accesorios": ", ".join(accesorios_de(row["accesorios"])),
        "ubicacion": _word(row, "ubicacion_fisica") or _word(place, "nombre"),
        "qr": f"{publica.rstrip('/')}/{row['codigo_publico']}" if publica else folio,
    }


def con_accesorios(connection: Connection, orden_id: str) -> bool:
    """Were accessories taken in with this order?"""
    return bool(accesorios_de(_detail(connection, orden_id).fila["accesorios"]))


def _accesorios(connection: Connection, orden_id: str) -> list[Values]:
    detail = _detail(connection, orden_id)
    items = accesorios_de(detail.fila["accesorios"])
    if not items:
        raise KnownError("Esa orden no tiene accesorios anotados.", "Anótelos en la orden primero.")
    common = {
        "folio": str(detail.fila["folio"]),
        "cliente": detail.cliente_nombre,
        "equipo": _equipment(connection, detail.equipo),
        "sucursal": _word(detail.sucursal, "nombre"),
    }
    return [{**common, "accesorio": item, "numero": f"{i} de {len(items)}"} for i, item in enumerate(items, 1)]


def _equipo(connection: Connection, row: Row) -> Values:
    owner = rows.get(rows.raw(connection), "cliente", str(row["cliente_id"] or ""))
    return {
        "codigo": _word(row, "codigo_etiqueta") or _word(row, "serie") or str(row["id"])[-12:],
        "equipo": _equipment(connection, row),
        "serie": _word(row, "serie"),
        "imei": _word(row, "imei"),
        "cliente": _joined(_word(owner, "nombre"), _word(owner, "apellido")),
        "color": _word(row, "color"),
        "garantia": "-".join(reversed(_word(row, "garantia_hasta").split("-"))),
    }


def _producto(connection: Connection, row: Row) -> Values:
    return {
        "nombre": _word(row, "nombre"),
        "sku": _word(row, "sku"),
        "codigo": _word(row, "codigo_barras") or _word(row, "sku"),
        "precio": precio(connection, row.get("precio_centavos")),
        "marca": _word(row, "marca"),
        "categoria": _word(row, "categoria"),
    }


def _ubicacion(connection: Connection, row: Row) -> Values:
    branch = rows.get(rows.raw(connection), "sucursal", str(row["sucursal_id"] or ""))
    return {"codigo": _word(row, "codigo"), "nombre": _word(row, "nombre"), "sucursal": _word(branch, "nombre")}


def _cliente(_: Connection, row: Row) -> Values:
    return {
        "nombre": _joined(_word(row, "nombre"), _word(row, "apellido")),
        "telefono": _word(row, "telefono"),
        "direccion": _word(row, "direccion"),
        "ciudad": _word(row, "ciudad"),
        "numero": _word(row, "nro_cliente"),
        "email": _word(row, "email"),
    }


_OTHERS: dict[str, Callable[[Connection, Row], Values]] = {
    "equipo": _equipo,
    "producto": _producto,
    "ubicacion": _ubicacion,
    "cliente": _cliente,
}
