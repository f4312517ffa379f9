"""`llaves`: only a person's own password opens his line, and it is all that a station without a keyring needs."""

import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from domain.base.ambient import from_instant, to_instant
from domain.wire import Firmante
from local_db import open_items, state
from local_db.failures import DiskTrouble
from local_db.files import OURS
from servitec_server.central import set_secret_columns
from servitec_server.passwords import Passwords
from sync import llaves
from sync.credentials import Credentials, FileStore, KeyringStore, MemoryStore
from sync.errors import OtherServer, SignInNeeded, StationUnknown
from sync.transport import HttpTransport
from tests.counter import Counter
from tests.fixtures_served import CLAVE

NOWHERE = "http://127.0.0.1:9"


def llave(person: str, secret: str = "00") -> llaves.Llave:
    own = Firmante(server_id="s", estacion_id="e", usuario_id=person, generacion=1, secreto=secret * 32)
    return llaves.Llave(firmante=own, credencial="c", alcance="a", servidor_en="2026-11-21T00:00:00.000Z")


def test_what_the_disk_refuses_of_a_sign_in_is_a_known_cause(tmp_path: Path) -> None:
    (tmp_path / f"{llaves.FILE}.nuevo").mkdir()
    with pytest.raises(DiskTrouble, match="No se puede usar la carpeta"):
        llaves.keep(tmp_path, "ana", "una", llave("1"))
    (tmp_path / llaves.FILE).mkdir()
    with pytest.raises(DiskTrouble, match="es una carpeta, no un archivo"):
        llaves.people(tmp_path)
    before = sorted(tmp_path.iterdir())
    for store in (FileStore(tmp_path / llaves.FILE), FileStore(Path(__file__) / "credenciales.json")):
        with pytest.raises(DiskTrouble, match="No se puede usar la carpeta"):
            store.save(Credentials())
    assert sorted(tmp_path.iterdir()) == before, "nothing half written stays"


class LockedKeyring(KeyringBackend):
    """One that its owner hasn't unlocked."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("locked")


def test_a_keyring_that_is_locked_meanwhile_is_a_known_cause(tmp_path: Path) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(LockedKeyring())  # type: ignore[no-untyped-call]
    try:
        assert KeyringStore(tmp_path).load() == Credentials()
        with pytest.raises(DiskTrouble, match="El llavero de este equipo no guardó la sesión"):
            KeyringStore(tmp_path).save(Credentials())
    finally:
        keyring.set_keyring(before)


def test_only_his_own_password_opens_a_line(tmp_path: Path) -> None:
    llaves.keep(tmp_path, "Ana", "clave una", llave("1"))
    llaves.keep(tmp_path, "beto", "clave otra", llave("2"))
    assert llaves.unlock(tmp_path, "ANA ", "clave una") == llave("1")
    assert llaves.unlock(tmp_path, "beto", "clave otra") == llave("2")
    for name, password in (("ana", "clave otra"), ("ana", ""), ("beto", "clave una"), ("caro", "clave una")):
        assert llaves.unlock(tmp_path, name, password) is None
    llaves.keep(tmp_path, "ana", "clave nueva", llave("1", "11"))
    assert llaves.unlock(tmp_path, "ana", "clave una") is None
    assert llaves.unlock(tmp_path, "ana", "clave nueva") == llave("1", "11")
    path = tmp_path / llaves.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().splitlines()) == 2
    # a blank is in no base64
    for secret in ("00" * 32, "11" * 32, "clave una", "clave nueva", '"c"'):
        assert secret not in path.read_text()


def test_what_was_changed_doesnt_open(tmp_path: Path) -> None:
    """Somebody who knows a password of his own can't become another with it."""
    llaves.keep(tmp_path, "ana", "una", llave("1"))
    path = tmp_path / llaves.FILE
    whole = path.read_text()
    line = llaves._Line.model_validate_json(whole)
    forged = {
        "usuario_id": "2",
        "estacion_id": "f",
        "username": "beto",
        "salt": line.nonce,
        "nonce": line.salt[:16],
        "sealed": line.sealed[:-4] + "AAA=",
    }
    for name, value in forged.items():
        other = line.model_copy(update={name: value})
        path.write_text(other.model_dump_json() + "\n")
        assert llaves.unlock(tmp_path, other.username, "una") is None, name
    path.write_text(whole.replace('"sealed":"', '"sealed":"%'))
    assert llaves.unlock(tmp_path, "ana", "una") is None


def test_a_file_cut_off_costs_only_the_line_that_it_cuts(tmp_path: Path) -> None:
    llaves.keep(tmp_path, "ana", "una", llave("1"))
    llaves.keep(tmp_path, "beto", "otra", llave("2"))
    path = tmp_path / llaves.FILE
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for size in (first, first + 10, len(whole) - 5):
        path.write_bytes(whole[:size])
        assert llaves.people(tmp_path) == ["ana"]
    assert llaves.unlock(tmp_path, "ana", "una") == llave("1")
    for junk in (b"", b"\0" * 50, whole[: first - 5], b"[]\n", b"\xff\xfe\n"):
        path.write_bytes(junk)
        assert llaves.people(tmp_path) == []
        assert llaves.unlock(tmp_path, "ana", "una") is None
    llaves.keep(tmp_path, "ana", "una", llave("1"))
    assert llaves.unlock(tmp_path, "ana", "una") == llave("1")


