"""The frozen migrations, run one after the other, make the declared tables, on every database."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, UniqueConstraint, create_engine, inspect

from domain.model import SPECS, TABLES
from domain.search import INDEXED
from domain.upgrade import SCHEMA, STEPS
from local_db.replica import Replica
from servitec_server.store import Store
from servitec_server.tables import metadata as server
from storage import schema, station
from storage.search import fill
from tools.difference import difference, frozen, missing_search


def shape(connection: Connection, metadata: MetaData) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the database has and what is declared, table by table."""
    found, declared = {}, {}
    inspector = inspect(connection)
    compiled = connection.dialect
    for table in metadata.sorted_tables:
        name = table.name
        found[name] = (
            {c["name"]: (c["type"].compile(compiled), c["nullable"]) for c in inspector.get_columns(name)},
            inspector.get_pk_constraint(name)["constrained_columns"],
            {i["name"]: (i["column_names"], bool(i["unique"])) for i in inspector.get_indexes(name)},
            sorted(c["column_names"] for c in inspector.get_unique_constraints(name)),
            sorted((c["constrained_columns"], c["referred_table"]) for c in inspector.get_foreign_keys(name)),
        )
        uniques = [[c.name for c in u.columns] for u in table.constraints if isinstance(u, UniqueConstraint)]
        indexes: dict[str | None, Any] = {
            str(i.name): ([c.name for c in i.columns], bool(i.unique)) for i in table.indexes
        }
        if compiled.name == "postgresql":  # it tells of a unique rule's index too
            indexes |= {
                str(u.name): ([c.name for c in u.columns], True)
                for u in table.constraints
                if isinstance(u, UniqueConstraint)
            }
        declared[name] = (
            {c.name: (c.type.compile(compiled), bool(c.nullable)) for c in table.columns},
            [c.name for c in table.primary_key.columns],
            indexes,
            sorted(uniques),
            sorted(([c.parent.name], c.column.table.name) for c in table.foreign_keys),
        )
    return found, declared


def test_the_replica_is_the_model(tmp_path: Path) -> None:
    replica = Replica.open(tmp_path)
    path = replica.path
    replica.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        for metadata in (schema.replica, station.own):
            found, declared = shape(connection, metadata)
            for name, wanted in declared.items():
                assert found[name] == wanted, name
        here = {name for name in inspect(connection).get_table_names() if not name.startswith("busqueda_")}
        assert here == {*schema.replica.tables, *station.own.tables}
    engine.dispose()
    db = sqlite3.connect(path)
    assert missing_search(db) == ([], [])
    assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA
    assert db.execute("PRAGMA application_id").fetchone()[0] == len(list(station.MIGRATIONS.glob("[0-9]*.sql")))
    db.close()


def test_the_defaults_of_the_stations_tables_are_in_the_database(tmp_path: Path) -> None:
    replica = Replica.open(tmp_path)
    with replica.reading() as connection:
        inspector = inspect(connection)
        for table in station.own.sorted_tables:
            found = {c["name"]: c["default"] for c in inspector.get_columns(table.name)}
            declared = {c.name: str(c.server_default.arg) if c.server_default else None for c in table.c}  # type: ignore[attr-defined]
            assert found == declared, table.name
    replica.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_central_database_is_the_model(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    url = None if database == "sqlite" else request.getfixturevalue("postgres_database")()
    store = Store(tmp_path, url)
    try:
        with store.reading() as connection:
            found, declared = shape(connection, server)
            for name, wanted in declared.items():
                assert found[name] == wanted, name
            assert {*inspect(connection).get_table_names()} == {*server.tables, "alembic_version"}
        with store.writing() as connection:
            assert not difference(connection, server)
    finally:
        store.close()


def test_every_schema_has_its_file_and_nothing_is_of_a_later_one() -> None:
    assert len(list(schema.MIGRATIONS.glob("[0-9]*.sql"))) == SCHEMA
    assert max([spec.since for spec in SPECS] + [col.since for spec in SPECS for col in spec.cols]) <= SCHEMA
    assert all(1 <= step < SCHEMA for step in STEPS)


def test_the_index_of_an_older_schema_reads_what_that_had() -> None:
    """A column that search reads may be of a later schema than the snapshot of an older station."""
    db = frozen(schema.MIGRATIONS)
    db.execute("DROP INDEX ix_cliente_dni")
    db.execute("ALTER TABLE cliente DROP COLUMN dni")
    db.execute("INSERT INTO cliente (id, nombre) VALUES ('1', 'Íñigo')")
    column = TABLES["cliente"].by_name["dni"]
    object.__setattr__(column, "since", SCHEMA + 1)
    try:
        for tabla in INDEXED:
            db.execute(fill(tabla, SCHEMA))
        with pytest.raises(sqlite3.OperationalError, match="dni"):
            db.execute(fill("cliente", SCHEMA + 1))
    finally:
        object.__setattr__(column, "since", 1)
    assert db.execute("SELECT count(*) FROM busqueda_cliente WHERE busqueda_cliente MATCH 'inigo'").fetchone()[0] == 1
    db.close()


def test_parents_come_before_their_children() -> None:
    names = list(TABLES)
    for spec in SPECS:
        for col in spec.cols:
            if col.ref is not None and col.ref != spec.name:
                assert names.index(col.ref) < names.index(spec.name), (spec.name, col.name)


def test_secrets_never_reach_a_replica() -> None:
    for spec in SPECS:
        columns = schema.replica.tables[spec.name].columns.keys()
        assert not [c.name for c in spec.cols if c.server_only and c.name in columns]
    assert "clave_hash" not in schema.replica.tables["usuario"].columns
