"""`create-branch`."""

import argparse
from typing import Any

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.row import Row
from servitec_server.central import opened


def add(commands: Any, common: argparse.ArgumentParser) -> None:
    """The command and its arguments."""
    command = commands.add_parser("create-branch", parents=[common], help="crear una sucursal")
    command.add_argument("--codigo", required=True)
    command.add_argument("--nombre", required=True)
    command.add_argument("--zona-horaria", default="America/Santiago")
    command.add_argument("--moneda", default="CLP")
    command.add_argument("--pais", default="CL")
    command.set_defaults(run=create_branch)


def create_branch(options: argparse.Namespace) -> int:
    """Create a branch."""
    campos: Row = {
        "codigo": options.codigo,
        "nombre": options.nombre,
        "zona_horaria": options.zona_horaria,
        "moneda": options.moneda,
        "pais": options.pais,
    }
    with opened(options.data_dir) as central:
        central.write(SISTEMA, lambda _: [actions.alta(central.ambient, "sucursal", campos)], trusted=True)
    return 0
