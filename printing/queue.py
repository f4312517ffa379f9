"""The print queue: a table of the replica, so that a job outlives the program.

en_cola -> enviando -> impreso | incierto (a person says whether it came out) | fallido
"""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from local_db.replica import Changes, Replica, Writing
from printing.errors import PrinterError, PrinterUncertain
from printing.tcp import TcpTransport, parse_destination
from printing.zebra import ZebraPrinter

log = logging.getLogger(__name__)

FIRST_RETRY_S, LAST_RETRY_S = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Trabajo:
    """A print job."""

    id: str
    destino: str
    registro_id: str | None
    titulo: str
    copias: int
    estado: str
    intentos: int
    error: str | None
    creado_en: str


_COLUMNS = "id, destino, registro_id, titulo, copias, estado, intentos, error, creado_en"


def trabajos(connection: Connection, limit: int = 200) -> list[Trabajo]:
    """The newest jobs first."""
    sql = text(f"SELECT {_COLUMNS} FROM trabajo_impresion ORDER BY creado_en DESC, id DESC LIMIT :limit")  # noqa: S608
    return [Trabajo(*found) for found in connection.execute(sql, {"limit": limit})]


def trabajo(connection: Connection, job_id: str) -> Trabajo | None:
    """One job, or None."""
    sql = text(f"SELECT {_COLUMNS} FROM trabajo_impresion WHERE id = :id")  # noqa: S608
    found = connection.execute(sql, {"id": job_id}).first()
    return Trabajo(*found) if found else None


