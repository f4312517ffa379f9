"""Random operations: most of them nearly right, so that they get far; some of them nothing at all."""

import random
from typing import Any

from domain.base.ambient import Ambient, format_folio
from domain.base.table import Col
from domain.inventario.rules import MOVIMIENTOS
from domain.model import TABLES
from domain.ordenes.states import ESTADOS
from servitec_server.origin import Station
from tests.hostile.fuzz_claims import Claims
from tests.hostile.fuzz_company import COST_FROM, Company
from tests.hostile.oracle import ADMIN, STEPS, SUPERVISOR, Row

Content = dict[str, Any]

WORKED = (
    "orden",
    "orden",
    "orden",
    "cliente",
    "producto",
    "comentario",
    "equipo",
    "conflicto",
    "usuario",
    "existencia",
)
NOWHERE = "00000000-0000-7000-8000-0000000000ff"


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


POISON: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**53 - 1, -(2**53), 2**63 - 1, -(2**63), 2**64, 10**30, 1.5, 1e308, "",
    " ", "x" * 201, "x" * 100_001, "a\x00b", "\ud800", "ñandú %s", "'; DROP TABLE orden; --", [], {}, nested(5),
    nested(300), "9999-12-31T23:59:59.999Z", "2026-13-45", "0001-01-01", "[" * 40 + "]" * 40, '["a"]', '{"a":1}', "{}",
    '"\\u0000"', "null", "recibida", "administrador", NOWHERE,
)  # fmt: skip


class Pool:
    """What operations are made of: keys and rows that are there, values that a column would take, mostly."""

    def __init__(self, rng: random.Random, company: Company, claims: Claims) -> None:
        self.rng = rng
        self.company = company
        self.claims = claims
        self.ambient = Ambient(rng=rng)

    def op(
        self, tabla: str, key: Any, tipo: str, campos: Content, antes: Content | None = None, base: int = 0
    ) -> Content:
        return {"tabla": tabla, "id": key, "tipo": tipo, "base": base, "campos": campos, "antes": antes or {}}

    def change(self, tabla: str, row: Row, campos: Content) -> Content:
        rng = self.rng
        stale = rng.random() < 0.2
        antes = {n: (self.value(TABLES[tabla].by_name[n]) if stale else row.get(n)) for n in campos if n in row}
        if rng.random() < 0.05:
            antes = {}
        base = rng.choice((row["version"], row["version"], 0, 2**62))
        return self.op(tabla, row["id"], "cambio", campos, antes, base)

    def line(self, key: str, campos: Content) -> list[Content]:
        if self.rng.random() < 0.05:
            return []
        if self.rng.random() < 0.03:
            key = self.key("orden")
        campos = {"orden_id": key, "ocurrio_en": self.ambient.instant(), **campos}
        return [self.op("historial_orden", self.ambient.new_id(), "alta", campos)]

    def row(self, tabla: str) -> Row | None:
        there = sorted(self.claims.db[tabla])
        return self.claims.db[tabla][self.rng.choice(there)] if there else None

    def key(self, tabla: str) -> Any:
        there = sorted(self.claims.db.get(tabla, {}))
        return self.rng.choice(there) if there and self.rng.random() < 0.97 else NOWHERE

    def branch(self, author: str = "") -> Any:
        own = self.claims.db["usuario"].get(author, {}).get("sucursal_id")
        return own if own and self.rng.random() < 0.7 else self.rng.choice([*self.company.known.branches.values()])

    def employee(self, author: str) -> Any:
        own = self.claims.db["usuario"].get(author, {}).get("empleado_id")
        return self.rng.choice((own, own, self.key("empleado"), None))

    def value(self, col: Col) -> Any:
        """Something that the column would take, mostly."""
        rng = self.rng
        if rng.random() < 0.08:
            return rng.choice(POISON[:30])
        if col.cost:
            return COST_FROM + rng.randrange(10**6)
        if col.values:
            return rng.choice(col.values)
        if col.kind == "id":
            return self.key(col.ref or rng.choice(("orden", "cliente")))
        if col.kind == "instant":
            return self.ambient.instant()
        if col.kind == "json":
            return rng.choice(('["cable"]', "[]", "{}", '{"a":[1]}'))
        values = {"int": rng.randrange(50), "bool": rng.random() < 0.5, "date": "2026-11-20"}
        return values.get(col.kind, f"v{rng.randrange(40)}"[: col.length or 40])


