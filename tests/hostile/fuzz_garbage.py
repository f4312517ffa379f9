"""Random Cambios: what they say around their operations, and what proves it, or doesn't."""

import random
from typing import Any

from domain.base.actor import SISTEMA
from domain.upgrade import SCHEMA
from servitec_server.origin import Station
from tests.hostile.fuzz_claims import Claims, Sent
from tests.hostile.fuzz_company import Company, hashed
from tests.hostile.fuzz_operations import NOWHERE, POISON, Content, Operations, nested

ABLE = ("ana", "jefa", "jefe_sur", "rec", "tec")
"""Who may do most: what they send gets furthest."""


class Garbage:
    """Makes them from what the database holds."""

    def __init__(self, rng: random.Random, company: Company, claims: Claims) -> None:
        self._rng = rng
        self._company = company
        self._claims = claims
        self._operations = Operations(rng, company, claims)
        self._n = 100
        self._earlier: list[Sent] = []

    def honest(self, station: Station) -> Sent:
        """What anybody would take."""
        campos = {"nombre": f"Honesta {self._rng.getrandbits(40):010x}"}
        content = self._cambio(
            self._company.known.people["honrada"],
            [self._operations.op("cliente", self._operations.ambient.new_id(), "alta", campos)],
        )
        content = {**content, "depende": [], "n": self._n}
        content.pop("otro", None)
        return self._signed(content, station, good=True, honest=True)

    def cambio(self, station: Station) -> Sent:
        """Anything."""
        rng = self._rng
        if self._earlier and rng.random() < 0.08:
            return self._again(station)
        known = self._company.known.people
        people = [*known.values()] * 3 + [known[name] for name in ABLE] * 5 + [SISTEMA.usuario_id, NOWHERE]
        author = rng.choice(people)
        ops: list[Content] = []
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            ops += self._operations.action(author, station)
        ops = [op for op in ops if op["id"] != self._company.known.people["honrada"]]  # whom the honest ones need
        if rng.random() < 0.05:
            rng.shuffle(ops)
        if rng.random() < 0.04:
            ops += [dict(op) for op in ops] * rng.choice((1, 1, 1, 300))
        if rng.random() < 0.25 and ops:
            self._spoil(rng.choice(ops))
        content = self._cambio(author, ops)
        if rng.random() < 0.12:
            self._spoil_outside(content)
        made = self._proved(content, station)
        self._earlier = [*self._earlier[-20:], made]
        return made

    def _again(self, station: Station) -> Sent:
        """A Cambio that was sent before, as it was or with other content under its id."""
        old = self._rng.choice(self._earlier)
        if self._rng.random() < 0.5:
            firma = old.content.get("firma")
            there = isinstance(firma, dict) and firma.get("estacion_id") == station.id
            return Sent(dict(old.content), old.good and there, receipt=old.receipt)
        content = {**old.content, "ops": [{"tabla": "orden", "id": NOWHERE, "tipo": "baja"}]}
        return self._signed(content, station, good=True)

    def _cambio(self, author: str, ops: list[Content]) -> Content:
        self._n += self._rng.randrange(1, 50)
        rng, last = self._rng, self._claims.last
        seen: Content = {"version": 0, "cambio_id": None}
        if rng.random() < 0.3:
            seen = self._place(rng.randrange(1, last + 1))
        depende = [rng.choice(self._earlier).id] if self._earlier and rng.random() < 0.03 else []
        made = {
            "id": self._operations.ambient.new_id(),
            "n": self._n,
            "usuario_id": author,
            "schema": SCHEMA,
            "visto": seen,
        }
        if rng.random() < 0.01:
            made["otro"] = "x" * 1_000_001
        return made | {"depende": depende, "reemplaza": None, "ops": ops}

    def _place(self, version: int) -> Content:
        with self._company.central.store.reading() as connection:
            sql = f"SELECT cambio_id FROM cambio WHERE version = {version:d}"
            return {"version": version, "cambio_id": connection.exec_driver_sql(sql).scalar()}

    def _spoil(self, op: Content) -> None:
        """Something in an operation becomes something else."""
        rng = self._rng
        part = rng.choice(("campos", "campos", "campos", "antes", "op", "tabla", "column"))
        poison = rng.choice(POISON)
        if part == "op":
            op[rng.choice(("tabla", "id", "tipo", "base", "campos", "antes", "otro"))] = poison
        elif part == "tabla":
            op["tabla"] = rng.choice(("respuesta", "sesion", "servidor", "sqlite_master", "caso", "orden; --", ""))
        elif part == "column":
            names = ("version", "creado_por", "estacion_id", "clave_hash", "generacion", "nada", "a\x00b", "borrado_en")
            op["campos"] = {**op["campos"], rng.choice(names): rng.choice(POISON)}
        elif isinstance(op.get(part), dict) and op[part]:
            op[part] = {**op[part], rng.choice(sorted(op[part])): poison}

    def _spoil_outside(self, content: Content) -> None:
        """Something around the operations does."""
        rng = self._rng
        name = rng.choice(("n", "visto", "depende", "reemplaza", "schema", "id", "ops", "otro", "usuario_id", "visto"))
        places: tuple[Any, ...] = (2**63 - 1, 2**64 - 1, -1, 0, self._claims.last, "x")
        values = {
            "visto": {"version": rng.choice(places), "cambio_id": rng.choice((None, NOWHERE, "x"))},
            "depende": [rng.choice((NOWHERE, "x", content["id"]))],
            "schema": rng.choice((1, 2, SCHEMA + 1, 0, 2**31)),
            "id": rng.choice((NOWHERE, "ffffffff-ffff-7000-8000-000000000000", content["id"].upper(), "x\x00")),
        }
        value = values.get(name, rng.choice(POISON))
        if name == "n":
            value = rng.choice((0, -1, 2**63, 2**70, "x", None, 1.5))  # a very high one would only say: a clone
        content[name] = nested(rng.choice((3, 400))) if name == "otro" and rng.random() < 0.5 else value

    def _signed(self, content: Content, station: Station, *, good: bool, honest: bool = False) -> Sent:
        content = {n: v for n, v in content.items() if n not in ("huella", "firma", "reoferta")}
        content["huella"] = hashed(content)
        who = str(content["usuario_id"])
        content["firma"] = self._company.firma(station, who, content["huella"], self._generation(who))
        return Sent(content, good and who != SISTEMA.usuario_id, honest=honest)

    def _generation(self, who: str) -> int:
        return int(self._claims.db["usuario"].get(who, {}).get("generacion") or 1)

    def _proved(self, content: Content, station: Station) -> Sent:
        """With a proof, mostly a good one."""
        rng = self._rng
        sent = self._signed(content, station, good=True)
        made, way = sent.content, rng.random()
        who, huella = str(made["usuario_id"]), made["huella"]
        if way < 0.05:
            del made["firma"]
            return Sent(made, good=False)
        if way < 0.09:  # what another one, who was there, signed
            other = rng.choice([*self._company.known.people.values()])
            made["firma"] = self._company.firma(station, other, huella, self._generation(other))
            return Sent(made, good=sent.good and other == who)
        if way < 0.12:
            elsewhere = rng.choice([*self._company.stations.values()])
            made["firma"] = self._company.firma(elsewhere, who, huella, self._generation(who))
            return Sent(made, good=sent.good and elsewhere.id == station.id)
        if way < 0.15:
            made["firma"] = {"estacion_id": station.id, "generacion": rng.choice((0, 1, 2**31 - 1)), "prueba": "x" * 22}
            return Sent(made, good=False)
        if way < 0.17:
            made["firma"] = self._company.firma(station, who, huella, self._generation(who) - 1)
            return Sent(made, good=who not in self._claims.db["usuario"])  # where nobody is, nothing ends
        if way < 0.19:
            made["firma"] = rng.choice(POISON)
            return Sent(made, good=False)
        if way < 0.21:  # signed, then changed
            made["ops"] = self._operations.action(who, station)
            if rng.random() < 0.5:
                made["huella"] = hashed(made)
            return Sent(made, good=False)
        return self._offered(sent) if way < 0.3 else sent

    def _offered(self, sent: Sent) -> Sent:
        """As if it had been accepted before; what proves it is good one time in three."""
        rng, made, known = self._rng, sent.content, self._company.known
        version = known.lost_from + rng.randrange(1, 2000)
        present = self._company.central.epoch()
        ops = [op for op in made["ops"] if isinstance(op, dict)] if isinstance(made["ops"], list) else []
        lost = [(str(op["tabla"]), str(op["id"]), rng.choice(("titulo", "clave_hash", "nada"))) for op in ops[:1]]
        if rng.random() < 0.33 and isinstance(made["id"], str) and hashed(made) == made["huella"] != "0" * 64:
            made["reoferta"] = [self._company.receipt(made, known.lost_epoch, version)]
            return Sent(made, sent.good, receipt=sent.content["usuario_id"] != SISTEMA.usuario_id)
        receipt: Content = {
            "epoca": rng.choice((known.lost_epoch, present, "inventada", "\x00")),
            "arranque": "arranque",
        }
        receipt |= {"version": version, "perdidos": lost, "prueba": rng.choice(("", "x" * 22, "\x00"))}
        made["reoferta"] = rng.choice(([receipt], [receipt, receipt], [], [rng.choice(POISON)]))
        return sent
