"""What frozen migrations still lack of the declared tables, and what no migration can be written for."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import Column, Connection, Index, MetaData, Table, create_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.base import SchemaEventTarget

from domain.model import TABLES
from domain.search import INDEXED
from storage.search import table as search_table


@dataclass(frozen=True, slots=True)
class Difference:
    """New tables, columns of older tables, and indexes, each as declared; `other`, in words, is for a person."""

    tables: tuple[Table, ...] = ()
    columns: tuple[Column[object], ...] = ()
    indexes: tuple[Index, ...] = ()
    other: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tables or self.columns or self.indexes or self.other)


def difference(connection: Connection, metadata: MetaData) -> Difference:
    """Compare a database with the tables that are declared for it."""
    options = {"compare_type": True, "include_name": _included, "target_metadata": metadata}
    context = MigrationContext.configure(connection, opts=options)
    script = produce_migrations(context, metadata)
    tables: list[Table] = []
    columns: list[Column[object]] = []
    indexes: list[Index] = []
    foreign: list[ops.CreateForeignKeyOp] = []
    other: list[str] = []
    assert script.upgrade_ops is not None  # noqa: S101  (alembic's own promise)
    for op in _flat(script.upgrade_ops.ops):
        if isinstance(op, ops.CreateTableOp):
            tables.append(metadata.tables[op.table_name])
        elif isinstance(op, ops.AddColumnOp):
            columns.append(metadata.tables[op.table_name].c[op.column.name])
        elif isinstance(op, ops.CreateIndexOp):
            indexes.append(next(i for i in metadata.tables[op.table_name].indexes if i.name == op.index_name))
        elif isinstance(op, ops.CreateForeignKeyOp):
            foreign.append(op)
        else:
            other.append(_told(op))
    new = {(column.table.name, column.name) for column in columns}
    other += [_told(op) for op in foreign if (op.source_table, op.local_cols[0]) not in new]
    for column in columns:
        if not column.nullable and filling(column) is None:
            other.append(f"{column.table.name}.{column.name} is required, and the rows that are there have none")
    return Difference(tuple(tables), tuple(columns), tuple(indexes), tuple(other))


def filling(column: Column[object]) -> str | None:
    """What a new column holds in the rows that are there, as its declaration says, where it needs something."""
    if column.nullable:
        return None
    if column.server_default is not None:
        return str(getattr(column.server_default, "arg", ""))
    spec = TABLES.get(column.table.name)
    value = spec.by_name[column.name].default if spec is not None else getattr(column.default, "arg", None)
    if value is None:
        return None
    return str(int(value)) if isinstance(value, bool | int) else str(value)


def missing_search(db: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """The search indexes that aren't there, as SQL; and those that read other columns than are declared, in words."""
    made: list[str] = []
    other: list[str] = []
    for tabla in INDEXED:
        wanted = search_table(tabla)
        found = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (f"busqueda_{tabla}",)).fetchone()
        if found is None:
            made.append(wanted)
        elif " ".join(str(found[0]).split()) != " ".join(wanted.split()):
            other.append(f"the columns of busqueda_{tabla} changed")
    return made, other


def frozen(folder: Path, upto: int | None = None) -> sqlite3.Connection:
    """A database in memory as the first `upto` SQL files of a folder make it."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for script in sorted(folder.glob("[0-9]*.sql"))[:upto]:
        db.executescript(script.read_text(encoding="utf-8"))
    return db


def of_files(folder: Path, metadata: MetaData) -> Difference:
    """What the SQL files of a folder lack."""
    db = frozen(folder)
    engine = create_engine("sqlite://", creator=lambda: db, poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            return difference(connection, metadata)
    finally:
        engine.dispose()
        db.close()


def _included(name: str | None, kind: str, _: object) -> bool:
    return not (kind == "table" and str(name).startswith(("busqueda_", "alembic_", "sqlite_")))


def _flat(found: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    flat: list[ops.MigrateOperation] = []
    for op in found:
        flat += _flat(list(op.ops)) if isinstance(op, ops.ModifyTableOps) else [op]
    return flat


def _told(op: ops.MigrateOperation) -> str:
    """An operation that nobody writes for people, in words."""
    diff = op.to_diff_tuple()
    parts = diff if isinstance(diff, list) else [diff]
    return "; ".join(" ".join(_word(item) for item in part if item is not None) for part in parts)


def _word(item: object) -> str:
    if isinstance(item, Table | Column | Index) and isinstance(item, SchemaEventTarget):
        return str(item.name) if not isinstance(item, Column) else f"{item.name} {item.type}"
    return "" if isinstance(item, dict) else str(item)
