"""`create-user` and `set-password`."""

import argparse
from typing import Any

from sqlalchemy import Connection, select

from console.terminal import read_password
from domain.base import actions
from domain.base.actor import ROLES, SISTEMA
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.organizacion.iniciales import CENTRAL
from domain.wire import Op
from servitec_server import accounts
from servitec_server.central import opened
from servitec_server.passwords import Passwords
from servitec_server.tables import metadata


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """The commands and their arguments."""
    command = commands.add_parser("create-user", parents=[common], help="crear una cuenta; la clave por la entrada")
    command.add_argument("--username", required=True)
    command.add_argument("--rol", required=True, choices=ROLES)
    command.add_argument("--sucursal", default=CENTRAL, help="código de la sucursal")
    command.add_argument("--nombre")
    command.set_defaults(run=create_user)

    command = commands.add_parser("set-password", parents=[common], help="otra clave para una cuenta; por la entrada")
    command.add_argument("--username", required=True)
    command.set_defaults(run=set_password, existing=True)


def create_user(options: argparse.Namespace) -> int:
    """Create an account; in a new folder the database and the branch CENTRAL first."""
    password = read_password("servitec-server create-user")
    stored = Passwords().hash(password, [options.username, options.nombre])
    nombre = options.nombre or options.username
    with opened(options.data_dir) as central:

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
                "nombre": nombre,
                "clave_hash": stored,
                "clave_algoritmo": "argon2id",
                "rol": options.rol,
                "sucursal_id": branch,
            }
            if options.rol == "tecnico":
                empleado: Row = {"nombre": nombre, "sucursal_id": branch, "cargo": "Técnico"}
                ops.append(actions.alta(central.ambient, "empleado", empleado))
                campos["empleado_id"] = ops[0].id
            return [*ops, actions.alta(central.ambient, "usuario", campos)]

        central.write(SISTEMA, build, trusted=True)
    return 0


def set_password(options: argparse.Namespace) -> int:
    """Another password for somebody who lost his."""
    password = read_password("servitec-server set-password")
    with opened(options.data_dir) as central:
        accounts.set_password(central, options.username, password)
    print(f"Clave nueva de {options.username}. Sus sesiones terminaron.")
    return 0
