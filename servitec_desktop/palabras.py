"""Fields and values as a person reads them, without Qt: for the command line, and under the screens."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.base.row import Value
from domain.base.table import Col
from domain.model import TABLES
from domain.nombres import nombre_campo as nombre_campo
from domain.nombres import nombre_tabla as nombre_tabla
from domain.nombres import titulo
from domain.ordenes import actions as de_ordenes
from domain.ordenes.states import ESTADOS, ORDEN
from local_db import reading
from local_db.open_items import ConflictoFila, Resumen
from local_db.reading import Reading
from servitec_desktop.propio import local

VACIO = "(vacío)"


def column(tabla: str, campo: str) -> Col | None:
    """What is declared of a field; None for one that this version doesn't know."""
    return TABLES[tabla].by_name.get(campo) if tabla in TABLES else None


def nombre_fila(connection: Reading, tabla: str, key: Value) -> str | None:
    """What a row is called; None where it isn't here or has no name."""
    found = reading.row(connection, tabla, str(key)) if tabla in TABLES and key else None
    if found is None:
        return None
    names = [str(found[name]) for name in ("nombre", "apellido") if found.get(name)]
    other = next((str(found[name]) for name in ("folio", "username", "marca") if found.get(name)), None)
    return " ".join(names) or other


def abierto(open_: Resumen) -> str:
    """What is open between a station and its server, counted."""
    return f"{open_.pending} por enviar, {open_.rejected} rechazados, {open_.conflicts} en conflicto"


def en_palabras(connection: Reading, tabla: str, campo: str, value: Value) -> str:
    """A value in words: the name of what it refers to, a state's name, a local time."""
    if value is None or value == "":
        return VACIO
    if isinstance(value, bool):
        return "sí" if value else "no"
    col = column(tabla, campo)
    if col is None or not isinstance(value, str):
        return str(value)
    if col.ref is not None:
        return nombre_fila(connection, col.ref, value) or value
    if value in ESTADOS and col.values:
        return ORDEN.nombre(value)
    if col.shape == "lista":
        return ", ".join(de_ordenes.accesorios_de(value)) or VACIO
    if col.kind == "instant":
        return local(value) or value
    return value


def valor(connection: Reading, tabla: str, campo: str, value: Value, nuevos: Mapping[str, str]) -> str | None:
    """A value in words; None for an id that nothing here has a name for, and for what is no text for people.

    `nuevos`: id -> name of the rows that aren't here yet.
    """
    col = column(tabla, campo)
    if value is None or col is None or (col.kind != "id" and col.shape == "lista"):
        return en_palabras(connection, tabla, campo, value)
    if col.kind == "id":
        return nuevos.get(str(value)) or (nombre_fila(connection, col.ref, value) if col.ref is not None else None)
    return None if col.kind == "json" else en_palabras(connection, tabla, campo, value)


def operaciones(connection: Reading, ops: Sequence[Mapping[str, Any]]) -> list[str]:
    """The operations of a change with their values: `Orden A1-000002: Diagnóstico (vacío) → fuente quemada`."""
    nuevos = {op["id"]: name for op in ops if (name := _propio(op["campos"]))}
    return [_operacion(connection, op, nuevos) for op in ops]


def _propio(campos: Mapping[str, Any]) -> str:
    names = [str(campos[name]) for name in ("nombre", "apellido") if campos.get(name)]
    return " ".join(names) or next((str(campos[n]) for n in ("folio", "username", "marca") if campos.get(n)), "")


def _operacion(connection: Reading, op: Mapping[str, Any], nuevos: Mapping[str, str]) -> str:
    tabla, campos = op["tabla"], op["campos"]
    head = titulo(tabla, op["tipo"], nombre_fila(connection, tabla, op["id"]) or nuevos.get(op["id"], ""))
    here = {**(reading.row(connection, tabla, op["id"]) or {}), **campos} if tabla in TABLES else campos
    order = here.get("entidad_id") if here.get("entidad") == "orden" else here.get("orden_id")
    if order is not None:
        folio = nombre_fila(connection, "orden", order) or nuevos.get(str(order), "")
        head = f"{head} de la orden {folio}".rstrip()
    if op["tipo"] == "baja":
        return f"{head}: se borra"
    fields = []
    for campo in sorted(campos):
        now = valor(connection, tabla, campo, campos[campo], nuevos)
        empty = op["tipo"] == "alta" and campos[campo] in (None, "")
        if now is None or empty or campo in ("entidad", "entidad_id", "orden_id", "folio"):
            continue
        if op["tipo"] == "cambio":
            before = valor(connection, tabla, campo, op["antes"].get(campo), nuevos)
            now = now if before is None else f"{before} → {now}"
        fields.append(f"{nombre_campo(campo)} {now}")
    return f"{head}: {', '.join(fields)}" if fields else head


def conflicto(connection: Reading, fila: ConflictoFila) -> str:
    """A conflict in one line: which field of what, both values, whose they are."""
    name = (
        fila.folio
        or f"{nombre_tabla(fila.tabla)} {nombre_fila(connection, fila.tabla, fila.registro_id) or ''}".strip()
    )
    sides = (
        ("quedó", fila.valor_servidor, fila.autor_servidor, fila.servidor_en),
        ("tardío", fila.valor_tardio, fila.autor_tardio, fila.tardio_en),
    )
    words = []
    for side, value, author, when in sides:
        text = " ".join(en_palabras(connection, fila.tabla, fila.campo, value).split())
        words.append(f"{side}: «{text}» de {author or '?'}, {local(when) or '?'}")
    return "  ".join([name, nombre_campo(fila.campo), *words])
