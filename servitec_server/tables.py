"""The server's own tables: never replicated."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from storage.schema import server

metadata = server

cambio = Table(
    "cambio",
    metadata,
    Column("version", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("cambio_id", String(36), nullable=False),
    Column("estacion_id", String(36)),
    Column("usuario_id", String(36)),
    Column("n", BigInteger),
    Column("aplicado_en", String(24), nullable=False),
    Column("epoca", String(40), nullable=False),
    Column("origen", Text),
    Column("aprobado_por", String(36)),
    Index("ix_cambio_cambio_id", "cambio_id"),
)
"""One row a version: the history that a cursor points into, never pruned. `epoca`: in which it was applied;
`origen`: JSON list of the [epoch, version] that a re-offered one had in histories that were lost. `aprobado_por`: the
supervisor who let in what its author alone may not have made."""

respuesta = Table(
    "respuesta",
    metadata,
    Column("cambio_id", String(36), primary_key=True),
    Column("estacion_id", String(36), nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("huella", String(64), nullable=False),
    Column("resultado", String(20), nullable=False),
    Column("version", BigInteger),
    Column("epoca", String(40), nullable=False),
    Column("arranque", String(40), nullable=False),
    Column("perdidos", Text),
    Column("numeros", Text),
    Column("motivo", String(40)),
    Column("mensaje", Text),
    Column("cuerpo", Text),
    Column("respondido_en", String(24), nullable=False),
    UniqueConstraint("estacion_id", "n"),
)
"""The final answer to every Cambio, for ever. `epoca`, `arranque`, `perdidos` (JSON list of [table, id, column] that
lost a conflict), `numeros` (JSON list of [table, id, column, number] that were given): what its receipt says.
`cuerpo`: the content of a refused one, until a supervisor dealt with it."""

cambio_fila = Table(
    "cambio_fila",
    metadata,
    Column("version", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("tabla", String(40), primary_key=True),
    Column("registro_id", String(36), primary_key=True),
    Column("tipo", String(10), nullable=False),
    Column("estacion_id", String(36)),
    Column("base", BigInteger, nullable=False),
    Column("clave_antes", Text),
    Column("clave", Text),
    Column("campos", Text),
)
"""What each version did to each row: the feed, kept for 180 days. `tipo`: entera, parcial, baja.

`estacion_id`: of the station whose Cambio named the row; None where `apply` changed it besides. `base`: the row's
version before. `clave_antes` and `clave`: its scope keys before and after (domain.scope.stored_keys). `campos`: JSON of
the changed columns of a `parcial`.
"""

bitacora = Table(
    "bitacora",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("version", BigInteger, nullable=False),
    Column("cambio_id", String(36), nullable=False),
    Column("ocurrio_en", String(24), nullable=False),
    Column("usuario_id", String(36)),
    Column("estacion_id", String(36)),
    Column("accion", String(10), nullable=False),
    Column("entidad", String(40), nullable=False),
    Column("entidad_id", String(36), nullable=False),
    Column("antes", Text),
    Column("despues", Text),
    Column("ip", String(45)),
    Index("ix_bitacora_entidad_id", "entidad_id"),
)
"""The audit trail, written by `apply` alone."""

sesion = Table(
    "sesion",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("usuario_id", String(36), nullable=False, index=True),
    Column("familia", String(36), nullable=False, index=True),
    Column("padre_id", String(36), index=True),
    Column("refresh_hash", String(64), nullable=False, unique=True),
    Column("expira_en", String(24), nullable=False),
    Column("usado", Boolean, nullable=False, default=False),
    Column("revocada_en", String(24)),
    Column("ip", String(45)),
)
"""Refresh tokens, by hash. `usado`: it was exchanged for a successor."""

servidor = Table(
    "servidor",
    metadata,
    Column("clave", String(20), primary_key=True),
    Column("valor", String(80), nullable=False),
)
"""server_id, epoch, clave (the key's fingerprint), estacion_id (the server's own station, code 00), piso (the feed
begins after this version)."""

permanente = Table(
    "permanente",
    metadata,
    Column("tipo", String(20), primary_key=True),
    Column("clave", String(80), primary_key=True),
    Column("valor", Text, nullable=False),
)
"""What outlives a restore, as JSON. `revocada` and `clausurada` (stations); `sucesora`: {anterior, codigo}, the station
that one was; `codigo`: given by a history that was lost; `epoca`: its branch; `arranque`, a start of the server:
{epoca, version, en}, where it began; `aviso`: what the administrator has to know."""

visita = Table(
    "visita",
    metadata,
    Column("estacion_id", String(36), primary_key=True),
    Column("n", BigInteger, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("en", String(24), nullable=False),
)
"""From which version a station asked when its last Cambio had this number: a later one has seen at least that."""

serie = Table(
    "serie",
    metadata,
    Column("nombre", String(20), primary_key=True),
    Column("ultimo", BigInteger, nullable=False),
)
"""Last number given: `cliente`, `estacion`, `folio` and `n` of the server's own station."""
