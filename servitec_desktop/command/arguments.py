"""The command line of a station: its commands and their arguments. What does them is imported when one is run."""

import argparse
from collections.abc import Callable
from pathlib import Path

from console.usage import Parser
from printing.labels import kinds

LISTAS = ("clientes", "conflictos", "ordenes", "rechazos")
MOVIMIENTOS = (
    "ajuste_conteo",
    "devolucion",
    "entrada",
    "liberacion",
    "reserva",
    "salida",
    "traslado_entrada",
    "traslado_salida",
    "uso_orden",
    "venta",
)
TRABAJOS = ("en_cola", "enviando", "impreso", "incierto", "fallido")
DOCUMENTOS = ("entrega", "etiqueta", "hoja", "recibo")
LISTADOS = ("ordenes", "productos")
"""What may be named: words that are written where each is declared; a test compares them."""

Add = Callable[..., argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    """The whole command line; `run` of what it parses: `module:function` of this package."""
    root: argparse.ArgumentParser = Parser(
        prog="servitec", description="Una estación de Servitec. Sin comando, abre el escritorio."
    )
    root.add_argument("--data-dir", type=Path, help="carpeta de datos de la estación")
    root.add_argument("--config", type=Path, help="archivo config.json")
    root.add_argument(
        "--credentials-file", type=Path, help="guardar las credenciales en este archivo (equipos sin operador)"
    )
    menu = root.add_subparsers(dest="command", metavar="COMANDO")

    def add(name: str, run: str, text: str, *, json: bool = False) -> argparse.ArgumentParser:
        command = menu.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if json:
            command.add_argument("--json", action="store_true", help="un valor JSON en la salida, y nada más")
        return command

    _session(add)
    _orders(add)
    _paper(add)
    _stock(menu)
    add("doctor", "diagnosis:doctor", "revisar la estación, con lo que hay que hacer")
    return root


def _session(add: Add) -> None:
    command = add("enroll", "commands:enroll", "inscribir esta estación (la clave por la entrada estándar)")
    command.add_argument("--server", required=True, metavar="URL")
    command.add_argument("--username", required=True)
    command.add_argument("--estacion", required=True, metavar="NOMBRE")
    command = add("sign-in", "commands:sign_in", "iniciar sesión (la clave por la entrada estándar)")
    command.add_argument("--username", required=True)
    add("sync", "commands:sync", "un ciclo completo de sincronización", json=True)
    add("status", "commands:status", "el estado de la estación", json=True)


def _orders(add: Add) -> None:
    command = add("list", "commands:list_", "listar", json=True)
    command.add_argument("que", choices=LISTAS)
    command.add_argument("--buscar", default="", metavar="TEXTO")
    command.add_argument("--limit", type=_positive, default=50, metavar="N")
    command = add("edit", "commands:edit", "cambiar campos de una orden")
    command.add_argument("que", choices=["orden"])
    command.add_argument("folio")
    command.add_argument("campos", nargs="+", metavar="campo=valor")
    command = add("estado", "commands:estado", "pasar una orden a otro estado")
    command.add_argument("folio")
    command.add_argument("estado")
    command.add_argument("--motivo", default="", help="código de un motivo, o texto libre")
    command.add_argument("--tecnico", metavar="USUARIO", help="asignarla a este técnico")

    command = add("import", "commands:import_", "importar órdenes de un CSV o CSV.gz", json=True)
    command.add_argument("que", choices=["ordenes"])
    command.add_argument("archivo", type=Path)
    command.add_argument("--map", required=True, dest="mapa", help="ords, o la ruta de un mapa")
    command.add_argument("--dry-run", action="store_true", help="hacerlo todo y no guardar nada")


def _paper(add: Add) -> None:
    command = add("printers", "impresoras:printers_", "las impresoras de la estación", json=True)
    command.add_argument("--discover", action="store_true", help="buscar también en la red y por USB")

    command = add("print", "impresoras:print_", "imprimir la etiqueta de un registro")
    command.add_argument("que", choices=kinds.names())
    command.add_argument("clave", metavar="CLAVE", help="el folio, el código o el id")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--printer", metavar="NOMBRE|URL", help="una impresora guardada, o tcp://HOST:PUERTO")
    where.add_argument("--out", type=Path, metavar="ARCHIVO.zpl")
    command.add_argument("--plantilla", metavar="NOMBRE")
    command.add_argument("--copias", type=_positive, default=1, metavar="N")

    command = add("queue", "impresoras:queue", "los trabajos de impresión", json=True)
    command.add_argument("--estado", choices=TRABAJOS)
    command.add_argument("--limit", type=_positive, default=200, metavar="N")
    answer = command.add_mutually_exclusive_group()
    answer.add_argument("--si", metavar="ID", help="la etiqueta incierta sí salió")
    answer.add_argument("--no", metavar="ID", help="no salió: imprimir lo que falta")
    answer.add_argument("--cancel", metavar="ID", help="no imprimir lo que falta")
    command.add_argument("--salieron", type=int, metavar="N", help="con --no: cuántas copias sí salieron")

    command = add("pdf", "documentos:pdf", "hacer un documento o un listado en PDF")
    command.add_argument("que", choices=["orden", "lista"])
    command.add_argument("clave", metavar="FOLIO|LISTA", help=f"el folio, o una lista: {', '.join(LISTADOS)}")
    command.add_argument("--kind", choices=DOCUMENTOS, default="recibo")
    command.add_argument("--buscar", default="", metavar="TEXTO")
    command.add_argument("--out", type=Path, required=True, metavar="ARCHIVO.pdf")


def _stock(menu: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "productos, existencias y movimientos"
    below = menu.add_parser("stock", help=text, description=text).add_subparsers(dest="accion", required=True)

    command = below.add_parser("list", help="existencias")
    command.add_argument("--buscar", default="", metavar="TEXTO")
    command.add_argument("--limit", type=int, default=200, metavar="N")
    command.add_argument("--json", action="store_true", help="un valor JSON en la salida, y nada más")
    command.set_defaults(run="stock:list_")

    command = below.add_parser("add", help="un producto nuevo")
    command.add_argument("--sku", required=True)
    command.add_argument("--nombre", required=True)
    command.add_argument("--precio", type=int, metavar="CENTAVOS")
    command.add_argument("--codigo-barras")
    command.add_argument("--minimo", type=int, default=0)
    command.set_defaults(run="stock:add")

    command = below.add_parser("move", help="un movimiento de stock")
    command.add_argument("--sku", required=True)
    command.add_argument("--tipo", required=True, choices=MOVIMIENTOS)
    command.add_argument("--cantidad", required=True, type=_whole)
    command.add_argument("--nota")
    command.set_defaults(run="stock:move")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("tiene que ser 1 o más")
    return value


def _whole(text: str) -> str:
    try:
        int(text)
    except ValueError:
        raise argparse.ArgumentTypeError("tiene que ser un número entero") from None
    return text
