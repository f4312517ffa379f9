"""`servitec stock`: products, their balances, and movements."""

import argparse
import json
from dataclasses import asdict

from domain.base import actions
from domain.base.row import Row
from domain.inventario import actions as de_inventario
from domain.inventario.rules import MOVIMIENTOS
from local_db import people, stock
from servitec_desktop.commands import Context, open_replica, signed_in


def list_(context: Context, options: argparse.Namespace) -> int:
    """Products with their balances."""
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        found = stock.existencias(connection, options.buscar, options.limit)
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
            producto = stock.producto_por_sku(connection, options.sku)
            sucursal = people.branch_of(connection, actor)
        op = de_inventario.mover_stock(
            replica.ambient, producto, str(sucursal["id"]), options.tipo, cantidad, nota=options.nota
        )
        people.guardar(replica, actor, [op])
    return 0


def add_parsers(menu: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command `stock` with its own commands."""
    text = "productos, existencias y movimientos"
    below = menu.add_parser("stock", help=text, description=text).add_subparsers(dest="accion", required=True)

    command = below.add_parser("list", help="existencias")
    command.add_argument("--buscar", default="", metavar="TEXTO")
    command.add_argument("--limit", type=int, default=200, metavar="N")
    command.add_argument("--json", action="store_true", help="un valor JSON en la salida, y nada más")
    command.set_defaults(run=list_)

    command = below.add_parser("add", help="un producto nuevo")
    command.add_argument("--sku", required=True)
    command.add_argument("--nombre", required=True)
    command.add_argument("--precio", type=int, metavar="CENTAVOS")
    command.add_argument("--codigo-barras")
    command.add_argument("--minimo", type=int, default=0)
    command.set_defaults(run=add)

    command = below.add_parser("move", help="un movimiento de stock")
    command.add_argument("--sku", required=True)
    command.add_argument("--tipo", required=True, choices=sorted(MOVIMIENTOS))
    command.add_argument("--cantidad", required=True, type=_whole)
    command.add_argument("--nota")
    command.set_defaults(run=move)


def _whole(text: str) -> str:
    try:
        int(text)
    except ValueError:
        raise argparse.ArgumentTypeError("tiene que ser un número entero") from None
    return text
