"""What a replica holds: tables, rows and columns by role and branch, and the hash that names it."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from domain.permissions import Actor, ve_costos
from domain.tables import COMMON, COSTS, SPECS, TABLES, ReadRow, Row, TableSpec
from domain.wire import canonical

_EMPRESA = frozenset(s.name for s in SPECS if s.reach == "empresa")
_SUCURSAL = frozenset(s.name for s in SPECS if s.reach == "sucursal")
_PROPIA = frozenset({"estacion"})
_CATALOGOS = frozenset(s.name for s in SPECS if s.writers == "catalogo")


@dataclass(frozen=True, slots=True)
class Scope:
    """Tables held, the branch whose rows are held (None: every branch), and whether costs are."""

    tables: frozenset[str]
    sucursal_id: str | None
    costs: bool
    hash: str

    def includes(self, spec: TableSpec, row: ReadRow, estacion_id: str) -> bool:
        """Does a station with this scope hold this row?"""
        if spec.name not in self.tables:
            return False
        if spec.reach == "propia":
            return row["id"] == estacion_id
        if self.hides_costs_of(spec) and (row["tabla"], row["campo"]) in COSTS:
            return False
        if spec.reach == "sucursal" and self.sucursal_id is not None:
            return row.get("sucursal_id") in (None, self.sucursal_id)
        return True

    def hides_costs_of(self, spec: TableSpec) -> bool:
        """Is it the table that keeps other tables' values, and must those of costs not be seen?"""
        return spec.name == "conflicto" and not self.costs

    def columns(self, spec: TableSpec, schema: int) -> tuple[str, ...]:
        """The columns of a table that a station with this scope and schema holds, `id` and `version` first."""
        return _columns(spec.name, self.costs, schema)

    def holds(self, spec: TableSpec, schema: int) -> bool:
        """Does such a station hold the table at all?"""
        return spec.name in self.tables and spec.since <= schema


@lru_cache(maxsize=1000)
def _columns(tabla: str, costs: bool, schema: int) -> tuple[str, ...]:
    names = [
        col.name
        for col in COMMON + TABLES[tabla].cols
        if col.since <= schema and col.replicated and (costs or not col.cost)
    ]
    return ("id", "version", *(n for n in names if n not in ("id", "version")))


def scope_of(actor: Actor) -> Scope:
    """The scope of a person's role: gestor, cliente and consulta hold what FEATURES gives them so far."""
    if actor.rol == "administrador":
        tables, branch = _EMPRESA | _SUCURSAL | _PROPIA, None
    elif actor.rol in ("supervisor", "recepcionista", "tecnico"):
        tables, branch = _EMPRESA | _SUCURSAL | _PROPIA, actor.sucursal_id
        if branch is None:
            tables = _CATALOGOS | _PROPIA
    elif actor.rol == "gestor":
        tables, branch = _CATALOGOS | _PROPIA, actor.sucursal_id
    else:
        tables, branch = frozenset[str](), None
    costs = ve_costos(actor)
    name = canonical([sorted(tables), branch, costs])
    return Scope(tables, branch, costs, hashlib.sha256(name.encode()).hexdigest()[:16])


def visible(spec: TableSpec, row: ReadRow, *, costs: bool = True) -> Row:
    """The row without the columns that never leave the server, nor, without `costs`, what things cost."""
    by_name = spec.by_name
    return {
        k: v for k, v in row.items() if k in by_name and not by_name[k].server_only and (costs or not by_name[k].cost)
    }
