"""The business, gathered from its slices: every table, every right. Checked here, when it is imported.

A slice is one line of SLICES and two of imports.
"""

from collections.abc import Iterable

from domain.base.actor import Matriz
from domain.base.row import ReadRow, Row
from domain.base.table import COMMON, Col, TableSpec
from domain.catalogos import iniciales as catalogos_iniciales
from domain.catalogos import tables as catalogos
from domain.clientes import permissions as de_clientes
from domain.clientes import tables as clientes
from domain.cuentas import tables as cuentas
from domain.impresion import permissions as de_impresion
from domain.impresion import tables as impresion
from domain.inventario import permissions as de_inventario
from domain.inventario import tables as inventario
from domain.ordenes import iniciales as ordenes_iniciales
from domain.ordenes import permissions as de_ordenes
from domain.ordenes import tables as ordenes
from domain.organizacion import iniciales as organizacion_iniciales
from domain.organizacion import permissions as de_organizacion
from domain.organizacion import tables as organizacion
from domain.sincronizacion import tables as sincronizacion

SPECS: tuple[TableSpec, ...] = (
    *organizacion.SPECS,
    *catalogos.SPECS,
    *clientes.SPECS,
    *cuentas.SPECS,
    *ordenes.SPECS,
    *inventario.SPECS,
    *impresion.SPECS,
    *sincronizacion.SPECS,
)
"""Parents before their children."""

TABLES: dict[str, TableSpec] = {spec.name: spec for spec in SPECS}
"""By name."""

MATRIZ: Matriz = (
    de_organizacion.MATRIZ | de_clientes.MATRIZ | de_ordenes.MATRIZ | de_inventario.MATRIZ | de_impresion.MATRIZ
)
"""permission -> role -> reach. The administrador and the server itself have every one, everywhere."""


def iniciales() -> list[tuple[str, Row]]:
    """(table, columns) of every row that a new company begins with."""
    found = [
        *organizacion_iniciales.iniciales(),
        *catalogos_iniciales.iniciales(),
        *ordenes_iniciales.iniciales(),
    ]
    return [(tabla, {name: value for name, value in campos.items() if value is not None}) for tabla, campos in found]


def _with_refs(spec: TableSpec) -> Iterable[Col]:
    return (col for col in spec.cols if col.ref_en is not None)


CHILDREN: dict[str, tuple[tuple[str, str], ...]] = {
    parent: tuple(
        (spec.name, col.name)
        for spec in SPECS
        for col in spec.cols
        if col.ref == parent or (col.ref_en is not None and parent in spec.by_name[col.ref_en].values)
    )
    for parent in TABLES
}
"""For each table, the (table, column) pairs that refer to it."""

ON_ANY: tuple[tuple[str, str], ...] = tuple(
    (spec.name, col.name) for spec in SPECS for col in _with_refs(spec) if not spec.by_name[str(col.ref_en)].values
)
"""The (table, column) pairs that may refer to a row of any table."""


ONLY_MARKED: frozenset[str] = frozenset(
    {one.into for spec in SPECS for one in spec.regla.sums}
    | {parent for parent, of in CHILDREN.items() if any(TABLES[name].hecho for name, _ in of)}
)
"""The tables that are fed or that facts refer to: what waits at a station may speak of a row, so none is ever gone."""


def _hung(root: str) -> tuple[tuple[str, str], ...]:
    """Parents before their children: what hangs on what hangs on it, too."""
    above, found = [root], []
    for spec in SPECS:
        pair = (spec.name, spec.raiz or "")
        if spec.copiadas and (pair in ON_ANY or any(pair in CHILDREN[table] for table in above)):
            above.append(spec.name)
            found.append(pair)
    return tuple(found)


HUNG: dict[str, tuple[tuple[str, str], ...]] = {root: _hung(root) for root in TABLES}
"""For each table, the (table, column) pairs of the rows that carry its keys, and go with it where they change."""

COSTS: frozenset[tuple[str, str]] = frozenset((spec.name, col.name) for spec in SPECS for col in spec.cols if col.cost)
"""The (table, column) of every cost."""


MAX_CHAIN = 3


def refers_to(col: Col, row: ReadRow) -> str | None:
    """The table in which this column of a row refers to another; None: it refers to nothing that is known."""
    if col.ref_en is None:
        return col.ref
    named = row.get(col.ref_en)
    return named if isinstance(named, str) and named in TABLES else None


def _check() -> None:
    """Is what the slices declare about each other there?

    Raises:
        LookupError: it isn't, and which.
    """
    seen: set[str] = set()
    for spec in SPECS:
        if spec.name in seen:
            raise LookupError(f"{spec.name} is declared twice")
        seen.add(spec.name)
        for col in spec.cols:
            if col.ref is not None and col.ref not in seen:
                raise LookupError(f"{spec.name}.{col.name} refers to {col.ref}, which isn't declared before it")
            if col.ref_en is not None and col.ref_en not in spec.by_name:
                raise LookupError(f"{spec.name}.{col.name} reads {col.ref_en}, which isn't there")
        columns = {*spec.unique, *spec.indexed, *spec.claves, *(own.columna for own in spec.propios)}
        columns |= {spec.raiz} if spec.raiz else set()
        columns |= {b.columna for of in spec.busqueda.values() for b in of if b.via is None}
        columns |= {b.via for of in spec.busqueda.values() for b in of if b.via is not None}
        if missing := columns - spec.by_name.keys():
            raise LookupError(f"{spec.name} has no {', '.join(sorted(missing))}")
        if numbered := {col.name for col in spec.cols if col.serie is not None} - {*spec.unique}:
            raise LookupError(f"{spec.name}: {', '.join(sorted(numbered))} must be unique: the server numbers them")
        if spec.writers == "todos" and type(spec.regla).make.__qualname__ == "Rule.make":
            for verb in ("crear", "editar", "borrar"):
                if f"{spec.name}.{verb}" not in MATRIZ:
                    raise LookupError(f"there is no right «{spec.name}.{verb}»")


def _check_sums() -> None:
    """Does every sum go up the model, into an integer that nobody else writes, from columns that may be known?

    Raises:
        LookupError: one doesn't, and which.
    """
    names = list(TABLES)
    depth: dict[str, int] = {}
    for spec in reversed(SPECS):
        for one in spec.regla.sums:
            where = f"{spec.name} -> {one.into}.{one.column}"
            column = TABLES[one.into].by_name.get(one.column)
            if column is None or column in COMMON or column.kind != "int" or not column.derived:
                raise LookupError(f"{where}: no derived int column")
            if names.index(one.into) >= names.index(spec.name):
                raise LookupError(f"{where}: it must stand before its child")
            read = [spec.by_name[name] for name in one.reads]
            if any((col.cost and not column.cost) or col.server_only for col in read):
                raise LookupError(f"{where}: it would tell what not everybody may know")
            depth[one.into] = max(depth.get(one.into, 0), depth.get(spec.name, 0) + 1)
            if depth[one.into] > MAX_CHAIN:
                raise LookupError(f"{where}: more than {MAX_CHAIN} sums of sums")


_check()
_check_sums()

__all__ = ["CHILDREN", "COMMON", "COSTS", "HUNG", "MATRIZ", "ONLY_MARKED", "ON_ANY", "SPECS", "TABLES", "refers_to"]
