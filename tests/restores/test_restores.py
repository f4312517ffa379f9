"""A backup, a new station, work, a restore: everybody carries on. All of them are real processes.

`pytest -m soak tests/restores` runs 20 companies whose server is restored, and 8 where it is put back untold.
"""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from testing.company import Company
from tests.restores.claims import check, doctors
from tests.restores.world import Desk, World

RUNS = 20
ON_POSTGRESQL = 5
"""Each fifth run."""
UNTOLD = ["file", "folder", "backup", "postgresql"]


@pytest.fixture(scope="module")
def with_a_technician(tmp_path_factory: pytest.TempPathFactory, made_company: Company) -> Company:
    """One whose server never ran; others begin as it."""
    made = Company(tmp_path_factory.mktemp("taller"), like=made_company)
    made.create_user("tec", "tecnico")
    return made


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Starts PostgreSQL only where one is wanted."""

    def make() -> str:
        database: Callable[[], str] = request.getfixturevalue("postgres_database")
        return database()

    return make


def begin(world: World) -> list[Path]:
    """Two stations work, with a backup or two meanwhile; a third enrols after them; all of it is acknowledged."""
    world.open("a", "b")
    world.everybody(f"work {world.rng.randint(4, 9)}")
    saved = [world.save()]
    if world.rng.random() < 0.5:
        world.everybody("work 4")
        world.everybody("cycle")
        saved.append(world.save())
    world.open("c")
    world.everybody(f"work {world.rng.randint(5, 10)}")
    world.quiet()
    return saved


def go_back(world: World, saved: list[Path]) -> Desk | None:
    """The server stops, or is killed, and goes back; perhaps another station enrols, or one is killed.

    Gives the one that was away meanwhile.
    """
    rng = world.rng
    away = rng.choice([None, *world.desks])
    if away is not None:
        away.ask("offline")
    world.everybody(f"work {rng.randint(1, 4)}")
    world.company.stop(kill=rng.random() < 0.5)
    world.go_back(rng.choice(saved))
    world.company.start()
    if rng.random() < 0.3:
        world.open(f"d{len(world.desks)}")
    world.everybody(f"work {rng.randint(2, 6)}")
    if rng.random() < 0.5:
        victim = rng.choice([desk for desk in world.desks if desk is not away])
        victim.send("work 9")
        time.sleep(rng.uniform(0, 1.5))  # wherever that is
        victim.kill()
    return away


def carry_on(world: World) -> None:
    """Everybody is there again, works and syncs, and closes what is in conflict."""
    world.everybody("online")
    world.everybody("work 5")
    world.heal()
    world.quiet()
    world.desks[-1].ask("settle")
    world.quiet()


def live_through(world: World) -> str:
    """The whole story, and what is claimed of its end; what happened."""
    rng, started = world.rng, time.monotonic()
    try:
        saved = begin(world)
        times = rng.choice((1, 2))
        for turn in range(times):
            away = go_back(world, saved)
            if turn + 1 < times and rng.random() < 0.5:
                for desk in world.desks:
                    if desk is not away:
                        desk.ask("cycle")
                saved.append(world.save())
        carry_on(world)
        figures = check(world)
        for desk in world.desks:
            desk.end()
        doctors(world)
    finally:
        world.close()
    faults = {} if world.proxy is None else dict(world.proxy.counts)
    kills = sum(desk.kills for desk in world.desks)
    took = time.monotonic() - started
    return f"back {times} times, {kills} stations killed, {figures}, network {faults}, {took:.0f} s"


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("turn", range(RUNS))
def test_everybody_carries_on(
    tmp_path: Path, with_a_technician: Company, postgres_url: Callable[[], str], turn: int
) -> None:
    rng = random.Random(turn)
    url = postgres_url() if turn % ON_POSTGRESQL == ON_POSTGRESQL - 1 else None
    world = World(tmp_path, rng, None if url else with_a_technician, url, faults=rng.choice((0.0, 0.2)))
    print(f"\n{turn}: {live_through(world)}")


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("turn", range(8))
def test_put_back_untold(
    tmp_path: Path, with_a_technician: Company, postgres_url: Callable[[], str], turn: int
) -> None:
    """Neither `restore` nor `new-epoch`: the server finds out by itself, or by what a station shows."""
    rng, how = random.Random(f"untold {turn}"), UNTOLD[turn % 4]
    url = postgres_url() if how == "postgresql" else None
    like = None if url else with_a_technician
    world = World(tmp_path, rng, like, url, rng.choice((0.0, 0.2)), untold=how)
    print(f"\n{turn}, {how}: {live_through(world)}")
