"""What has to hold in a seed, however it went."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from domain.model import SPECS
from domain.wire import canonical
from local_db import rows
from tests.simulation.adapter import Client, Server
from tests.simulation.edits import COLUMNS, key_of
from tests.simulation.line import BEA

FORGED = "falsificado"


class Broken(AssertionError):
    """A claim doesn't hold."""


@dataclass(slots=True)
class Made:
    """An edit that a person made: who, what, and its Cambio as captured."""

    client: int
    kind: str
    args: tuple[Any, ...]
    body: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Played:
    """What is claimed about."""

    server: Server
    clients: list[Client]
    made: dict[str, Made] = field(default_factory=dict)
    roles: bool = False
    """Roles change instead of servers being restored: a station forgets what it may no longer see."""


def own_work_is_seen(client: Client) -> None:
    """What a person typed and the server hasn't answered stays on his screen."""
    with client.replica.reading() as connection:
        db = rows.raw(connection)
        waiting = [
            json.loads(b) for (b,) in db.execute("SELECT cuerpo FROM outbox WHERE acusado_en IS NULL ORDER BY n")
        ]
        last: dict[tuple[str, str, str], Any] = {}
        for cambio in waiting:
            for op in cambio["ops"]:
                if op["tipo"] != "cambio":
                    last = {k: v for k, v in last.items() if k[1] != op["id"]}
                if op["tabla"] == "orden":
                    last |= {(op["tabla"], op["id"], c): v for c, v in op["campos"].items() if c in COLUMNS}
        for (tabla, key, campo), value in last.items():
            shown = rows.get(db, tabla, key)
            if shown is not None and shown[campo] != value:
                where = f"{tabla} {key} {campo}: {value} waits, {shown[campo]} is shown"
                raise Broken(f"a waiting change isn't shown: {where}")


def check(world: Played) -> None:
    """The claims."""
    server, clients = world.server, world.clients
    central = server.dump()
    for i, client in enumerate(clients):
        if client.pending():
            raise Broken(f"station {i}: {client.pending()} still wait")
        if client.dump() != central:
            raise Broken(f"station {i} differs: {_difference(client.dump(), central)}")
    if any(value == FORGED for value in world.server.values()):
        raise Broken("what nobody wrote was taken")
    _check_every_column(world)
    applied = Counter(server.applied())
    if any(n > 1 for n in applied.values()):
        raise Broken("applied twice")
    with server.central.store.reading() as connection:
        no = "SELECT cambio_id FROM respuesta WHERE resultado <> 'aplicado'"
        answered_no = set(connection.exec_driver_sql(no).scalars())  # a change of role forgets them at the station
    for client in clients:
        if lost := set(client.acked()) - applied.keys() - answered_no:
            raise Broken(f"acknowledged and not there: {sorted(lost)}")
    refused = {key for client in clients for key in client.quarantined()}
    for client in clients:
        with client.replica.reading() as connection:
            for key, motivo in connection.exec_driver_sql("SELECT cambio_id, motivo FROM rechazo"):
                made = world.made.get(key)
                ana = made is not None and made.body["usuario_id"] != BEA
                if motivo == "permiso" and made is not None and ana and made.kind != "poison" and not world.roles:
                    raise Broken(f"{made.kind} {key} was refused its right")
    for key, made in world.made.items():
        if made.kind == "poison" and (key in applied or key not in refused | answered_no):
            raise Broken(f"poison {key} isn't among the refused")
        if key not in applied and key not in refused | answered_no:
            raise Broken(f"{made.kind} {key} is nowhere")
    moves: Counter[str] = Counter()
    for key, made in world.made.items():
        if made.kind == "move" and key in applied:
            moves[made.args[0]] += made.args[1]
    stock = server.stock()
    if any(stock.get(part, 0) != total for part, total in moves.items()):
        raise Broken(f"stock {stock}, ledger {dict(moves)}")
    _check_history(world)


def _check_every_column(world: Played) -> None:
    """Every replica holds every row of the server, column by column, and nothing else."""
    with world.server.central.store.reading() as connection:
        versions = list(connection.exec_driver_sql("SELECT version FROM cambio ORDER BY version").scalars())
        folios = list(connection.exec_driver_sql("SELECT folio FROM orden").scalars())
        names = rows.COLUMNS
        there = {
            spec.name: sorted(connection.exec_driver_sql(f"SELECT {', '.join(names[spec.name])} FROM {spec.name}"))
            for spec in SPECS
            if not spec.de_estacion
        }
    if versions != list(range(1, len(versions) + 1)):
        raise Broken("versions have gaps")
    if len(set(folios)) != len(folios):
        raise Broken("folios twice")
    for i, client in enumerate(world.clients):
        with client.replica.reading() as connection:
            for tabla, expected in there.items():
                query = f"SELECT {', '.join(names[tabla])} FROM {tabla}"
                found = sorted(connection.exec_driver_sql(query), key=lambda row: str(row[0]))
                if found != sorted(expected, key=lambda row: str(row[0])):
                    pairs = zip(found, sorted(expected, key=lambda row: str(row[0])), strict=False)
                    apart = next(((tuple(a), tuple(b)) for a, b in pairs if tuple(a) != tuple(b)), None)
                    raise Broken(f"station {i}: {tabla} ({len(found)}, {len(expected)}) {apart}")
            for tabla, count in (("imagen", 0), ("outbox_fila", 0)):
                if connection.exec_driver_sql(f"SELECT count(*) FROM {tabla}").scalar() != count:
                    raise Broken(f"station {i}: {tabla} isn't empty")


