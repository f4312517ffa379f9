"""The station's own tables: what a replica holds besides the server's rows. No other side sees them.

They are counted apart from the schema that travels: a station whose count rose makes what is new in place, and keeps
what it holds. `MOVED` go along when a snapshot takes the replica's place; the others are made anew from them.
"""

from pathlib import Path

from sqlalchemy import (
    BLOB,
    REAL,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema import NAMING

MIGRATIONS = Path(__file__).parent / "migrations" / "station"
"""Their numbered migrations, `0001.sql` on; the file's `application_id` says how many it has."""

own = MetaData(naming_convention=NAMING)

_NO, _ZERO = text("0"), text("0")

outbox = Table(
    "outbox",
    own,
    Column("n", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("usuario_id", Text, nullable=False),
    Column("cuerpo", Text, nullable=False),
    Column("enviado", Boolean, nullable=False, server_default=_NO),
    Column("firma", Text),
    Column("acusado_en", Text),
    Column("recibos", Text),
    Column("reoferta", Boolean, nullable=False, server_default=_NO),
    Column("espera", Text),
    Column("espera_motivo", Text),
    UniqueConstraint("id"),
)
Index("ix_outbox_espera", outbox.c.n, sqlite_where=outbox.c.acusado_en.is_(None))
"""The Cambios made here. `cuerpo`: the Cambio as it is sent, byte for byte. `firma`: JSON of its author's proof. An
acknowledged one (`acusado_en`) stays for 30 days: a server restored from a backup is offered it again. `recibos`: JSON
list of its receipts, one for each epoch, the newest last. `reoferta`: it is offered again. `espera`, `espera_motivo`:
what the server said that it waits for; null: it hasn't, or not yet."""

outbox_fila = Table(
    "outbox_fila",
    own,
    Column("tabla", Text, primary_key=True),
    Column("registro_id", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("campos", Text, nullable=False),
    Index("ix_outbox_fila_n", "n"),
    sqlite_with_rowid=False,
)
"""The rows that each waiting Cambio touches; `campos`: JSON list of column names, '*' for a whole row."""

imagen = Table(
    "imagen",
    own,
    Column("tabla", Text, primary_key=True),
    Column("registro_id", Text, primary_key=True),
    Column("fila", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The last server image of every row with a waiting Cambio; no row here: the server had none."""

rechazo = Table(
    "rechazo",
    own,
    Column("cambio_id", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("usuario_id", Text, nullable=False),
    Column("motivo", Text, nullable=False),
    Column("mensaje", Text, nullable=False),
    Column("cuerpo", Text, nullable=False),
    Column("rechazado_en", Text, nullable=False),
)
"""The Cambios that the server refused, until a person dealt with them."""

impresora = Table(
    "impresora",
    own,
    Column("id", Text, primary_key=True),
    Column("nombre", Text, nullable=False),
    Column("destino", Text, nullable=False),
    Column("exclusiva", Integer, nullable=False, server_default=_ZERO),
    Column("modelo", Text),
    Column("firmware", Text),
    Column("serie", Text),
    Column("dpi", Integer, nullable=False),
    Column("ancho_mm", REAL, nullable=False),
    Column("alto_mm", REAL, nullable=False),
    Column("offset_x_mm", REAL, nullable=False, server_default=_ZERO),
    Column("offset_y_mm", REAL, nullable=False, server_default=_ZERO),
    Column("creado_en", Text, nullable=False),
    UniqueConstraint("nombre"),
)
"""The station's own printers. `exclusiva`: nobody else prints there, so that its label counter is proof also after a
connection broke."""

impresion_por_tipo = Table(
    "impresion_por_tipo",
    own,
    Column("tipo", Text, primary_key=True),
    Column("impresora_id", Text),
    Column("plantilla", Text),
)
"""Where labels of a kind go by themselves, and with which template (the name of a shipped one, or an id)."""

trabajo_impresion = Table(
    "trabajo_impresion",
    own,
    Column("id", Text, primary_key=True),
    Column("destino", Text, nullable=False),
    Column("tabla", Text),
    Column("registro_id", Text),
    Column("titulo", Text, nullable=False),
    Column("tipo", Text),
    Column("impresora_id", Text),
    Column("datos", BLOB, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("copias", Integer, nullable=False, server_default=text("1")),
    Column("prioridad", Integer, nullable=False, server_default=_ZERO),
    Column("salidas", Integer, nullable=False, server_default=_ZERO),
    Column("dudosas", Integer, nullable=False, server_default=_ZERO),
    Column("estado", Text, nullable=False),
    Column("empezado", Integer, nullable=False, server_default=_ZERO),
    Column("intento", Text),
    Column("contador_antes", Integer),
    Column("serie_antes", Text),
    Column("intentos", Integer, nullable=False, server_default=_ZERO),
    Column("reimpresion_de", Text),
    Column("cancelado", Integer, nullable=False, server_default=_ZERO),
    Column("error", Text),
    Column("creado_en", Text, nullable=False),
    Column("actualizado_en", Text, nullable=False),
    CheckConstraint("estado IN ('en_cola', 'enviando', 'impreso', 'incierto', 'fallido')"),
    Index("ix_trabajo_impresion_estado", "estado"),
    Index("ix_trabajo_impresion_registro_id", "registro_id"),
)
"""The print queue. `prioridad`: higher goes first. `salidas`: copies known to be out; `dudosas`: sent, and nobody
proved them. `empezado`: a format may have begun. `intento`: names the sending whose end may have followed, in what the
printer is asked to answer. `contador_antes`, `serie_antes`: what the printer said before. `cancelado`: somebody gave up
what is missing."""

OWN = tuple(own.tables)
MOVED = tuple(name for name in OWN if name not in ("outbox_fila", "imagen"))
