"""A Cambio of a history that was lost, offered again: ordered by the places that its receipts prove.

A field's change applies when the field last changed before it, is left out when that came after, and is merged by what
its author saw when the two are of histories that branched (servitec_server.epochs).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection, select

from domain.base.errors import Rejection
from domain.base.row import Row
from domain.model import TABLES
from domain.wire import Op, Recibo
from servitec_server.epochs import Place, Tree
from servitec_server.step import REVIVED, Step
from servitec_server.tables import bitacora, cambio
from servitec_server.working_set import WorkingSet

Places = tuple[Place, ...]
"""Where one change stands: in the present history, and in those where it was accepted before."""


@dataclass(slots=True)
class Origins:
    """Where a row's present values come from, and every change of it.

    A field that nobody named has no place, unless the row was made again: that took its value away.
    """

    made: Places | None = None
    deleted: Places | None = None
    fields: dict[str, Places] = field(default_factory=dict)
    lines: list[Places] = field(default_factory=list)


def origins(connection: Connection, tabla: str, key: str) -> Origins:
    """From the audit trail. A row that was made again after its deletion has all its fields from there."""
    query = (
        select(
            bitacora.c.accion, bitacora.c.antes, bitacora.c.despues, cambio.c.epoca, cambio.c.version, cambio.c.origen
        )
        .join(cambio, cambio.c.version == bitacora.c.version)
        .where(bitacora.c.entidad_id == key, bitacora.c.entidad == tabla)
        .order_by(bitacora.c.version, bitacora.c.id)
    )
    found = Origins()
    for accion, antes, despues, epoca, version, origen in connection.execute(query):
        before = tuple((str(e), int(v)) for e, v in orjson.loads(origen)) if origen else ()
        places = ((str(epoca), int(version)), *before)
        found.lines.append(places)
        if accion == "baja":
            found.deleted = places
        elif despues is not None:
            if antes is None or accion == REVIVED:
                found.made = places if accion == REVIVED else None
                found.deleted = None
                found.fields.clear()
            found.fields |= dict.fromkeys(orjson.loads(despues), places)
    return found


def reoffered(step: Step, tree: Tree, op: Op, current: Row | None, again: list[Recibo]) -> Op | None:
    """What of an operation still has to be done, so that its merge decides as above; None: nothing.

    Raises:
        Rejection: the row was deleted, or changed, in a history that branched.
    """
    mine: Places = tuple((r.epoca, r.version) for r in again)
    known = origins(step.rows.connection, op.tabla, op.id)
    if known.deleted is not None:
        if tree.any_before(mine, known.deleted):
            return None
        if not tree.any_before(known.deleted, mine):
            raise Rejection("modificado", "Esa fila se borró después de que se restauró la base central.")
    if op.tipo == "baja":
        return _baja(tree, op, current, known, mine)
    lost = lost_before(op, again)
    if current is None:
        return op.model_copy(update={"campos": {n: v for n, v in op.campos.items() if n not in lost}})
    campos: Row = {}
    antes: Row = {}
    by_name = TABLES[op.tabla].by_name
    for name in (n for n in op.campos if not by_name[n].fixed and n not in lost):
        last = known.fields.get(name, known.made)
        if last is not None and tree.any_before(mine, last):
            continue
        campos[name] = op.campos[name]
        before = last is None or tree.any_before(last, mine)
        seen = by_name[name].default if op.tipo == "alta" else op.antes.get(name)
        antes[name] = current[name] if before else seen
    if not campos:
        return None
    return op.model_copy(update={"campos": campos, "antes": antes, "base": int(current["version"] or 0)})


def _baja(tree: Tree, op: Op, current: Row | None, known: Origins, mine: Places) -> Op | None:
    """A deletion takes nothing away that its author can't have seen."""
    if current is None or current.get("borrado_en") is not None:
        return None
    if any(tree.any_before(mine, line) for line in known.lines):
        return None
    if not all(tree.any_before(line, mine) for line in known.lines):
        raise Rejection("modificado", "Otra persona cambió esta fila después de que se restauró la base.")
    return op.model_copy(update={"base": int(current["version"] or 0)})


def lost_before(op: Op, again: list[Recibo]) -> set[str]:
    """The fields that lost a conflict when the Cambio was taken the first time."""
    return {campo for r in again for tabla, key, campo in r.perdidos if (tabla, key) == (op.tabla, op.id)}


def numbers_given(rows: WorkingSet, again: Iterable[Recibo]) -> dict[tuple[str, str, str], str]:
    """By table, id and column: the numbers that its rows were given, where no other row has them by now.

    They aren't given to another any more. Of several histories the last receipt counts.
    """
    found: dict[tuple[str, str, str], str] = {}
    for tabla, key, name, number in (given for receipt in again for given in receipt.numeros):
        col = TABLES[tabla].by_name.get(name) if tabla in TABLES else None
        if col is None or col.serie is None or rows.holder(tabla, name, number) not in (None, key):
            continue
        found[tabla, key, name] = number
        if number.isdecimal():
            rows.reserve(col.serie, int(number))
    return found
