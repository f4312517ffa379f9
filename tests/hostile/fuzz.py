"""Forged and broken Cambios in random order: `python -m tests.hostile.fuzz SECONDS [SEED] [--postgresql URL]`.

Without a seed it goes through all of them from 0. A seed that breaks a claim is played again in ever smaller pieces,
and what is left is printed. `URL` is one of a PostgreSQL server where databases may be made.
"""

import argparse
import json
import logging
import random
import re
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import zstandard
from pydantic import ValidationError

from domain.base.actor import Actor
from domain.base.errors import KnownError
from domain.incoming import read_cambio, read_push
from domain.scope import Scope, scope_of
from domain.upgrade import SCHEMA
from domain.wire import Cursor, Head, PushReply, PushRequest
from servitec_server.announcement import Announcement
from servitec_server.feed import Options
from tests.hostile.fuzz_claims import Broken, Claims, Sent, claim
from tests.hostile.fuzz_company import Company, Known, found
from tests.hostile.fuzz_garbage import Garbage
from tests.hostile.fuzz_live import Ears
from tests.hostile.oracle import Person, person_of

STEPS = 40
"""Of one seed: then a new company."""
LISTENERS = ("jefa", "rec", "tec", "rec_sur", "gestor", "cliente")


@dataclass(slots=True)
class Push:
    """One push as it was played, to be played again."""

    station: str
    reader: str | None
    sent: list[Sent]
    head: dict[str, Any]
    straight: bool
    """Without bytes: some things no bytes can carry."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything read as one person at one station, in chunks, and perhaps as a snapshot."""

    reader: str
    station: str
    options: Options = Options()
    snapshot: bool = False


@dataclass(slots=True)
class Played:
    """What a seed did, and what broke."""

    seed: int
    acts: list[Push | Look] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    broken: str | None = None


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.rol, person.sucursal_id, person.empleado_id, person.cliente_id)


