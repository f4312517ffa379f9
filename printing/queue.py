"""The print queue: jobs in the replica, so that they outlive the program, and a lane for each printer."""

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from domain.base.ambient import to_instant
from domain.base.errors import KnownError
from local_db.replica import Changes, Replica, Writing
from printing import permiso, printers, trabajos
from printing.job import MOST_COPIES, whole_job
from printing.lanes import Lanes
from printing.trabajos import Pedido, Trabajo, palabras_cancelado
from printing.transports import check_destination

KEEP_DAYS = 90
"""So long the history keeps what was printed."""


class PrintQueue:
    """Sends what waits: one job at a time a printer, in order, each printer in a thread of its own."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self.lanes = Lanes(replica)
        self._moved = threading.Condition()
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Go on with what waits, and judge what was being sent when the program died."""
        self._prune()
        self._unsubscribe = self._replica.subscribe(self._changed)
        self.lanes.start()

    def close(self) -> None:
        """Stop after the step in hand; what is on its way is judged at the next start."""
        self._unsubscribe()
        self._unsubscribe = lambda: None
        self.lanes.close()

    def enqueue(self, pedido: Pedido) -> str:
        """Keep a job that a person asked for; gives its id.

        Raises:
            KnownError: nobody is signed in, or he may not print this; it isn't one label, or goes nowhere.
        """
        with self._replica.writing() as writing:
            return self.enqueue_en(writing, pedido)

    def enqueue_en(self, writing: Writing, pedido: Pedido, reimpresion_de: str | None = None) -> str:
        """The same inside a transaction."""
        permiso.exigir(writing.connection, pedido.tabla, pedido.registro_id)
        return self.take(writing, pedido, reimpresion_de)

    def take(self, writing: Writing, pedido: Pedido, reimpresion_de: str | None = None) -> str:
        """Keep a job that is part of what a person may do anyway: whoever may receive an order prints its labels.

        Raises:
            KnownError: it isn't one label, or goes nowhere.
        """
        if pedido.impresora_id is not None:
            if printers.impresora(writing.connection, pedido.impresora_id) is None:
                raise KnownError("Esa impresora ya no está.", "Elija otra.")
        else:
            check_destination(pedido.destino or "")
        if not 1 <= pedido.copias <= MOST_COPIES:
            raise KnownError(f"No se pueden imprimir {pedido.copias} copias.", f"Elija de 1 a {MOST_COPIES}.")
        whole_job(pedido.datos, pedido.copias, "0")
        job_id = self._replica.ambient.new_id()
        trabajos.insert(writing, job_id, self._replica.ambient.instant(), pedido, reimpresion_de)
        return job_id

    def wait(self, job_id: str, timeout_s: float) -> Trabajo:
        """The job when it is impreso, incierto or fallido, or as it stands when the time is over."""

        def ended() -> bool:
            return self._get(job_id).estado not in ("en_cola", "enviando")

        with self._moved:
            self._moved.wait_for(ended, timeout_s)
        return self._get(job_id)

    def responder_incierto(self, job_id: str, salio: bool, salidas: int | None = None) -> None:
        """The person's answer to «¿Salió la etiqueta?»; no means: print again what is missing, unless the job was
        cancelled. `salidas`: so many copies did come out.

        Raises:
            KnownError: something is missing, and whoever is signed in may not print it.
        """
        with self._replica.writing() as writing:
            now = trabajos.trabajo(writing.connection, job_id)
            if now is None or now.estado != "incierto":
                return
            out = now.copias if salio else min(now.copias, max(now.salidas, salidas or 0))
            values: dict[str, object] = {"estado": "impreso" if out == now.copias else "en_cola", "error": None}
            if out < now.copias and now.cancelado:
                values = {"estado": "fallido", "error": palabras_cancelado(out, now.copias)}
            elif out < now.copias:
                permiso.exigir(writing.connection, now.tabla, now.registro_id)
            self._update(writing, job_id, salidas=out, dudosas=0, **values)

    def reintentar(self, job_id: str) -> None:
        """Send what is missing of a job that failed; or try a waiting one now, also where nobody answered.

        Raises:
            KnownError: it failed, and whoever is signed in may not print it.
        """
        with self._replica.writing() as writing:
            now = trabajos.trabajo(writing.connection, job_id)
            if now is None:
                return
            if now.estado == "fallido":
                permiso.exigir(writing.connection, now.tabla, now.registro_id)
                self._update(writing, job_id, estado="en_cola", error=None, cancelado=0)
        if self.lanes.running:
            self.lanes.lane(now.destino).hurry()

    def cancelar(self, job_id: str) -> None:
        """Give up what is missing of a job. One that is being printed stops with the label in hand: then it says how
        many came out.
        """
        with self._replica.writing() as writing:
            now = trabajos.trabajo(writing.connection, job_id)
            if now is None or now.estado not in ("en_cola", "enviando", "incierto"):
                return
            if now.estado == "enviando" or now.dudosas:
                self._update(writing, job_id, cancelado=1)
                return
            words = palabras_cancelado(now.salidas, now.copias)
            if now.estado == "incierto":
                words = "Cancelado sin saber si salió."
            self._update(writing, job_id, estado="fallido", error=words, cancelado=1)

    def priorizar(self, job_id: str, prioridad: int) -> None:
        """Jobs of a higher priority go first."""
        with self._replica.writing() as writing:
            now = trabajos.trabajo(writing.connection, job_id)
            if now is not None and now.estado == "en_cola":
                self._update(writing, job_id, prioridad=prioridad)

    def reimprimir(self, job_id: str) -> str:
        """The same label once more, as a job of its own; gives its id.

        Raises:
            KnownError: the job is not kept any more, or whoever is signed in may not print it.
        """
        with self._replica.writing() as writing:
            old = trabajos.trabajo(writing.connection, job_id)
            sql = text("SELECT datos FROM trabajo_impresion WHERE id = :id")
            datos = writing.connection.execute(sql, {"id": job_id}).scalar()
            if old is None or datos is None:
                raise KnownError("Ese trabajo ya no está en el historial.", "Imprima la etiqueta desde su ficha.")
            pedido = Pedido(
                old.titulo, bytes(datos), old.destino, old.impresora_id if old.impresora else None, old.tabla,
                old.registro_id, old.tipo, old.copias, old.prioridad,
            )  # fmt: skip
            return self.enqueue_en(writing, pedido, job_id)

    def _update(self, writing: Writing, job_id: str, **values: object) -> None:
        trabajos.update(writing, job_id, self._replica.ambient.instant(), **values)

    def _get(self, job_id: str) -> Trabajo:
        with self._replica.reading() as connection:
            found = trabajos.trabajo(connection, job_id)
        if found is None:
            raise LookupError(job_id)
        return found

    def _prune(self) -> None:
        before = to_instant(self._replica.ambient.now() - timedelta(days=KEEP_DAYS))
        with self._replica.writing() as writing:
            sql = text("DELETE FROM trabajo_impresion WHERE estado IN ('impreso', 'fallido') AND creado_en < :before")
            writing.connection.execute(sql, {"before": before})

    def _changed(self, changes: Changes) -> None:
        if "impresora" in changes.tables:
            self.lanes.hurry()
        if changes.tables & {"trabajo_impresion", "impresora"}:
            self.lanes.wake()
            with self._moved:
                self._moved.notify_all()
