"""What others on the same computer can read: modes of files, and secrets in errors and logs."""

import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from domain.base.errors import KnownError
from domain.wire import TokenReply
from local_db.replica import Replica
from servitec_server.central import Central
from sync.credentials import Credentials, FileStore
from tests.company_here import CallsHere

SECRET = "secreto-que-nadie-lee"
posix = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")


def open_files(folder: Path) -> list[str]:
    """What somebody else may read or change."""
    found = [folder, *folder.rglob("*")]
    return [str(p.relative_to(folder)) for p in found if stat.S_IMODE(p.lstat().st_mode) & 0o077]


@posix
def test_the_files_of_server_and_station_are_their_owners_alone(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        company = CallsHere(tmp_path)
        company.start()
        company.enroll("a")
        company.station("a", "sync", "--json")
        company.server("backup", "--data-dir", str(tmp_path / "servidor"), "--to", str(tmp_path / "respaldo.db"))
        assert open_files(tmp_path / "a") == []
        assert open_files(tmp_path / "servidor") == [], "also while it runs, with its log and its snapshots"
        assert stat.S_IMODE((tmp_path / "respaldo.db").stat().st_mode) == 0o600
        company.stop()
        assert open_files(tmp_path / "servidor") == []
    finally:
        os.umask(old)


@posix
def test_what_was_open_to_others_is_closed(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        station, server = tmp_path / "a", tmp_path / "servidor"
        for folder in (station, server):
            folder.mkdir()
        Replica.open(station).close()
        (station / "borrador-recepcion.json").write_text("{}")
        (station / "config.json").write_text("{}")
        (station / "logs").mkdir()
        (station / "logs" / "app.log").touch()
        Central(server).close()
        for path in (*station.rglob("*"), *server.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        replica, central = Replica.open(station), Central(server)
        try:
            with replica.writing(), replica.reading() as connection:
                connection.execute(text("SELECT 1"))
            assert open_files(station) == [".", "config.json"], "a folder and a file that a person made"
            assert open_files(server) == ["."]
        finally:
            replica.close()
            central.close()
    finally:
        os.umask(old)


@posix
@pytest.mark.parametrize("mode", [0o666, 0o644, 0o640, 0o602])
def test_credentials_that_others_can_read_or_change_are_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "credenciales.json"
    store = FileStore(path)
    store.save(Credentials("e", "A1", SECRET))
    assert store.load().credencial == SECRET
    path.chmod(mode)
    with pytest.raises(KnownError, match="otros usuarios") as refused:
        store.load()
    assert "chmod 600" in refused.value.hint
    path.chmod(0o600)
    assert store.load().credencial == SECRET


def test_no_error_of_a_database_has_what_was_sent_to_it(tmp_path: Path, postgres_database: object) -> None:
    assert callable(postgres_database)
    replica = Replica.open(tmp_path / "a")
    central, other = Central(tmp_path / "servidor"), Central(tmp_path / "pg", postgres_database())
    try:
        for engine in (replica._writer, replica._reader, central.store.engine, other.store.engine):
            assert engine is not None
            with pytest.raises(SQLAlchemyError) as failed, engine.connect() as connection:
                connection.execute(text("INSERT INTO no_existe VALUES (:clave)"), {"clave": SECRET})
            assert SECRET not in str(failed.value)
    finally:
        replica.close()
        central.close()
        other.close()


def test_no_repr_and_no_failed_reply_has_a_secret() -> None:
    assert SECRET not in repr(Credentials("e", "A1", SECRET, SECRET, SECRET))
    with pytest.raises(ValidationError) as failed:
        TokenReply.model_validate({"access_token": SECRET, "refresh_token": [SECRET]})
    assert SECRET not in str(failed.value)
