"""What the disk refuses, on a real small disk: each cause has its sentence, and a bug is one."""

import logging
import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from domain.base.errors import KnownError
from domain.base.row import Row
from local_db import failures, state
from local_db.failures import DiskTrouble
from local_db.replica import Replica
from servitec_desktop.borradores import Borradores
from servitec_desktop.command import cli
from sync.engine import SyncEngine
from sync.service import SyncService
from tests.company import Desk, Office
from tests.sync.test_service import wait_for


class SmallDisk:
    """A file system of its own, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._filler = folder / "relleno"
        self.mounted = False
        command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
        try:
            self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            self.mounted = False

    def fill(self) -> None:
        """Leave no room."""
        with self._filler.open("ab", buffering=0) as stream:
            try:
                while True:
                    stream.write(b"x" * 4096)
            except OSError:
                return

    def free(self) -> None:
        self._filler.unlink()

    def only_read(self, *, on: bool) -> None:
        subprocess.run(["mount", "-o", f"remount,{'ro' if on else 'rw'}", str(self.folder)], check=True)

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path / "disco")
    if not made.mounted:
        pytest.skip("mounting isn't allowed here")
    yield made
    made.close()


@pytest.fixture
def desk(disk: SmallDisk, tmp_path: Path) -> Iterator[Desk]:
    office = Office(tmp_path)
    made = office.desk("disco/a")
    yield made
    made.replica.close()
    office.central.close()


def save(desk: Desk, size: int) -> None:
    with desk.replica.writing() as writing:
        writing.connection.execute(text("CREATE TABLE IF NOT EXISTS prueba (x)"))
        writing.connection.execute(text("INSERT INTO prueba VALUES (zeroblob(:n))"), {"n": size})


def test_a_full_disk_is_told_as_one(desk: Desk, disk: SmallDisk) -> None:
    disk.fill()
    with pytest.raises(DiskTrouble, match="El disco está lleno.*Se liberó la reserva"):
        save(desk, 6_000_000)
    desk.receive("con la reserva se termina lo empezado")
    disk.fill()
    with pytest.raises(DiskTrouble, match="El disco está lleno y lo último no se guardó"):
        save(desk, 6_000_000)
    engine = SyncEngine(desk.replica, desk.line)
    service = SyncService(desk.replica, engine, interval_s=3600)
    service.start()
    try:
        status = wait_for(service, "disco")
        assert "disco está lleno" in status.message
        assert status.pending == 1
        disk.free()
        service.nudge()
        assert wait_for(service, "al_dia").pending == 0
    finally:
        service.close()


def test_a_snapshot_that_finds_no_room_is_told(desk: Desk, disk: SmallDisk) -> None:
    desk.receive()
    with desk.replica.writing() as writing:
        state.write(writing, rebuild=True)
    before = desk.replica.path
    disk.fill()
    service = SyncService(desk.replica, desk.engine)
    service._cycle()
    assert service.status().kind == "disco", service.status()
    assert desk.replica.path == before
    disk.free()
    service._cycle()
    assert service.status().kind == "al_dia"
    assert desk.replica.path != before


def test_a_disk_that_can_only_be_read_is_told(
    desk: Desk, disk: SmallDisk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk.receive()
    folder = desk.folder
    desk.replica.close()
    disk.only_read(on=True)
    try:
        for command in (["status"], ["sync"], ["doctor"], ["list", "ordenes"]):
            assert cli.main(["--data-dir", str(folder), *command]) == 1
            told = capsys.readouterr()
            assert "Traceback" not in told.err + told.out
            assert "error del programa" not in told.err
            words = told.err + told.out
            assert "Revise los permisos" in words, words
    finally:
        disk.only_read(on=False)
        desk.replica = Replica.open(folder)
    assert desk.open_items().pending == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "lleno"),
        (sqlite3.SQLITE_READONLY, "sólo se puede leer"),
        (sqlite3.SQLITE_CANTOPEN, "no deja abrir"),
        (sqlite3.SQLITE_PERM, "no deja usar"),
        (sqlite3.SQLITE_BUSY, "Otro programa"),
        (sqlite3.SQLITE_IOERR | (3 << 8), "El disco falló"),
        (sqlite3.SQLITE_CORRUPT, "dañada"),
        (sqlite3.SQLITE_NOTADB, "dañada"),
    ],
)
def test_each_cause_has_its_sentence(tmp_path: Path, code: int, words: str) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode, error.sqlite_errorname = code, "X"
    known = failures.of_sqlite(error, tmp_path / "replica-1.db")
    assert known is not None
    assert words in known.message
    assert known.hint


def test_another_program_that_writes_is_named(tmp_path: Path) -> None:
    replica = Replica.open(tmp_path)
    other = sqlite3.connect(replica.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert replica._writer is not None
    pooled = replica._writer.raw_connection()
    pooled.cursor().execute("PRAGMA busy_timeout=1")
    pooled.close()
    with pytest.raises(DiskTrouble, match="Otro programa tiene ocupada"), replica.writing():
        pass
    other.close()
    replica.close()


@pytest.mark.expects_log
def test_a_mistake_of_ours_is_a_bug_with_its_trace(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    office = Office(tmp_path)
    desk = office.desk("a")
    try:
        with pytest.raises(OperationalError, match="no such table"), desk.replica.writing() as writing:
            writing.connection.execute(text("SELECT * FROM no_existe"))
        with pytest.raises(OperationalError, match="no such table"), desk.replica.reading() as connection:
            connection.execute(text("SELECT * FROM no_existe"))
        with desk.replica.writing() as writing:
            writing.connection.execute(text("ALTER TABLE outbox RENAME TO otra"))
        service = SyncService(desk.replica, desk.engine)
        with desk.replica.writing() as writing:
            writing.connection.execute(text("CREATE TABLE outbox (n, acusado_en, espera)"))
        with caplog.at_level(logging.ERROR):
            service._cycle()
        status = service.status()
        assert status.kind == "error"
        assert "Error del programa" in status.message
        assert "no such column" in status.detail
        assert any(r.exc_info for r in caplog.records if r.name == "sync.service")
    finally:
        desk.replica.close()
        office.central.close()


def test_a_folder_of_somebody_else_is_named(tmp_path: Path) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("needs another user")
    folder = tmp_path / "a"
    Replica.open(folder).close()
    for parent in (tmp_path, *tmp_path.parents):
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    said: list[str] = []

    def as_nobody() -> None:
        for write in (False, True):
            try:
                Replica.open(folder, write=write)
            except KnownError as error:
                said.append(str(error))

    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        as_nobody()
        os._exit(0 if len(said) == 2 and all("Revise los permisos" in words for words in said) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert threading.active_count() >= 1


def test_a_draft_that_does_not_fit_is_a_sentence_and_leaves_the_one_before(disk: SmallDisk) -> None:
    borradores = Borradores(disk.folder)
    first: Row = {"falla": "Se apaga"}
    borradores.keep("recepcion", first)
    disk.fill()
    with pytest.raises(DiskTrouble, match="El borrador no se está guardando: el disco está lleno") as refused:
        borradores.keep("recepcion", {"falla": "Se apaga al encender" * 1000})
    assert "sigue en la pantalla" in refused.value.hint
    assert borradores.read("recepcion") == first
    disk.only_read(on=True)
    with pytest.raises(DiskTrouble, match="borrador"):
        borradores.keep("recepcion", {})
    disk.only_read(on=False)
    disk.free()
    borradores.keep("recepcion", {"falla": ""})
    assert borradores.read("recepcion") == {}
    assert list(disk.folder.iterdir()) == []
