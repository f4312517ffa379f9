"""The pointer file, lost or wrong; power that goes between any two steps of a swap: nothing is ever lost."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from local_db import files, open_items, present, state
from local_db.replica import Replica
from sync.transport import Asked
from tests.company import Desk, Office

RUNS = 20
STRIDES = pytest.mark.parametrize("stride", [11, pytest.param(1, marks=pytest.mark.soak)])
"""Every eleventh step in the ordinary tests; `pytest -m soak tests/local_db/test_present.py` takes each one."""


def waiting(folder: Path) -> list[str]:
    """The ids of the unsent changes, as a new start of the program finds them."""
    replica = Replica.open(folder)
    try:
        with replica.reading() as connection:
            return [f.id for f in open_items.pendientes(connection, 1000)]
    finally:
        replica.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A station with an old kept replica (of a lost history) and 5 unsent changes in the present one."""
    office = Office(tmp_path)
    desk = office.desk("a")
    for i in range(3):
        desk.receive(f"vieja {i}")
    old = tmp_path / "vieja.db"
    desk.replica.checkpoint(wipe=True)
    shutil.copy(desk.replica.path, old)
    for i in range(2):
        desk.receive(f"nueva {i}")
    desk.replica.close()
    office.central.close()
    present_path = desk.replica.path
    kept = present_path.with_name("replica-1.db")
    assert kept != present_path
    old.rename(kept)
    files.keep_replica(kept, 7)
    return desk


def wrong_pointer(folder: Path, turn: int) -> None:
    """Seven ways, and random bytes."""
    pointer = folder / "actual"
    kind = turn % 8
    pointer.unlink()
    if kind == 1:
        pointer.write_text("")
    elif kind == 2:
        pointer.write_text("replica-77.db")
    elif kind == 3:
        pointer.write_text("replica-1.db\n")
    elif kind == 4:
        pointer.write_bytes(b"\xff\xfe\x00replica" + random.Random(turn).randbytes(200))
    elif kind == 5:
        other = folder.parent / "replica-5.db"
        sqlite3.connect(other).close()
        pointer.write_text(f"../{other.name}" if turn % 2 else str(other))
    elif kind == 6:
        (folder / "replica-9.db").write_bytes(b"esto no es una base" * 99)
        pointer.write_text("replica-9.db")
    elif kind == 7:
        (folder / "replica-8.db").touch()
        pointer.write_text("replica-8.db")


@pytest.mark.expects_log
def test_a_wrong_pointer_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    for turn in range(RUNS):
        folder = tmp_path / f"turno-{turn}"
        shutil.copytree(desk.folder, folder)
        here = folder / desk.replica.path.name
        wrong_pointer(folder, turn)
        reader = Replica.open(folder, write=False)
        assert reader.path == here
        reader.close()
        found = waiting(folder)
        assert len(found) == 5
        assert (folder / "actual").read_text() == here.name
        assert (folder / "replica-1.db").exists(), "the replica of a lost history stays for its 30 days"
        assert waiting(folder) == found
        shutil.rmtree(folder)


@pytest.mark.expects_log
def test_only_a_kept_replica_is_better_than_none(desk: Desk) -> None:
    files.remove_replica(desk.replica.path)
    assert len(waiting(desk.folder)) == 3
    assert files.kept_replicas(desk.folder) == []
    assert len(waiting(desk.folder)) == 3


@pytest.mark.expects_log
def test_two_stations_in_one_folder_are_refused(desk: Desk, tmp_path: Path) -> None:
    other = Office(tmp_path / "otra").desk("b")
    other.receive()
    other.replica.close()
    stranger = desk.folder / "replica-6.db"
    shutil.copy(other.replica.path, stranger)
    assert len(waiting(desk.folder)) == 5, "the pointer says which"
    assert stranger.exists()
    files.unkeep(stranger)
    (desk.folder / "actual").unlink()
    for write in (True, False):
        with pytest.raises(KnownError, match="varias estaciones"):
            Replica.open(desk.folder, write=write)
    assert stranger.exists()
    (desk.folder / "actual").write_text(desk.replica.path.name)
    assert len(waiting(desk.folder)) == 5


@pytest.mark.expects_log
def test_a_truncated_replica_with_its_log_is_kept(desk: Desk) -> None:
    """SQLite throws the log of an empty file away as soon as it opens it."""
    here = desk.replica.path
    here.with_name(here.name + "-wal").write_bytes(b"x" * 5000)
    here.write_bytes(b"")
    Replica.open(desk.folder).close()
    assert here.with_name(here.name + "-wal").stat().st_size == 5000