class Fuzz:
    """One company under attack."""

    def __init__(self, company: Company, played: Played, rng: random.Random) -> None:
        self.company = company
        self.claims = Claims(company)
        self.played = played
        self._rng = rng
        self._garbage = Garbage(rng, company, self.claims)
        self._announced: list[Announcement] = []
        self._ears = Ears(company.central, company.handler)
        company.central.listeners.append(self._announced.extend)

    def step(self) -> None:
        """A push with an honest Cambio at its end, and sometimes a look."""
        rng = self._rng
        name = rng.choice(sorted(self.company.stations))
        station = self.company.stations[name]
        sent = [self._garbage.cambio(station) for _ in range(rng.choice((1, 1, 1, 2, 3, 6)))]
        sent.append(self._garbage.honest(station))
        reader = rng.choice([None, *sorted(self.company.known.people)])
        push = Push(name, reader, sent, self._head(), rng.random() < 0.5)
        if self.act(push) is None or rng.random() < 0.05:  # then nothing of it stands in anybody's way
            for other in sorted(self.company.stations):
                alone = Push(other, "ana", [self._garbage.honest(self.company.stations[other])], {}, straight=False)
                claim(self.act(alone) is not None, f"{other} is refused with an honest Cambio alone")
        if rng.random() < 0.25:
            options = Options(weight=rng.choice((40, 400, 2000)), enteras=rng.random() < 0.3)
            people, stations = sorted(self.company.known.people), sorted(self.company.stations)
            self.act(Look(rng.choice(people), rng.choice(stations), options, snapshot=rng.random() < 0.1))

    def act(self, act: Push | Look) -> PushReply | None:
        """Do it, and remember it."""
        self.played.acts.append(act)
        if isinstance(act, Push):
            return self.play(act)
        self.look(act)
        return None

    def play(self, push: Push) -> PushReply | None:
        """Send it; None: the server refused it as a whole, as it may."""
        person, scope = self._reader(push.reader)
        station = self.company.stations[push.station]
        request = _read(push)
        reply: PushReply | None = None
        if request is not None:
            try:
                reply = self.company.handler.push(request, station, scope)
            except KnownError as known:
                status = getattr(known, "status", 409)
                claim(400 <= status < 500, f"{status} {known}")
                self._count(type(known).__name__)
        for answer in reply.answers if reply is not None else ():
            self._count(f"{answer.resultado} {answer.motivo or ''}".strip())
        self.claims.pushed(push.sent, reply, person, station.id)
        self._hear()
        if reply is not None and len(reply.answers) < len(push.sent):  # its time was over: the rest comes again
            rest = push.sent[len(reply.answers) :]
            return self.play(Push(push.station, push.reader, rest, {}, push.straight))
        return reply

    def _hear(self) -> None:
        """What open sockets are told of it."""
        told, self._announced[:] = list(self._announced), []
        everybody = {name: self._reader(name) for name in LISTENERS} if told else {}
        people = {name: _actor(person) for name, (person, _) in everybody.items() if person is not None}
        for name, messages in self._ears.heard(told, people).items():
            for message in messages:
                self.claims.told(message, everybody[name][0])

    def look(self, look: Look) -> None:
        """What he reads is what he may hold, all of it and nothing else."""
        person, scope = self._reader(look.reader)
        station = self.company.stations[look.station]
        if person is None or scope is None:
            return
        request, held = Head(schema=SCHEMA), set[tuple[str, str]]()
        for _ in range(2000):
            reply = self.company.handler.changes(request, None, scope, station, look.options)
            held |= self.claims.handed(reply.grupos, person, station.id)
            held -= {(gone.tabla, gone.id) for gone in reply.bajas + reply.salidas}
            self.claims.text(reply.model_dump_json(), person)
            if reply.last:
                break
            request = Head(schema=SCHEMA, cursor=reply.cursor)
        self.claims.complete(held, person, station.id)
        ready = self.company.handler.snapshot(Head(schema=SCHEMA), scope, station, wait=True) if look.snapshot else None
        if ready is not None:
            plain = ready.path.with_suffix(".plain")
            with ready.path.open("rb") as packed, plain.open("wb") as target:
                zstandard.ZstdDecompressor().copy_stream(packed, target)
            self.claims.file(plain, person, station.id)
            plain.unlink()

    def _reader(self, name: str | None) -> tuple[Person | None, Scope | None]:
        person = person_of(self.claims.db, self.company.known.people[name]) if name is not None else None
        if person is None:
            return None, None
        return person, scope_of(_actor(person))

    def _head(self) -> dict[str, Any]:
        """Mostly silent about where the station stands; sometimes it lies."""
        rng = self._rng
        if rng.random() < 0.9:
            return {}
        lie = Cursor(version=rng.choice((0, 1, 2**62)), cambio_id=None, epoca="x", arranque="x", sello="x").model_dump()
        lies = (
            {"epoch": "x"},
            {"server_id": "x"},
            {"cursor": lie},
            {"protocol": 0},
            {"schema": 99},
            {"n": 0},
            {"n": -1},
        )
        return dict(rng.choice(lies))

    def _count(self, what: str) -> None:
        self.played.answers[what] = self.played.answers.get(what, 0) + 1


def _read(push: Push) -> PushRequest | None:
    """The request as the server would have read it; None: what was sent isn't one."""
    contents = [item.content for item in push.sent]
    head = {"schema": SCHEMA, **push.head}
    try:
        if push.straight:
            request = PushRequest.model_validate({**head, "cambios": []})
            return request.model_copy(update={"cambios": [read_cambio(content) for content in contents]})
        return read_push(json.dumps({**head, "cambios": contents}).encode())
    except (ValidationError, ValueError):
        return None


class Copies:
    """Copies of one company, each in a folder, and a database, of its own. `server`: the URL of a PostgreSQL."""

    def __init__(self, root: Path, server: str | None = None) -> None:
        self._root = root
        self._server = server
        self._made = 0
        self._name = f"fuzz{uuid4().hex[:12]}"
        self._sql(f"CREATE DATABASE {self._name}")
        self.known = found(root / "modelo", random.Random(1), self._url(self._name))

    def open(self, rng: random.Random) -> Company:
        """A new copy."""
        self._made += 1
        folder, name = self._root / str(self._made), f"{self._name}_{self._made}"
        shutil.copytree(self._root / "modelo" / "servidor", folder)
        self._sql(f"CREATE DATABASE {name} TEMPLATE {self._name}")
        return Company(folder, self.known, rng, self._url(name))

    def close(self, company: Company) -> None:
        """Nobody needs it any more."""
        company.central.close()
        shutil.rmtree(self._root / str(self._made))
        self._sql(f"DROP DATABASE {self._name}_{self._made}")

    def end(self) -> None:
        """Nor the one that was copied."""
        self._sql(f"DROP DATABASE {self._name}")

    def _url(self, name: str) -> str | None:
        return None if self._server is None else self._server.rpartition("/")[0] + "/" + name

    def _sql(self, sql: str) -> None:
        if self._server is not None:
            with psycopg.connect(self._server, autocommit=True) as connection:
                connection.execute(sql)


