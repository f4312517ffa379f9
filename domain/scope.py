"""What a replica holds: tables, rows and columns by role and key, and the hash that names it."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

from domain.base.actor import Actor
from domain.base.condition import ALWAYS, AnyOf, Condition, Is, Null
from domain.base.row import ReadRow, Row
from domain.base.table import COMMON, TableSpec
from domain.model import COSTS, SPECS, TABLES
from domain.permissions import ve_costos
from domain.wire import canonical

NULL_IS_EVERYBODYS = {"sucursal_id": True, "gestor_id": False}
"""The scope keys there are, and whether a row without one is the whole company's, or nobody's."""
KEY_OF = {"gestor": "gestor_id"}
"""The key by which a role holds rows, where it isn't the branch."""
_CATALOGOS = frozenset(s.name for s in SPECS if s.writers == "catalogo")
_DE_ESTACION = frozenset(s.name for s in SPECS if s.de_estacion)
_TODAS = frozenset(s.name for s in SPECS)


@dataclass(frozen=True, slots=True)
class Scope:
    """Tables held, the key by which rows are held and its value (None: all rows), and whether costs are."""

    tables: frozenset[str]
    clave: str
    valor: str | None
    costs: bool
    hash: str

    def includes(self, spec: TableSpec, row: ReadRow, estacion_id: str) -> bool:
        """Does a station with this scope hold this row?"""
        if spec.name not in self.tables:
            return False
        if spec.de_estacion:
            return row["id"] == estacion_id
        if self.hides_costs_of(spec) and (row["tabla"], row["campo"]) in COSTS:
            return False
        return self.within(spec, row)

    def within(self, spec: TableSpec, claves: ReadRow) -> bool:
        """Does this scope hold the rows of a table with these keys?"""
        if self.valor is None or self.clave not in spec.claves:
            return True
        value = claves.get(self.clave)
        return value == self.valor or (value is None and NULL_IS_EVERYBODYS[self.clave])

    def rows(self, spec: TableSpec) -> Condition:
        """The same as a condition on rows, costs and a station's own rows apart."""
        if self.valor is None or self.clave not in spec.claves:
            return ALWAYS
        mine = Is(self.clave, self.valor)
        return AnyOf((mine, Null(self.clave))) if NULL_IS_EVERYBODYS[self.clave] else mine

    def hides_costs_of(self, spec: TableSpec) -> bool:
        """Is it the table that keeps other tables' values, and must those of costs not be seen?"""
        return spec.name == "conflicto" and not self.costs

    def columns(self, spec: TableSpec, schema: int) -> tuple[str, ...]:
        """The columns of a table that a station with this scope and schema holds, `id` and `version` first."""
        return _columns(spec.name, self.costs, schema)

    def holds(self, spec: TableSpec, schema: int) -> bool:
        """Does such a station hold the table at all?"""
        return spec.name in self.tables and spec.since <= schema


def stored_keys(spec: TableSpec, row: ReadRow) -> str | None:
    """A row's scope keys, as the feed keeps them: one as it is, several as JSON."""
    if not spec.claves:
        return None
    if len(spec.claves) == 1:
        value = row[spec.claves[0]]
        return None if value is None else str(value)
    return canonical({name: row[name] for name in spec.claves})


def keys_of(spec: TableSpec, stored: str | None) -> Row:
    """The keys of a row, from what the feed keeps."""
    if len(spec.claves) > 1 and stored is not None:
        found: Row = json.loads(stored)
        return found
    return dict.fromkeys(spec.claves, stored)


@lru_cache(maxsize=1000)
def _columns(tabla: str, costs: bool, schema: int) -> tuple[str, ...]:
    names = [
        col.name
        for col in COMMON + TABLES[tabla].cols
        if col.since <= schema and col.replicated and (costs or not col.cost)
    ]
    return ("id", "version", *(n for n in names if n not in ("id", "version")))


def scope_of(actor: Actor) -> Scope:
    """The scope of a person's role: gestor, cliente and consulta hold what the company's lists give them so far."""
    clave = KEY_OF.get(actor.rol, "sucursal_id")
    if actor.rol == "administrador":
        tables, value = _TODAS, None
    elif actor.rol in ("supervisor", "recepcionista", "tecnico"):
        tables, value = _TODAS, actor.sucursal_id
        if value is None:
            tables = _CATALOGOS | _DE_ESTACION
    elif actor.rol == "gestor":
        mine = frozenset(s.name for s in SPECS if clave in s.claves)
        tables, value = _CATALOGOS | _DE_ESTACION | mine, actor.usuario_id
    else:
        tables, value = frozenset[str](), None
    costs = ve_costos(actor)
    name = canonical([sorted(tables), clave, value, costs])
    return Scope(tables, clave, value, costs, hashlib.sha256(name.encode()).hexdigest()[:16])


def visible(spec: TableSpec, row: ReadRow, *, costs: bool = True) -> Row:
    """The row without the columns that never leave the server, nor, without `costs`, what things cost."""
    by_name = spec.by_name
    return {
        k: v for k, v in row.items() if k in by_name and not by_name[k].server_only and (costs or not by_name[k].cost)
    }
