"""How values look to people: the branch's clock, money and phones, in one place."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from domain.formatting import Formato, dinero
from domain.organizacion.formato import formato_de

AT = "2026-11-22T02:47:00.000Z"


@pytest.fixture(params=["Asia/Tokyo", "America/Los_Angeles"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer whose clock stands in another zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows sets its zone for all programs")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_a_moment_is_the_branchs_whatever_the_computers_clock_says() -> None:
    here = formato_de({"zona_horaria": "America/Santiago", "moneda": "CLP", "pais": "CL"})
    assert here.momento(AT) == "21-11-2026 23:47"
    assert here.dia(AT) == "21-11-2026"
    assert here.read_momento("21-11-2026 23:47") == datetime(2026, 11, 22, 2, 47, tzinfo=UTC)
    assert Formato(zona="No/Existe").momento(AT) == "22-11-2026 02:47", "a zone that doesn't exist is UTC"


def test_what_is_no_moment_is_empty() -> None:
    for junk in (None, "", "ayer", 7, "2026-13-01T00:00:00.000Z"):
        assert Formato("America/Santiago").momento(junk) == ""
    with pytest.raises(ValueError, match="ayer"):
        Formato("America/Santiago").read_momento("ayer")


def test_a_phone_is_told_as_it_is_dialled_here() -> None:
    here = Formato(pais="CL")
    assert [here.telefono(typed) for typed in ("+56955550102", "955550102", " 9 5555-0102")] == ["9 5555 0102"] * 3
    assert here.telefono("+54 11 4123-4567") == "+54 11 4123-4567"
    assert [here.telefono(typed) for typed in ("", None, "pregunte por Ana", "123")] == [
        "",
        "",
        "pregunte por Ana",
        "123",
    ]
    assert Formato().telefono("+56955550102") == "+56 9 5555 0102"


def test_money_is_the_branchs_unless_it_is_another() -> None:
    here = Formato(moneda="CLP")
    assert [here.dinero(24_990), here.dinero(123_450, "USD"), here.dinero(None)] == ["$ 24.990", "US$ 1,234.50", ""]
    assert dinero(-10, "CLP") == "-$ 10"
