"""The author's proof: made at capture by who is signed in, and by nobody else."""

import json
from pathlib import Path

import pytest

from domain.actions import Recepcion
from domain.wire import Cambio, Firma
from local_db import people, state
from local_db.replica import Replica
from sync import session
from sync.credentials import Credentials, FileStore
from sync.transport import HttpTransport
from tests.fixtures_served import CLAVE, Served

PAPER = Recepcion(
    cliente={"nombre": "Íñigo", "telefono": "+56955550102"},
    equipo={"marca": "Epson"},
    orden={"falla_reportada": "No enciende"},
)


class Counter:
    """A station of the served company, as a program on a folder has it."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self.replica = Replica.open(folder)
        self.store = FileStore(folder / "credenciales.json")

    def enroll(self, name: str) -> None:
        session.enroll(self.replica, self.store, self.served.url, name, CLAVE, "Mostrador", 30)

    def sign_in(self, name: str) -> bool:
        return session.sign_in(self.replica, self.store, name, CLAVE, 30).online

    def restart(self) -> None:
        folder = self.replica.data_dir
        self.replica.close()
        self.replica = Replica.open(folder)
        session.resume(self.replica, self.store)

    def capture(self, name: str) -> tuple[Cambio, Firma | None]:
        """What this person's new reception left in the outbox."""
        people.recibir(self.replica, self.served.office.people[name], PAPER)
        with self.replica.reading() as connection:
            sql = "SELECT cuerpo, firma FROM outbox ORDER BY n DESC LIMIT 1"
            cuerpo, firma = connection.exec_driver_sql(sql).one()
        return Cambio.model_validate_json(cuerpo), None if firma is None else Firma.model_validate_json(firma)

    def good(self, name: str) -> bool:
        """Does this person sign what he makes, so that the server knows it as his?"""
        cambio, firma = self.capture(name)
        prover = self.served.office.central.prover
        return firma is not None and prover.signed(firma, cambio.usuario_id, cambio.huella)


@pytest.fixture
def counter(served: Served, tmp_path: Path) -> Counter:
    return Counter(served, tmp_path / "mostrador")


def test_who_is_signed_in_signs_what_he_makes(counter: Counter) -> None:
    counter.enroll("jefa")
    assert counter.good("jefa")
    assert not counter.good("rec"), "he isn't signed in here"
    assert counter.sign_in("rec")
    assert counter.good("rec")
    assert not counter.good("jefa"), "rec's session can't sign as she does"
    counter.replica.close()


def test_a_new_start_signs_on_until_the_session_ends(counter: Counter) -> None:
    counter.enroll("jefa")
    counter.restart()
    assert counter.good("jefa")
    session.sign_out(counter.replica, counter.store)
    assert not counter.good("jefa")
    counter.restart()
    assert not counter.good("jefa")
    kept = counter.store.load()
    assert kept == Credentials(kept.estacion_id, kept.codigo, kept.credencial)
    counter.replica.close()


def test_a_session_of_another_person_or_station_signs_nothing_here(counter: Counter) -> None:
    counter.enroll("jefa")
    with counter.replica.writing() as writing:
        state.write(writing, usuario_id=counter.served.office.people["rec"].usuario_id)
    counter.restart()
    assert not counter.replica.firmantes
    counter.replica.close()


def test_a_refreshed_session_goes_on_signing(counter: Counter) -> None:
    counter.enroll("jefa")
    transport = HttpTransport(counter.served.url, counter.store, 30)
    try:
        before = counter.store.load()
        transport.refresh(before.access_token)
        after = counter.store.load()
    finally:
        transport.close()
    assert after.firmante == before.firmante is not None
    assert after.refresh_token != before.refresh_token
    assert counter.good("jefa")
    counter.replica.close()


def test_the_secret_is_in_no_replica_and_in_no_repr(counter: Counter) -> None:
    counter.enroll("jefa")
    kept = counter.store.load()
    assert kept.firmante is not None
    secret = kept.firmante.secreto
    counter.capture("jefa")
    counter.replica.checkpoint(wipe=True)
    assert secret not in repr(kept)
    assert secret.encode() not in counter.replica.path.read_bytes()
    assert json.loads((counter.replica.data_dir / "credenciales.json").read_text())["firmante"]["secreto"] == secret
    counter.replica.close()
