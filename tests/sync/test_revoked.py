"""A revoked station hands what is unsent to the supervisor, and keeps nothing."""

import pytest

from local_db import open_items, state
from sync import llaves
from sync.credentials import Credentials
from sync.errors import OtherServer, StationRevoked
from tests.counter import Counter


def revoke(counter: Counter) -> None:
    office = counter.served.office
    with counter.replica.reading() as connection:
        key = state.read(connection).estacion_id
    office.stations.revoke(office.people["ana"], str(key), None)


def pending(counter: Counter) -> int:
    with counter.replica.reading() as connection:
        return open_items.resumen(connection).pending


def traces(counter: Counter, *words: str) -> list[str]:
    """Files of the folder in which one of these words stands."""
    folder = counter.replica.data_dir
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [p.name for p in found if any(word.encode() in p.read_bytes() for word in words)]


@pytest.mark.expects_log
def test_it_hands_over_what_it_holds_and_wipes_itself(counter: Counter) -> None:
    counter.enroll("rec")
    counter.capture("rec")
    assert counter.sync().up_to_date
    (counter.replica.data_dir / "borrador-recepcion.json").write_text('{"cliente": "Íñigo"}')
    made = [counter.capture("rec")[0].id for _ in range(3)]
    counter.replica.firmantes.clear()
    counter.capture("rec")
    revoke(counter)
    with pytest.raises(StationRevoked, match=r"Los cambios sin enviar \(3\) quedaron en manos del supervisor"):
        counter.sync()
    with counter.served.office.central.store.reading() as connection:
        sql = "SELECT cambio_id FROM respuesta WHERE motivo = 'revocada'"
        assert set(connection.exec_driver_sql(sql).scalars()) == set(made)
    assert counter.store.load() == Credentials()
    left = {word: traces(counter, word) for word in ("Íñigo", "Epson", "56955550102", made[0])}
    assert left == dict.fromkeys(left, [])
    folder = counter.replica.data_dir
    assert not (folder / llaves.FILE).exists()
    assert len(list(folder.glob("replica-*.db"))) == 1
    with counter.replica.reading() as connection:
        known = state.read(connection)
    assert known == state.State(ended=known.ended)
    counter.restart()
    with pytest.raises(StationRevoked, match=r"Los cambios sin enviar \(3\) quedaron en manos del supervisor"):
        counter.sync()
    counter.enroll("jefa")
    with counter.replica.reading() as connection:
        assert state.read(connection).ended is None
    assert counter.good("jefa")
    assert counter.sync().up_to_date
    counter.replica.close()


@pytest.mark.expects_log
def test_it_keeps_everything_until_the_server_has_named_every_change(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.enroll("rec")
    made = counter.capture("rec")[0].id
    counter.capture("rec")
    revoke(counter)
    monkeypatch.setattr("servitec_server.authors.MAX_KEPT", 1)
    with pytest.raises(StationRevoked, match="Cambios por entregar: 1"):
        counter.sync()
    assert pending(counter) == 1
    assert llaves.people(counter.replica.data_dir) == ["rec"]
    assert counter.store.load().credencial is not None
    assert traces(counter, made)
    monkeypatch.setattr("servitec_server.authors.MAX_KEPT", 500)
    with pytest.raises(StationRevoked, match=r"Los cambios sin enviar \(2\)"):
        counter.sync()
    assert traces(counter, made) == []
    counter.replica.close()


def test_a_stranger_doesnt_make_it_wipe_itself(counter: Counter) -> None:
    counter.enroll("rec")
    made = counter.capture("rec")[0].id
    revoke(counter)
    with counter.replica.writing() as writing:
        mine = state.read(writing.connection).server_id
        state.write(writing, server_id="0" * 36)
    with pytest.raises(OtherServer):
        counter.sync()
    with counter.replica.writing() as writing:
        state.write(writing, server_id=mine)
    assert pending(counter) == 1
    assert traces(counter, made)
    counter.replica.close()
