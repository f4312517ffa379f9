"""Run in a copy of the program with a later schema, on the data of the program of now. Prints what it found as JSON."""

import json
import sqlite3
import sys
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from domain.upgrade import SCHEMA
from local_db import rows, state
from local_db.replica import Replica
from servitec_server.stations import Stations
from servitec_server.tables import metadata
from storage import schema, station
from sync.engine import SyncEngine
from tests.company import Desk, Line, Office
from tools.difference import difference, missing_search


def differences(path: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        own = {name: station.own.tables[name] for name in station.OWN}
        found = [*_told(connection, schema.replica, own), *_told(connection, station.own, schema.replica.tables)]
    engine.dispose()
    db = sqlite3.connect(path)
    made, other = missing_search(db)
    db.close()
    return found + made + other


def _told(connection, metadata, others) -> list[str]:  # type: ignore[no-untyped-def]
    found = difference(connection, metadata)
    more = [w for w in found.other if not any(name in w for name in others)]
    return [str(x) for x in (*found.tables, *found.columns, *found.indexes)] + more


def main(root: Path, url: str | None) -> None:
    office = Office(root, url)
    with office.central.store.reading() as connection:
        central = difference(connection, metadata)
        columns = {c["name"]: c["nullable"] for c in inspect(connection).get_columns("cliente")}
        keys = {k["referred_table"] for k in inspect(connection).get_foreign_keys("cliente")}
    desk = Desk.__new__(Desk)
    desk.folder = root / "a"
    desk.replica = Replica.open(desk.folder)
    now = desk.read(state.read)
    told = {
        "schema": SCHEMA,
        "central": [str(x) for x in (*central.tables, *central.columns, *central.indexes, *central.other)],
        "cliente": columns,
        "keys": sorted(keys),
        "replica": differences(desk.replica.path),
        "rebuild": now.rebuild,
        "waiting": desk.open_items().pending,
        "jobs": desk.read(lambda c: rows.raw(c).execute("SELECT count(*) FROM trabajo_impresion").fetchone()[0]),
    }
    desk.person = office.people["jefa"]
    desk.station = Stations(office.central).by_id(str(now.estacion_id))
    desk.line = Line(office, desk.station, desk.person)
    desk.engine = SyncEngine(desk.replica, desk.line)
    result = desk.sync()
    after = desk.read(state.read)
    told |= {"pushed": result.pushed, "al_dia": result.up_to_date, "rebuild_after": after.rebuild}
    told["jobs_after"] = desk.read(
        lambda c: rows.raw(c).execute("SELECT count(*) FROM trabajo_impresion").fetchone()[0]
    )
    told["replica_after"] = differences(desk.replica.path)
    with office.central.store.reading() as connection:
        told["ordenes"] = connection.execute(text("SELECT count(*) FROM orden")).scalar()
    desk.replica.close()
    office.central.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
