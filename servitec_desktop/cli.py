"""`servitec`: the command line of a station, for scripts and administrators. No Qt here.

Exit code 0 done, 1 failed, 2 wrong usage, 3 partly (rows in error, a print job `incierto`).
"""

import argparse
import io
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from domain.base.errors import KnownError
from domain.usage import Parser
from servitec_desktop import commands, paper, stock
from servitec_desktop.commands import Context
from servitec_desktop.config import default_data_dir, load_config
from servitec_desktop.diagnosis import doctor
from servitec_desktop.logs import command_log
from storage.private import keep_private

log = logging.getLogger(__name__)

Command = Callable[[Context, argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root: argparse.ArgumentParser = Parser(
        prog="servitec", description="Una estación de Servitec. Sin comando, abre el escritorio."
    )
    root.add_argument("--data-dir", type=Path, help="carpeta de datos de la estación")
    root.add_argument("--config", type=Path, help="archivo config.json")
    root.add_argument(
        "--credentials-file", type=Path, help="guardar las credenciales en este archivo (equipos sin operador)"
    )
    menu = root.add_subparsers(dest="command", metavar="COMANDO")

    def add(name: str, run: Command, text: str, *, json: bool = False) -> argparse.ArgumentParser:
        command = menu.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        if json:
            command.add_argument("--json", action="store_true", help="un valor JSON en la salida, y nada más")
        return command

    command = add("enroll", commands.enroll, "inscribir esta estación (la clave por la entrada estándar)")
    command.add_argument("--server", required=True, metavar="URL")
    command.add_argument("--username", required=True)
    command.add_argument("--estacion", required=True, metavar="NOMBRE")
    command = add("sign-in", commands.sign_in, "iniciar sesión (la clave por la entrada estándar)")
    command.add_argument("--username", required=True)
    add("sync", commands.sync, "un ciclo completo de sincronización", json=True)
    add("status", commands.status, "el estado de la estación", json=True)

    command = add("list", commands.list_, "listar", json=True)
    command.add_argument("que", choices=sorted(commands.LISTS))
    command.add_argument("--buscar", default="", metavar="TEXTO")
    command.add_argument("--limit", type=_positive, default=50, metavar="N")
    command = add("edit", commands.edit, "cambiar campos de una orden")
    command.add_argument("que", choices=["orden"])
    command.add_argument("folio")
    command.add_argument("campos", nargs="+", metavar="campo=valor")
    command = add("estado", commands.estado, "pasar una orden a otro estado")
    command.add_argument("folio")
    command.add_argument("estado")
    command.add_argument("--motivo", default="", help="código de un motivo, o texto libre")
    command.add_argument("--tecnico", metavar="USUARIO", help="asignarla a este técnico")

    command = add("import", commands.import_, "importar órdenes de un CSV o CSV.gz", json=True)
    command.add_argument("que", choices=["ordenes"])
    command.add_argument("archivo", type=Path)
    command.add_argument("--map", required=True, dest="mapa", help="ords, o la ruta de un mapa")
    command.add_argument("--dry-run", action="store_true", help="hacerlo todo y no guardar nada")
    paper.add_parsers(add, _positive)
    stock.add_parsers(menu)
    add("doctor", doctor, "revisar la estación, con lo que hay que hacer")
    return root


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("tiene que ser 1 o más")
    return value


def main(arguments: list[str] | None = None) -> int:
    """Run one command, or the desktop."""
    keep_private()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    options = parser().parse_args(arguments)
    data_dir: Path = (options.data_dir or default_data_dir()).absolute()
    try:
        config = load_config(options.config, options.data_dir)
        context = Context(data_dir, config, options.credentials_file)
        if options.command is None:
            from servitec_desktop.app import run  # noqa: PLC0415  (no command needs Qt)

            return run(context)
        with command_log(data_dir):
            code: int = options.run(context, options)
    except KnownError as error:
        print(f"servitec: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("servitec: interrumpido.", file=sys.stderr)
        return 1
    except Exception:
        with command_log(data_dir):
            log.exception("servitec %s", options.command)
        print(f"servitec: error del programa; el detalle quedó en {data_dir / 'logs'}.", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
