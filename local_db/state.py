"""What a station knows of itself and of its server: the table `sync_state`, typed."""

from dataclasses import dataclass, fields
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy import Connection

from domain.base.ambient import INSTANT
from domain.wire import Cursor
from local_db import rows
from local_db.replica import Writing


@dataclass(frozen=True, slots=True)
class State:
    """Everything None or 0 before the enrolment. `n` counts Cambios, `folio` orders, both from 1.

    furthest: the newest place that a push reply told of, sealed, as a Cursor's fields.
    rebuild: only a snapshot helps.
    propias: the next pull asks also for the rows that this station changed last.
    evicted: rows left the scope; what is left of them in free space is still to be wiped.
    reenrol: why the station has to enrol anew before it makes anything (danada, clonada, credencial).
    ended: what was told when a revoked station wiped itself; with it nothing else is known.
    digest_en, repaired_en, pruned_en: server time of the last comparison, repair and pruning.
    """

    server_url: str | None = None
    server_id: str | None = None
    epoch: str | None = None
    scope: str | None = None
    estacion_id: str | None = None
    codigo: str | None = None
    estacion_nombre: str | None = None
    sucursal_id: str | None = None
    usuario_id: str | None = None
    cursor_version: int = 0
    cursor_cambio: str | None = None
    cursor_epoca: str | None = None
    cursor_arranque: str | None = None
    cursor_sello: str | None = None
    furthest: dict[str, Any] | None = None
    last_sync: str | None = None
    server_time: str | None = None
    n: int = 0
    folio: int = 0
    rebuild: bool = False
    propias: bool = False
    evicted: bool = False
    reenrol: str | None = None
    ended: str | None = None
    digest_en: str | None = None
    repaired_en: str | None = None
    pruned_en: str | None = None

    @property
    def cursor(self) -> Cursor:
        """Where this replica stands in the server's history, as the server sealed it."""
        return Cursor(
            version=self.cursor_version,
            cambio_id=self.cursor_cambio,
            epoca=self.cursor_epoca,
            arranque=self.cursor_arranque,
            sello=self.cursor_sello,
        )

    @property
    def beyond(self) -> Cursor | None:
        """The newest place that the server told of, where that isn't reached: it shows that history went so far."""
        try:
            known = Cursor.model_validate(self.furthest or {})
        except ValidationError:
            return None
        return known if known.version > self.cursor_version else None


_NAMES = frozenset(f.name for f in fields(State))
_DEFAULTS = {f.name: f.default for f in fields(State)}
_INSTANTS = frozenset(("server_time", "last_sync", "digest_en", "repaired_en", "pruned_en"))
_UPSERT = "INSERT INTO sync_state (clave, valor) VALUES (?, ?) ON CONFLICT (clave) DO UPDATE SET valor = excluded.valor"


def read(connection: Connection) -> State:
    """The state as of this transaction. A value that makes no sense any more counts as none: what it said is asked of
    the server again.
    """
    found = rows.raw(connection).execute("SELECT clave, valor FROM sync_state")
    return State(**{clave: value for clave, valor in found if clave in _NAMES for value in _sensible(clave, valor)})


def _sensible(clave: str, valor: str) -> list[Any]:
    try:
        value = orjson.loads(valor)
    except (orjson.JSONDecodeError, TypeError):
        return []
    default = _DEFAULTS[clave]
    if isinstance(default, bool):
        good = isinstance(value, bool)
    elif default == 0:
        good = type(value) is int and 0 <= value < 2**63 - 1
    elif clave == "furthest":
        good = value is None or isinstance(value, dict)
    else:
        good = value is None or (
            isinstance(value, str) and (clave not in _INSTANTS or INSTANT.fullmatch(value) is not None)
        )
    return [value] if good else []


def of_cursor(cursor: Cursor) -> dict[str, Any]:
    """A cursor as fields of State."""
    return {
        "cursor_version": cursor.version,
        "cursor_cambio": cursor.cambio_id,
        "cursor_epoca": cursor.epoca,
        "cursor_arranque": cursor.arranque,
        "cursor_sello": cursor.sello,
    }


def write(writing: Writing, **values: Any) -> None:
    """Set some of State's fields."""
    unknown = values.keys() - _NAMES
    if unknown:
        raise TypeError(f"not fields of State: {sorted(unknown)}")
    rows.raw(writing.connection).executemany(_UPSERT, [(k, orjson.dumps(v).decode()) for k, v in values.items()])
    writing.touch("sync_state", "")
