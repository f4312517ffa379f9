"""`servitec-server`: serve, create-user, set-password, create-branch, backup, restore, new-epoch, new-key."""

import argparse
import errno
import gc
import getpass
import io
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from sqlalchemy import Connection, select

from domain.base import actions
from domain.base.actor import ROLES, SISTEMA
from domain.base.ambient import Ambient
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.usage import Parser
from domain.wire import Op
from servitec_server import accounts, listening, recovery
from servitec_server.central import CENTRAL, Central
from servitec_server.http import create_app
from servitec_server.passwords import Passwords
from servitec_server.recount import recount
from servitec_server.store import Store
from servitec_server.tables import metadata
from storage.causes import cause
from storage.private import keep_private

LAST_PORT = 65_535


def _open(options: argparse.Namespace) -> Central:
    return Central(options.data_dir, os.environ.get("SERVITEC_DATABASE_URL") or None)


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
    with listener:
        central = _open(options)
        try:
            server = listening.server(create_app(central))
            calm_collector()
            signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again once it has ended
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return 0
        finally:
            central.close()
    return 0


def calm_collector() -> None:
    """Let the garbage collector leave what the program consists of alone, and come less often: a batch makes
    many rows and no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def read_password() -> str:
    """The password, asked for on a terminal, else the first line of standard input.

    Raises:
        KnownError: there is none.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise KnownError("Falta la clave en la entrada estándar.")
    password = getpass.getpass("Clave: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise KnownError("Falta la clave en la entrada estándar.", "Por ejemplo: echo CLAVE | servitec-server ...")
    return password


def create_user(options: argparse.Namespace) -> int:
    """Create an account; in a new folder the database and the branch CENTRAL first."""
    stored = Passwords().hash(read_password(), [options.username, options.nombre])
    central = _open(options)

    def build(connection: Connection) -> list[Op]:
        usuario, sucursal = metadata.tables["usuario"], metadata.tables["sucursal"]
        if connection.execute(select(usuario.c.id).where(usuario.c.username == options.username)).first():
            raise KnownError(f"Ya existe el usuario «{options.username}».")
        branch = connection.execute(select(sucursal.c.id).where(sucursal.c.codigo == options.sucursal)).scalar()
        if branch is None:
            raise KnownError(f"No existe la sucursal «{options.sucursal}».", "Créela con create-branch.")
        ops: list[Op] = []
        campos: Row = {
            "username": options.username,
            "nombre": options.nombre or options.username,
            "clave_hash": stored,
            "clave_algoritmo": "argon2id",
            "rol": options.rol,
            "sucursal_id": branch,
        }
        if options.rol == "tecnico":
            nombre: Row = {"nombre": options.nombre or options.username, "sucursal_id": branch, "cargo": "Técnico"}
            ops.append(actions.alta(central.ambient, "empleado", nombre))
            campos["empleado_id"] = ops[0].id
        return [*ops, actions.alta(central.ambient, "usuario", campos)]

    try:
        central.write(SISTEMA, build, trusted=True)
    finally:
        central.close()
    return 0


def set_password(options: argparse.Namespace) -> int:
    """Another password for somebody who lost his."""
    password = read_password()
    central = _open(options)
    try:
        accounts.set_password(central, options.username, password)
    finally:
        central.close()
    print(f"Clave nueva de {options.username}. Sus sesiones terminaron.")
    return 0


def create_branch(options: argparse.Namespace) -> int:
    """Create a branch."""
    central = _open(options)
    campos: Row = {
        "codigo": options.codigo,
        "nombre": options.nombre,
        "zona_horaria": options.zona_horaria,
        "moneda": options.moneda,
        "pais": options.pais,
    }
    try:
        central.write(SISTEMA, lambda _: [actions.alta(central.ambient, "sucursal", campos)], trusted=True)
    finally:
        central.close()
    return 0


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
    central = _open(options)
    try:
        wrong = recount(central)
    finally:
        central.close()
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


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root: argparse.ArgumentParser = Parser(prog="servitec-server", description="El servidor central de Servitec.")
    commands = root.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data-dir", type=Path, required=True, help="carpeta de datos del servidor")

    command = commands.add_parser("serve", parents=[common], help="atender hasta SIGTERM")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8000)
    command.set_defaults(run=serve)

    command = commands.add_parser("create-user", parents=[common], help="crear una cuenta; la clave por la entrada")
    command.add_argument("--username", required=True)
    command.add_argument("--rol", required=True, choices=ROLES)
    command.add_argument("--sucursal", default=CENTRAL, help="código de la sucursal")
    command.add_argument("--nombre")
    command.set_defaults(run=create_user)

    command = commands.add_parser("set-password", parents=[common], help="otra clave para una cuenta; por la entrada")
    command.add_argument("--username", required=True)
    command.set_defaults(run=set_password)

    command = commands.add_parser("create-branch", parents=[common], help="crear una sucursal")
    command.add_argument("--codigo", required=True)
    command.add_argument("--nombre", required=True)
    command.add_argument("--zona-horaria", default="America/Santiago")
    command.add_argument("--moneda", default="CLP")
    command.add_argument("--pais", default="CL")
    command.set_defaults(run=create_branch)
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
    purpose = command.add_mutually_exclusive_group()
    purpose.add_argument("--copia", action="store_true", help="en otra carpeta: una copia de prueba, otro servidor")
    purpose.add_argument("--sin-reofertas", action="store_true", help="un supervisor ve lo que se devuelva")
    command.set_defaults(run=new_epoch)

    command = commands.add_parser("check", parents=[common], help="volver a sumar lo que se suma, y corregirlo")
    command.set_defaults(run=check)

    command = commands.add_parser("new-key", parents=[common], help="otra clave del servidor, tras una fuga o pérdida")
    command.set_defaults(run=new_key)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 done, 1 failed, 2 wrong usage."""
    keep_private()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    options = parser().parse_args(arguments)
    try:
        run: int = options.run(options)
    except KnownError as error:
        print(f"servitec-server: {error}", file=sys.stderr)
        return 1
    return run


if __name__ == "__main__":
    sys.exit(main())
