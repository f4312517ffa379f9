"""The author's proof: made at capture by who is signed in, and by nobody else."""

import json

from local_db import state
from sync import session
from sync.credentials import Credentials, FileStore
from sync.transport import HttpTransport
from tests.counter import Counter


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


def test_a_save_while_somebody_signs_in_again_is_signed(counter: Counter) -> None:
    """The sync may end a session, and its person sign in anew, while he goes on working in a window."""
    counter.enroll("jefa")
    signed: list[bool] = []

    class Meanwhile(FileStore):
        def load(self) -> Credentials:
            signed.append(counter.good("jefa"))
            return super().load()

    assert session.resume(counter.replica, Meanwhile(counter.replica.data_dir / "credenciales.json"))
    assert signed
    assert all(signed)
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
