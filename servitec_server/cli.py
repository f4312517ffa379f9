"""`servitec-server`: serve, create-user, set-password, create-branch, backup, restore, new-epoch, new-key."""

import argparse
import errno
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from console.terminal import speak_utf8
from console.usage import Parser
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from servitec_server import listening, recovery
from servitec_server.central import opened
from servitec_server.cuentas import commands as cuentas
from servitec_server.http import create_app
from servitec_server.key import key_file
from servitec_server.organizacion import commands as organizacion
from servitec_server.recount import recount
from servitec_server.store import Store
from storage.causes import cause
from storage.private import keep_private

LAST_PORT = 65_535
COMMANDS = (cuentas, organizacion)
"""What slices bring."""


def serve(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl+C."""
    if not 0 <= options.port <= LAST_PORT:
        raise KnownError(f"{options.port} no es un puerto.", f"Elija uno de 1 a {LAST_PORT} con --port.")
    # asyncio turns Nagle off only where the protocol is named; with it every reply is 40 ms late
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((options.host, options.port))
    except OSError as error:
        listener.close()
        where = f"{options.host}:{options.port}"
        if isinstance(error, socket.gaierror):
            raise KnownError(f"«{options.host}» no es una dirección de este equipo.", "Corrija --host.") from error
        todo = {
            errno.EADDRINUSE: "Elija otro puerto con --port, o cierre el programa que lo usa.",
            errno.EACCES: "Elija con --port un puerto desde 1024.",
        }.get(error.errno or 0, "Revise --host y --port.")
        raise KnownError(f"No se puede escuchar en {where}: {cause(error)}.", todo) from error
    with listener, opened(options.data_dir) as central:
        try:
            server = listening.server(create_app(central))
            calm_collector()
            signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again once it has ended
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return 0
    return 0


def calm_collector() -> None:
    """Let the garbage collector leave what the program consists of alone, and come less often: a batch makes
    many rows and no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def backup(options: argparse.Namespace) -> int:
    """Copy the database and its key, also of a running server."""
    recovery.backup(options.data_dir, options.to)
    print(f"Respaldo hecho en {options.to}. Contiene la clave del servidor: guárdelo como tal.")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup back; stations bring what was lost since."""
    into = recovery.Into.MOVED if options.movido else recovery.Into.COPY if options.copia else None
    recovery.restore(options.data_dir, options.source, into=into, sin_reofertas=options.sin_reofertas)
    if options.sin_reofertas:
        print("Respaldo restaurado. Lo que las estaciones devuelvan espera a un supervisor.")
    else:
        print("Respaldo restaurado. Al conectarse, cada estación devuelve lo que aún guarda.")
    return 0


def new_epoch(options: argparse.Namespace) -> int:
    """After the restore of a PostgreSQL database by its own tools."""
    if options.copia:
        recovery.new_copy(_store(options), Ambient())
        print("La copia es otro servidor: las estaciones del de verdad no le entregan nada.")
        return 0
    recovery.new_epoch(_store(options), Ambient(), sin_reofertas=options.sin_reofertas)
    return 0


def check(options: argparse.Namespace) -> int:
    """Is the database whole, and what is added up right? What isn't is mended."""
    with opened(options.data_dir) as central:
        wrong = recount(central)
    for tabla, key in wrong:
        print(f"{tabla} {key}: no era la suma de lo suyo; corregido.")
    if not wrong:
        print("Bien: todo lo que se suma es la suma de lo suyo.")
    return 1 if wrong else 0


def new_key(options: argparse.Namespace) -> int:
    """After the key leaked or was lost."""
    recovery.new_key(_store(options))
    print("Clave nueva. Todos inician sesión una vez, y cada estación se inscribe de nuevo; nada sin enviar se pierde.")
    return 0


def _store(options: argparse.Namespace) -> Store:
    return Store(options.data_dir, os.environ.get("SERVITEC_DATABASE_URL") or None)


def _existing(data_dir: Path) -> None:
    """A slip in a path must not make a new server there and be told that all is well.

    Raises:
        KnownError: this folder is no server's.
    """
    there = (data_dir / recovery.DATABASE).exists() or key_file(data_dir).exists()
    if not there and not os.environ.get("SERVITEC_DATABASE_URL"):
        raise KnownError(f"No hay un servidor en {data_dir}.", "Revise --data-dir.")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root: argparse.ArgumentParser = Parser(prog="servitec-server", description="El servidor central de Servitec.")
    commands = root.add_subparsers(dest="command", metavar="COMANDO", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", type=Path, required=True, help="carpeta de datos del servidor")

    command = commands.add_parser("serve", parents=[common], help="atender hasta SIGTERM")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8000)
    command.set_defaults(run=serve)

    for slice_ in COMMANDS:
        slice_.add(commands, common)

    command = commands.add_parser("backup", parents=[common], help="respaldar la base, también en marcha (SQLite)")
    command.add_argument("--to", type=Path, required=True)
    command.set_defaults(run=backup)

    command = commands.add_parser("restore", parents=[common], help="restaurar un respaldo, con el servidor detenido")
    command.add_argument("--from", dest="source", type=Path, required=True)
    elsewhere = command.add_mutually_exclusive_group()
    elsewhere.add_argument("--movido", action="store_true", help="en otra carpeta: el anterior no vuelve nunca")
    elsewhere.add_argument("--copia", action="store_true", help="en otra carpeta: una copia de prueba, otro servidor")
    command.add_argument("--sin-reofertas", action="store_true", help="un supervisor ve lo que se devuelva")
    command.set_defaults(run=restore)

    command = commands.add_parser("new-epoch", parents=[common], help="después de restaurar PostgreSQL con pg_restore")
    command.set_defaults(existing=True)
    purpose = command.add_mutually_exclusive_group()
    purpose.add_argument("--copia", action="store_true", help="en otra carpeta: una copia de prueba, otro servidor")
    purpose.add_argument("--sin-reofertas", action="store_true", help="un supervisor ve lo que se devuelva")
    command.set_defaults(run=new_epoch)

    command = commands.add_parser("check", parents=[common], help="volver a sumar lo que se suma, y corregirlo")
    command.set_defaults(run=check, existing=True)

    command = commands.add_parser("new-key", parents=[common], help="otra clave del servidor, tras una fuga o pérdida")
    command.set_defaults(run=new_key, existing=True)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 done, 1 failed, 2 wrong usage."""
    keep_private()
    speak_utf8()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    options = parser().parse_args(arguments)
    try:
        if getattr(options, "existing", False):
            _existing(options.data_dir)
        run: int = options.run(options)
    except KnownError as error:
        print(f"servitec-server: {error}", file=sys.stderr)
        return 1
    return run


if __name__ == "__main__":
    sys.exit(main())
