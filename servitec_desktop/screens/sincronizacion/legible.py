"""Values of fields as a person reads them."""

from typing import Any

from PySide6.QtCore import QCoreApplication

from domain import estados
from domain.tables import TABLES, Col, Value
from local_db import queries
from servitec_desktop.screens.parts import local

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


def vacio() -> str:
    """What stands for no value."""
    return QCoreApplication.translate("legible", "(vacío)")


def si_no(value: bool) -> str:
    """A truth in a word."""
    return QCoreApplication.translate("legible", "sí" if value else "no")


def legible(connection: Any, tabla: str, campo: str, value: Value) -> str:
    """A value in words: the name of what it refers to, a state's name, a local time."""
    if value is None or value == "":
        return vacio()
    if isinstance(value, bool):
        return si_no(value)
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