class PrintQueue:
    """Sends what waits, one printer and one job at a time, in order, in a thread of its own."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="servitec-print", daemon=True)
        self._moved = threading.Condition()
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Ask about what was being sent when the program died, then go on with what waits."""
        with self._replica.writing() as writing:
            interrupted = writing.connection.execute(
                text("SELECT id FROM trabajo_impresion WHERE estado = 'enviando'")
            ).scalars()
            for job_id in interrupted.all():
                self._set(writing, job_id, "incierto", "El programa se cerró mientras enviaba. ¿Salió la etiqueta?")
        self._unsubscribe = self._replica.subscribe(self._changed)
        self._thread.start()

    def close(self) -> None:
        """Stop after the job in hand."""
        self._unsubscribe()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def enqueue(self, orden_id: str | None, titulo: str, datos: bytes, destino: str, copias: int = 1) -> str:
        """Keep a job; gives its id.

        Raises:
            KnownError: `destino` isn't a printer.
        """
        with self._replica.writing() as writing:
            return self.enqueue_en(writing, orden_id, titulo, datos, destino, copias)

    def enqueue_en(
        self, writing: Writing, orden_id: str | None, titulo: str, datos: bytes, destino: str, copias: int = 1
    ) -> str:
        """The same inside the transaction that saves the order."""
        parse_destination(destino)
        job_id, now = self._replica.ambient.new_id(), self._replica.ambient.instant()
        writing.connection.execute(
            text(
                "INSERT INTO trabajo_impresion "
                "(id, destino, tabla, registro_id, titulo, datos, sha256, copias, estado, creado_en, actualizado_en) "
                "VALUES (:id, :destino, 'orden', :orden, :titulo, :datos, :sha, :copias, 'en_cola', :now, :now)"
            ),
            {
                "id": job_id,
                "destino": destino,
                "orden": orden_id,
                "titulo": titulo,
                "datos": datos,
                "sha": hashlib.sha256(datos).hexdigest(),
                "copias": copias,
                "now": now,
            },
        )
        writing.touch("trabajo_impresion", job_id)
        return job_id

    def wait(self, job_id: str, timeout_s: float) -> Trabajo:
        """The job when it is impreso, incierto or fallido, or as it stands when the time is over."""

        def ended() -> bool:
            return self._get(job_id).estado not in ("en_cola", "enviando")

        with self._moved:
            self._moved.wait_for(ended, timeout_s)
        return self._get(job_id)

    def responder_incierto(self, job_id: str, salio: bool) -> None:
        """The person's answer to «¿Salió la etiqueta?»; no means: print it again."""
        with self._replica.writing() as writing:
            if self._estado(writing, job_id) == "incierto":
                self._set(writing, job_id, "impreso" if salio else "en_cola", None)

    def reintentar(self, job_id: str) -> None:
        """Send again a job that failed."""
        with self._replica.writing() as writing:
            if self._estado(writing, job_id) == "fallido":
                self._set(writing, job_id, "en_cola", None)

    def cancelar(self, job_id: str) -> None:
        """Give a job up that isn't being sent."""
        with self._replica.writing() as writing:
            if self._estado(writing, job_id) in ("en_cola", "incierto"):
                self._set(writing, job_id, "fallido", "Cancelado.")

    def _estado(self, writing: Writing, job_id: str) -> str | None:
        sql = text("SELECT estado FROM trabajo_impresion WHERE id = :id")
        found: str | None = writing.connection.execute(sql, {"id": job_id}).scalar()
        return found

    def _get(self, job_id: str) -> Trabajo:
        with self._replica.reading() as connection:
            found = trabajo(connection, job_id)
        if found is None:
            raise LookupError(job_id)
        return found

    def _set(self, writing: Writing, job_id: str, estado: str, error: str | None, **more: int | None) -> None:
        extra = "".join(f", {name} = :{name}" for name in more)
        writing.connection.execute(
            text(
                "UPDATE trabajo_impresion SET estado = :estado, error = :error, actualizado_en = :now"  # noqa: S608
                f"{extra} WHERE id = :id"
            ),
            {"estado": estado, "error": error, "now": self._replica.ambient.instant(), "id": job_id, **more},
        )
        writing.touch("trabajo_impresion", job_id)

    def _changed(self, changes: Changes) -> None:
        if "trabajo_impresion" in changes.tables:
            self._wake.set()
            with self._moved:
                self._moved.notify_all()

    def _run(self) -> None:
        wait_s = FIRST_RETRY_S
        while not self._stop.is_set():
            self._wake.clear()
            try:
                blocked = self._pass()
            except Exception:
                log.exception("print queue")
                blocked = True
            if not blocked:
                wait_s = FIRST_RETRY_S
                self._wake.wait(LAST_RETRY_S)
                continue
            self._stop.wait(wait_s)
            wait_s = min(LAST_RETRY_S, wait_s * 2)

    def _pass(self) -> bool:
        """Send what can be sent now; True when a printer couldn't take its first job."""
        blocked: set[str] = set()
        sql = text(
            "SELECT id, destino, datos, copias FROM trabajo_impresion WHERE estado = 'en_cola' ORDER BY creado_en, id"
        )
        with self._replica.reading() as connection:
            waiting = connection.execute(sql).all()
        for job_id, destino, datos, copias in waiting:
            if self._stop.is_set():
                break
            if destino not in blocked and not self._send(job_id, destino, bytes(datos), copias):
                blocked.add(destino)
        return bool(blocked)

    def _send(self, job_id: str, destino: str, datos: bytes, copias: int) -> bool:
        """One job; False when its printer can't take it now."""

        def before_sending(counter: int | None) -> None:
            with self._replica.writing() as writing:
                self._set(writing, job_id, "enviando", None, contador_antes=counter)

        printer = ZebraPrinter(TcpTransport(*parse_destination(destino)))
        estado, error = "impreso", None
        try:
            printer.print_job(datos, copias, before_sending)
        except PrinterUncertain as uncertain:
            estado, error = "incierto", str(uncertain)
        except PrinterError as trouble:
            estado, error = "en_cola", str(trouble)
        with self._replica.writing() as writing:
            tries = text("UPDATE trabajo_impresion SET intentos = intentos + 1 WHERE id = :id")
            writing.connection.execute(tries, {"id": job_id})
            self._set(writing, job_id, estado, error)
        return estado != "en_cola"