def run(seed: int, steps: int, copies: Copies) -> Played:
    """Play a seed; `broken` says what didn't hold."""

    def go(fuzz: Fuzz) -> None:
        for _ in range(steps):
            fuzz.step()
        for name in ("ana", "jefa", "rec_sur", "tec", "gestor", "consulta"):
            fuzz.act(Look(name, "central"))

    return _played(seed, copies, go)


def again(seed: int, acts: list[Push | Look], copies: Copies) -> Played:
    """The same acts, or some of them, on a new copy."""

    def go(fuzz: Fuzz) -> None:
        for act in acts:
            fuzz.act(act)

    return _played(seed, copies, go)


def _played(seed: int, copies: Copies, go: Callable[[Fuzz], None]) -> Played:
    rng, played = random.Random(seed), Played(seed)
    company = copies.open(rng)
    try:
        go(Fuzz(company, played, rng))
    except Broken as broken:
        played.broken = str(broken)
    except Exception:  # noqa: BLE001  (whatever it is, it is what the seed found)
        played.broken = traceback.format_exc()
    finally:
        copies.close(company)
    return played


def smaller(played: Played, copies: Copies, tries: int = 80) -> list[Push | Look]:
    """What of a broken run is enough to break it the same way."""
    kept, size = played.acts, max(1, len(played.acts) // 2)
    wanted = _kind(played)
    while tries > 0:
        for start in range(0, len(kept) - 1, size):
            fewer = kept[:start] + kept[start + size :]
            tries -= 1
            if _kind(again(played.seed, fewer, copies)) == wanted:
                kept = fewer
                break
        else:
            if size == 1:
                break
            size //= 2
    for i, act in enumerate(kept):
        for item in act.sent if isinstance(act, Push) else ():
            whole = kept[i]
            if isinstance(whole, Push):
                less = replace(whole, sent=[s for s in whole.sent if s is not item])
                tried = [*kept[:i], less, *kept[i + 1 :]]
                kept = tried if _kind(again(played.seed, tried, copies)) == wanted else kept
    return kept


def _kind(played: Played) -> str | None:
    """What broke, without the keys of this run."""
    broken = played.broken and played.broken.strip().splitlines()[-1]
    return broken and re.sub(r"[0-9a-f]{8}-[0-9a-f-]+|\d+|: \[.*", "", broken)[:60]


def shown(acts: list[Push | Look], known: Known) -> str:
    """For a person to read."""
    names = {key: name for kind in (known.people, known.branches) for name, key in kind.items()}
    lines: list[str] = []
    for act in acts:
        if isinstance(act, Look):
            lines.append(f"look {act}")
            continue
        lines.append(f"push from {act.station}, signed in: {act.reader} {act.head or ''}")
        lines += [f"  {json.dumps(item.content)[:3000]}  good={item.good} receipt={item.receipt}" for item in act.sent]
    text = "\n".join(lines)
    for key, name in names.items():
        text = text.replace(key, f"<{name}>")
    return text


def main() -> int:
    """The command; its exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz")
    parser.add_argument("seconds", type=float)
    parser.add_argument("seed", type=int, nargs="?")
    parser.add_argument("--postgresql", metavar="URL", help="postgresql://user@host:port/postgres")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    ends, failed, seeds = time.monotonic() + asked.seconds, 0, 0
    total: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="servitec-fuzz-") as folder:
        copies = Copies(Path(folder), asked.postgresql)
        for seed in count() if asked.seed is None else (asked.seed,):
            if time.monotonic() >= ends:
                break
            played, seeds = run(seed, STEPS, copies), seeds + 1
            for what, times in played.answers.items():
                total[what] = total.get(what, 0) + times
            if played.broken is not None:
                failed += 1
                print(f"seed {seed}: {played.broken}\n{shown(smaller(played, copies), copies.known)}\n", flush=True)
        copies.end()
    for what, times in sorted(total.items(), key=lambda item: -item[1]):
        print(f"{times:7} {what}")
    print(f"{seeds} seeds of {STEPS} steps, {failed} broken")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
