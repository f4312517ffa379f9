"""Fields and values as a person reads them, without Qt: for the command line, and under the screens."""

from datetime import datetime
from typing import Any

from domain import estados
from domain.ambient import from_instant
from domain.tables import TABLES, Col, Value
from local_db import queries
from local_db.queries import ConflictoFila

VACIO = "(vacío)"

WORDS = {
    "categoria": "categoría",
    "codigo": "código",
    "descripcion": "descripción",
    "diagnostico": "diagnóstico",
    "dias": "días",
    "direccion": "dirección",
    "fisica": "física",
    "garantia": "garantía",
    "metodo": "método",
    "minimo": "mínimo",
    "ocurrio": "ocurrió",
    "pais": "país",
    "publico": "público",
    "razon": "razón",
    "recepcion": "recepción",
    "tecnico": "técnico",
    "telefono": "teléfono",
    "titulo": "título",
    "ubicacion": "ubicación",
}
"""The words of column names that are written otherwise."""


def column(tabla: str, campo: str) -> Col | None:
    """What is declared of a field; None for one that this version doesn't know."""
    return TABLES[tabla].by_name.get(campo) if tabla in TABLES else None


def nombre_campo(campo: str) -> str:
    """`ubicacion_fisica` as `Ubicación física`."""
    words = [WORDS.get(word, word) for word in campo.removesuffix("_id").split("_")]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def nombre_fila(connection: Any, tabla: str, key: Value) -> str | None:
    """What a row is called; None where it isn't here or has no name."""
    found = queries.row(connection, tabla, str(key)) if tabla in TABLES and key else None
    if found is None:
        return None
    names = [str(found[name]) for name in ("nombre", "apellido") if found.get(name)]
    other = next((str(found[name]) for name in ("folio", "username", "marca") if found.get(name)), None)
    return " ".join(names) or other


def local(instant: object) -> str:
    """A stored instant on this computer's clock; empty for none."""
    if not isinstance(instant, str):
        return ""
    moment: datetime = from_instant(instant).astimezone()
    return moment.strftime("%d-%m-%Y %H:%M")


def en_palabras(connection: Any, tabla: str, campo: str, value: Value) -> str:
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
    if value in estados.ESTADOS and col.values:
        return estados.nombre(value)
    if col.kind == "instant":
        try:
            return local(value)
        except ValueError:
            return value
    return value


def conflicto(connection: Any, fila: ConflictoFila) -> str:
    """A conflict in one line: which field of what, both values, whose they are."""
    name = fila.folio or f"{fila.tabla} {nombre_fila(connection, fila.tabla, fila.registro_id) or ''}".strip()
    sides = (
        ("quedó", fila.valor_servidor, fila.autor_servidor, fila.servidor_en),
        ("tardío", fila.valor_tardio, fila.autor_tardio, fila.tardio_en),
    )
    words = []
    for side, value, author, when in sides:
        text = " ".join(en_palabras(connection, fila.tabla, fila.campo, value).split())
        words.append(f"{side}: «{text}» de {author or '?'}, {local(when) or '?'}")
    return "  ".join([name, nombre_campo(fila.campo), *words])
