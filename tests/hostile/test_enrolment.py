"""Who may enrol stations can't use up what there is of them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, select, update

from domain.base.ambient import CODES, FOLIO
from servitec_server import rows
from servitec_server.tables import metadata
from tests.fixtures_served import Served, bearer

estacion = metadata.tables["estacion"]


def enrol(served: Served, tokens: dict[str, Any], nombre: str = "mesón") -> httpx.Response:
    return served.http.post("/estaciones", json={"nombre": nombre}, headers=bearer(tokens))


def count(served: Served) -> int:
    with served.office.central.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(estacion)).scalar() or 0)


def give(connection: Connection, codes: list[str]) -> None:
    """Stations that have these codes."""
    ambient_id = "00000000-0000-7000-8000-{:012d}".format
    names = ("id", "nombre", "codigo", "estado", "version")
    values = [(ambient_id(i), "otra", code, "activo", 1) for i, code in enumerate(codes, 1)]
    rows.insert(connection, "estacion", names, values)


def test_codes_are_drawn_from_those_that_were_never_given(served: Served) -> None:
    assert len(CODES) == len(set(CODES)) > 10_000
    assert all(FOLIO.fullmatch(f"{code}-000001") and code != "00" for code in CODES)
    left = {CODES[7], CODES[-3]}
    with served.office.central.store.writing() as connection:
        given = set(connection.execute(select(estacion.c.codigo)).scalars())
        give(connection, [code for code in CODES if code not in left | given])
    tokens = served.sign_in("ana")
    assert {enrol(served, tokens).json()["codigo"] for _ in left} == left
    refused = enrol(served, tokens)
    assert refused.status_code == 422
    assert "No quedan códigos" in refused.json()["mensaje"]


def test_one_person_enrols_so_many_a_day(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVITEC_ENROLMENTS_PER_DAY", "3")
    rec, tec, before = served.sign_in("rec"), served.sign_in("tec"), count(served)
    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(lambda _: enrol(served, rec).status_code, range(8)))
    assert codes == [200] * 3 + [429] * 5
    told = enrol(served, rec).json()
    assert (told["error"], "3 estaciones" in told["mensaje"]) == ("limite", True)
    assert count(served) == before + 3
    assert enrol(served, tec).status_code == 200, "another person may"
    with served.office.central.store.writing() as connection:
        mine = estacion.c.usuario_id == served.office.people["rec"].usuario_id
        connection.execute(update(estacion).where(mine).values(creado_en="2020-01-01T00:00:00.000Z"))
    assert enrol(served, rec).status_code == 200, "and so may he the next day"
