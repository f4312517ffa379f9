"""Backups, restores, copies and keys: the old one stays until the new is whole."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from domain.base.errors import KnownError
from domain.proofs import Prover
from servitec_server import recovery
from servitec_server.central import Central
from servitec_server.recovery import Into
from servitec_server.store import Store
from tests.company import Office
from tests.server.backups import backed_up, folios

STEPS = frozenset(("backup", "close", "connect", "execute", "fsync", "open", "replace"))
"""What `restore` does to the disk by itself."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_backup_is_its_owners_alone_and_has_the_key(office: Office) -> None:
    target = backed_up(office)
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KnownError, match="Ya existe"):
        recovery.backup(office.central.data_dir, target)
    with sqlite3.connect(target) as db:
        secret = db.execute("SELECT valor FROM servidor WHERE clave = 'clave_secreta'").fetchone()[0]
    db.close()
    assert secret == (office.central.data_dir / "clave-servidor").read_text()


def test_a_damaged_database_is_never_a_done_backup(office: Office) -> None:
    desk = office.desk("a")
    for i in range(30):
        desk.receive(f"falla {i}" + "x" * 500)
    desk.sync()

    def damage(folder: Path) -> None:
        with sqlite3.connect(folder / "servidor.db") as db:
            db.execute("PRAGMA journal_mode=DELETE")
            root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'bitacora'").fetchone()[0]
            size = db.execute("PRAGMA page_size").fetchone()[0]
        db.close()
        with (folder / "servidor.db").open("r+b") as stream:
            stream.seek((root - 1) * size)
            stream.write(os.urandom(size))

    office.central.close()
    damage(office.central.data_dir)
    with pytest.raises(KnownError, match="dañada"):
        recovery.backup(office.central.data_dir, office.root / "respaldo.db")
    assert not list(office.root.glob("respaldo*"))


def test_what_is_no_backup_changes_nothing(office: Office, tmp_path: Path) -> None:
    desk = office.desk("a")
    desk.receive()
    desk.sync()
    folder = office.central.data_dir
    bad = tmp_path / "malo.db"
    bad.write_bytes(b"no es una base")
    keyless = backed_up(office, "sin-clave.db")
    with sqlite3.connect(keyless) as db:
        db.execute("DELETE FROM servidor WHERE clave = 'clave_secreta'")
    db.close()
    office.central.close()
    before = folios(folder)
    assert before
    with pytest.raises(KnownError, match="No existe el respaldo"):
        recovery.restore(folder, tmp_path / "no-hay.db")
    with pytest.raises(KnownError, match=r"\(no es una base de datos\)"):
        recovery.restore(folder, bad)
    for source in (bad, keyless):
        with pytest.raises(KnownError, match="no es un respaldo completo"):
            recovery.restore(folder, source)
    with pytest.raises(KnownError, match="la base misma"):
        recovery.restore(folder, folder / "servidor.db")
    assert folios(folder) == before


def test_no_room_changes_nothing(office: Office) -> None:
    desk = office.desk("a")
    backup = backed_up(office)
    desk.receive()
    desk.sync()
    folder = office.central.data_dir
    office.central.close()
    before = folios(folder)
    code = (
        "import resource, signal, sys\n"
        "from servitec_server import cli\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "sys.exit(cli.main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "restore", "--data-dir", str(folder), "--from", str(backup)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "No se pudo" in done.stderr
    assert folios(folder) == before
    assert not (folder / "restauracion").exists()


def restored_until(step: int, folder: Path, backup: Path) -> bool:
    """Restore in a process that kills itself right before this step of it; True: it came to its end."""
    count = 0

    def watch(frame: FrameType, event: str, called: Any) -> None:
        nonlocal count
        if event == "c_call" and frame.f_code.co_filename == recovery.__file__:
            count += called.__name__ in STEPS
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            sys.setprofile(watch)
            recovery.restore(folder, backup)
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code == 0


@pytest.mark.timeout(300)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.soak)])
def test_a_restore_that_is_killed_leaves_a_whole_database(office: Office, tmp_path: Path, stride: int) -> None:
    desk = office.desk("a")
    desk.receive()
    desk.sync()
    backup = backed_up(office)
    old = folios(office.central.data_dir)
    desk.receive()
    desk.sync()
    office.central.close()
    new = folios(office.central.data_dir)
    step, ended = 1, False
    while not ended:
        folder = tmp_path / f"paso-{step}"
        shutil.copytree(office.central.data_dir, folder)
        ended = restored_until(step, folder, backup)
        assert folios(folder) in ([old] if ended else [old, new]), step
        Central(folder).close()
        step += stride
    assert step > 10