@pytest.mark.parametrize("moment", ["os.fsync", "os.replace"])
def test_killed_while_it_is_written_the_file_of_before_is_there(tmp_path: Path, moment: str) -> None:
    llaves.keep(tmp_path, "ana", "una", llave("1"))
    program = (
        "import os, signal, sys; from pathlib import Path; from sync import llaves\n"
        f"{moment} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "folder = Path(sys.argv[1]); llaves.keep(folder, 'ana', 'otra', llaves.unlock(folder, 'ana', 'una'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=120)  # noqa: S603
    assert done.returncode == -signal.SIGKILL
    assert llaves.unlock(tmp_path, "ana", "una") == llave("1")
    llaves.keep(tmp_path, "ana", "nueva", llave("1"))
    assert llaves.unlock(tmp_path, "ana", "nueva") == llave("1")
    assert [p.name for p in tmp_path.iterdir()] == [llaves.FILE]
    assert any(Path(llaves.FILE).match(pattern) for pattern in OURS)


def test_without_the_server_his_password_signs_him_in(counter: Counter) -> None:
    counter.enroll("jefa")
    counter.reach(NOWHERE)
    with pytest.raises(SignInNeeded, match="nunca entró"):
        counter.sign_in("rec")
    with pytest.raises(SignInNeeded, match="no son correctos"):
        counter.sign_in("jefa", "otra clave")
    counter.store = MemoryStore()
    assert counter.sign_in("jefa") is False
    assert counter.good("jefa")
    with pytest.raises(SignInNeeded, match="sesión"):
        counter.sync()
    assert pending(counter) == 0, "sent with the credential that was sealed; only fetching needs a session"
    with counter.replica.writing() as writing:
        late = from_instant(state.read(writing.connection).server_time or "") + timedelta(days=7, minutes=1)
        state.write(writing, server_time=to_instant(late))
    with pytest.raises(SignInNeeded, match="más de 7 días"):
        counter.sign_in("jefa")
    counter.replica.close()


def test_another_server_gets_no_password(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    counter.enroll("jefa")
    asked: list[tuple[object, ...]] = []
    with counter.replica.writing() as writing:
        mine = state.read(writing.connection).server_id
        state.write(writing, server_id="0" * 36)
    counter.store.save(replace(counter.store.load(), access_token="de", refresh_token="otro"))
    with pytest.raises(OtherServer):
        counter.sync()
    with monkeypatch.context() as patch:
        patch.setattr(HttpTransport, "token", lambda *who: asked.append(who))
        counter.store = MemoryStore()
        assert counter.sign_in("jefa") is False
        for name, password, why in (("rec", CLAVE, "nunca entró"), ("jefa", "otra clave", "no son correctos")):
            with pytest.raises(SignInNeeded, match=f"Este servidor es otro.*{why}") as told:
                counter.sign_in(name, password)
            assert "Revise la dirección del servidor" in told.value.hint
    assert asked == []
    with pytest.raises(OtherServer):
        counter.sync()
    with counter.replica.writing() as writing:
        state.write(writing, server_id=mine)
    with pytest.raises(SignInNeeded, match="Entró sin el servidor"):
        counter.sync()
    assert counter.sign_in("jefa") is True
    assert counter.sync().up_to_date
    counter.replica.close()


def test_without_a_keyring_a_restarted_station_syncs_again(counter: Counter) -> None:
    counter.store = MemoryStore()
    counter.enroll("jefa")
    for online in (True, False):
        counter.store = MemoryStore()
        counter.restart()
        with pytest.raises(SignInNeeded):
            counter.sync()
        counter.reach(counter.served.url if online else NOWHERE)
        assert counter.sign_in("jefa") is online
        assert counter.good("jefa")
        if online:
            assert counter.sync().up_to_date
    with pytest.raises(SignInNeeded, match="sesión"):
        counter.sync()
    assert pending(counter) == 0
    counter.replica.close()


def pending(counter: Counter) -> int:
    with counter.replica.reading() as connection:
        return open_items.resumen(connection).pending


def change_password(counter: Counter, name: str, password: str) -> None:
    """In another place."""
    central = counter.served.office.central
    with central.store.writing() as connection:
        key = counter.served.office.people[name].usuario_id
        set_secret_columns(connection, key, clave_hash=Passwords().hash(password, ()), clave_algoritmo="argon2id")


def test_a_password_changed_elsewhere_means_enrolling_anew(counter: Counter) -> None:
    counter.store = MemoryStore()
    counter.enroll("jefa")
    counter.capture("jefa")
    change_password(counter, "jefa", "otra vereda de sauces")
    counter.store = MemoryStore()
    counter.restart()
    with pytest.raises(StationUnknown, match="clave de antes") as told:
        counter.sign_in("jefa", "otra vereda de sauces")
    assert "no se envió se conserva" in told.value.hint
    with counter.replica.reading() as connection:
        assert state.read(connection).reenrol == "credencial"
        assert open_items.resumen(connection).pending == 1
    counter.enroll("jefa", "otra vereda de sauces")
    assert counter.good("jefa")
    assert llaves.unlock(counter.replica.data_dir, "jefa", CLAVE) is None
    counter.replica.close()


def test_another_persons_password_brings_the_credential_back(counter: Counter) -> None:
    counter.store = MemoryStore()
    counter.enroll("jefa")
    counter.store = MemoryStore()
    counter.restart()
    with pytest.raises(SignInNeeded, match="no abre la credencial") as told:
        counter.sign_in("rec")
    assert "jefa" in told.value.hint
    assert counter.sign_in("jefa")
    assert counter.sign_in("rec")
    assert counter.good("rec")
    counter.replica.close()
