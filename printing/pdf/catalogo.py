"""The documents of an order and the lists, by their names: what makes each as a PDF."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection

from domain.ordenes.states import ORDEN
from domain.organizacion.formato import formato_de
from local_db.inventario.queries import existencias
from local_db.ordenes import queries
from printing import permiso
from printing.documents import entrega_de, hoja_de, marco_de, recibo_de
from printing.labels.catalogo import elegir
from printing.labels.layout import componer
from printing.labels.registry import KINDS
from printing.pdf.entrega import entrega_pdf
from printing.pdf.etiquetas import etiquetas_pdf
from printing.pdf.hoja_trabajo import hoja_pdf
from printing.pdf.listado import Columna
from printing.pdf.recibo import recibo_pdf
from printing.sucursal import precio, sucursal_propia

SHEET_DPI = 600
MOST_ROWS = 5000


def _etiquetas(connection: Connection, orden_id: str) -> bytes:
    """The order's label, and one an accessory, on a sheet."""
    pages = []
    for kind in (kind for kind in KINDS.values() if kind.al_recibir and kind.hay(connection, orden_id)):
        plantilla = elegir(connection, kind.name, 60, 40)
        pages += [componer(plantilla, valores, SHEET_DPI) for valores in kind.valores(connection, orden_id)]
    return etiquetas_pdf(pages, "Etiquetas", marco_de(sucursal_propia(connection)).sucursal)


class Hecho(Protocol):
    """Makes one document of an order."""

    def __call__(self, connection: Connection, orden_id: str) -> bytes:
        """The PDF. Raises KnownError."""


DOCUMENTOS: dict[str, Hecho] = {
    "recibo": lambda connection, orden_id: recibo_pdf(recibo_de(connection, orden_id)),
    "entrega": lambda connection, orden_id: entrega_pdf(entrega_de(connection, orden_id)),
    "hoja": lambda connection, orden_id: hoja_pdf(hoja_de(connection, orden_id)),
    "etiqueta": _etiquetas,
}
"""Kind -> what makes that document of an order."""


def documento(connection: Connection, kind: str, orden_id: str) -> bytes:
    """A document of an order, for whoever is signed in.

    Raises:
        KnownError: he may not print it, or it can't be made.
    """
    permiso.exigir(connection, "orden", orden_id)
    return DOCUMENTOS[kind](connection, orden_id)


def _ordenes(connection: Connection, buscar: str) -> tuple[str, list[Columna], list[list[str]]]:
    columns = [
        Columna("Folio", 1.2), Columna("Recibida", 1.4), Columna("Cliente", 2.2), Columna("Equipo", 2.2),
        Columna("Falla", 4), Columna("Estado", 1.5),
    ]  # fmt: skip
    ver = formato_de(sucursal_propia(connection))
    rows = [
        [f.folio, ver.dia(f.recepcion_en), f.cliente or "",
         " ".join(p for p in (f.tipo_equipo, f.marca) if p), f.falla_reportada or "", ORDEN.nombre(f.estado, f.tipo)]
        for f in queries.ordenes(connection, buscar, limit=MOST_ROWS)
    ]  # fmt: skip
    return "Órdenes", columns, rows


def _productos(connection: Connection, buscar: str) -> tuple[str, list[Columna], list[list[str]]]:
    columns = [Columna("Código", 1.5), Columna("Nombre", 5), Columna("Stock", 1, cifras=True),
               Columna("Reservado", 1, cifras=True), Columna("Precio", 1.5, cifras=True)]  # fmt: skip
    rows = [
        [f.sku, f.nombre, str(f.stock), str(f.reservado), precio(connection, f.precio_centavos)]
        for f in existencias(connection, buscar, MOST_ROWS)
    ]
    return "Existencias", columns, rows


LISTAS: dict[str, Callable[[Connection, str], tuple[str, list[Columna], list[list[str]]]]] = {
    "ordenes": _ordenes,
    "productos": _productos,
}
