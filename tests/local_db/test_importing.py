"""Import of CSV: what goes in, what is told, what a second time changes."""

import csv
import gzip
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from local_db.ordenes import importing, queries
from local_db.ordenes.importing import ImportResult
from tests.company import Desk, Office

HEAD = "id,data_provider,product_category,brand,group_identifier,event_date,repair_status,problem"


def _take(desk: Desk, path: Path, *, dry_run: bool = False) -> ImportResult:
    mapa = importing.load_map("ords")
    return importing.importar_ordenes(desk.replica, desk.person, path, mapa, dry_run=dry_run)


def _file(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "datos.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8-sig")
    return path


def test_good_rows_go_in_and_bad_ones_are_told(office: Office, tmp_path: Path) -> None:
    desk = office.desk("a")
    before = desk.open_items().pending
    path = _file(
        tmp_path,
        "x_1,P,Lamp,Unknown,Café,2024-03-02,Fixed,",
        "x_2,P,Lamp,Sony,Café,2024-13-02,Fixed,roto",
        "x_1,P,Lamp,Sony,Café,2024-03-02,Fixed,otra vez",
        "x_3,P,Lamp,Sony,Café,2024-03-02,Repairable,roto",
    )
    result = _take(desk, path)
    assert (result.read, result.created, result.unchanged, result.failed) == (4, 2, 1, 1)
    assert desk.open_items().pending == before + 2
    with Path(str(result.errors_file)).open(encoding="utf-8-sig", newline="") as stream:
        (error,) = csv.DictReader(stream)
    assert (error["linea"], error["id"]) == ("3", "x_2")
    assert "2024-13-02" in error["motivo"]
    found = {f.referencia_externa: f for f in desk.read(queries.ordenes)}
    assert {key: f.estado for key, f in found.items()} == {"x_1": "reparada", "x_3": "en_diagnostico"}
    assert found["x_1"].marca is None
    assert found["x_1"].falla_reportada is None
    assert found["x_1"].cliente == found["x_3"].cliente == "Café"
    state_before = desk.dump()
    again = _take(desk, path)
    assert (again.created, again.unchanged, again.failed) == (0, 3, 1)
    assert desk.dump() == state_before


def test_a_dry_run_saves_nothing(office: Office, tmp_path: Path) -> None:
    desk = office.desk("a")
    before = desk.dump()
    result = _take(desk, _file(tmp_path, "x_1,P,Lamp,Sony,Café,2024-03-02,Fixed,"), dry_run=True)
    assert (result.created, result.failed) == (1, 0)
    assert desk.dump() == before
    assert desk.open_items().pending == 0


def test_columns_may_be_missing_or_in_another_order(office: Office, tmp_path: Path) -> None:
    desk = office.desk("a")
    path = _file(tmp_path, "Fixed,x_1,P", head="repair_status,id,data_provider")
    assert _take(desk, path).created == 1
    with pytest.raises(KnownError, match="no tiene la columna"):
        _take(desk, _file(tmp_path, "Fixed,P", head="repair_status,data_provider"))


def test_a_broken_file_is_told_in_a_sentence(office: Office, tmp_path: Path) -> None:
    desk = office.desk("a")
    packed = bytearray(gzip.compress(f"{HEAD}\nx_1,P,Lamp,Sony,Café,2024-03-02,Fixed,roto\n".encode()))
    packed[12:40] = b"\xff" * 28
    path = tmp_path / "datos.csv.gz"
    path.write_bytes(packed)
    with pytest.raises(KnownError, match="No se puede leer"):
        _take(desk, path)
    path = tmp_path / "latin.csv"
    path.write_bytes(f"{HEAD}\nx_1,P,Lamp,Sony,Café,2024-03-02,Fixed,\n".encode("latin-1"))
    with pytest.raises(KnownError, match="UTF-8"):
        _take(desk, path)
    with pytest.raises(KnownError, match="No se puede leer"):
        _take(desk, tmp_path / "no_existe.csv")
    assert desk.open_items().pending == 0


def test_a_full_disk_is_told_and_nothing_is_half_saved(office: Office) -> None:
    desk = office.desk("a")
    before = desk.dump()
    with desk.replica.writing() as writing:
        pages = writing.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        writing.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KnownError, match="El disco está lleno"), desk.replica.writing() as writing:
        writing.connection.exec_driver_sql("CREATE TABLE relleno AS SELECT randomblob(9000000)")
    saved: list[str] = []

    def until_full() -> None:
        for _ in range(200):
            saved.append(str(desk.receive("x" * 400)["id"]))

    with pytest.raises(KnownError, match="El disco está lleno"):
        until_full()
    with desk.replica.writing() as writing:
        writing.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert desk.open_items().pending == len(saved)
    after = desk.dump()
    assert after.keys() >= before.keys()
    assert {key for tabla, key in after if tabla == "orden"} == set(saved)
    assert desk.receive()["folio"] == f"{desk.station.codigo}-{len(saved) + 1:06}"
