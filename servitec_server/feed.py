"""What changed after a cursor: the feed, cut to a station's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from domain.base.condition import Is
from domain.base.table import TableSpec
from domain.model import COSTS, SPECS, TABLES
from domain.scope import Scope, keys_of
from domain.wire import Baja, ChangesReply, Digest, Grupo, row_hash
from servitec_server import rows
from servitec_server.reply import put
from servitec_server.where import where
from servitec_server.working_set import Key

WHOLE_WEIGHT = 8
CHUNK_WEIGHT = 2000
"""A chunk holds at most so many changed rows, whole ones counting WHOLE_WEIGHT: a station applies it in a moment."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a station asks for.

    propias: also rows that it changed last itself: its push replies don't cover them.
    enteras: whole rows only.
    digest: the digest of the scope with the last chunk.
    """

    propias: bool = True
    enteras: bool = False
    digest: bool = False
    weight: int = CHUNK_WEIGHT


@dataclass(slots=True)
class _Seen:
    """What the entries of a window say of one row: its key and version before them, and what they made of it."""

    base: int
    clave_antes: str | None
    own: bool
    inside: bool
    """Did its key ever lie in the scope?"""
    campos: dict[str, Any]
    partial: bool = True
    version: int = 0
    tipo: str = ""
    clave: str | None = None


class Feed:
    """One read of the feed."""

    def __init__(
        self,
        connection: Connection,
        scope: Scope,
        estacion_id: str,
        schema: int,
        options: Options = Options(),  # noqa: B008
    ) -> None:
        self._connection = connection
        self._scope = scope
        self._estacion_id = estacion_id
        self._schema = schema
        self._options = options
        self._sign = rows.mark(connection)
        self._makers: set[str | None] = set()
        self.passed_over: set[str] = set()
        """Stations whose own rows changed, which only they hold."""
        self._names: dict[tuple[str, ...], list[str]] = {}

    @property
    def maker(self) -> str | None:
        """The station that made all that `fill` found in scope; None where there are several, or the server."""
        return next(iter(self._makers)) if len(self._makers) == 1 else None

    def fill(self, reply: ChangesReply, after: int | None = None) -> int:
        """Put the rows of one chunk into `reply`; gives the version up to which it is complete.

        `after`: a version up to which the scope is known to have nothing new since `desde`.
        """
        entries, bound = self._entries(reply.desde.version if after is None else after, reply.hasta)
        groups: dict[tuple[str, bool, tuple[str, ...]], Grupo] = {}
        whole: list[Key] = []
        for key, seen in self._by_row(entries).items():
            if seen.own and not self._options.propias:
                continue
            spec = TABLES[key[0]]
            if seen.tipo == "baja":
                if seen.inside:
                    reply.bajas.append(Baja(tabla=key[0], id=key[1], version=seen.version))
            elif not self._inside(spec, seen.clave):
                if seen.inside:
                    reply.salidas.append(Baja(tabla=key[0], id=key[1], version=seen.version))
            elif seen.partial and self._inside(spec, seen.clave_antes):
                names = self._allowed(key[0], seen.campos)
                row = {**seen.campos, "id": key[1], "version": seen.version}
                put(groups, key[0], names, row, seen.base)
            else:
                whole.append(key)
        self._put_whole(groups, whole)
        reply.grupos = list(groups.values())
        return bound

    def add_own_row(self, reply: ChangesReply) -> None:
        """The caller's own row of `estacion`, which a snapshot, shared by many, doesn't have."""
        groups = {(g.tabla, g.entera, tuple(g.columnas)): g for g in reply.grupos}
        if self._scope.holds(TABLES["estacion"], self._schema):
            self._put_whole(groups, [("estacion", self._estacion_id)])
            reply.grupos = list(groups.values())

    def held(self) -> int:
        """About how many rows the scope's tables have, in every branch."""
        held = [spec.name for spec in SPECS if self._scope.holds(spec, self._schema)]
        counts = (rows.first(self._connection, f"SELECT count(*) FROM {name}") for name in held)  # noqa: S608
        return sum(int(count[0]) for count in counts if count is not None)

    def digest(self) -> Digest:
        """Of all rows in scope."""
        count = total = 0
        for spec in SPECS:
            if self._scope.holds(spec, self._schema):
                for key, version in in_scope(self._connection, spec, ("id", "version"), self._scope, self._estacion_id):
                    count, total = count + 1, total + row_hash(key, version)
        return Digest(filas=count, suma=total % 2**64)

    def _entries(self, after: int, goal: int) -> tuple[list[Any], int]:
        """The entries of a chunk, and the version up to which they are complete."""
        limit = self._options.weight
        found = self._read(after, goal, limit + 1)
        weight = 0
        for i, entry in enumerate(found):
            version, tipo = entry[0], entry[3]
            weight += 1 if tipo == "parcial" and not self._options.enteras else WHOLE_WEIGHT
            if weight > limit or i == limit:
                cut = version
                kept = [e for e in found[:i] if e[0] < cut]
                if kept:
                    return kept, cut - 1
                return self._read(cut - 1, cut, None), cut
        return found, goal

    def _read(self, after: int, until: int, limit: int | None) -> list[Any]:
        sql = (
            "SELECT version, tabla, registro_id, tipo, estacion_id, base, clave_antes, clave, campos "  # noqa: S608
            f"FROM cambio_fila WHERE version > {self._sign} AND version <= {self._sign} ORDER BY version"
        )
        if limit is not None:
            sql += f" LIMIT {limit:d}"
        return rows.fetched(self._connection.exec_driver_sql(sql, (after, until)))

    def _by_row(self, entries: Iterable[Any]) -> dict[Key, _Seen]:
        """The entries of each row as one, in the order of their last."""
        found: dict[Key, _Seen] = {}
        for version, tabla, key, tipo, estacion_id, base, clave_antes, clave, campos in entries:
            spec = TABLES[tabla]
            if not self._scope.holds(spec, self._schema):
                continue
            if spec.de_estacion and key != self._estacion_id:
                self.passed_over.add(key)
                continue
            seen = found.pop((tabla, key), None)
            if seen is None:
                seen = _Seen(base, clave_antes, True, self._inside(spec, clave_antes), {})
            seen.version, seen.tipo, seen.clave = version, tipo, clave
            seen.own = seen.own and estacion_id == self._estacion_id
            seen.inside = seen.inside or self._inside(spec, clave) or self._inside(spec, clave_antes)
            if seen.inside:
                self._makers.add(estacion_id)
            if tipo == "parcial" and not self._options.enteras and not self._scope.hides_costs_of(spec):
                seen.campos.update(orjson.loads(campos))
            else:
                seen.partial = False
            found[tabla, key] = seen
        return found

    def _inside(self, spec: TableSpec, clave: str | None) -> bool:
        return self._scope.within(spec, keys_of(spec, clave))

    def _allowed(self, tabla: str, names: Iterable[str]) -> list[str]:
        """`id`, `version`, and those of the names that the station holds, sorted."""
        key = (tabla, *names)
        if key not in self._names:
            allowed = self._scope.columns(TABLES[tabla], self._schema)
            self._names[key] = ["id", "version", *sorted(n for n in key[1:] if n in allowed)]
        return self._names[key]

    def _put_whole(self, groups: dict[tuple[str, bool, tuple[str, ...]], Grupo], keys: list[Key]) -> None:
        wanted: dict[str, list[str]] = {}
        for tabla, key in keys:
            wanted.setdefault(tabla, []).append(key)
        for tabla, ids in wanted.items():
            names = self._scope.columns(TABLES[tabla], self._schema)
            for row in rows.get_many(self._connection, tabla, ids):
                if self._scope.includes(TABLES[tabla], row, self._estacion_id):
                    put(groups, tabla, names, row, None)


def in_scope(
    connection: Connection, spec: TableSpec, names: Iterable[str], scope: Scope, estacion_id: str | None
) -> Iterable[Any]:
    """All rows of a table within a scope, as values of `names`, by id, a few at a time."""
    sign = rows.mark(connection)
    mine = Is("id", estacion_id) if spec.de_estacion else scope.rows(spec)
    sql, values = where(mine, sign, spec.name)
    if scope.hides_costs_of(spec):
        sql += f" AND tabla || '.' || campo NOT IN ({', '.join([sign] * len(COSTS))})"
        values += [f"{tabla}.{campo}" for tabla, campo in sorted(COSTS)]
    sql = f"SELECT {', '.join(names)} FROM {spec.name} WHERE {sql} ORDER BY id"  # noqa: S608
    options = {"stream_results": True, "yield_per": 1000}
    return connection.exec_driver_sql(sql, tuple(values), execution_options=options)
