import random
import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain.base.ambient import CODES, FOLIO, Ambient, format_folio, from_instant, instant_of_id, local_noon, to_instant

MOMENT = datetime(2026, 11, 20, 21, 51, 52, 123456, tzinfo=UTC)


def test_keys_are_uuid7_and_tell_when_they_were_made() -> None:
    ambient = Ambient(now=lambda: MOMENT, rng=random.Random(1))
    key = UUID(ambient.new_id())
    assert key.version == 7
    assert key.variant == "specified in RFC 4122"
    assert instant_of_id(str(key)) == "2026-11-20T21:51:52.123Z"
    assert ambient.new_id() != str(key)


def test_the_same_seed_makes_the_same_keys() -> None:
    first, second = (Ambient(now=lambda: MOMENT, rng=random.Random(7)) for _ in range(2))
    assert [first.new_id() for _ in range(5)] == [second.new_id() for _ in range(5)]


def test_instants_are_utc_text_that_sorts() -> None:
    assert to_instant(MOMENT) == "2026-11-20T21:51:52.123Z"
    assert from_instant("2026-11-20T21:51:52.123Z") == MOMENT.replace(microsecond=123000)
    with pytest.raises(ValueError, match="naive"):
        to_instant(datetime(2026, 1, 1))  # noqa: DTZ001


def test_noon_is_the_branchs_noon() -> None:
    assert local_noon(date(2017, 4, 1), "America/Santiago") == "2017-04-01T15:00:00.000Z"
    assert local_noon(date(2017, 7, 1), "Europe/London") == "2017-07-01T11:00:00.000Z"


def test_folios_and_station_codes() -> None:
    assert format_folio("C2", 123) == "C2-000123"
    assert len(set(CODES)) == len(CODES) > 10_000
    assert {"A1", "Y9", "A1A", "AA1", "Y99"} <= set(CODES)
    assert all(FOLIO.fullmatch(format_folio(code, 1)) and re.search("[1-9]", code) for code in CODES)
    assert not {"00", "AAA", "O1", "1A"} & set(CODES)