class Operations(Pool):
    """What somebody might do, or try to."""

    def action(self, author: str, station: Station) -> list[Content]:
        """The operations of one."""
        kinds = (self._edit, self._edit, self._step, self._step, self._assign, self._receive, self._comment, self._move)
        more = (self._stock, self._stock, self._delete, self._make, self._make_again, self._resolve, self._promote)
        return self.rng.choice(kinds + more)(author, station)

    def _edit(self, *_: object) -> list[Content]:
        tabla = self.rng.choice(WORKED + tuple(TABLES))
        row = self.row(tabla)
        if row is None:
            return self._make()
        cols = self.rng.sample(TABLES[tabla].cols, min(self.rng.choice((0, 1, 1, 2)), len(TABLES[tabla].cols)))
        return [self.change(tabla, row, {c.name: self.value(c) for c in cols})]

    def _step(self, author: str, _: Station) -> list[Content]:
        row = self.row("orden")
        if row is None:
            return []
        ways = [a for (de, a) in STEPS if de == row["estado"]] + ["cancelada", self.rng.choice(tuple(ESTADOS))]
        campos: Content = {"estado": self.rng.choice(ways)}
        line = {"a_estado": campos["estado"], "nota": self.rng.choice(("porque sí", None))}
        if campos["estado"] == "asignada":
            campos["tecnico_id"] = self.employee(author)
            line["a_tecnico_id"] = self.rng.choice((campos["tecnico_id"], None))
        if self.rng.random() < 0.1:
            line["a_estado"] = self.rng.choice(tuple(ESTADOS))
        return [self.change("orden", row, campos), *self.line(row["id"], line)]

    def _assign(self, author: str, _: Station) -> list[Content]:
        row = self.row("orden")
        employee = self.employee(author)
        if row is None:
            return []
        return [self.change("orden", row, {"tecnico_id": employee}), *self.line(row["id"], {"a_tecnico_id": employee})]

    def _receive(self, author: str, station: Station) -> list[Content]:
        rng, key = self.rng, self.ambient.new_id()
        client, device = self.ambient.new_id(), self.ambient.new_id()
        ops = [
            self.op("cliente", client, "alta", {"nombre": "Nuevo"}),
            self.op("equipo", device, "alta", {"cliente_id": client, "marca": "Epson"}),
        ]
        if rng.random() < 0.4:
            ops, client = [], self.key("cliente")
            device = self.key("equipo")
        code = rng.choice((station.codigo,) * 4 + tuple(s.codigo for s in self.company.stations.values()))
        tipo, branch = rng.choice(("taller", "taller", "solicitud", "ticket")), self.branch(author)
        estado = rng.choice(("recibida",) * 6 + tuple(ESTADOS))
        campos: Content = {"folio": format_folio(code, rng.randrange(1, 60)), "tipo": tipo, "sucursal_id": branch}
        campos |= {"cliente_id": client, "equipo_id": device, "estado": estado}
        campos["codigo_publico"] = f"{rng.getrandbits(80):022d}"[:22]
        if tipo == "solicitud":
            campos["cliente_id"], campos["equipo_id"] = self.key("cliente"), None
        if rng.random() < 0.15:
            campos["referencia_externa"] = f"r{rng.randrange(50)}"
        if rng.random() < 0.1:
            campos["tecnico_id"] = self.employee(author)
        return [*ops, self.op("orden", key, "alta", campos), *self.line(key, {"a_estado": estado})]

    def _comment(self, *_: object) -> list[Content]:
        entidad = self.rng.choice(("orden", "orden", "cliente", "caso"))
        campos = {
            "entidad": entidad,
            "entidad_id": self.key("orden" if entidad == "caso" else entidad),
            "texto": "hola",
        }
        campos["visibilidad"] = self.rng.choice(("interna", "cliente"))
        return [self.op("comentario", self.ambient.new_id(), "alta", campos)]

    def _move(self, *_: object) -> list[Content]:
        row = self.row("orden")
        return [] if row is None else [self.change("orden", row, {"sucursal_id": self.branch()})]

    def _stock(self, author: str, _: Station) -> list[Content]:
        tipo = self.rng.choice(("uso_orden", "venta", *MOVIMIENTOS))
        sign = MOVIMIENTOS[tipo] or self.rng.choice((1, -1))
        campos: Content = {"producto_id": self.key("producto"), "sucursal_id": self.branch(author), "tipo": tipo}
        campos |= {"cantidad": sign * self.rng.choice((1, 3, 10**9)), "ocurrio_en": self.ambient.instant()}
        if self.rng.random() < 0.1:
            campos["costo_centavos"] = COST_FROM + self.rng.randrange(10**6)
        return [self.op("movimiento_stock", self.ambient.new_id(), "alta", campos)]

    def _delete(self, *_: object) -> list[Content]:
        tabla = self.rng.choice(tuple(TABLES))
        row = self.row(tabla)
        return [] if row is None else [self.op(tabla, row["id"], "baja", {}, {}, self.rng.choice((row["version"], 0)))]

    def _make(self, *_: object) -> list[Content]:
        tabla = self.rng.choice(tuple(TABLES))
        campos = {c.name: self.value(c) for c in TABLES[tabla].cols if c.required or self.rng.random() < 0.15}
        if self.rng.random() < 0.8:
            campos = {n: v for n, v in campos.items() if not TABLES[tabla].by_name[n].derived}
        return [self.op(tabla, self.ambient.new_id(), "alta", campos)]

    def _make_again(self, *_: object) -> list[Content]:
        """An alta under the key of a row that is there."""
        tabla = self.rng.choice(WORKED)
        row = self.row(tabla)
        if row is None:
            return []
        campos = {c.name: row[c.name] for c in TABLES[tabla].cols if not c.derived and not c.server_only}
        for col in self.rng.sample(TABLES[tabla].cols, 2):
            if not col.derived and not col.server_only:
                campos[col.name] = self.value(col)
        return [self.op(tabla, row["id"], "alta", campos)]

    def _resolve(self, author: str, _: Station) -> list[Content]:
        row = self.row("conflicto")
        if row is None:
            return []
        who = self.rng.choice((author, author, self.key("usuario")))
        return [self.change("conflicto", row, {"resuelto_por": who, "resuelto_en": self.ambient.instant()})]

    def _promote(self, author: str, _: Station) -> list[Content]:
        row = self.rng.choice((self.claims.db["usuario"].get(author), self.row("usuario")))
        if row is None or self.rng.random() < 0.5:
            return []
        # a real administrador may do this too, which would leave the fuzzer without people: only others try
        if self.claims.db["usuario"].get(author, {}).get("rol") == ADMIN:
            return []
        return [self.change("usuario", row, {"rol": self.rng.choice((ADMIN, SUPERVISOR))})]
