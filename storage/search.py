"""How the full-text index is filled from the rows, as its table declares it."""

from domain.base.table import Buscado, TableSpec
from domain.model import TABLES
from domain.upgrade import SCHEMA


def table(tabla: str) -> str:
    """The statement that makes a table's index; `rowid` is the row's `rid`."""
    names = ", ".join(TABLES[tabla].busqueda)
    return (
        f"CREATE VIRTUAL TABLE busqueda_{tabla} USING fts5(\n"
        f"    {names},\n    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'\n)"
    )


def fill(tabla: str, schema: int = SCHEMA) -> str:
    """The statement that writes the index entries of a table, of every row `t`, from the columns that this schema has.

    A WHERE may follow.
    """
    spec = TABLES[tabla]
    read = [[found for found in of if _since(spec, found) <= schema] for of in spec.busqueda.values()]
    vias = list(dict.fromkeys(found.via for of in read for found in of if found.via is not None))
    alias = {None: "t"} | {via: f"v{i}" for i, via in enumerate(vias)}
    columns = [" || ' ' || ".join(_read(f"{alias[f.via]}.{f.columna}", f) for f in of) or "''" for of in read]
    joins = [f"LEFT JOIN {spec.by_name[via].ref} {alias[via]} ON {alias[via]}.id = t.{via}" for via in vias]
    names = ", ".join(("rowid", *spec.busqueda))
    return f"INSERT INTO busqueda_{tabla} ({names}) SELECT t.rid, {', '.join(columns)} FROM {tabla} t {' '.join(joins)}"  # noqa: S608


def _since(spec: TableSpec, found: Buscado) -> int:
    """The schema that brought what is read here."""
    if found.via is None:
        return spec.by_name[found.columna].since
    of, column = TABLES[str(spec.by_name[found.via].ref)], spec.by_name[found.via]
    return max(column.since, of.since, of.by_name[found.columna].since)


def _read(column: str, found: Buscado) -> str:
    if found.como == "telefono":
        return _phone(column)
    if found.como == "folio":  # as a whole, and the number alone
        return f"{column} || ' ' || ltrim(substr({column}, instr({column}, '-') + 1), '0')"
    return f"coalesce({column}, '')"


def _phone(column: str) -> str:
    """A phone's digits, and its last 9, 8 and 4: how people say a number."""
    digits = column
    for sign in (" ", "-", "(", ")", "+", "."):
        digits = f"replace({digits}, '{sign}', '')"
    tails = (f"coalesce(substr({digits}, -{count}), '')" for count in (9, 8, 4))
    return " || ' ' || ".join((f"coalesce({digits}, '')", *tails))
