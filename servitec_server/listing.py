"""Lists of rows, all in SQL: what the caller may see, filters, words, a sort, and one page after a cursor."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from sqlalchemy import Connection

from domain.base.actor import Actor
from domain.base.condition import NEVER, AllOf, AnyOf, Condition, Is, Null
from domain.base.errors import Rejection
from domain.base.row import Row, Value
from domain.base.table import TableSpec
from domain.base.values import MAX_INT, check_value
from domain.permissions import ve_costos, visibles
from servitec_server import rows
from servitec_server.deps import UUID
from servitec_server.models import shown
from servitec_server.where import where
from storage.sqlite import LOWERED

MOST, USUAL = 500, 50
"""Rows of a page."""
MANY = 50
"""Values of a filter."""


def _clean(text: str) -> str:
    if "\x00" in text:
        raise ValueError("contiene un carácter nulo")
    return text


Clean = Annotated[str, AfterValidator(_clean)]
KINDS: dict[str, Any] = {"int": Annotated[int, Field(ge=-MAX_INT, le=MAX_INT)], "bool": bool}


class Asked(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")
    buscar: Annotated[Clean, Field(max_length=200, description="Palabras; cada una tiene que estar.")] = ""
    limite: Annotated[int, Field(ge=1, le=MOST, description="Filas de una página.")] = USUAL
    cursor: Annotated[str, Field(max_length=4000, description="«siguiente» de la página anterior.")] = ""
    total: Annotated[bool, Field(description="También cuántas hay en todo: cuesta contarlas.")] = False
    ordenar: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the cursor of what follows (None: nothing does), and how many there are in all, where it was asked."""

    filas: list[Row]
    siguiente: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How a table is listed: the columns in which words are searched, those that filter, those that sort.

    `sorts` begins with the usual one; `-` before a name is from the last to the first. Ids are made in order of time.
    """

    spec: TableSpec
    searched: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ("-id", "id")
    query: type[BaseModel] = field(init=False)

    def __post_init__(self) -> None:
        """Check what is declared.

        Raises:
            LookupError: a column isn't there, may not be known, or has no index to be sorted by.
        """
        spec, sorted_by = self.spec, {name.removeprefix("-") for name in self.sorts}
        for name in {*self.searched, *self.filters, *sorted_by}:
            if name not in shown(spec, costs=False) or name in Asked.model_fields:
                raise LookupError(f"{spec.name}.{name} is no column that a list may ask for")
        if missing := sorted_by - {"id", *spec.unique, *spec.indexed}:
            raise LookupError(f"{spec.name} has no index on {', '.join(sorted(missing))}")
        fields: dict[str, Any] = {"ordenar": (Literal[self.sorts], self.sorts[0])}
        for name in self.filters:
            kind: Any = KINDS.get(spec.by_name[name].kind, Clean)
            about = "Sólo éstas." if kind is not Clean else "Sólo éstas; vacío: las que no tienen."
            fields[name] = (Annotated[list[kind], Field(max_length=MANY, description=about)], [])
        made: type[BaseModel] = create_model(f"Listar_{spec.name}", __base__=Asked, **fields)
        object.__setattr__(self, "query", made)

    def page(self, connection: Connection, actor: Actor, asked: Asked, fixed: Condition | None = None) -> Page:
        """One page of what he may see, of `fixed` alone where that is given.

        Raises:
            Rejection: he sees nothing of the table, or the cursor is of no such list.
        """
        spec, sign = self.spec, rows.mark(connection)
        seen = visibles(actor, spec.name)
        if seen == NEVER:
            raise Rejection("permiso", f"El rol {actor.rol} no ve {spec.name}.", "Pida acceso a un administrador.")
        parts = [seen] if fixed is None else [seen, fixed]
        if "borrado_en" in spec.by_name:
            parts.append(Null("borrado_en"))
        sql, values = where(AllOf(tuple(parts)), sign, spec.name)
        for text, typed in (*self._filtered(asked, sign), self._worded(asked.buscar, sign)):
            sql, values = sql + text, values + typed
        costs = ve_costos(actor)
        found = self._after(connection, asked, (sql, values), shown(spec, costs=costs))
        total = None
        if asked.total:
            count = f"SELECT count(*) FROM {spec.name} WHERE {sql}"  # noqa: S608
            total = int(rows.fetched(connection.exec_driver_sql(count, tuple(values)))[0][0])
        more = len(found) > asked.limite
        filas = found[: asked.limite]
        return Page(filas, _cursor(asked.ordenar, filas[-1]) if more else None, total)

    def _filtered(self, asked: Asked, sign: str) -> Iterator[tuple[str, list[Value]]]:
        """One of the values in each column that filters.

        SQLite, without statistics, takes any index for a good one, and would sort all rows of one of a few values to
        show fifty: `+` keeps it from using it.
        """
        for name in self.filters:
            col, wanted = self.spec.by_name[name], getattr(asked, name)
            if wanted:
                few = sign == "?" and (col.values or col.kind == "bool")
                one = AnyOf(tuple(Null(name) if v == "" else Is(name, v) for v in wanted))
                sql, values = where(one, sign, f"+{self.spec.name}" if few else self.spec.name)
                yield f" AND {sql}", values

    def _worded(self, typed: str, sign: str) -> tuple[str, list[Value]]:
        """Every word in one of the columns, in small or capital letters."""
        if not self.searched:
            return "", []
        low = (
            f"{LOWERED}(%s)" if sign == "?" else 'lower(%s COLLATE "und-x-icu")'
        )  # both databases' own: ASCII, perhaps
        one = " OR ".join(f"{low % f'{self.spec.name}.{n}'} LIKE {sign} ESCAPE '\\'" for n in self.searched)
        words = [_like(word.lower()) for word in typed.split()]
        return f" AND ({one})" * len(words), [word for word in words for _ in self.searched]

    def _after(
        self, connection: Connection, asked: Asked, seen: tuple[str, list[Value]], names: tuple[str, ...]
    ) -> list[Row]:
        """One row more than the page has, after the cursor; those without a value come last, in either order."""
        spec, sign = self.spec, rows.mark(connection)
        by, back = asked.ordenar.removeprefix("-"), asked.ordenar.startswith("-")
        less, order = ("<", "DESC") if back else (">", "ASC")
        at = _place(spec, asked) if asked.cursor else None
        key = f"{spec.name}.id"
        flags = [n for n in names if spec.by_name[n].kind == "bool"]
        found: list[Row] = []

        def read(more: str, values: tuple[Value, ...], sort: str) -> None:
            sql, before = seen
            columns = ", ".join(f"{spec.name}.{n}" for n in names)
            text = f"SELECT {columns} FROM {spec.name} WHERE {sql}{more} ORDER BY {sort} LIMIT {sign}"  # noqa: S608
            got = connection.exec_driver_sql(text, (*before, *values, asked.limite + 1 - len(found)))
            found.extend(_row(names, flags, of) for of in rows.fetched(got))

        alone = f" AND {key} {less} {sign}"
        if by == "id":
            read(alone if at else "", (at[1],) if at else (), f"{key} {order}")
            return found
        column, plain = f"{spec.name}.{by}", "+" if sign == "?" else ""
        if at is None or at[0] is not None:
            follows = f" AND ({column}, {key}) {less} ({sign}, {sign})" if at else ""
            read(f" AND {column} IS NOT NULL{follows}", at or (), f"{column} {order}, {key} {order}")
        if len(found) <= asked.limite and not spec.by_name[by].required:
            last = at is not None and at[0] is None
            values = (at[1],) if at is not None and last else ()
            read(f" AND {plain}{column} IS NULL" + (alone if last else ""), values, f"{key} {order}")
        return found


def see(connection: Connection, actor: Actor, tabla: str, key: str, version: int | None = None) -> Row:
    """A whole row, if the actor may see it, or wrote it himself just now as this `version`. Raises Rejection."""
    sign, names = rows.mark(connection), rows.COLUMNS[tabla]
    sql, values = where(visibles(actor, tabla), sign, tabla)
    columns = ", ".join(f"{tabla}.{n}" for n in names)
    text = f"SELECT {columns} FROM {tabla} WHERE {tabla}.id = {sign} AND ({sql} OR {tabla}.version = {sign})"  # noqa: S608
    found = rows.fetched(connection.exec_driver_sql(text, (key, *values, -1 if version is None else version)))
    if not found:
        raise Rejection("no_existe", f"No existe {tabla} con id {key}.")
    return rows.as_row(tabla, found[0])


def _row(names: tuple[str, ...], flags: list[str], values: tuple[Any, ...]) -> Row:
    row: Row = dict(zip(names, values, strict=True))
    for name in flags:
        if row[name] is not None:
            row[name] = bool(row[name])
    return row


def _like(word: str) -> str:
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _cursor(ordenar: str, last: Row) -> str:
    place = orjson.dumps([ordenar, last[ordenar.removeprefix("-")], last["id"]])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(spec: TableSpec, asked: Asked) -> tuple[Value, str]:
    """The sort value and id of the last row of the page before. Raises Rejection."""
    wrong = Rejection("campo", "El cursor no es de esta lista.", "Pida la lista desde el principio.")
    try:
        padded = asked.cursor + "=" * (-len(asked.cursor) % 4)
        ordenar, value, key = orjson.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError):
        raise wrong from None
    if ordenar != asked.ordenar or not isinstance(key, str) or re.fullmatch(UUID, key) is None:
        raise wrong
    if value is not None:
        check_value(spec, spec.by_name[ordenar.removeprefix("-")], value)
    return value, key
