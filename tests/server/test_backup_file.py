"""A backup is one file, whatever is done with it."""

from pathlib import Path

from servitec_server import recovery
from servitec_server.recovery import Into
from tests.company import Office


def test_nothing_is_left_beside_a_backup(tmp_path: Path) -> None:
    office, folder = Office(tmp_path), tmp_path / "respaldos"
    folder.mkdir()
    recovery.backup(office.central.data_dir, folder / "lunes.db")
    assert [path.name for path in folder.iterdir()] == ["lunes.db"]
    recovery.restore(tmp_path / "copia", folder / "lunes.db", into=Into.COPY)
    assert [path.name for path in folder.iterdir()] == ["lunes.db"]
    office.close()