def test_what_a_killed_restore_left_goes_at_the_next_start(office: Office) -> None:
    office.central.close()
    left = office.central.data_dir / "restauracion"
    left.mkdir()
    (left / "servidor.db").write_bytes(b"media base")
    Central(office.central.data_dir).close()
    assert not left.exists(), "it would take its room for ever"


def test_a_server_moves(office: Office, tmp_path: Path) -> None:
    backup, elsewhere = backed_up(office), tmp_path / "nueva"
    recovery.restore(elsewhere, backup, into=Into.MOVED)
    moved = Central(elsewhere)
    assert moved.identity.server_id == office.central.identity.server_id
    assert moved.prover.sealed(office.central.prover.cursor("e", 3, moved.identity.own.id))
    moved.close()


def test_a_folder_that_lost_its_database_starts_no_empty_server(office: Office) -> None:
    backup = backed_up(office)
    office.central.close()
    folder = office.central.data_dir
    for name in ("servidor.db", "servidor.db-wal", "servidor.db-shm"):
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(KnownError, match="su base de datos no está"):
        Central(folder)
    recovery.restore(folder, backup)
    Central(folder).close()


def test_a_key_that_does_not_fit_starts_nothing(office: Office) -> None:
    office.central.close()
    path = office.central.data_dir / "clave-servidor"
    known = path.read_text()
    path.write_text("ab" * 32)
    with pytest.raises(KnownError, match="no es la de esta base"):
        Central(office.central.data_dir)
    path.unlink()
    with pytest.raises(KnownError, match="falta"):
        Central(office.central.data_dir)
    path.write_text(known)
    Central(office.central.data_dir).close()


def test_a_copy_is_another_server(office: Office, tmp_path: Path) -> None:
    desk = office.desk("a")
    desk.receive()
    desk.sync()
    backup, elsewhere = backed_up(office), tmp_path / "otra"
    with pytest.raises(KnownError, match="--movido"):
        recovery.restore(elsewhere, backup)
    assert not (elsewhere / "servidor.db").exists()
    recovery.restore(elsewhere, backup, into=Into.COPY)
    copy = Central(elsewhere)
    real = office.central
    assert copy.identity.server_id != real.identity.server_id
    forged = copy.prover.cursor(real.epoch(), 3, real.identity.own.id)
    assert not real.prover.sealed(forged)
    as_if = Prover(bytes.fromhex((elsewhere / "clave-servidor").read_text()), real.identity.server_id, "s")
    assert not real.prover.sealed(as_if.cursor(real.epoch(), 3, real.identity.own.id))
    copy.close()
    with pytest.raises(KnownError, match="otro servidor"):
        recovery.restore(elsewhere, backup)


def test_a_new_key_ends_every_proof(office: Office) -> None:
    central = office.central
    old = central.prover.cursor(central.epoch(), 2, central.identity.own.id)
    central.close()
    recovery.new_key(Store(central.data_dir))
    fresh = Central(central.data_dir)
    assert not fresh.prover.sealed(old)
    fresh.close()


def test_a_copy_leaves_a_named_key_alone(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup, named = backed_up(office), tmp_path / "clave"
    shutil.copy(office.central.data_dir / "clave-servidor", named)
    before = named.read_bytes()
    monkeypatch.setenv("SERVITEC_KEY_FILE", str(named))
    with pytest.raises(KnownError, match="SERVITEC_KEY_FILE"):
        recovery.restore(tmp_path / "copia", backup, into=Into.COPY)
    assert named.read_bytes() == before


def test_a_restore_brings_no_ended_key_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    backup, folder = backed_up(office), office.central.data_dir
    leaked = office.central.prover.cursor(office.central.epoch(), 2, office.central.identity.own.id)
    office.central.close()
    recovery.new_key(Store(folder))
    swap = recovery._swap

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recovery, "_swap", killed)
    with pytest.raises(KeyboardInterrupt):
        recovery.restore(folder, backup)
    Central(folder).close()
    monkeypatch.setattr(recovery, "_swap", swap)
    recovery.restore(folder, backup)
    central = Central(folder)
    assert not central.prover.sealed(leaked)
    central.close()
