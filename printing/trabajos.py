"""The print queue's table: what is wanted, what became of it.

en_cola -> enviando -> impreso | incierto (a person says whether it came out) | fallido
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from local_db.replica import Writing

ESTADOS = ("en_cola", "enviando", "impreso", "incierto", "fallido")


@dataclass(frozen=True, slots=True)
class Pedido:
    """A job to be. `datos`: one format for one label; where it goes: a saved printer, or a destination."""

    titulo: str
    datos: bytes
    destino: str | None = None
    impresora_id: str | None = None
    tabla: str | None = None
    registro_id: str | None = None
    tipo: str | None = None
    copias: int = 1
    prioridad: int = 0


@dataclass(frozen=True, slots=True)
class Trabajo:
    """A print job. `destino` is where its printer is now; `salidas` the copies known to be out, `dudosas` those that
    were sent and that nobody proved; `cancelado`: somebody gave up what is missing.
    """

    id: str
    destino: str
    impresora_id: str | None
    impresora: str | None
    tabla: str | None
    registro_id: str | None
    tipo: str | None
    titulo: str
    copias: int
    salidas: int
    prioridad: int
    estado: str
    intentos: int
    error: str | None
    reimpresion_de: str | None
    creado_en: str
    actualizado_en: str
    dudosas: int = 0
    cancelado: bool = False


_COLUMNS = (
    "t.id, coalesce(i.destino, t.destino), t.impresora_id, i.nombre, t.tabla, t.registro_id, t.tipo, t.titulo, "
    "t.copias, t.salidas, t.prioridad, t.estado, t.intentos, t.error, t.reimpresion_de, t.creado_en, t.actualizado_en, "
    "t.dudosas, t.cancelado"
)
_FROM = "FROM trabajo_impresion t LEFT JOIN impresora i ON i.id = t.impresora_id"


@dataclass(frozen=True, slots=True)
class Filtro:
    """What the history shows. `texto` is looked for in title and reason; `desde` is an instant."""

    estados: tuple[str, ...] = ()
    impresora_id: str | None = None
    texto: str = ""
    desde: str | None = None


def trabajos(connection: Connection, filtro: Filtro | None = None, limit: int = 200) -> list[Trabajo]:
    """The newest jobs first."""
    wanted = filtro or Filtro()
    conditions, values = ["1 = 1"], dict[str, Any](limit=limit)
    if wanted.estados:
        names = [f"e{i}" for i in range(len(wanted.estados))]
        conditions.append(f"t.estado IN ({', '.join(':' + n for n in names)})")
        values |= dict(zip(names, wanted.estados, strict=True))
    if wanted.impresora_id:
        conditions.append("t.impresora_id = :impresora")
        values["impresora"] = wanted.impresora_id
    if wanted.texto:
        conditions.append("instr(lower(t.titulo || ' ' || coalesce(t.error, '')), lower(:texto)) > 0")
        values["texto"] = wanted.texto
    if wanted.desde:
        conditions.append("t.creado_en >= :desde")
        values["desde"] = wanted.desde
    sql = (
        f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(conditions)} "  # noqa: S608
        "ORDER BY t.rowid DESC LIMIT :limit"
    )
    return [_made(found) for found in connection.execute(text(sql), values)]


def trabajo(connection: Connection, job_id: str) -> Trabajo | None:
    """One job, or None."""
    sql = text(f"SELECT {_COLUMNS} {_FROM} WHERE t.id = :id")  # noqa: S608
    found = connection.execute(sql, {"id": job_id}).first()
    return _made(found) if found else None


def destinos(connection: Connection) -> list[str]:
    """Where something waits or is on its way."""
    sql = f"SELECT DISTINCT coalesce(i.destino, t.destino) {_FROM} WHERE t.estado IN ('en_cola', 'enviando')"  # noqa: S608
    return [row[0] for row in connection.execute(text(sql))]


def conocida(connection: Connection, destino: str) -> bool:
    """Did a printer of ours ever take a job there?"""
    sql = text("SELECT 1 FROM trabajo_impresion WHERE destino = :destino AND (intentos > 0 OR empezado) LIMIT 1")
    return connection.execute(sql, {"destino": destino}).first() is not None


@dataclass(frozen=True, slots=True)
class Siguiente:
    """The job whose turn it is at one printer. `intento` is set once its end may have been sent; `empezado` once
    its beginning may have been. contador_antes, serie_antes: what the printer said before.
    """

    id: str
    datos: bytes
    copias: int
    salidas: int
    estado: str
    intento: str | None
    contador_antes: int | None
    serie_antes: str | None
    empezado: bool
    dudosas: int
    cancelado: bool
    exclusiva: bool

    @property
    def faltan(self) -> int:
        """Copies still to be sent."""
        return self.copias - self.salidas - self.dudosas


_DOING = (
    "SELECT t.id, t.datos, t.copias, t.salidas, t.estado, t.intento, t.contador_antes, t.serie_antes, t.empezado, "
    "t.dudosas, t.cancelado, "
    "coalesce(i.exclusiva, (SELECT max(exclusiva) FROM impresora WHERE destino = t.destino), 0) "
)


def siguiente(connection: Connection, destino: str) -> Siguiente | None:
    """What this printer does next: first what was on its way, then by priority and in the order of the queue."""
    sql = (
        f"{_DOING}{_FROM} WHERE t.estado IN ('en_cola', 'enviando') AND coalesce(i.destino, t.destino) = :destino "
        "ORDER BY t.estado = 'enviando' DESC, t.prioridad DESC, t.rowid LIMIT 1"
    )
    return _doing(connection, sql, destino=destino)


def por_id(connection: Connection, job_id: str) -> Siguiente | None:
    """How a job stands that a printer works on."""
    return _doing(connection, f"{_DOING}{_FROM} WHERE t.id = :id", id=job_id)


def _doing(connection: Connection, sql: str, **values: str) -> Siguiente | None:
    found = connection.execute(text(sql), values).first()
    if found is None:
        return None
    job_id, datos, copias, salidas, estado, intento, contador, serie, empezado, dudosas, cancelado, exclusiva = found
    return Siguiente(
        job_id, bytes(datos), copias, salidas, estado, intento, contador, serie, bool(empezado), dudosas,
        bool(cancelado), bool(exclusiva),
    )  # fmt: skip


def cancelado(connection: Connection, job_id: str) -> bool:
    """Did somebody give this job up?"""
    sql = text("SELECT cancelado FROM trabajo_impresion WHERE id = :id")
    return bool(connection.execute(sql, {"id": job_id}).scalar())


def palabras_cancelado(salidas: int, copias: int, donde: str = "Cancelado") -> str:
    """What is said of a job that was given up."""
    if salidas:
        return f"{donde}: salieron {salidas} de {copias}."
    return f"{donde}: no salió." if copias == 1 else f"{donde}: no salió ninguna de {copias}."


def insert(writing: Writing, job_id: str, now: str, pedido: Pedido, reimpresion_de: str | None = None) -> None:
    """Put a job into the queue."""
    writing.connection.execute(
        text(
            "INSERT INTO trabajo_impresion (id, destino, impresora_id, tabla, registro_id, tipo, titulo, datos, "
            "sha256, copias, prioridad, reimpresion_de, estado, creado_en, actualizado_en) "
            "VALUES (:id, :destino, :impresora_id, :tabla, :registro_id, :tipo, :titulo, :datos, "
            ":sha, :copias, :prioridad, :de, 'en_cola', :now, :now)"
        ),
        {
            "id": job_id,
            "destino": pedido.destino or "",
            "impresora_id": pedido.impresora_id,
            "tabla": pedido.tabla,
            "registro_id": pedido.registro_id,
            "tipo": pedido.tipo,
            "titulo": pedido.titulo,
            "datos": pedido.datos,
            "sha": hashlib.sha256(pedido.datos).hexdigest(),
            "copias": pedido.copias,
            "prioridad": pedido.prioridad,
            "de": reimpresion_de,
            "now": now,
        },
    )
    writing.touch("trabajo_impresion", job_id)


def update(writing: Writing, job_id: str, now: str, **values: Any) -> None:
    """Set columns of a job."""
    named = ", ".join(f"{name} = :{name}" for name in values)
    writing.connection.execute(
        text(f"UPDATE trabajo_impresion SET {named}, actualizado_en = :now WHERE id = :id"),  # noqa: S608
        {**values, "now": now, "id": job_id},
    )
    writing.touch("trabajo_impresion", job_id)


def _made(found: Any) -> Trabajo:
    values = list(found)
    values[-1] = bool(values[-1])
    return Trabajo(*values)
