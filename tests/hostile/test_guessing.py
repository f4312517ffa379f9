"""Guessing passwords: many at once, from many addresses, for names that nobody has; and addresses that are none."""

import asyncio
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import text

from servitec_server.accounts import MAX_INSIDE, Door
from servitec_server.auth import PER_NAME, PER_PAIR, PER_PLACE
from servitec_server.errors import AuthError
from servitec_server.limits import Limit, Limits
from tests.fixtures_served import CLAVE, Served, bearer

HERE, THERE = "192.0.2.10", "198.51.100.20"


@pytest.fixture(autouse=True)
def _behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own address is that of a proxy, which says whose each request is."""
    monkeypatch.setenv("SERVITEC_PROXIES", "127.0.0.1")


def attempt(served: Served, name: str, password: str, ip: str, station: str = "") -> httpx.Response:
    headers = {"X-Forwarded-For": ip} | ({"X-Servitec-Estacion": station} if station else {})
    return served.http.post("/token", data={"username": name, "password": password}, headers=headers)


def test_many_at_once_are_all_counted(served: Served) -> None:
    with ThreadPoolExecutor(30) as pool:
        codes = Counter(pool.map(lambda i: attempt(served, "rec", f"otra {i}", HERE).status_code, range(60)))
    assert codes == {401: PER_PAIR.tries, 429: 60 - PER_PAIR.tries}


def test_who_guesses_keeps_nobody_else_out(served: Served) -> None:
    enrolled = served.http.post("/estaciones", json={"nombre": "mesón"}, headers=bearer(served.sign_in("rec"))).json()
    station = f"{enrolled['estacion_id']}:{enrolled['codigo']}:{enrolled['credencial']}"
    for i in range(PER_PAIR.tries):
        assert attempt(served, "rec", f"otra {i}", HERE).status_code == 401
    told = attempt(served, "rec", CLAVE, HERE)
    assert (told.status_code, told.json()["error"]) == (429, "token")
    assert 0 < int(told.headers["Retry-After"]) <= PER_PAIR.window_s
    assert attempt(served, "rec", CLAVE, THERE).status_code == 200, "from another address"
    assert attempt(served, "rec", CLAVE, HERE, station).status_code == 200, "from a station, also behind that address"
    assert attempt(served, "tec", CLAVE, HERE).status_code == 200, "another person of that address"


def test_guesses_from_many_addresses_leave_in_who_was_there_before(served: Served) -> None:
    assert attempt(served, "rec", CLAVE, THERE).status_code == 200
    key = served.office.people["rec"].usuario_id
    limits = served.auth.limits
    while limits.hit(PER_NAME, key) is None:
        pass
    assert attempt(served, "rec", CLAVE, HERE).status_code == 429
    assert attempt(served, "rec", CLAVE, THERE).status_code == 200


def test_one_address_may_not_try_name_after_name(served: Served) -> None:
    while served.auth.limits.hit(PER_PLACE, HERE) is None:
        pass
    assert attempt(served, "nadie", "girasol", HERE).status_code == 429
    assert attempt(served, "rec", CLAVE, THERE).status_code == 200


def test_a_name_that_nobody_has_looks_like_any_other(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, hashed = served.auth.passwords, []
    verify = passwords.verify

    def counted(stored: str | None, given: str) -> bool:
        hashed.append(given)
        return verify(stored, given)

    monkeypatch.setattr(passwords, "verify", counted)
    replies = {}
    for name in ("rec", "nadie"):
        answers = [attempt(served, name, "girasol", HERE) for _ in range(PER_PAIR.tries + 1)]
        replies[name] = [(a.status_code, a.json()["mensaje"]) for a in answers]
    assert replies["rec"] == replies["nadie"]
    assert replies["rec"][-1][0] == 429
    assert len(hashed) == 2 * PER_PAIR.tries, "both cost the same; what is refused costs nothing"


def test_right_passwords_use_no_attempts_up(served: Served) -> None:
    for _ in range(PER_PAIR.tries + 2):
        assert attempt(served, "rec", CLAVE, HERE).status_code == 200


def test_a_long_queue_is_refused_at_once() -> None:
    async def crowd() -> None:
        door, go = Door(), threading.Event()
        waiting = [asyncio.create_task(door.run(go.wait)) for _ in range(MAX_INSIDE)]
        await asyncio.sleep(0)
        with pytest.raises(AuthError) as busy:
            await door.run(go.wait)
        assert (busy.value.status, busy.value.error) == (503, "ocupado")
        go.set()
        assert all(await asyncio.gather(*waiting))
        assert await door.run(lambda: 7) == 7

    asyncio.run(crowd())


def test_processes_count_together_through_redis(redis_url: str) -> None:
    limit = Limit("prueba", 3, 60)
    one, two, other = (Limits(redis_url, server) for server in ("a", "a", "b"))
    assert [each.hit(limit, "x") for each in (one, two, one)] == [None] * 3
    assert 0 < (two.hit(limit, "x") or 0) <= 60
    assert one.hit(limit, "y") is None
    assert other.hit(limit, "x") is None, "another server's"
    one.forget(limit, "x")
    assert two.hit(limit, "x") is None
    for each in (one, two, other):
        each.close()


@pytest.mark.expects_log
def test_without_its_redis_each_process_counts_alone() -> None:
    limits, limit = Limits("redis://127.0.0.1:1/0", "a"), Limit("prueba", 1, 60)
    assert limits.hit(limit, "x") is None
    assert limits.hit(limit, "x") is not None
    limits.close()


@pytest.mark.parametrize("junk", ["x" * 200, "1.2.3.4.5", "127.0.0.1\t; DROP", "::1%" + "z" * 99])
def test_what_is_no_address_is_not_kept(served: Served, junk: str) -> None:
    headers = bearer(served.sign_in("jefa")) | {"X-Forwarded-For": junk}
    assert attempt(served, "rec", CLAVE, junk).status_code == 200
    assert served.http.post("/clientes", headers=headers, json={"nombre": "Rosa"}).status_code == 201
    with served.office.central.store.reading() as connection:
        kept = set(connection.execute(text("SELECT ip FROM bitacora UNION SELECT ip FROM sesion")).scalars())
    assert kept <= {None, "127.0.0.1", "::1"}


def test_a_named_proxy_says_whose_a_request_is(served: Served) -> None:
    attempt(served, "rec", CLAVE, "2001:db8::7")
    with served.office.central.store.reading() as connection:
        assert set(connection.execute(text("SELECT ip FROM sesion")).scalars()) == {"2001:db8::7"}


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("POST", "/token", {"data": {"username": "re\0c", "password": "girasol"}}),
        (
            "POST",
            "/token",
            {
                "content": b"username=re%00c&password=x",
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            },
        ),
        ("GET", "/ordenes?buscar=a%00b", {}),
        ("GET", "/clientes?buscar=%00", {}),
        ("GET", "/cambios/rechazados?motivo=%00", {}),
        ("GET", "/ordenes/%00", {}),
        ("POST", "/estaciones", {"json": {"nombre": "x", "anterior": "\0" * 36 + ":x"}}),
        ("POST", "/estaciones", {"json": {"nombre": "a\0b"}}),
        ("POST", "/token/refresh", {"json": {"refresh_token": "\0"}}),
        ("POST", "/usuarios/yo/clave", {"json": {"actual": "\0", "nueva": "girasol\0 entre rieles"}}),
    ],
)
def test_a_null_character_is_refused(served: Served, method: str, path: str, options: dict) -> None:  # type: ignore[type-arg]
    headers = bearer(served.sign_in("ana")) | options.pop("headers", {})
    reply = served.http.request(method, path, headers=headers, **options)
    assert reply.status_code in range(400, 500), reply.text
