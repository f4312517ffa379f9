"""How the full-text search (FTS5) is filled from the rows, and how it is asked.

Accents and case are ignored by its tokenizer.
"""

import re

_WORD = re.compile(r"\w+")
PHONE_DIGITS = 5
"""From so many digits on, with nothing but spacing between them, it is a phone number."""


def match_expression(typed: str) -> str | None:
    """What was typed as an FTS5 expression: every word, each as a prefix. None when there is no word in it.

    A phone number, however it is spaced, is one word. Words are quoted, so that nothing typed is taken as FTS5 syntax.
    """
    digits = "".join(c for c in typed if c.isdigit())
    if len(digits) >= PHONE_DIGITS and not set(typed) - set("0123456789 +-().") and not typed.strip().startswith("-"):
        return f'"{digits}"*'
    words = [w.replace("_", " ").strip() for w in _WORD.findall(typed)]
    return " ".join(f'"{w}"*' for w in words if w) or None


SEARCHED: dict[str, frozenset[str]] = {
    "orden": frozenset({"folio", "cliente_id", "equipo_id", "falla_reportada", "titulo"}),
    "cliente": frozenset(
        {"nombre", "apellido", "telefono", "telefono_alternativo", "telefono_e164", "dni", "email", "nro_cliente"}
    ),
    "equipo": frozenset({"serie", "imei", "codigo_etiqueta", "marca", "modelo"}),
}
"""The columns whose change makes an entry stale."""


def _digits(column: str) -> str:
    plain = column
    for sign in (" ", "-", "(", ")", "+", "."):
        plain = f"replace({plain}, '{sign}', '')"
    return plain


def _phones(*columns: str) -> str:
    """Each phone's digits, and its last 9, 8 and 4: how people say a number."""
    parts = []
    for column in columns:
        digits = _digits(column)
        parts += [
            f"coalesce({digits}, '')",
            f"coalesce(substr({digits}, -9), '')",
            f"coalesce(substr({digits}, -8), '')",
            f"coalesce(substr({digits}, -4), '')",
        ]
    return " || ' ' || ".join(parts)


def _words(*columns: str) -> str:
    return " || ' ' || ".join(f"coalesce({c}, '')" for c in columns)


FILL_ORDEN = f"""
    INSERT INTO busqueda_orden (rowid, folio, cliente, telefono, serie, falla)
    SELECT o.rid,
        o.folio || ' ' || ltrim(substr(o.folio, instr(o.folio, '-') + 1), '0'),
        {_words("c.nombre", "c.apellido")},
        {_phones("c.telefono", "c.telefono_alternativo", "c.telefono_e164")},
        {_words("e.serie", "e.imei", "e.codigo_etiqueta", "e.marca", "e.modelo")},
        {_words("o.titulo", "o.falla_reportada")}
    FROM orden o LEFT JOIN cliente c ON c.id = o.cliente_id LEFT JOIN equipo e ON e.id = o.equipo_id
"""  # noqa: S608
FILL_CLIENTE = f"""
    INSERT INTO busqueda_cliente (rowid, nombre, telefono, documento)
    SELECT c.rid, {_words("c.nombre", "c.apellido")},
        {_phones("c.telefono", "c.telefono_alternativo", "c.telefono_e164")},
        {_words("c.dni", "c.email", "c.nro_cliente")}
    FROM cliente c
"""  # noqa: S608
