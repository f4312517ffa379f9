"""`servitec doctor`: what it must not call well."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_db import open_items
from servitec_desktop.command.diagnosis import Finding, examine
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from sync.credentials import Credentials, FileStore
from tests.company import Desk, Office
from tests.local_db.test_damage import spoil_body
from tests.sync.test_espera import WHY, let_wait


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = Office(tmp_path)
    yield office.desk("a")
    office.close()


def found(desk: Desk, what: str, credentials: Path | None = None) -> Finding | None:
    findings = examine(Context(desk.folder, Config(), credentials))
    return next((f for f in findings if f.what == what), None)


def test_a_station_without_its_credential_is_not_well(desk: Desk) -> None:
    lost = found(desk, "Credencial")
    assert lost is not None
    assert "no puede sincronizar" in lost.found
    assert "enroll" in lost.todo
    path = desk.folder / "credenciales.json"
    FileStore(path).save(Credentials(estacion_id=desk.station.id, codigo=desk.station.codigo, credencial="x"))
    there = found(desk, "Credencial", path)
    assert there is not None
    assert there.todo == ""
    if os.name == "posix":
        path.chmod(0o666)
        refused = found(desk, "Credencial", path)
        assert refused is not None
        assert "chmod 600" in refused.todo


def test_what_waits_and_what_was_damaged_is_told(desk: Desk) -> None:
    assert found(desk, "En espera") is None
    assert found(desk, "Daños") is None
    desk.receive("primera")
    desk.receive("segunda")
    spoil_body(desk, 2, b'"campos":', b'"campos";')
    let_wait(desk)
    desk.reopen()
    desk.sync()
    assert desk.read(open_items.resumen).damaged == 1
    waiting, damaged = found(desk, "En espera"), found(desk, "Daños")
    assert waiting is not None
    assert WHY in waiting.found
    assert damaged is not None
    assert damaged.todo
