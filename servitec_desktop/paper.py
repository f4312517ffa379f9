"""The commands that print or draw: their arguments. What they do is imported when one is run: it takes long."""

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from printing.trabajos import ESTADOS
from servitec_desktop.commands import Context

Command = Callable[[Context, argparse.Namespace], int]

ETIQUETAS = ("accesorio", "cliente", "equipo", "orden", "producto", "ubicacion")
DOCUMENTOS = ("entrega", "etiqueta", "hoja", "recibo")
LISTAS = ("ordenes", "productos")


def _later(module: str, name: str) -> Command:
    """A command of a module that takes long to import: only who asks for it waits."""

    def run(context: Context, options: argparse.Namespace) -> int:
        command: Command = getattr(import_module(f"servitec_desktop.{module}"), name)
        return command(context, options)

    return run


def add_parsers(add: Callable[..., argparse.ArgumentParser], positive: Callable[[str], int]) -> None:
    """The commands, in the order of the help."""
    command = add("printers", _later("impresoras", "printers_"), "las impresoras de la estación", json=True)
    command.add_argument("--discover", action="store_true", help="buscar también en la red y por USB")

    command = add("print", _later("impresoras", "print_"), "imprimir la etiqueta de un registro")
    command.add_argument("que", choices=ETIQUETAS)
    command.add_argument("clave", metavar="CLAVE", help="el folio, el código o el id")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--printer", metavar="NOMBRE|URL", help="una impresora guardada, o tcp://HOST:PUERTO")
    where.add_argument("--out", type=Path, metavar="ARCHIVO.zpl")
    command.add_argument("--plantilla", metavar="NOMBRE")
    command.add_argument("--copias", type=positive, default=1, metavar="N")

    command = add("queue", _later("impresoras", "queue"), "los trabajos de impresión", json=True)
    command.add_argument("--estado", choices=ESTADOS)
    command.add_argument("--limit", type=positive, default=200, metavar="N")
    answer = command.add_mutually_exclusive_group()
    answer.add_argument("--si", metavar="ID", help="la etiqueta incierta sí salió")
    answer.add_argument("--no", metavar="ID", help="no salió: imprimir lo que falta")
    answer.add_argument("--cancel", metavar="ID", help="no imprimir lo que falta")
    command.add_argument("--salieron", type=int, metavar="N", help="con --no: cuántas copias sí salieron")

    command = add("pdf", _later("documentos", "pdf"), "hacer un documento o un listado en PDF")
    command.add_argument("que", choices=["orden", "lista"])
    command.add_argument("clave", metavar="FOLIO|LISTA", help=f"el folio, o una lista: {', '.join(LISTAS)}")
    command.add_argument("--kind", choices=DOCUMENTOS, default="recibo")
    command.add_argument("--buscar", default="", metavar="TEXTO")
    command.add_argument("--out", type=Path, required=True, metavar="ARCHIVO.pdf")
