"""`python3 dev.py migration NAME`: the next migrations, from the difference between the model and the frozen files.

New tables, columns and indexes are written; whatever else changed is told, and a person decides. What is written is
read, and frozen with the commit that needs it.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from alembic.autogenerate import render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import Column, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from domain.model import TABLES
from domain.upgrade import SCHEMA
from servitec_server.tables import metadata as server
from servitec_server.upgrade import MIGRATIONS, upgrade
from storage import schema, station
from tools.difference import Difference, difference, filling, frozen, missing_search, of_files

NAME = re.compile("[a-z][a-z0-9_]{0,29}")


class Refused(Exception):
    """Nothing was written, and why."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the frozen files lie."""

    replica: Path = schema.MIGRATIONS
    station: Path = station.MIGRATIONS
    server: Path = MIGRATIONS


def write(name: str, folders: Folders, wanted: int = SCHEMA) -> list[Path]:
    """Write what is missing; gives the new files. `wanted`: the schema that travels.

    Raises:
        Refused: it isn't a name, or something changed that no migration can be written for.
    """
    if not NAME.fullmatch(name):
        raise Refused(f"«{name}» is no name: small letters, digits and _.")
    replica, own = of_files(folders.replica, schema.replica), of_files(folders.station, station.own)
    central = _of_server(folders.server)
    db = frozen(folders.replica)
    search, changed = missing_search(db)
    db.close()
    refused = [*replica.other, *own.other, *central.other, *changed]
    if refused:
        told = "\n  ".join(dict.fromkeys(refused))
        raise Refused(f"Only new tables, columns and indexes are written. By hand, or not at all:\n  {told}")
    if replica or search:
        _numbered(replica, folders, wanted)
    written = []
    if replica or search:
        written.append(_put(folders.replica, "", _sql(f"Schema {wanted} of what travels: {name}.", replica, search)))
    if own:
        written.append(_put(folders.station, "", _sql(f"The station's own tables: {name}.", own, [])))
    if central:
        written.append(_put(folders.server / "versions", f"_{name}", _python(name, central, folders.server)))
    return written


def _numbered(found: Difference, folders: Folders, wanted: int) -> None:
    """Does the model name the schema that brings this?"""
    following = len(list(folders.replica.glob("[0-9]*.sql"))) + 1
    late = [t.name for t in found.tables if t.name in TABLES and TABLES[t.name].since != following]
    late += [
        f"{c.table.name}.{c.name}"
        for c in found.columns
        if c.table.name in TABLES and TABLES[c.table.name].by_name[c.name].since != following
    ]
    if wanted != following:
        raise Refused(f"What travels changed: say SCHEMA = {following} in domain/upgrade.py.")
    if late:
        raise Refused(f"Say since={following} of {', '.join(late)}.")


def _of_server(folder: Path) -> Difference:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            if any((folder / "versions").glob("[0-9]*.py")):
                upgrade(connection, folder)
            return difference(connection, server)
    finally:
        engine.dispose()


def _put(folder: Path, suffix: str, text: str) -> Path:
    ext = ".py" if suffix else ".sql"
    number = len(list(folder.glob(f"[0-9]*{ext}"))) + 1
    path = folder / f"{number:04}{suffix}{ext}"
    path.write_text(text, encoding="utf-8")
    return path


def _sql(title: str, found: Difference, search: list[str]) -> str:
    """The next file of a replica."""
    dialect = sqlite.dialect()
    parts = [str(CreateTable(table).compile(dialect=dialect)).strip() for table in found.tables]
    parts += [
        f"ALTER TABLE {column.table.name} ADD COLUMN {CreateColumn(column).compile(dialect=dialect)}"
        for column in found.columns
    ]
    parts += [str(CreateIndex(index).compile(dialect=dialect)) for index in found.indexes]
    text = ";\n".join("\n".join(line.rstrip() for line in part.splitlines()) for part in parts + search)
    text = text.replace("\t", "    ").replace(")\n WITHOUT", ") WITHOUT")
    return f"-- {title} Frozen: a later change is a new file.\n\n{text};\n"


def _python(name: str, found: Difference, folder: Path) -> str:
    """The next file of the server."""
    versions = sorted(p.stem[:4] for p in (folder / "versions").glob("[0-9]*.py"))
    wanted: list[ops.MigrateOperation] = [ops.CreateTableOp.from_table(table) for table in found.tables]
    plain = [column for column in found.columns if not column.foreign_keys]
    wanted += [ops.AddColumnOp(column.table.name, _filled(column)) for column in plain]
    indexes = [ops.CreateIndexOp.from_index(index) for index in found.indexes]
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": server})
        body = render_python_code(ops.UpgradeOps(ops=wanted), migration_context=context)
        after = render_python_code(ops.UpgradeOps(ops=[*indexes]), migration_context=context) if indexes else ""
    engine.dispose()
    # SQLite takes a reference only with its column.
    linked = [_linked(column) for column in found.columns if column.foreign_keys]
    fills = ["raise_floor(op.get_bind())"] if any(not column.nullable for column in found.columns) else []
    lines = [
        line
        for text in (body, *linked, after, *fills)
        for line in text.splitlines()
        if not line.strip().startswith("#")
    ]
    code = "\n".join(f"    {line.removeprefix('    ')}" for line in lines if line.strip() not in ("", "pass"))
    revision = f"{len(versions) + 1:04}"
    down = f'"{versions[-1]}"' if versions else "None"
    source = (
        f'"""{name.replace("_", " ").capitalize()}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "{revision}"\ndown_revision = {down}\n\n\ndef upgrade() -> None:\n    """Generated."""\n{code}\n'
    )
    if fills:
        source = source.replace(
            "alembic import op\n", "alembic import op\n\nfrom servitec_server.upgrade import raise_floor\n"
        )
    if "sa." not in code:
        source = source.replace("import sqlalchemy as sa\n", "")
    return _formatted(source)


def _filled(column: Column[object]) -> Column[object]:
    """A column of an older table; one that is required fills the rows that are there with its default."""
    return Column(column.name, column.type, nullable=column.nullable, server_default=filling(column))


def _linked(column: Column[object]) -> str:
    key = next(iter(column.foreign_keys))
    table, name = column.table.name, column.name
    of, there = key.target_fullname.split(".")
    kind = column.type.compile(dialect=sqlite.dialect())
    link = f"CONSTRAINT fk_{table}_{name} REFERENCES {of} ({there})"
    return f'op.execute("ALTER TABLE {table} ADD COLUMN {name} {kind} {link}")'


def _formatted(source: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "format", "--stdin-filename", "servitec_server/migrations/versions/new.py", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def main(arguments: list[str]) -> int:
    """Exit code: 0 done, 1 refused, 2 wrong usage."""
    if len(arguments) != 1:
        print("usage: python3 dev.py migration NAME", file=sys.stderr)
        return 2
    try:
        written = write(arguments[0], Folders())
    except Refused as refused:
        print(f"dev.py: {refused}", file=sys.stderr)
        return 1
    print("\n".join(f"wrote {path}" for path in written) or "The frozen files make the model: nothing to write.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
