"""The wire types of the sync protocol (docs/protocol.md) and the canonical form they are hashed in."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    model_validator,
)

from domain.base.ambient import Instant
from domain.base.row import Row

PROTOCOL = 1

MAX_OPS = 500
MAX_BYTES = 1_000_000
"""Of one Cambio: checked at its capture, and by the server."""

KEY = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Key = Annotated[str, StringConstraints(pattern=KEY)]
"""A row's or a Cambio's id: a UUID in its usual form, lower case."""
Version = Annotated[int, Field(ge=0, lt=2**63)]
Scalar = StrictStr | StrictInt | StrictBool | None


def canonical(value: object) -> str:
    """JSON in one form only: sorted keys, no spaces, no escapes but the necessary."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class Wire(BaseModel):
    """Unknown fields survive: they are kept and sent on."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)


class Cursor(Wire):
    """A place in a server's history: a version and the id of the Cambio that got it. (0, None) is before all.

    One that a server gave says in which epoch, names the server's start (`arranque`) and is sealed
    (domain.proofs). The `visto` of a Cambio is without those.
    """

    version: Version = 0
    cambio_id: Key | None = None
    epoca: Annotated[str, StringConstraints(max_length=40)] | None = None
    arranque: Annotated[str, StringConstraints(max_length=40)] | None = None
    sello: Annotated[str, StringConstraints(max_length=64)] | None = None

    @property
    def place(self) -> tuple[int, str | None]:
        """The cursor without its seal."""
        return self.version, self.cambio_id


class Op(Wire):
    """One row's change. `base` is the row's version on the screen (0 for a new row)."""

    tabla: Annotated[str, StringConstraints(max_length=40)]
    id: Key
    tipo: Literal["alta", "cambio", "baja"]
    base: Version = 0
    campos: dict[str, Scalar] = Field(default_factory=dict)
    """Values are checked by the rules, which know the columns."""
    antes: dict[str, Scalar] = Field(default_factory=dict)


class Firmante(Wire):
    """What a person signs with on one station, in one generation; `secreto` is hex, and never leaves the station."""

    server_id: str
    estacion_id: str
    usuario_id: str
    generacion: int
    secreto: str


class Firma(Wire):
    """An author's proof that he made a Cambio, over its `huella`; outside of it."""

    estacion_id: Key
    generacion: Annotated[int, Field(ge=0, lt=2**31)]
    prueba: Annotated[str, StringConstraints(max_length=64)]


class Recibo(Wire):
    """The server's proof that it accepted a Cambio: epoch and version there, and the fields that lost a conflict.

    `arranque` names the start of the server that gave it; `perdidos` are [table, id, column], sorted, and `numeros`
    [table, id, column, number]: what the server numbered of its new rows.
    """

    epoca: Annotated[str, StringConstraints(max_length=40)]
    arranque: Annotated[str, StringConstraints(max_length=40)]
    version: Version
    perdidos: list[tuple[str, str, str]] = Field(default_factory=list)
    numeros: list[tuple[str, str, str, str]] = Field(default_factory=list)
    prueba: Annotated[str, StringConstraints(max_length=64)]


class Cambio(Wire):
    """One user action. `n` counts the station's Cambios, rising.

    `visto` is its cursor at capture; `depende` the ids of unanswered Cambios it builds on; `huella` the
    SHA-256 (hex) of the canonical content without `huella`, `firma` and `reoferta`. `reoferta`: the Cambio was
    accepted in a history that was lost, and these are its receipts, one for each epoch.
    """

    id: Key
    n: Annotated[int, Field(ge=1, lt=2**63)]
    usuario_id: Key
    schema_: Annotated[int, Field(ge=1, lt=2**31)] = Field(alias="schema")
    visto: Cursor = Field(default_factory=Cursor)
    depende: list[Key] = Field(default_factory=list)
    reemplaza: Key | None = None
    huella: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,64}$")] = ""
    firma: Firma | None = None
    reoferta: list[Recibo] | None = None
    ops: list[Op]

    model_config = ConfigDict(extra="allow", populate_by_name=True, hide_input_in_errors=True)

    @cached_property
    def problem(self) -> "Problem | None":
        """Why it can't even be looked at; what else is here is then what could be read. Set by who reads it."""
        return None

    @cached_property
    def received(self) -> str | None:
        """The fingerprint of the content that came. Set by who reads it; no field: what is sent can't name it."""
        return None

    def content_hash(self) -> str:
        """The fingerprint of what is really there."""
        return self.received or fingerprint(self.model_dump(by_alias=True))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a Cambio that isn't one. `id`: what it calls itself, for the answer; `cuerpo`: its content."""

    motivo: str
    mensaje: str
    id: str
    cuerpo: str


def fingerprint(cambio: dict[str, Any]) -> str:
    """The `huella` of a Cambio in wire form (a dict by alias)."""
    return hashlib.sha256(hashed_bytes(cambio)).hexdigest()


def hashed_bytes(cambio: dict[str, Any]) -> bytes:
    """What a `huella` is the hash of. Raises TypeError for what has no such form."""
    content = {k: v for k, v in cambio.items() if k not in ("huella", "firma", "reoferta")}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


