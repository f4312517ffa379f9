"""What becomes of a job while its printer works on it, written down."""

import contextlib
import logging
from collections.abc import Callable

from domain.base.errors import KnownError
from local_db.replica import Replica
from printing import trabajos
from printing.job import Result
from printing.trabajos import Siguiente, palabras_cancelado

log = logging.getLogger(__name__)

AGAIN_S = 1.0


class Record:
    """One job's row. `job` is how it stood when its turn came."""

    def __init__(self, replica: Replica, job: Siguiente) -> None:
        self._replica = replica
        self.job = job
        self._counter: int | None = None
        self._out = 0

    def cancelled(self) -> bool:
        """Did somebody give it up meanwhile?"""
        with self._replica.reading() as connection:
            return trabajos.cancelado(connection, self.job.id)

    def begun(self, destino: str, counter: int | None, serie: str | None, name: str | None = None) -> bool:
        """A format is about to begin, or with a name to go out whole; False when somebody gave the job up."""
        self._counter = counter
        return self._put(
            estado="enviando", error=None, intento=name, empezado=1, destino=destino, contador_antes=counter,
            serie_antes=serie,
        )  # fmt: skip

    def ending(self, name: str | None) -> bool:
        """The end of the sending of this name is about to follow; None: it won't."""
        return self._put(intento=name)

    def progress(self, out: int) -> None:
        """So many copies of this sending are known to be out; what isn't saved now is saved with the end."""
        if out <= self._out:
            return
        counter = None if self._counter is None else self._counter + out
        with contextlib.suppress(KnownError):
            if self._put(salidas=self.job.salidas + out, contador_antes=counter):
                self._out = out

    def waits(self, words: str) -> None:
        """Nothing was printed; why it waits. What was on its way stays so."""
        now = self._now()
        if now is None or now.estado not in ("en_cola", "enviando"):
            return
        estado = "enviando" if now.intento is not None else "en_cola"
        self.tell(words, estado=estado)

    def tell(self, words: str, *, estado: str | None = None) -> None:
        """Say something of it, once; a full disk doesn't matter."""
        with self._replica.reading() as connection:
            now = trabajos.trabajo(connection, self.job.id)
        if now is not None and (now.error != words or estado not in (None, now.estado)):
            with contextlib.suppress(KnownError):
                self._put(error=words, estado=estado or now.estado)

    def broke(self, words: str) -> None:
        """After the end may have been sent: on a printer of our own the counter tells later, else a person does."""
        now = self._now()
        if now is None or now.intento is None:
            self.waits(words)
        elif now.exclusiva:
            self.tell("Se cortó la conexión; se comprueba si la etiqueta salió.")
        else:
            self.settle(Result(self._out, False, words), now.faltan + self._out)

    def fail(self, words: str) -> None:
        """It can't be printed at all."""
        self._put(estado="fallido", error=words)

    def settle(self, result: Result, sent: int) -> None:
        """Write down what is certain of the copies sent, and ask once about the rest."""
        job = self.job
        out = min(job.copias, job.salidas + result.salidas)
        waits = result.muda and job.faltan > sent
        unsure = job.dudosas + (sent - result.salidas if waits else 0)
        given_up = self.cancelled()
        values: dict[str, object] = {"salidas": out, "dudosas": unsure, "intento": None, "empezado": 0, "error": None}
        if out >= job.copias:
            values["estado"] = "impreso"
        elif (not result.seguro and not waits) or (unsure and (given_up or out + unsure >= job.copias)):
            asked = "¿Salió la etiqueta?" if job.copias == 1 else f"¿Cuántas de las {job.copias} salieron?"
            values |= {"estado": "incierto", "error": f"{result.motivo} {asked}".strip(), "dudosas": 0}
            if given_up:
                values["error"] = f"Cancelado. {values['error']}"
        elif given_up:
            values |= {"estado": "fallido", "error": palabras_cancelado(out, job.copias)}
        elif result.cancelada:
            where = "Cancelado en la impresora"
            values |= {"estado": "fallido", "error": palabras_cancelado(out, job.copias, where), "cancelado": 1}
        else:
            again = None if result.salidas or waits else "No salió; se envía de nuevo."
            values |= {"estado": "en_cola", "error": again}
        self._put(tried=True, **values)

    def _now(self) -> Siguiente | None:
        with self._replica.reading() as connection:
            return trabajos.por_id(connection, self.job.id)

    def _put(self, *, tried: bool = False, **values: object) -> bool:
        """Write down how the job stands; False when it ended meanwhile.

        Raises:
            KnownError: it couldn't be saved.
        """
        with self._replica.writing() as writing:
            now = trabajos.trabajo(writing.connection, self.job.id)
            if now is None or now.estado in ("fallido", "impreso"):
                return False
            more = {"intentos": now.intentos + 1} if tried else {}
            trabajos.update(writing, self.job.id, self._replica.ambient.instant(), **values, **more)
            return True


def insist(save: Callable[[], None], said: Callable[[str], None], wait: Callable[[float], bool]) -> None:
    """Save what is known of paper that is out, however long the disk refuses. `wait` says whether to give up.

    Raises:
        KnownError: it was given up.
    """
    while True:
        try:
            save()
            return
        except KnownError as error:
            log.error("a job's result can't be saved yet: %s", error)
            said(error.message)
            if wait(AGAIN_S):
                raise
