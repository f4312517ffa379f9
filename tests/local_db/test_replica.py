"""The replica's file: one owner, numbered migrations, damage that is noticed."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from domain.base.errors import KnownError, Rejection
from domain.ordenes.actions import Recepcion
from local_db import state
from local_db.clientes import queries as leer_clientes
from local_db.failures import Damaged
from local_db.ordenes import queries as leer_ordenes
from local_db.ordenes import reception
from local_db.replica import Replica
from tests.company import Office


def test_one_owner_a_folder_and_kill_frees_it(tmp_path: Path) -> None:
    code = (
        "import time\nfrom pathlib import Path\nfrom local_db.replica import Replica\n"
        f"replica = Replica.open(Path({str(tmp_path)!r}), owner='el escritorio')\n"
        "print('ready', flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(KnownError, match=f"la está usando el escritorio .proceso {process.pid}"):
        Replica.open(tmp_path)
    reader = Replica.open(tmp_path, write=False)
    with reader.reading() as connection:
        assert state.read(connection).estacion_id is None
    with pytest.raises(KnownError, match="sólo para leer"), reader.writing():
        pass
    reader.close()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    Replica.open(tmp_path).close()


def test_a_newer_file_is_not_touched(tmp_path: Path) -> None:
    Replica.open(tmp_path).close()
    db = sqlite3.connect(tmp_path / "replica-1.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(KnownError, match="versión más nueva"):
        Replica.open(tmp_path)


@pytest.mark.expects_log
def test_after_damage_the_outbox_is_saved(office: Office) -> None:
    desk = office.desk("a")
    waiting = [desk.receive(f"falla {i}")["folio"] for i in range(30)]
    desk.replica.checkpoint(wipe=True)
    desk.replica.close()
    path = desk.replica.path
    data = bytearray(path.read_bytes())
    db = sqlite3.connect(path)
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'orden'").fetchone()
    db.close()
    data[4096 * (root - 1) : 4096 * root] = os.urandom(4096)
    path.write_bytes(data)
    desk.replica = Replica.open(desk.folder)
    with pytest.raises(Damaged, match="dañada"):
        desk.replica.verify()
    desk.reopen()
    assert path.exists()
    assert desk.open_items().pending == 30
    assert desk.read(state.read).reenrol == "danada"
    with pytest.raises(KnownError):
        desk.receive()
    assert desk.sync().up_to_date
    shown = desk.read(lambda c: leer_ordenes.ordenes(c, limit=500))
    assert {f.folio for f in shown} == set(waiting)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("x", encoding="utf-8")
    with pytest.raises(KnownError, match="No se puede usar la carpeta"):
        Replica.open(tmp_path / "archivo" / "a")
    with pytest.raises(KnownError, match="No hay ninguna estación"):
        Replica.open(tmp_path, write=False)


def test_a_refused_action_leaves_nothing(office: Office) -> None:
    desk = office.desk("a", "rec")
    order = desk.receive()
    before = desk.dump()
    with pytest.raises(Rejection):
        desk.edit("orden", order, diagnostico="fusible")
    with pytest.raises(Rejection):
        reception.recibir(desk.replica, desk.person, Recepcion(cliente={"nombre": "x"}))
    assert desk.dump() == before
    assert desk.open_items().pending == 1
    assert desk.receive()["folio"] == f"{desk.station.codigo}-000002"


@pytest.mark.parametrize(
    "typed",
    ["iñigo", "INIGO", "Epson", "{}-000001", "1", "enciende no", "55550102", "9 5555", "0102", "+56 9 5555", "e77"],
)
def test_search_finds_by_what_people_say(office: Office, typed: str) -> None:
    desk = office.desk("a")
    order = desk.receive("No enciende")
    desk.edit("equipo", desk.row("equipo", order["equipo_id"]), serie="E77-X")
    typed = typed.format(desk.station.codigo.lower())
    assert [f.folio for f in desk.read(lambda c: leer_ordenes.ordenes(c, typed))] == [order["folio"]]
    assert desk.read(lambda c: leer_ordenes.ordenes(c, "otracosa")) == []
    assert desk.read(lambda c: leer_ordenes.contar_ordenes(c, typed, "recibida")) == 1
    assert desk.read(lambda c: leer_ordenes.contar_ordenes(c, typed, "cerrada")) == 0


def test_a_renamed_client_is_found_by_his_orders(office: Office) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    a.sync(), b.sync()
    a.edit("cliente", a.row("cliente", order["cliente_id"]), nombre="Zoraida")
    a.sync(), b.sync()
    for desk in (a, b):
        assert len(desk.read(lambda c: leer_ordenes.ordenes(c, "zoraida"))) == 1
        assert desk.read(lambda c: leer_ordenes.ordenes(c, "inigo")) == []
        assert [f.nombre for f in desk.read(lambda c: leer_clientes.clientes(c, "zor"))] == ["Zoraida"]