class Head(Wire):
    """What every request and reply carries. `scope` is the hash of the caller's scope (domain.scope).

    A request's `n` is the number of the last Cambio that the station made: a server that knows a higher one
    speaks to a clone. Its `cursor` is where the station stands, sealed; `furthest` a later place that a push reply
    told it of, whose changes it hasn't all.
    """

    protocol: int = PROTOCOL
    schema_: int = Field(alias="schema")
    server_id: str | None = None
    epoch: str | None = None
    scope: str | None = None
    n: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    cursor: Cursor | None = None
    furthest: Cursor | None = None
    server_version: str | None = None

    model_config = ConfigDict(extra="allow", populate_by_name=True, hide_input_in_errors=True)


class Grupo(Wire):
    """Rows of one table, column by column: each of `filas` holds the values of `columnas`, in their order.

    The first columns are `id` and `version`. Whole rows (`entera`) replace what the station holds. Otherwise
    they are the columns that changed since version `bases[i]`, and the station has to hold the row at that
    version or a later one.
    """

    tabla: str
    entera: bool
    columnas: list[str]
    filas: list[list[Any]]
    bases: list[Version] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Every row has a value for each column, beginning with an id and a version."""
        wide = len(set(self.columnas)) if self.columnas[:2] == ["id", "version"] else 0
        whole = wide == len(self.columnas) > 0 and len(self.bases) in (0, len(self.filas))
        for fila in self.filas:
            whole = (
                whole and len(fila) == wide and type(fila[0]) is str and type(fila[1]) is int and -1 < fila[1] < 2**63
            )
        if not whole:
            raise ValueError("rows that don't fit their columns")
        return self


class Answer(Wire):
    """The answer to one Cambio. `espera` alone is not final.

    `recibo` comes with `aplicado`, and with the `repetido` of one: its version, and the fields that lost a
    conflict.
    """

    id: str
    resultado: Literal["aplicado", "repetido", "rechazado", "dependencia", "espera"]
    version: int | None = None
    motivo: str | None = None
    mensaje: str | None = None
    original: str | None = None
    """For `repetido`: the recorded resultado."""
    recibo: Recibo | None = None


class PushRequest(Head):
    """POST /sync/push."""

    cambios: list[Cambio]


class PushReply(Head):
    """One answer for each Cambio taken, in order; fewer than were sent when the server's time ran out.

    `grupos` are the rows of these Cambios as the server holds them now; `ausentes` the [table, id] of those
    that it doesn't have, or that aren't the station's to see. Without a signed-in person there are none, and no
    `scope`; `head` is where the history ends, and says nothing to a revoked station.
    """

    answers: list[Answer]
    revocada: bool = False
    """The station was revoked: what has an answer other than `espera` is in the supervisor's hands."""
    grupos: list[Grupo] = Field(default_factory=list)
    ausentes: list[tuple[str, str]] = Field(default_factory=list)
    head: Cursor
    server_time: Instant


class Baja(Wire):
    """A row that is gone (`bajas`) or left the scope (`salidas`)."""

    tabla: str
    id: str
    version: int


class Digest(Wire):
    """Count of the rows in scope, and the sum (mod 2^64) of `row_hash` of each."""

    filas: int = 0
    suma: int = 0


def row_hash(key: str, version: int) -> int:
    """64 bits of BLAKE2b over `id:version`."""
    return int.from_bytes(hashlib.blake2b(f"{key}:{version}".encode(), digest_size=8).digest(), "big")


class ChangesReply(Head):
    """GET /sync/changes[?hasta=H]: the rows changed after the request's cursor, up to `hasta`, by version.

    `desde` echoes the cursor of the request; `cursor` is where the station stands after this chunk;
    `hasta` the head fixed by the first chunk; `last` says that `cursor.version == hasta`. `digest`, where it
    was asked for, is that of the whole scope at `cursor`. `far`, in a first chunk: a snapshot would be cheaper.
    """

    desde: Cursor
    cursor: Cursor
    hasta: int
    last: bool
    far: bool = False
    grupos: list[Grupo] = Field(default_factory=list)
    bajas: list[Baja] = Field(default_factory=list)
    salidas: list[Baja] = Field(default_factory=list)
    digest: Digest | None = None
    server_time: Instant | Literal[""] = ""

    def follows(self, place: Cursor) -> bool:
        """Does it begin at this place, and lead further, or say that there is no more?"""
        further = self.cursor.version - place.version
        return self.desde.place == place.place and (further > 0 or (further == 0 and self.last))


class SyncError(Wire):
    """Body of a 4xx of /sync. `error`: otra_historia, epoca, piso, alcance, clonada, esquema, revocada, credencial."""

    error: str
    mensaje: str
    server_id: str | None = None
    epoch: str | None = None


class EnrolRequest(Wire):
    """POST /estaciones, with a user's access token.

    `anterior` is the `X-Servitec-Estacion` header of the station that this one was: it keeps its folios.
    """

    nombre: str
    anterior: str | None = None


class EnrolReply(Head):
    """The new station; `credencial` is shown this once."""

    estacion_id: str
    codigo: str
    nombre: str
    sucursal_id: str | None
    credencial: str
    firmante: Firmante


class TokenReply(Wire):
    """POST /token and /token/refresh."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105  (the OAuth 2 word, not a secret)
    expires_in: int
    usuario: Row
    scope: str
    server_time: Instant
    firmante: Firmante | None = None
    """Where the request came from a station: what this person signs with there."""


class LiveEvent(Wire):
    """A message of WS /ws, after the commit.

    `cambios`, for stations: what a pull from its `desde` would bring now.
    """

    event: str
    data: Row = Field(default_factory=dict)
    version: int
    cambios: ChangesReply | None = None
