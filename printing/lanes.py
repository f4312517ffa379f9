"""The printers that something goes to, each with its own thread, and who looks at them."""

import threading
from collections.abc import Callable

from local_db.replica import Replica
from printing import printers, trabajos
from printing.lane import Done, EstadoImpresora, Lane, Order
from printing.transports import check_destination


class Lanes:
    """A lane is opened when something goes to its printer for the first time, and ends with the program."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._lanes: dict[str, Lane] = {}
        self._lock = threading.Lock()
        self._watchers: list[Callable[[str], None]] = []
        self.running = False

    def start(self) -> None:
        """Print what waits."""
        self.running = True
        self.wake()

    def close(self) -> None:
        """Stop after the step in hand."""
        with self._lock:
            self.running = False
            lanes = list(self._lanes.values())
            self._lanes.clear()
        for lane in lanes:
            lane.stop()
        for lane in lanes:
            lane.join(30)

    def wake(self) -> None:
        """A lane for every place with work, and for every saved printer while somebody looks."""
        if not self.running:
            return
        with self._replica.reading() as connection:
            wanted = set(trabajos.destinos(connection))
            if self._watchers:
                wanted |= {p.destino for p in printers.impresoras(connection)}
        for destino in wanted:
            self.lane(destino).wake()

    def hurry(self) -> None:
        """Printers were changed: no lane waits any longer for the one of before."""
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.hurry()

    def lane(self, destino: str) -> Lane:
        """The lane of a printer."""
        with self._lock:
            lane = self._lanes.get(destino)
            if lane is None:
                lane = Lane(self._replica, destino, lambda: bool(self._watchers), self._tell)
                self._lanes[destino] = lane
            return lane

    def estados(self) -> dict[str, EstadoImpresora]:
        """What each printer last said, by destination."""
        with self._lock:
            return {destino: lane.estado for destino, lane in self._lanes.items()}

    def watch(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Ask idle printers every two seconds as long as somebody looks; `heard` gets the destination that changed,
        in the printer's thread. Gives what ends it.
        """
        self._watchers.append(heard)
        self.wake()

        def leave() -> None:
            if heard in self._watchers:
                self._watchers.remove(heard)

        return leave

    def hacer(self, destino: str, order: Order, done: Done) -> None:
        """Have a printer do something between jobs; `done` gets the answer or the KnownError, in its thread.

        Raises:
            KnownError: `destino` isn't a printer.
        """
        check_destination(destino)
        self.lane(destino).order(order, done)

    def _tell(self, destino: str) -> None:
        for heard in list(self._watchers):
            heard(destino)
