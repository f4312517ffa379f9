"""A database that was put back: it is found out before anything is taken, and what was decided holds."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.base.ambient import Ambient
from servitec_server import marks, recovery
from servitec_server.central import Central
from tests.company import Office
from tests.server.backups import backed_up, everybody, reopened, titles


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.expects_log
def test_a_database_put_back_is_found_out_before_anything_is_taken(office: Office, tmp_path: Path) -> None:
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    everybody(a, b)
    aside = tmp_path / "maquina"

    def snapshot(folder: Path) -> None:
        shutil.copytree(folder, aside)

    def put_back(folder: Path) -> None:
        shutil.rmtree(folder)
        shutil.copytree(aside, folder)

    reopened(office, snapshot)
    a.edit("orden", a.row("orden", order["id"]), titulo="perdido")
    a.sync()
    reopened(office, put_back)
    before = office.central.epoch()
    b.edit("orden", b.row("orden", order["id"]), diagnostico="de b")
    b.sync()  # it stands before the point, and shows nothing
    a.edit("orden", a.row("orden", order["id"]), falla_reportada="sin enviar")
    everybody(a, b)
    assert office.central.epoch() > before
    row = b.row("orden", order["id"])
    assert (row["titulo"], row["diagnostico"], row["falla_reportada"]) == ("perdido", "de b", "sin enviar")
    assert a.row("orden", order["id"]) == row


@pytest.mark.expects_log
def test_what_was_acknowledged_beyond_the_cursor_is_missed_too(office: Office, tmp_path: Path) -> None:
    """Others' changes lie between the cursor and what the server took: the cursor alone shows nothing."""
    a, b = office.desk("a"), office.desk("b")
    order = a.receive()
    everybody(a, b)
    b.edit("orden", b.row("orden", order["id"]), diagnostico="de b")
    b.sync()
    aside = tmp_path / "maquina"
    reopened(office, lambda folder: shutil.copytree(folder, aside))
    a.edit("orden", a.row("orden", order["id"]), titulo="perdido")
    a.engine._push()

    def put_back(folder: Path) -> None:
        shutil.rmtree(folder)
        shutil.copytree(aside, folder)

    reopened(office, put_back)
    before = office.central.epoch()
    a.sync()
    assert office.central.epoch() > before
    everybody(a, b)
    assert b.row("orden", order["id"])["titulo"] == "perdido"
    assert a.row("orden", order["id"]) == b.row("orden", order["id"])


def test_a_folder_that_remembers_more_than_its_database_opens_an_epoch(office: Office) -> None:
    desk = office.desk("a")
    desk.receive()
    desk.sync()
    copy = office.root / "servidor-ayer.db"

    def database_only(folder: Path) -> None:
        with sqlite3.connect(folder / "servidor.db") as db:
            db.execute("VACUUM INTO ?", (str(copy),))
        db.close()

    reopened(office, database_only)
    before = office.central.epoch()
    desk.receive()
    desk.sync()
    office.central.mirror()
    reopened(office, lambda folder: shutil.copy(copy, folder / "servidor.db"))
    assert office.central.epoch() > before


def test_put_back_on_purpose_keeps_what_comes_for_a_supervisor(office: Office) -> None:
    desk = office.desk("a")
    order = desk.receive()
    desk.sync()
    backup = backed_up(office)
    desk.edit("orden", desk.row("orden", order["id"]), titulo="un error masivo")
    desk.sync()
    reopened(office, lambda folder: recovery.restore(folder, backup, sin_reofertas=True))
    everybody(desk)
    assert titles(office) == []
    with office.central.store.reading() as connection:
        sql = text("SELECT motivo, cuerpo IS NOT NULL FROM respuesta WHERE resultado = 'rechazado'")
        kept = [tuple(row) for row in connection.execute(sql)]
    assert kept == [("restaurado", 1)]


def test_an_epoch_sorts_after_every_one_that_is_known(office: Office) -> None:
    backup = backed_up(office)
    office.central.close()
    folder = office.central.data_dir
    seen = [recovery.restore(folder, backup, Ambient()) for _ in range(3)]
    assert seen == sorted(set(seen))
    central = Central(folder)
    with central.store.reading() as connection:
        tree = marks.of_kind(connection, "epoca")
    assert set(seen) <= tree.keys()
    assert len({value["padre"] for key, value in tree.items() if key in seen}) == 1
    central.close()
