"""One label for each accessory that was taken in with an order."""

from sqlalchemy import Connection

from domain.base.errors import KnownError
from domain.ordenes.actions import accesorios_de
from printing.labels.kind import LabelKind, Values, detail_of, device, word


def con_accesorios(connection: Connection, orden_id: str) -> bool:
    """Were accessories taken in with this order?"""
    return bool(accesorios_de(detail_of(connection, orden_id).fila["accesorios"]))


def _accesorios(connection: Connection, orden_id: str, _: str | None) -> list[Values]:
    detail = detail_of(connection, orden_id)
    items = accesorios_de(detail.fila["accesorios"])
    if not items:
        raise KnownError("Esa orden no tiene accesorios anotados.", "Anótelos en la orden primero.")
    common = {
        "folio": str(detail.fila["folio"]),
        "cliente": detail.cliente_nombre,
        "equipo": device(connection, detail.equipo),
        "sucursal": word(detail.sucursal, "nombre"),
    }
    return [{**common, "accesorio": item, "numero": f"{i} de {len(items)}"} for i, item in enumerate(items, 1)]


KIND = LabelKind(
    "accesorio",
    "orden",
    "Accesorio",
    "Una por cada accesorio que se recibe con el equipo.",
    "{accesorio} ({numero}) de {folio}",
    {
        "folio": ("Folio de la orden", "A1-000123"),
        "accesorio": ("Nombre del accesorio", "cargador"),
        "numero": ("Cuál de cuántos", "1 de 3"),
        "cliente": ("Nombre del cliente", "Íñigo Muñoz Peña"),
        "equipo": ("Tipo, marca y modelo", "Notebook Lenovo T14"),
        "sucursal": ("Nombre de la sucursal", "Taller Central"),
    },
    _accesorios,
    (),
    lugar=20,
    al_recibir=True,
    hay=con_accesorios,
)
