"""`servitec pdf`: an order's documents and lists, as files."""

import argparse
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection

from domain.base.errors import KnownError
from domain.ordenes.states import ORDEN
from local_db import queries
from local_db.stock import existencias
from printing.documents import entrega_de, hoja_de, local_time, marco_de, precio, recibo_de, sucursal_propia
from printing.escritura import aparte
from printing.labels.catalogo import elegir
from printing.labels.layout import componer
from printing.labels.valores import con_accesorios, valores_de
from printing.pdf.entrega import entrega_pdf
from printing.pdf.etiquetas import etiquetas_pdf
from printing.pdf.hoja_trabajo import hoja_pdf
from printing.pdf.listado import Columna, listado_pdf
from printing.pdf.recibo import recibo_pdf
from servitec_desktop.commands import Context, open_replica
from storage.causes import cause

SHEET_DPI = 600
MOST_ROWS = 5000


def _etiquetas(connection: Connection, orden_id: str) -> bytes:
    """The order's label, and one an accessory, on a sheet."""
    pages = []
    for tipo in ("orden", "accesorio"):
        if tipo == "accesorio" and not con_accesorios(connection, orden_id):
            continue
        plantilla = elegir(connection, tipo, 60, 40)
        pages += [componer(plantilla, valores, SHEET_DPI) for valores in valores_de(connection, tipo, orden_id)]
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


def _ordenes(connection: Connection, buscar: str) -> tuple[str, list[Columna], list[list[str]]]:
    columns = [
        Columna("Folio", 1.2), Columna("Recibida", 1.4), Columna("Cliente", 2.2), Columna("Equipo", 2.2),
        Columna("Falla", 4), Columna("Estado", 1.5),
    ]  # fmt: skip
    branch = sucursal_propia(connection)
    rows = [
        [f.folio, local_time(f.recepcion_en, branch)[:10], f.cliente or "",
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


def pdf(context: Context, options: argparse.Namespace) -> int:
    """Write a document or a list; the file appears whole or not at all."""
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        data = _orden(connection, options) if options.que == "orden" else _lista(connection, options)
        part = options.out.with_name(options.out.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(options.out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KnownError(f"No se puede escribir {options.out}: {cause(error)}.", "Elija otro lugar.") from error
    print(f"{options.out}: {len(data) // 1024 + 1} kB.")
    return 0


def _orden(connection: Connection, options: argparse.Namespace) -> bytes:
    row = queries.orden_por_folio(connection, options.clave)
    if row is None:
        raise KnownError(f"No hay ninguna orden con el folio «{options.clave}».", "Revise el folio, o sincronice.")
    return DOCUMENTOS[options.kind](connection, str(row["id"]))


def _lista(connection: Connection, options: argparse.Namespace) -> bytes:
    make = LISTAS.get(options.clave)
    if make is None:
        raise KnownError(f"No hay un listado de «{options.clave}».", f"Hay de: {', '.join(LISTAS)}.")
    titulo, columnas, filas = make(connection, options.buscar)
    filtro = f"Búsqueda: {aparte(options.buscar)}" if options.buscar else ""
    return listado_pdf(marco_de(sucursal_propia(connection)), titulo, columnas, filas, filtro=filtro)
