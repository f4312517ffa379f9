"""`servitec stock`: products, their balances, and movements."""

import argparse
import json
from dataclasses import asdict

from domain.base import actions
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.inventario.rules import MOVIMIENTOS
from local_db import people
from local_db.inventario import queries as leer_inventario
from servitec_desktop.command.commands import open_replica, signed_in
from servitec_desktop.context import Context


def list_(context: Context, options: argparse.Namespace) -> int:
    """Products with their balances."""
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        found = leer_inventario.existencias(connection, options.buscar, options.limit)
    if options.json:
        print(json.dumps([asdict(f) for f in found], ensure_ascii=False))
        return 0
    for f in found:
        notes = [f"pendiente {f.pendiente:+d}"] if f.pendiente else []
        notes += ["negativo"] if f.disponible < 0 else ["bajo el mínimo"] if f.bajo_minimo else []
        print(f"{f.sku:16} {f.disponible:6d}  {f.nombre}" + (f"  ({', '.join(notes)})" if notes else ""))
    return 0


def add(context: Context, options: argparse.Namespace) -> int:
    """A new product."""
    campos: Row = {"sku": options.sku, "nombre": options.nombre, "precio_centavos": options.precio}
    campos |= {"codigo_barras": options.codigo_barras, "stock_minimo": options.minimo}
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            actor = signed_in(connection)
        people.guardar(replica, actor, [actions.alta(replica.ambient, "producto", campos)])
    return 0


def move(context: Context, options: argparse.Namespace) -> int:
    """One movement; a quantity without a sign takes that of its kind."""
    sign = MOVIMIENTOS[options.tipo]
    cantidad = int(options.cantidad)
    if sign < 0 < cantidad and not options.cantidad.startswith("+"):
        cantidad = -cantidad
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            actor = signed_in(connection)
            producto = leer_inventario.producto_por_sku(connection, options.sku)
            sucursal = people.branch_of(connection, actor)
        op = de_inventario.mover_stock(
            replica.ambient, producto, str(sucursal["id"]), options.tipo, cantidad, nota=options.nota
        )
        people.guardar(replica, actor, [op])
    return 0
