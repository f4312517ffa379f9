"""`servitec pdf`: documents and lists, as files."""

import argparse

from sqlalchemy import Connection

from domain.base.errors import KnownError
from local_db.ordenes import queries
from printing import permiso
from printing.documents import marco_de
from printing.escritura import aparte
from printing.pdf.catalogo import LISTAS, documento
from printing.pdf.listado import listado_pdf
from printing.sucursal import sucursal_propia
from servitec_desktop.command.commands import open_replica
from servitec_desktop.context import Context
from storage.causes import cause


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
    return documento(connection, options.kind, str(row["id"]))


def _lista(connection: Connection, options: argparse.Namespace) -> bytes:
    make = LISTAS.get(options.clave)
    if make is None:
        raise KnownError(f"No hay un listado de «{options.clave}».", f"Hay de: {', '.join(LISTAS)}.")
    permiso.exigir(connection)
    titulo, columnas, filas = make(connection, options.buscar)
    filtro = f"Búsqueda: {aparte(options.buscar)}" if options.buscar else ""
    return listado_pdf(marco_de(sucursal_propia(connection)), titulo, columnas, filas, filtro=filtro)