def _check_history(world: Played) -> None:
    """No unseen overwrite, nothing resurrected, the last line of a field stands, what lost is in a conflict."""
    sql = (
        "SELECT b.entidad_id, b.accion, b.antes, b.despues, b.cambio_id, c.origen "
        "FROM bitacora b JOIN cambio c ON c.version = b.version WHERE b.entidad = 'orden' ORDER BY b.version"
    )
    with world.server.central.store.reading() as connection:
        trail = list(connection.execute(text(sql)).mappings())
        state = {row["id"]: row for row in connection.execute(text("SELECT * FROM orden")).mappings()}
    stands: dict[tuple[str, str], Any] = {}
    deleted: dict[str, bool] = {}
    for line in trail:
        key = line["entidad_id"]
        if line["accion"] == "baja":
            deleted[key] = True
            continue
        if line["accion"] in ("alta", "rehacer"):
            deleted |= {key: False} if key in deleted or line["accion"] == "rehacer" else {}
        if line["antes"] is None or line["accion"] == "rehacer":
            stands = {k: v for k, v in stands.items() if k[0] != key}
        antes, despues = json.loads(line["antes"] or "{}"), json.loads(line["despues"] or "{}")
        made = world.made.get(line["cambio_id"])
        op = next((o for o in made.body["ops"] if o["id"] == key), None) if made else None
        for name, value in despues.items():
            native = op is not None and op["tipo"] == "cambio" and line["origen"] is None
            if op is not None and native and name in antes and antes[name] not in (op["antes"].get(name), value):
                raise Broken(f"{line['cambio_id']} overwrote {name} unseen")
            stands[key, name] = value
    for (key, name), value in stands.items():
        row = state.get(key)
        if row is not None and row["borrado_en"] is None and name in row and row[name] != value:
            raise Broken(f"{key}.{name} is {row[name]!r}, the last line says {value!r}")
    for key, gone in deleted.items():
        if gone and key in state and state[key]["borrado_en"] is None:
            raise Broken(f"{key} is back from the dead")
    _check_nothing_vanished(world, stands, deleted)


def _check_nothing_vanished(world: Played, stands: dict[tuple[str, str], Any], deleted: dict[str, bool]) -> None:
    """Every acknowledged value stands, or was seen by who typed over it or deleted it, or is in a conflict.

    A deletion counts too that was accepted after it in a history that was lost, and can't be made again. A
    conflict that is still open keeps the latest value that a station lost there; the earlier was told it too.
    """
    with world.server.central.store.reading() as connection:
        sql = "SELECT registro_id, campo, valor_servidor, valor_tardio FROM conflicto"
        found = list(connection.execute(text(sql)))
        answers = connection.execute(text("SELECT cambio_id, perdidos FROM respuesta WHERE perdidos IS NOT NULL"))
        told = {(r.cambio_id, key, campo) for r in answers for _, key, campo in json.loads(r.perdidos)}
    kept = {(r.registro_id, r.campo, v) for r in found for v in (r.valor_servidor, r.valor_tardio)}
    open_ones = {(r.registro_id, r.campo) for r in found}
    seen = {
        (op["id"], name, canonical(value))
        for made in world.made.values()
        for op in made.body["ops"]
        for name, value in op["antes"].items()
    }
    applied = set(world.server.applied())
    for key, made in world.made.items():
        if made.kind != "set" or key not in applied:
            continue
        row, column = key_of("orden", made.args[0]), world.server.column(made.args[1])
        value = canonical(canonical(made.args[2]))
        if row in deleted or (row, column, value) in kept | seen or canonical(stands.get((row, column))) == value:
            continue
        if (key, row, column) in told and (row, column) in open_ones:
            continue
        if _deleted_after(world, key, row):
            continue
        raise Broken(f"{key}: {made.args} left no trace")


def _deleted_after(world: Played, key: str, row: str) -> bool:
    """Was a deletion of the row accepted after this Cambio, in one history?"""
    places = world.server.places
    after = {
        place
        for baja, made in world.made.items()
        if any(op["tipo"] == "baja" and op["id"] == row for op in made.body["ops"])
        for place in places.get(baja, ())
    }
    return any(p[0] == q[0] and q[1] < p[1] for p in after for q in places.get(key, ()))


def _difference(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    return {k: (a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)}


_SUMS = (
    "SELECT e.id, e.stock, (SELECT coalesce(sum(m.cantidad), 0) FROM movimiento_stock m "
    "WHERE m.producto_id = e.producto_id AND m.sucursal_id = e.sucursal_id) FROM existencia e"
)


def ledger_is_added_up(server: Server) -> None:
    """The server's balances are the plain sums of their movements, whatever happened."""
    with server.central.store.reading() as connection:
        wrong = [row for row in map(tuple, connection.exec_driver_sql(_SUMS)) if row[1] != row[2]]
    if wrong:
        raise Broken(f"the server's stock isn't its movements: {wrong}")


def sums_are_right(client: Client) -> None:
    """Where a station stands at a place of the server's, it shows the movements up to there and those that wait."""
    if not client.at_place:
        return
    with client.replica.reading() as connection:
        wrong = [row for row in map(tuple, connection.exec_driver_sql(_SUMS)) if row[1] != row[2]]
    if wrong:
        raise Broken(f"a station's stock isn't its movements: {wrong}")
