"""The station behind the screens, by parts: person, saving, sync, printing. Wired by hand."""

import threading

from PySide6.QtCore import QObject, Signal

from printing.encolar import Encolador
from printing.queue import PrintQueue
from servitec_desktop.borradores import Borradores
from servitec_desktop.folder import Folder
from servitec_desktop.impresion import Imprenta
from servitec_desktop.person import Person
from servitec_desktop.saving import Saving
from servitec_desktop.syncing import Syncing
from servitec_desktop.tasks import Tasks


class Station(QObject):
    """Screens ask its parts. What they read of the replica is read by `tasks`, never in the window's thread."""

    changed = Signal(object)
    """Changes: rows that were written, here or by the server. Arrives in the window's thread."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self.config = folder.context.config
        self.replica = folder.replica
        self.tasks = Tasks(self.replica)
        self.printing = PrintQueue(self.replica)
        self.impresion = Imprenta(self.replica, self.printing)
        self.encolador = Encolador(self.replica, self.printing)
        self.borradores = Borradores(self.replica.data_dir)
        self.sync = Syncing(folder)
        self.person = Person(folder, self.tasks, self.sync)
        self.saving = Saving(self.replica, self.person, self.encolador)
        self._starting = threading.Lock()
        self._closed = False
        self.changed.connect(self.person.hear)
        self.replica.subscribe(self.changed.emit)

    def start(self) -> None:
        """Have the background work of an enrolled station started."""
        self.tasks.write(self, self._start, lambda _: None)

    def _start(self) -> None:
        with self._starting:
            if not self._closed:
                self.impresion.adoptar(self.config.impresion)
                self.printing.start()
                self.sync.begin()

    def close(self) -> None:
        """Stop everything, in reverse order."""
        with self._starting:
            self._closed = True
        self.sync.close()
        self.impresion.close()
        self.printing.close()
        self.tasks.close()
        self.replica.close()
