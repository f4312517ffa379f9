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
    """A print job. `destino` is where its printer is now; `salidas` the copies known to be out."""

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


_COLUMNS = (
    "t.id, coalesce(i.destino, t.destino), t.impresora_id, i.nombre, t.tabla, t.registro_id, t.tipo, t.titulo, "
    "t.copias, t.salidas, t.prioridad, t.estado, t.intentos, t.error, t.reimpresion_de, t.creado_en, t.actualizado_en"
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
        "ORDER BY t.creado_en DESC, t.id DESC LIMIT :limit"
    )
    return [Trabajo(*found) for found in connection.execute(text(sql), values)]


def trabajo(connection: Connection, job_id: str) -> Trabajo | None:
    """One job, or None."""
    sql = text(f"SELECT {_COLUMNS} {_FROM} WHERE t.id = :id")  # noqa: S608
    found = connection.execute(sql, {"id": job_id}).first()
    return Trabajo(*found) if found else None


def destinos(connection: Connection) -> list[str]:
    """Where something waits or is on its way."""
    sql = f"SELECT DISTINCT coalesce(i.destino, t.destino) {_FROM} WHERE t.estado IN ('en_cola', 'enviando')"  # noqa: S608
    return [row[0] for row in connection.execute(text(sql))]


@dataclass(frozen=True, slots=True)
class Siguiente:
    """The job whose turn it is at one printer. `intento` is set once its end may have been sent."""

    id: str
    datos: bytes
    copias: int
    salidas: int
    estado: str
    intento: str | None
    contador_antes: int | None
    exclusiva: bool


def siguiente(connection: Connection, destino: str) -> Siguiente | None:
    """What this printer does next: first what was on its way, then by priority and age."""
    sql = (
        "SELECT t.id, t.datos, t.copias, t.salidas, t.estado, t.intento, t.contador_antes, "  # noqa: S608
        "coalesce(i.exclusiva, (SELECT max(exclusiva) FROM impresora WHERE destino = :destino), 0) "
        f"{_FROM} WHERE t.estado IN ('en_cola', 'enviando') AND coalesce(i.destino, t.destino) = :destino "
        "ORDER BY t.estado = 'enviando' DESC, t.prioridad DESC, t.creado_en, t.id LIMIT 1"
    )
    found = connection.execute(text(sql), {"destino": destino}).first()
    if found is None:
        return None
    job_id, datos, copias, salidas, estado, intento, contador, exclusiva = found
    return Siguiente(job_id, bytes(datos), copias, salidas, estado, intento, contador, bool(exclusiva))


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
