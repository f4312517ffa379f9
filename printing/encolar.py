"""Labels into the queue: of records, because a person asked, and by themselves at a reception."""

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection

from domain.base.later import later
from local_db.replica import Replica, Writing
from printing.queue import PrintQueue
from printing.trabajos import Filtro, Trabajo, trabajo, trabajos

if TYPE_CHECKING:
    from printing import etiquetas
else:
    etiquetas = later("printing.etiquetas")


class Encoladas(NamedTuple):
    """Jobs in the queue, and what couldn't be made, in words."""

    ids: tuple[str, ...]
    aviso: str


class Encolador:
    """Puts labels into the queue. Methods that take no connection block: they are for the pool."""

    def __init__(self, replica: Replica, cola: PrintQueue) -> None:
        self._replica = replica
        self._cola = cola

    def encolar(self, tipo: str, registro_id: str, copias: int = 1, impresora: str | None = None) -> Encoladas:
        """Queue the labels of this kind of a record, because a person asked for them.

        Raises:
            KnownError: there is no printer for them, they can't be made, or he may not print them.
        """
        with self._replica.writing() as writing:
            chosen = etiquetas.a_pedido(writing.connection, tipo, impresora)
            wanted = etiquetas.pedidos(writing.connection, tipo, registro_id, chosen, copias=copias, prioridad=1)
            return Encoladas(tuple(self._cola.enqueue_en(writing, pedido) for pedido in wanted), "")

    def encolar_recepcion(self, writing: Writing, orden_id: str) -> Encoladas:
        """Queue what a reception prints by itself, in the commit that saves it; whoever may receive prints it."""
        wanted, aviso = etiquetas.de_recepcion(writing.connection, orden_id)
        return Encoladas(tuple(self._cola.take(writing, pedido) for pedido in wanted), aviso)

    def trabajos_de(self, connection: Connection, ids: tuple[str, ...]) -> list[Trabajo]:
        """These jobs, as far as they are kept."""
        return [found for key in ids if (found := trabajo(connection, key)) is not None]

    def adelantar(self, key: str) -> None:
        """Put a waiting job before all others."""
        with self._replica.reading() as connection:
            waiting = trabajos(connection, Filtro(estados=("en_cola",)), limit=10_000)
        self._cola.priorizar(key, max((t.prioridad for t in waiting), default=0) + 1)
