"""The SQLAlchemy tables made from domain.model: one MetaData for the server, one for the replica."""

from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from domain.base.table import COMMON, Col, TableSpec
from domain.model import SPECS

MIGRATIONS = Path(__file__).parent / "migrations"
"""The numbered migrations of what travels to a replica, one for each schema, `0001.sql` on: the server runs them when
it builds a snapshot. The station's own tables have theirs (storage.station)."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

LENGTHS = {"id": 36, "instant": 24, "date": 10}


def _type(col: Col) -> TypeEngine[Any]:
    if col.kind == "bool":
        return Boolean(create_constraint=False)
    if col.kind == "int":
        return BigInteger().with_variant(Integer(), "sqlite")
    length = LENGTHS.get(col.kind, col.length)
    return String(length) if length else Text()


def _server_column(col: Col) -> Column[object]:
    if col.name == "id":
        return Column("id", _type(col), primary_key=True)
    keys = [ForeignKey(f"{col.ref}.id")] if col.ref else []
    return Column(col.name, _type(col), *keys, nullable=not col.required)


def _replica_columns(spec: TableSpec) -> list[Column[object]]:
    """The replica's: an integer key that VACUUM keeps (the search index refers to it) and no foreign keys.

    Only a partial scope or the order of arrival could break those (DESIGN, Data rules); nothing but
    `id` is required or unique for the same reason.
    """
    columns: list[Column[object]] = [Column("rid", Integer(), primary_key=True)]
    for col in COMMON[:1] + spec.cols + COMMON[1:]:
        if col.replicated:
            columns.append(Column(col.name, _type(col), nullable=col.name != "id", unique=col.name == "id" or None))
    return columns


def build(side: str) -> MetaData:
    """All tables of `side`: "server" or "replica"."""
    metadata = MetaData(naming_convention=NAMING)
    for spec in SPECS:
        if side == "server":
            table = Table(spec.name, metadata, *map(_server_column, COMMON[:1] + spec.cols + COMMON[1:]))
            for name in spec.unique:
                Index(f"ux_{spec.name}_{name}", table.c[name], unique=True)
        else:
            table = Table(spec.name, metadata, *_replica_columns(spec))
            for name in spec.unique:
                Index(f"ix_{spec.name}_{name}", table.c[name])
        for name in spec.indexed:
            Index(f"ix_{spec.name}_{name}", table.c[name])
    return metadata


server = build("server")
replica = build("replica")

Table(
    "sync_state",
    replica,
    Column("clave", Text(), primary_key=True),
    Column("valor", Text()),
    sqlite_with_rowid=False,
)
"""What a replica, and a snapshot, says of itself: JSON by name (local_db.state)."""
