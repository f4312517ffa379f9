"""The frozen migrations of the replica and the declared tables are the same schema."""

import sqlite3
from pathlib import Path

from sqlalchemy import create_engine, inspect

from domain.model import SPECS, TABLES
from storage import schema


def test_migrations_make_the_declared_tables(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    db = sqlite3.connect(path)
    for script in sorted(schema.MIGRATIONS.glob("*.sql")):
        db.executescript(script.read_text(encoding="utf-8"))
    db.close()
    engine = create_engine(f"sqlite:///{path}")
    inspector = inspect(engine)
    for table in schema.replica.sorted_tables:
        made = {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table.name)}
        assert made == {c.name: (c.type.compile(dialect=engine.dialect), bool(c.nullable)) for c in table.columns}, (
            table.name
        )
        declared = {i.name: [c.name for c in i.columns] for i in table.indexes}
        assert {i["name"]: i["column_names"] for i in inspector.get_indexes(table.name)} == declared
    engine.dispose()


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
