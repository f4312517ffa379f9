"""Marks: what was decided once and outlives a restore (docs/protocol.md, Epoch).

They lie in the database, and are mirrored in each process's data folder. At the start, and when an epoch opens, what
the mirror knows and the database doesn't is taken over: the higher wins.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel
from sqlalchemy import Connection, Select, insert, select, text

from domain.base.errors import KnownError
from servitec_server.tables import metadata, permanente, serie, servidor

NAME = "marcas.json"

Marks = dict[str, Any]
"""`server_id`, `clave` (the key's fingerprint), `epoca`, `cabeza` ([version, cambio_id]); by key: `epocas`,
`arranques`, `sucesoras`, `generaciones`, `series`; as lists: `revocadas`, `clausuradas`, `cerradas` (accounts),
`codigos`."""


class _Form(BaseModel):
    """What the file holds."""

    server_id: str
    clave: str
    epoca: str
    cabeza: tuple[int, str | None]
    epocas: dict[str, dict[str, Any]]
    arranques: dict[str, dict[str, Any]]
    sucesoras: dict[str, Any]
    generaciones: dict[str, int]
    series: dict[str, int]
    revocadas: list[str]
    clausuradas: list[str]
    cerradas: list[str]
    codigos: list[str]


_KEPT = (("epocas", "epoca"), ("arranques", "arranque"), ("sucesoras", "sucesora"))
_LISTED = (("revocadas", "revocada"), ("clausuradas", "clausurada"))
"""Marks that are kept in the table under another word: with a value, and without."""


def collect(connection: Connection) -> Marks:
    """The marks as the database has them."""
    known: dict[str, str] = pairs(connection, select(servidor.c.clave, servidor.c.valor))
    head = connection.execute(text("SELECT version, cambio_id FROM cambio ORDER BY version DESC LIMIT 1")).first()
    estacion, usuario = metadata.tables["estacion"], metadata.tables["usuario"]
    revoked = set(connection.execute(select(estacion.c.id).where(estacion.c.estado == "revocado")).scalars())
    here = set(connection.execute(select(usuario.c.id)).scalars())
    closed = set(connection.execute(select(usuario.c.id).where(usuario.c.activo.is_(False))).scalars())
    absent = of_kind(connection, "cerrada").keys() - here
    raised = pairs(connection, select(usuario.c.id, usuario.c.generacion).where(usuario.c.generacion > 1))
    before = {key: value for key, value in of_kind(connection, "generacion").items() if key not in here}
    given = set(connection.execute(select(estacion.c.codigo)).scalars()) | set(of_kind(connection, "codigo"))
    return {
        "server_id": known["server_id"],
        "clave": known["clave"],
        "epoca": known["epoch"],
        "cabeza": [0, None] if head is None else [int(head[0]), str(head[1])],
        **{name: of_kind(connection, tipo) for name, tipo in _KEPT},
        "revocadas": sorted(revoked | of_kind(connection, "revocada").keys()),
        "clausuradas": sorted(of_kind(connection, "clausurada")),
        "cerradas": sorted(closed | absent),
        "generaciones": before | raised,
        "series": pairs(connection, select(serie.c.nombre, serie.c.ultimo)),
        "codigos": sorted(given),
    }


def pairs(connection: Connection, query: Select[Any]) -> dict[str, Any]:
    """A query of two columns as a dict."""
    return {str(key): value for key, value in connection.execute(query)}


def of_kind(connection: Connection, tipo: str) -> dict[str, Any]:
    """The marks of one kind in the table, by key."""
    query = select(permanente.c.clave, permanente.c.valor).where(permanente.c.tipo == tipo)
    return {key: orjson.loads(value) for key, value in connection.execute(query)}


def put(connection: Connection, tipo: str, clave: str, valor: object) -> bool:
    """Keep a mark; one that is there stays. Gives whether it is new."""
    there = select(permanente.c.clave).where(permanente.c.tipo == tipo, permanente.c.clave == clave)
    new = connection.execute(there).first() is None
    if new:
        values = {"tipo": tipo, "clave": clave, "valor": orjson.dumps(valor, option=orjson.OPT_SORT_KEYS).decode()}
        connection.execute(insert(permanente), values)
    return new


def merged(one: Marks, other: Marks) -> Marks:
    """Both; of two numbers the higher, of two values of one key the first."""
    result = dict(one)
    for name, _ in _KEPT:
        result[name] = {**other.get(name, {}), **one.get(name, {})}
    for name in ("generaciones", "series"):
        a, b = one.get(name, {}), other.get(name, {})
        result[name] = {key: max(a.get(key, 0), b.get(key, 0)) for key in {**a, **b}}
    for name in ("revocadas", "clausuradas", "cerradas", "codigos"):
        result[name] = sorted({*one.get(name, ()), *other.get(name, ())})
    return result


def adopt(connection: Connection, mirror: Marks) -> None:
    """Take over what concerns no row that travels: epochs, starts, stations that ended, codes, series; and what was
    decided about people that the database doesn't have, who may be back with a later restore.
    """
    for name, tipo in _KEPT:
        for key, value in mirror.get(name, {}).items():
            put(connection, tipo, key, value)
    for name, tipo in _LISTED:
        for key in mirror.get(name, ()):
            put(connection, tipo, key, True)
    here = set(connection.execute(select(metadata.tables["usuario"].c.id)).scalars())
    for tipo, people in (("cerrada", dict.fromkeys(mirror.get("cerradas", ()), True)), ("generacion", _raised(mirror))):
        connection.execute(permanente.delete().where(permanente.c.tipo == tipo))
        for key in people.keys() - here:
            put(connection, tipo, key, people[key])
    known = set(connection.execute(select(metadata.tables["estacion"].c.codigo)).scalars())
    for code in set(mirror.get("codigos", ())) - known:
        put(connection, "codigo", code, True)
    for nombre, ultimo in mirror.get("series", {}).items():
        raise_series(connection, nombre, int(ultimo))


def _raised(mirror: Marks) -> dict[str, Any]:
    found: dict[str, Any] = mirror.get("generaciones", {})
    return found


def raise_series(connection: Connection, nombre: str, ultimo: int) -> None:
    """A series goes on after `ultimo` at least."""
    found = connection.execute(select(serie.c.ultimo).where(serie.c.nombre == nombre)).scalar()
    if found is None:
        connection.execute(insert(serie), {"nombre": nombre, "ultimo": ultimo})
    elif int(found) < ultimo:
        connection.execute(serie.update().where(serie.c.nombre == nombre).values(ultimo=ultimo))


def read_mirror(data_dir: Path) -> Marks | None:
    """What the folder remembers; None: nothing.

    Raises:
        KnownError: the file can't be read; nobody may go on as if nothing had been decided.
    """
    path = data_dir / NAME
    try:
        found = _Form.model_validate(orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise KnownError(
            f"No se puede leer {path}, donde están las revocaciones y épocas del servidor.",
            "Recupérelo de una copia de la carpeta; si no hay, bórrelo y el servidor seguirá con lo que sabe su base.",
        ) from error
    return found.model_dump()


def write_mirror(data_dir: Path, marks: Marks) -> None:
    """Remember the marks in the folder, in one step that survives a power cut."""
    fresh = data_dir / f"{NAME}.{os.getpid()}"
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(orjson.dumps(marks, option=orjson.OPT_SORT_KEYS))
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(fresh, data_dir / NAME)
