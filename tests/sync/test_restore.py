"""A server restored from yesterday's backup: what stations hold of the lost day comes back, once.

2 runs in the ordinary tests; `pytest -m soak tests/sync/test_restore.py` runs 20.
"""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from local_db.perdidas import filas_perdidas
from servitec_server import recovery
from servitec_server.central import Central
from servitec_server.handler import SyncHandler
from testing.company import PERSON, Company
from tests.company import Office
from tests.simulation.adapter import make

RUNS = [*range(2), *(pytest.param(i, marks=pytest.mark.soak) for i in range(2, 20))]


@pytest.mark.parametrize("turn", RUNS)
def test_what_was_acknowledged_is_back_once(turn: int) -> None:
    rng = random.Random(turn)
    server, new_client = make(rng)
    clients = [new_client(i) for i in range(5)]

    def work(steps: int) -> None:
        for _ in range(steps):
            client = rng.choice(clients)
            kind = rng.choice(["set", "set", "set", "move", "delete", "sync", "sync"])
            if kind == "set":
                client.edit("set", f"r{rng.randrange(12)}", f"f{rng.randrange(4)}", rng.randrange(1000))
            elif kind == "move":
                client.edit("move", f"p{rng.randrange(3)}", rng.randint(-4, 9))
            elif kind == "delete":
                client.edit("delete", f"r{rng.randrange(12)}")
            else:
                client.sync(server.handle)
        for client in clients:
            client.sync(server.handle)

    work(60)
    yesterday = server.backup()
    server.clock.at += timedelta(days=1)
    work(120)
    acknowledged = {key for client in clients for key in client.acked()}
    before = set(server.applied())
    server.restore(yesterday)
    lost = acknowledged & (before - set(server.applied()))
    assert len(lost) > 30
    for _ in range(4):
        for client in clients:
            client.sync(server.handle)
    applied = Counter(server.applied())
    kept = {key for client in clients for key in client.quarantined()}
    assert lost <= applied.keys() | kept
    assert len(lost - applied.keys()) <= 2, "only what somebody deleted or changed meanwhile may be refused"
    assert max(applied.values()) == 1
    assert all(client.pending() == 0 for client in clients)
    dump = server.dump()
    assert all(client.dump() == dump for client in clients)
    for client in clients:
        assert list(client.folder.glob("replica-*.db.conservar")), "the replica of the lost history is kept"
        client.replica.close()
    server.central.close()


@pytest.mark.timeout(200)
def test_by_the_operators_own_commands(company: Company, tmp_path: Path) -> None:
    company.enroll("a")
    company.enroll("b")
    folder = str(company.root / "servidor")
    backup = ("backup", "--data-dir", folder, "--to", str(tmp_path / "respaldo.db"))
    company.server(*backup)
    assert "Ya existe" in company.server(*backup, codes=(1,))
    company.station("a", "stock", "add", "--sku", "F-1", "--nombre", "Fuente")
    company.station("a", "stock", "move", "--sku", "F-1", "--tipo", "entrada", "--cantidad", "3")
    company.station("a", "sync")
    company.station("b", "sync")
    assert "en marcha" in company.server("restore", "--data-dir", folder, "--from", backup[-1], codes=(1,))
    company.stop()
    company.server("restore", "--data-dir", folder, "--from", backup[-1])
    company.start()
    company.station("b", "sync", codes=(1,))  # a restore ends every session
    for name in ("a", "b"):
        company.station(name, "sign-in", "--username", PERSON, stdin=company.password)
    assert company.station("b", "sync", "--json")["up_to_date"]
    assert company.station("b", "stock", "list", "--json") == []
    assert "Historia perdida: 2 registros" in company.station("b", "doctor", codes=(1,))
    assert company.station("a", "sync", "--json")["pushed"] == 2
    assert company.station("b", "sync", "--json")["up_to_date"]
    (product,) = company.station("b", "stock", "list", "--json")
    assert (product["sku"], product["stock"], product["disponible"]) == ("F-1", 3, 3)
    assert "Historia perdida" not in company.station("b", "doctor", codes=(0, 1))


def restore(office: Office, backup: Path) -> None:
    """As the operator would."""
    ambient = office.central.ambient
    office.central.close()
    recovery.restore(office.root / "servidor", backup, ambient)
    office.central = Central(office.root / "servidor", None, ambient)
    office.handler = SyncHandler(office.central)


def test_what_nobody_brings_back_is_listed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    a, b = office.desk("a"), office.desk("b")
    old, gone = a.receive("de antes"), a.receive("se borra")
    a.sync(), b.sync()
    backup = office.root / "respaldo.db"
    recovery.backup(office.central.data_dir, backup)
    lost = a.receive("sólo en a")
    a.edit("orden", a.row("orden", old["id"]), titulo="perdido", diagnostico="perdido")
    b.edit("orden", b.row("orden", gone["id"]), titulo="devuelto")
    a.sync(), b.sync()
    assert filas_perdidas(b.replica) == []
    a.replica.close()
    restore(office, backup)
    b.sync()
    found = {(f.tabla, f.id): f for f in filas_perdidas(b.replica)}
    missing = found["orden", str(lost["id"])]
    assert missing.ahora is None
    assert missing.campos["falla_reportada"] == ("sólo en a", None)
    changed = found["orden", str(old["id"])]
    assert changed.campos == {"titulo": ("perdido", None), "diagnostico": ("perdido", None)}
    assert ("orden", str(gone["id"])) not in found, "b brought it back itself"
    assert ("cliente", str(lost["cliente_id"])) in found
    a.reopen()
    a.sync(), b.sync()
    assert filas_perdidas(b.replica) == []
    assert b.row("orden", old["id"])["titulo"] == "perdido"
    office.close()


def test_a_later_change_of_one_field_leaves_the_others_listed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    a, b = office.desk("a"), office.desk("b")
    old = a.receive("de antes")
    a.sync(), b.sync()
    backup = office.root / "respaldo.db"
    recovery.backup(office.central.data_dir, backup)
    a.edit("orden", a.row("orden", old["id"]), titulo="perdido", ubicacion_fisica="B-2", diagnostico="fuente")
    a.sync(), b.sync()
    a.replica.close()
    restore(office, backup)
    b.sync()
    b.edit("orden", b.row("orden", old["id"]), titulo="otro, a propósito")
    b.sync()
    b.edit("orden", b.row("orden", old["id"]), diagnostico="fuente")
    b.sync()
    (found,) = [f for f in filas_perdidas(b.replica) if f.id == old["id"]]
    assert found.campos == {"ubicacion_fisica": ("B-2", None)}
    b.edit("orden", b.row("orden", old["id"]), ubicacion_fisica="C-3")
    b.sync()
    assert filas_perdidas(b.replica) == []
    office.close()


def test_what_was_lost_before_the_last_restore_is_listed_too(tmp_path: Path) -> None:
    """By a station that was away for the first of two: its history parted there, not at the last one."""
    office = Office(tmp_path)
    a, b, gone = office.desk("a"), office.desk("b"), office.desk("c")
    first, second = office.root / "uno.db", office.root / "dos.db"
    recovery.backup(office.central.data_dir, first)
    lost = gone.receive("sólo en c, que ya no está")
    gone.sync(), a.sync()
    restore(office, first)
    for i in range(5):
        b.receive(f"después, {i}")
    b.sync()
    recovery.backup(office.central.data_dir, second)
    restore(office, second)
    a.sync()
    assert ("orden", str(lost["id"])) in {(f.tabla, f.id) for f in filas_perdidas(a.replica)}
    assert filas_perdidas(b.replica) == []
    office.close()
