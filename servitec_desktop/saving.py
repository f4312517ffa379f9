"""What the person at the desk does, saved: one action, one transaction."""

from collections.abc import Callable

from domain.ordenes.actions import Recepcion
from domain.wire import Op
from local_db import people
from local_db.ordenes import reception
from local_db.replica import Changes, Replica
from printing.encolar import Encoladas, Encolador
from servitec_desktop.person import Person


class Saving:
    """Everything here blocks, and is for the pool (`station.tasks`)."""

    def __init__(self, replica: Replica, person: Person, encolador: Encolador) -> None:
        self._replica, self._person, self._encolador = replica, person, encolador

    def save(self, build: Callable[[], list[Op]]) -> Changes:
        """Save one action. Raises Rejection or KnownError."""
        return people.guardar(self._replica, self._person.signed_in(), build())

    def receive(self, recepcion: Recepcion) -> tuple[str, str, Encoladas]:
        """Take an order in, and its labels into the queue, in one commit; gives id, folio, print jobs.

        Raises:
            Rejection, KnownError: nothing was saved.
        """
        ambient, person = self._replica.ambient, self._person.signed_in()
        with self._replica.writing() as writing:
            orden_id, folio = reception.recibir_en(writing, ambient, person, recepcion)
            return orden_id, folio, self._encolador.encolar_recepcion(writing, orden_id)
