"""What must be true once a server went back and everybody has synced."""

from collections import Counter
from itertools import pairwise
from typing import Any

from domain.inventario.rules import RESERVAN
from domain.wire import canonical
from tests.chaos.test_chaos import SHARED, difference, dump
from tests.restores.world import World

TABLES = (*SHARED, "producto", "movimiento_stock", "existencia")


def check(world: World) -> dict[str, int]:
    """All of it; gives figures."""
    surprises = {desk.name: desk.surprises() for desk in world.desks if desk.surprises()}
    assert not surprises, surprises
    made: dict[str, dict[str, Any]] = {}
    for desk in world.desks:
        kept = desk.outbox()
        assert all(taken for taken, _ in kept.values()), f"{desk.name} still has something to send"
        journal = desk.journal()
        assert len(set(journal)) == len(journal)
        assert set(journal) <= kept.keys(), f"{desk.name} lost what it had saved"
        assert len(kept) <= len(journal) + desk.kills, f"{desk.name} has what nobody made"
        made |= {key: body for key, (_, body) in kept.items()}
    _applied_once(world, made)
    _rows_once(world, made)
    _values_stand(world, made)
    _stock(world, made)
    _names_unique(world)
    server = world.dump(lambda connection: dump(connection, TABLES))
    for desk in world.desks:
        own = desk.read(lambda connection: dump(connection, TABLES))
        assert difference(own, server) == {}, f"{desk.name} isn't as the server"
    return {"cambios": len(made), "rows": len(server)}


def _applied_once(world: World, made: dict[str, dict[str, Any]]) -> None:
    answers = {row.cambio_id: row.resultado for row in world.rows("SELECT cambio_id, resultado FROM respuesta")}
    wrong = {key: answers.get(key) for key in made if answers.get(key) != "aplicado"}
    assert not wrong, wrong
    history = world.rows("SELECT version, cambio_id FROM cambio ORDER BY version")
    assert all(after.version == before.version + 1 for before, after in pairwise(history))
    times = Counter(row.cambio_id for row in history)
    assert max(times.values()) == 1


def _rows_once(world: World, made: dict[str, dict[str, Any]]) -> None:
    """Every row that was made is there, and none that nobody made."""
    for tabla in ("orden", "cliente", "equipo", "historial_orden", "comentario", "producto", "movimiento_stock"):
        altas = [
            op["id"] for body in made.values() for op in body["ops"] if (op["tabla"], op["tipo"]) == (tabla, "alta")
        ]
        there = [row.id for row in world.rows(f"SELECT id FROM {tabla}")]  # noqa: S608
        assert sorted(there) == sorted(altas), tabla


def _values_stand(world: World, made: dict[str, dict[str, Any]]) -> None:
    """Every value that was typed stands, or was seen by who typed over it, or is in a conflict."""
    rows = world.dump(lambda connection: dump(connection, ("orden", "cliente", "equipo", "producto")))
    found = world.rows("SELECT registro_id, campo, valor_servidor, valor_tardio FROM conflicto")
    kept = {(row.registro_id, row.campo, value) for row in found for value in (row.valor_servidor, row.valor_tardio)}
    told = {(row.registro_id, row.campo) for row in found}
    ops = [op for body in made.values() for op in body["ops"]]
    seen = {(op["id"], name, canonical(value)) for op in ops for name, value in (op["antes"] or {}).items()}
    for op in ops:
        for name, value in op["campos"].items():
            row = rows.get((op["tabla"], op["id"]))
            if row is None or name not in row or row[name] == value:
                continue
            place = (op["id"], name)
            assert (*place, canonical(value)) in seen | kept or place in told, (op["tabla"], *place, value, row[name])


def _stock(world: World, made: dict[str, dict[str, Any]]) -> None:
    """What lies on each shelf is the sum of what was moved."""
    sums: Counter[tuple[str, str]] = Counter()
    for body in made.values():
        for op in body["ops"]:
            if op["tabla"] == "movimiento_stock" and op["campos"]["tipo"] not in RESERVAN:
                sums[op["campos"]["producto_id"], op["campos"]["sucursal_id"]] += op["campos"]["cantidad"]
    found = {(r.producto_id, r.sucursal_id): r.stock for r in world.rows("SELECT * FROM existencia")}
    assert found == dict(sums)


def _names_unique(world: World) -> None:
    for column, tabla in (("codigo", "estacion"), ("folio", "orden"), ("nro_cliente", "cliente")):
        values = [row[0] for row in world.rows(f"SELECT {column} FROM {tabla}")]  # noqa: S608
        assert values
        assert None not in values
        assert len(set(values)) == len(values), column
    folios = world.rows("SELECT folio, folio_impreso FROM orden")
    assert all(row.folio_impreso in (None, row.folio) for row in folios), "no printed folio had to give way"


def doctors(world: World) -> None:
    """`servitec doctor` of each, with the stations' programs closed."""
    for desk in world.desks:
        said = world.company.station(desk.name, "doctor", codes=(0, 1))
        assert "mal " not in said, said
