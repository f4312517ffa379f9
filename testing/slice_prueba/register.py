"""Puts the slice into the model of this process, and its tables into every database that it makes."""

import atexit
import shutil
import tempfile
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from domain.impresion import permissions, tables
from testing.slice_prueba import permissions as own_permissions
from testing.slice_prueba import tables as own

NAMES = tuple(spec.name for spec in own.SPECS)


def register() -> None:
    """Before anything of the program is imported but the slices."""
    tables.SPECS += own.SPECS
    permissions.MATRIZ.update(own_permissions.MATRIZ)
    from storage import schema  # noqa: PLC0415  (the model is gathered here)

    schema.MIGRATIONS = _migrations(schema)
    from servitec_server import upgrade  # noqa: PLC0415

    real = upgrade.upgrade

    def with_ours(connection: Connection, folder: Path = upgrade.MIGRATIONS) -> None:
        real(connection, folder)
        schema.server.create_all(connection, tables=[schema.server.tables[name] for name in NAMES])

    upgrade.upgrade = with_ours
    from servitec_server import routes  # noqa: PLC0415
    from testing.slice_prueba import routes as own_routes  # noqa: PLC0415

    routes.ROUTERS += own_routes.ROUTERS
    from printing.labels import kinds  # noqa: PLC0415

    kinds.__path__.append(str(Path(__file__).parent / "labels"))
    from servitec_desktop import pages  # noqa: PLC0415
    from testing.slice_prueba.page import PAGE  # noqa: PLC0415

    pages.PAGES += (PAGE,)


def _migrations(schema: ModuleType) -> Path:
    """The replica's files, the last of them with our tables."""
    folder = Path(tempfile.mkdtemp(prefix="slice-prueba-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in sorted(schema.MIGRATIONS.glob("[0-9]*.sql")):
        shutil.copy(path, folder)
    last = max(folder.glob("[0-9]*.sql"))
    lines = [last.read_text(encoding="utf-8")]
    for name in NAMES:
        table = schema.replica.tables[name]
        lines.append(f"{CreateTable(table).compile(dialect=sqlite.dialect())};")
        lines += [f"{CreateIndex(index).compile(dialect=sqlite.dialect())};" for index in table.indexes]
    from storage import search  # noqa: PLC0415

    lines += [f"{search.table(spec.name)};" for spec in own.SPECS if spec.busqueda]
    last.write_text("\n".join(lines), encoding="utf-8")
    return folder