CRASH = """
import os, re, shutil, sqlite3, sys
from pathlib import Path
from local_db import files, install, state
from local_db.replica import Replica
import local_db.replica, storage.private, local_db.salvage

source, work, what, stride = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
OURS = re.compile("/(local_db|domain)/")
STEPS = frozenset(
    "execute executemany executescript connect close open replace rename unlink fsync posix_fallocate chmod".split()
)


def steps(stop_at):
    # every call made by our code that may change something on the disk
    count = 0
    def watch(frame, event, arg):
        nonlocal count
        if event == "c_call" and arg.__name__ in STEPS and OURS.search(frame.f_code.co_filename):
            count += 1
            if count == stop_at:
                os._exit(9)
    sys.setprofile(watch)
    return lambda: count


def swap(folder, stop_at):
    replica = Replica.open(folder)
    fresh = folder / "instantanea.db"
    shutil.copy(source / "instantanea.db", fresh)
    if what == "lost":
        with replica.writing() as writing:
            state.write(writing, epoch="de antes")
    count = steps(stop_at)
    install.install(replica, fresh)
    sys.setprofile(None)
    return count()


def repair(folder, stop_at):
    count = steps(stop_at)
    Replica.open(folder)
    sys.setprofile(None)
    return count()


def pending(folder):
    replica = Replica.open(folder)
    with replica.reading() as connection:
        found = connection.exec_driver_sql("SELECT id FROM outbox WHERE acusado_en IS NULL ORDER BY n").fetchall()
    replica.close()
    return [key for key, in found]


expected = None
stop_at = 1
while True:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(source / "estacion", work)
    child = os.fork()
    if child == 0:
        made = (repair if what == "repair" else swap)(work, stop_at)
        (work.parent / "count").write_text(str(made))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9), code
    checker = os.fork()
    if checker == 0:
        keys = pending(work)
        if (work.parent / "expected").exists():
            assert " ".join(keys) == (work.parent / "expected").read_text(), (stop_at, keys)
        (work.parent / "expected").write_text(" ".join(keys))
        os._exit(0)
    _, status = os.waitpid(checker, 0)
    assert os.waitstatus_to_exitcode(status) == 0, f"after a crash at step {stop_at}"
    if code == 0:
        break
    stop_at += stride
print("steps", stop_at - 1, "changes", len((work.parent / "expected").read_text().split()))
"""
"""Runs one operation again and again, killed some steps later each time; then opens the folder as a person would."""


def crash_everywhere(source: Path, tmp_path: Path, what: str, stride: int) -> str:
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    memory = Path("/dev/shm")  # noqa: S108  (where there is one, the hundreds of syncs cost nothing)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as runs:
        done = subprocess.run(
            [sys.executable, str(script), str(source), f"{runs}/estacion", what, str(stride)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A closed station with 4 unsent changes, and a snapshot for it, ready to be copied."""
    source = tmp_path / "escena"
    source.mkdir()
    office = Office(tmp_path)
    desk = office.desk("a")
    for i in range(4):
        desk.receive(f"falla {i}")
    asked = desk.read(state.read)
    assert asked.n == 4
    known = Asked(asked.server_id, asked.epoch, asked.scope, asked.n, asked.cursor)
    snapshot = desk.line.snapshot(known, source, lambda *_: None)
    assert snapshot.name == "instantanea.db"
    desk.replica.close()
    office.central.close()
    shutil.copytree(desk.folder, source / "estacion")
    return source


@pytest.mark.skipif(os.name != "posix", reason="fork")
@STRIDES
@pytest.mark.parametrize("what", ["rebuild", "lost"])
def test_a_swap_that_ends_anywhere_loses_nothing(scene: Path, tmp_path: Path, what: str, stride: int) -> None:
    assert "changes 4" in crash_everywhere(scene, tmp_path, what, stride)


@pytest.mark.skipif(os.name != "posix", reason="fork")
@STRIDES
def test_a_salvage_that_ends_anywhere_loses_nothing(scene: Path, tmp_path: Path, stride: int) -> None:
    folder = scene / "estacion"
    path = files.current(folder)
    db = sqlite3.connect(path)
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'orden'").fetchone()
    db.close()
    data = bytearray(path.read_bytes())
    data[4096 * (root - 1) : 4096 * root] = os.urandom(4096)
    path.write_bytes(data)
    (folder / "abierta").touch()
    assert "changes 4" in crash_everywhere(scene, tmp_path, "repair", stride)
    assert present.replicas(folder) == [path]
