"""A stolen token, and sessions that have to end: with their access tokens and their open sockets."""

import pytest
import websocket
from sqlalchemy import func, select, update

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.row import Row
from servitec_server import http, rows, sessions, upkeep
from servitec_server.tables import sesion
from tests.fixtures_served import CLAVE, Served, bearer, closed_with

ME = "/ordenes"


@pytest.fixture(autouse=True)
def _seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hears of the end of a session was told of it: nobody asks the database meanwhile."""
    monkeypatch.setattr(http, "SWEEP_S", 3600)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the database after the open sessions several times a second."""
    monkeypatch.setattr(http, "SWEEP_S", 0.2)


def may(served: Served, tokens: dict[str, str]) -> bool:
    reply = served.http.get(ME, headers=bearer(tokens))
    assert reply.status_code in (200, 401), reply.text
    return reply.status_code == 200


def change(served: Served, name: str, **campos: object) -> None:
    """Change an account as the server itself does."""
    key = served.office.people[name].usuario_id
    values: Row = dict(campos)  # type: ignore[arg-type]

    def build(connection):  # type: ignore[no-untyped-def]
        usuario = rows.get(connection, "usuario", key)
        assert usuario is not None
        return actions.editar("usuario", usuario, values)

    served.office.central.write(SISTEMA, build, trusted=True)


def generation(served: Served, name: str) -> int:
    with served.office.central.store.reading() as connection:
        usuario = rows.get(connection, "usuario", served.office.people[name].usuario_id)
    assert usuario is not None
    return int(usuario["generacion"] or 0)


def test_a_lost_reply_signs_nobody_out(served: Served) -> None:
    first = served.sign_in("rec")
    for _ in range(3):
        again = served.refresh(first["refresh_token"])
        assert again.status_code == 200, "its successor was not used: the reply may have been lost"
    assert served.refresh(again.json()["refresh_token"]).status_code == 200
    assert may(served, first)


def test_thief_and_owner_of_one_token_end_each_other(served: Served) -> None:
    stolen = served.sign_in("rec")
    owner = served.refresh(stolen["refresh_token"]).json()
    thief = served.refresh(stolen["refresh_token"]).json()
    on = served.refresh(owner["refresh_token"])
    assert on.status_code == 200
    with_access = served.hear(thief["access_token"])
    assert may(served, thief)
    assert served.refresh(thief["refresh_token"]).status_code == 401, "its sibling was used: two hold one each"
    for tokens in (stolen, owner, thief, on.json()):
        assert served.refresh(tokens["refresh_token"]).status_code == 401
        assert not may(served, tokens), "the access tokens of the family end with it"
    assert closed_with(with_access) == 4401


def test_a_used_predecessor_ends_the_family_and_no_other(served: Served) -> None:
    other, first = served.sign_in("rec"), served.sign_in("rec")
    second = served.refresh(first["refresh_token"]).json()
    third = served.refresh(second["refresh_token"]).json()
    socket, spared = served.hear(third["access_token"]), served.hear(other["access_token"])
    assert served.refresh(first["refresh_token"]).status_code == 401
    assert closed_with(socket) == 4401
    assert not may(served, third)
    assert served.refresh(third["refresh_token"]).status_code == 401
    assert may(served, other)
    assert served.refresh(other["refresh_token"]).status_code == 200
    spared.ping()
    spared.close()


def test_another_role_ends_the_sessions_but_not_the_generation(served: Served) -> None:
    tokens, bystander = served.sign_in("rec"), served.sign_in("tec")
    socket = served.hear(tokens["access_token"])
    change(served, "rec", rol="tecnico")
    assert closed_with(socket) == 4401
    assert not may(served, tokens)
    assert served.refresh(tokens["refresh_token"]).status_code == 401
    assert may(served, bystander)
    assert generation(served, "rec") == 1
    assert served.sign_in("rec")["usuario"]["rol"] == "tecnico"


def test_a_closed_account_stays_out_after_it_is_opened_again(served: Served) -> None:
    tokens = served.sign_in("rec")
    socket = served.hear(tokens["access_token"])
    change(served, "rec", activo=False)
    assert closed_with(socket) == 4401
    assert generation(served, "rec") == 2
    change(served, "rec", activo=True)
    assert not may(served, tokens), "the sessions of before do not come back"
    assert served.refresh(tokens["refresh_token"]).status_code == 401
    assert may(served, served.sign_in("rec"))


def test_what_says_nothing_of_who_he_is_ends_nothing(served: Served) -> None:
    tokens = served.sign_in("rec")
    change(served, "rec", tema="oscuro")
    assert may(served, tokens)
    assert generation(served, "rec") == 1


def test_an_access_token_of_no_session_opens_nothing(served: Served) -> None:
    """A token that is signed well, but of a family that the database does not know: another database's."""
    tokens = served.sign_in("rec")
    with served.office.central.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM sesion")
    assert not may(served, tokens)
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        served.hear(tokens["access_token"])
    assert refused.value.status_code == 403


def test_nobody_says_himself_where_he_comes_from(served: Served) -> None:
    form = {"username": "rec", "password": CLAVE}
    assert served.http.post("/token", data=form, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
    with served.office.central.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT ip FROM sesion").scalar() == "127.0.0.1"


@pytest.mark.usefixtures("often")
def test_a_socket_ends_although_nobody_was_told(served: Served) -> None:
    """Another process ended the session, and Redis was away."""
    tokens, other = served.sign_in("rec"), served.sign_in("tec")
    socket, spared = served.hear(tokens["access_token"]), served.hear(other["access_token"])
    key = served.office.people["rec"].usuario_id
    with served.office.central.store.writing() as connection:
        assert sessions.end_all(connection, [key], served.office.central.ambient.instant())
    assert closed_with(socket) == 4401
    spared.ping()
    spared.close()


def test_sessions_long_expired_are_forgotten_and_no_others(served: Served) -> None:
    old, new = served.sign_in("rec"), served.sign_in("rec")
    with served.office.central.store.writing() as connection:
        expired = update(sesion).where(sesion.c.refresh_hash == sessions.digest(old["refresh_token"]))
        connection.execute(expired.values(expira_en="2020-01-01T00:00:00.000Z"))
    assert served.refresh(old["refresh_token"]).status_code == 401
    upkeep.collect(served.office.central)
    with served.office.central.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(sesion)).scalar() == 1
    assert served.refresh(new["refresh_token"]).status_code == 200


def test_invented_tokens_wait_for_no_writer(served: Served) -> None:
    """Nor does a writer wait for them: the lock of the database is not for whoever knocks."""
    tokens = served.sign_in("rec")
    with served.office.central.store.writing():
        for token in ("inventado", "x" * 200):
            assert served.refresh(token).status_code == 401
    assert served.refresh(tokens["refresh_token"]).status_code == 200
