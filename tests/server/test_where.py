"""The right to see has two forms from one declaration: asked of a row, and as SQL. On random rows they agree."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, insert

from domain.base.actor import ROLES, Actor
from domain.base.condition import Condition
from domain.base.row import Row, Value
from domain.model import MATRIZ, SPECS, TABLES
from domain.permissions import alcanzables, puede, visibles
from domain.scope import scope_of
from servitec_server import rows
from servitec_server.where import where
from storage.schema import server

KEYS = [f"{i:08d}-0000-7000-8000-000000000000" for i in range(5)]
"""So few that rows refer to each other, and are somebody's."""
ROWS = 40
Where = Callable[[Condition, str, str], tuple[str, list[Value]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def loose(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Every table without its constraints, so that any column of any row may be null or lead nowhere."""
    url = f"sqlite:///{tmp_path}/x.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")()
    engine, metadata = create_engine(url), MetaData()
    for spec in SPECS:
        Table(spec.name, metadata, *(Column(c.name, c.type) for c in server.tables[spec.name].c))
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def value(rng: random.Random, tabla: str, name: str) -> Any:
    col = TABLES[tabla].by_name[name]
    if rng.random() < 0.25:
        return None
    if col.kind == "id":
        return rng.choice(KEYS)
    if col.kind in ("int", "bool"):
        return rng.randrange(2) if col.kind == "int" else bool(rng.randrange(2))
    return rng.choice(col.values) if col.values else rng.choice(("", "a"))


def world(rng: random.Random) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for spec in SPECS:
        made = [{n: value(rng, spec.name, n) for n in rows.COLUMNS[spec.name]} for _ in range(ROWS)]
        keys = [*KEYS, *(f"{i:08d}-0000-7000-8000-00000000ffff" for i in range(ROWS))]
        found[spec.name] = {key: row | {"id": key} for key, row in zip(keys, made, strict=False)}
    return found


def actors(rng: random.Random) -> list[Actor]:
    def some() -> str | None:
        return rng.choice([None, *KEYS])

    return [Actor(rng.choice(KEYS), rol, some(), some(), some()) for rol in (*ROLES, "sistema") for _ in range(4)]


def conditions(actor: Actor) -> Iterator[tuple[str, str, Condition]]:
    """Every condition that decides who sees a row: name, table, condition."""
    scope = scope_of(actor)
    for spec in SPECS:
        yield "visibles", spec.name, visibles(actor, spec.name)
        yield "scope", spec.name, scope.rows(spec)
    for permiso in MATRIZ:
        for tabla in [permiso.partition(".")[0]] if permiso.partition(".")[0] in TABLES else TABLES:
            yield permiso, tabla, alcanzables(actor, permiso, tabla)


def differences(engine: Engine, seed: int, written: Where) -> list[str]:
    """Where the two forms give different rows."""
    rng = random.Random(seed)
    there = world(rng)

    def find(tabla: str, key: str) -> Row | None:
        return there[tabla].get(key)

    wrong = []
    with engine.begin() as connection:
        for spec in SPECS:
            connection.exec_driver_sql(f"DELETE FROM {spec.name}")
            connection.execute(insert(server.tables[spec.name]), list(there[spec.name].values()))
        for actor in actors(rng):
            for name, tabla, condition in conditions(actor):
                asked = {key for key, row in there[tabla].items() if condition.holds(row, find)}
                if asked != selected(connection, tabla, written(condition, rows.mark(connection), tabla)):
                    wrong.append(f"{actor.rol} {name} {tabla}")
    return wrong


def selected(connection: Connection, tabla: str, sql: tuple[str, list[Value]]) -> set[str]:
    found = connection.exec_driver_sql(f"SELECT id FROM {tabla} WHERE {sql[0]}", tuple(sql[1]))
    return {str(key) for (key,) in rows.fetched(found)}


def test_both_forms_give_the_same_rows(loose: Engine) -> None:
    for seed in range(3):
        assert differences(loose, seed, where) == []


@pytest.mark.parametrize(
    ("of", "instead"),
    [
        (" IS NULL", " IS NOT NULL"),
        (" AND ", " OR "),
        (" OR ", " AND "),
        ("EXISTS ", "NOT EXISTS "),
        (" = ", " <> "),
        ("1 = 0", "1 = 1"),
        ("1 = 1", "1 = 0"),
        (".id = ", ".id <> "),
    ],
)
@pytest.mark.parametrize("loose", ["sqlite"], indirect=True)
def test_it_is_noticed_when_one_form_is_another(loose: Engine, of: str, instead: str) -> None:
    def broken(condition: Condition, sign: str, table: str) -> tuple[str, list[Value]]:
        sql, values = where(condition, sign, table)
        return sql.replace(of, instead), values

    assert differences(loose, 0, broken)


def test_what_is_nobodys_is_nobodys_own() -> None:
    orphan: Row = {"id": KEYS[0], "creado_por": None, "tecnico_id": None, "cliente_id": None, "sucursal_id": KEYS[1]}
    for rol in ("gestor", "cliente"):
        assert not puede(Actor(KEYS[2], rol, KEYS[1]), "orden.ver", "orden", orphan)
    tec = Actor(KEYS[2], "tecnico", KEYS[1])
    assert puede(tec, "orden.ver", "orden", orphan), "what nobody has yet is for technicians to take"
    assert not puede(tec, "orden.editar", "orden", orphan)
    assert not puede(tec, "cliente.ver", "cliente", orphan)


def test_a_child_is_seen_by_who_sees_its_root() -> None:
    order: Row = {"id": KEYS[0], "cliente_id": KEYS[1], "sucursal_id": KEYS[2], "creado_por": KEYS[3]}

    def find(tabla: str, key: str) -> Row | None:
        return order if (tabla, key) == ("orden", KEYS[0]) else None

    def comment(entidad: str, key: str | None, visibilidad: str) -> Row:
        return {"entidad": entidad, "entidad_id": key, "visibilidad": visibilidad, "creado_por": KEYS[4]}

    client, rec, other = Actor(KEYS[4], "cliente", cliente_id=KEYS[1]), Actor("r", "recepcionista", KEYS[2]), KEYS[4]
    for_him, inner = comment("orden", KEYS[0], "cliente"), comment("orden", KEYS[0], "interna")
    assert visibles(client, "comentario").holds(for_him, find)
    assert not visibles(client, "comentario").holds(inner, find)
    assert visibles(rec, "comentario").holds(inner, find)
    assert not visibles(Actor("r", "recepcionista", other), "comentario").holds(inner, find)
    assert not visibles(Actor(KEYS[4], "cliente", cliente_id=other), "comentario").holds(for_him, find)
    assert not visibles(rec, "comentario").holds(comment("orden", None, "interna"), find)
    assert not visibles(rec, "comentario").holds(comment("caso", KEYS[0], "interna"), find)
    assert visibles(client, "historial_orden").holds({"orden_id": KEYS[0]}, find)
    assert not visibles(client, "historial_orden").holds({"orden_id": KEYS[3]}, find)
    assert visibles(Actor("x", "consulta", KEYS[2]), "producto") == alcanzables(
        Actor("x", "consulta"), "producto.ver", "producto"
    )
