"""The wire types of the sync protocol (docs/protocol.md) and the canonical form they are hashed in."""

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.tables import Row, Value

PROTOCOL = 1

Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A row's or a Cambio's id: a UUID in its usual form, lower case."""


def canonical(value: object) -> str:
    """JSON in one form only: sorted keys, no spaces, no escapes but the necessary."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Wire(BaseModel):
    """Unknown fields survive: they are kept and sent on."""

    model_config = ConfigDict(extra="allow")


class Cursor(Wire):
    """A place in a server's history: a version and the id of the Cambio that got it. (0, None) is before all."""

    version: int = 0
    cambio_id: str | None = None


class Op(Wire):
    """One row's change. `base` is the row's version on the screen (0 for a new row)."""

    tabla: Annotated[str, StringConstraints(max_length=40)]
    id: Key
    tipo: Literal["alta", "cambio", "baja"]
    base: Annotated[int, Field(lt=2**63)] = 0
    campos: Row = Field(default_factory=dict)
    antes: Row = Field(default_factory=dict)


class Cambio(Wire):
    """One user action. `n` counts the station's Cambios from 1, without gaps.

    `visto` is its cursor at capture; `depende` the ids of unanswered Cambios it builds on; `huella` the
    SHA-256 (hex) of the canonical content without `huella` itself.
    """

    id: Key
    n: Annotated[int, Field(ge=1, lt=2**63)]
    usuario_id: Key
    schema_: int = Field(alias="schema")
    visto: Cursor = Field(default_factory=Cursor)
    depende: list[Key] = Field(default_factory=list)
    reemplaza: str | None = None
    huella: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")] = ""
    ops: list[Op]

    model_config = ConfigDict(extra="allow", populate_by_name=True)


def fingerprint(cambio: dict[str, Any]) -> str:
    """The `huella` of a Cambio in wire form (a dict by alias)."""
    content = {k: v for k, v in cambio.items() if k != "huella"}
    return hashlib.sha256(canonical(content).encode()).hexdigest()


class Head(Wire):
    """What every request and reply carries. `scope` is the hash of the caller's scope (domain.scope)."""

    protocol: int = PROTOCOL
    schema_: int = Field(alias="schema")
    server_id: str | None = None
    epoch: str | None = None
    scope: str | None = None

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Fila(Wire):
    """A whole row of a table as the server holds it; `fila` is None when the server has no such row."""

    tabla: str
    id: str
    fila: Row | None


class Perdido(Wire):
    """A field that lost a conflict: the server's value stays, `conflicto_id` keeps both."""

    tabla: str
    id: str
    campo: str
    valor_servidor: Value
    valor_tardio: Value
    conflicto_id: str


class Answer(Wire):
    """The answer to one Cambio. `espera` alone is not final."""

    id: str
    resultado: Literal["aplicado", "repetido", "rechazado", "dependencia", "espera"]
    version: int | None = None
    motivo: str | None = None
    mensaje: str | None = None
    original: str | None = None
    """For `repetido`: the recorded resultado."""
    filas: list[Fila] = Field(default_factory=list)
    perdidos: list[Perdido] = Field(default_factory=list)


class PushRequest(Head):
    """POST /sync/push."""

    cambios: list[Cambio]


class PushReply(Head):
    """One answer for each Cambio taken, in order; fewer than were sent when the server's time ran out."""

    answers: list[Answer]
    head: Cursor
    server_time: str


class Baja(Wire):
    """A row that is gone (`bajas`) or left the scope (`salidas`)."""

    tabla: str
    id: str
    version: int


class ChangesReply(Head):
    """GET /sync/changes?desde=V&cambio=ID[&hasta=H]: the rows changed in (desde, hasta_parcial], by version.

    `desde` echoes the cursor of the request; `cursor` is where the station stands after this chunk;
    `hasta` the head fixed by the first chunk; `last` says that `cursor.version == hasta`.
    """

    desde: Cursor
    cursor: Cursor
    hasta: int
    last: bool
    filas: list[Fila] = Field(default_factory=list)
    bajas: list[Baja] = Field(default_factory=list)
    salidas: list[Baja] = Field(default_factory=list)
    server_time: str = ""


class SyncError(Wire):
    """Body of a 4xx of /sync. `error`: otra_historia, epoca, alcance, clonada, esquema, revocada, credencial."""

    error: str
    mensaje: str
    server_id: str | None = None
    epoch: str | None = None


class EnrolRequest(Wire):
    """POST /estaciones, with a user's access token."""

    nombre: str


class EnrolReply(Head):
    """The new station; `credencial` is shown this once."""

    estacion_id: str
    codigo: str
    nombre: str
    sucursal_id: str | None
    credencial: str


class TokenReply(Wire):
    """POST /token and /token/refresh."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105  (the OAuth 2 word, not a secret)
    expires_in: int
    usuario: Row
    scope: str
    server_time: str


class LiveEvent(Wire):
    """A message of WS /ws, after the commit."""

    event: str
    data: Row = Field(default_factory=dict)
    version: int
