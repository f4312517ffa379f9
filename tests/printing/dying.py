"""The program that prints, and dies at a commit of its queue: `python -m tests.printing.dying FOLDER N before|after`.

The commits of the printers' threads are counted from 0; it is killed right before the N-th is kept, or right after.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_db.replica import Replica, Writing
from printing.queue import PrintQueue

LANE = "servitec-print"
"""How the threads of the printers are called."""


def main() -> None:
    folder, last, when = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    real, kept = Replica.writing, 0

    @contextmanager
    def writing(self: Replica) -> Iterator[Writing]:
        nonlocal kept
        in_lane = threading.current_thread().name.startswith(LANE)
        with real(self) as made:
            yield made
            if in_lane and when == "before" and kept == last:
                os.kill(os.getpid(), signal.SIGKILL)
        if in_lane:
            if when == "after" and kept == last:
                os.kill(os.getpid(), signal.SIGKILL)
            kept += 1

    Replica.writing = writing  # type: ignore[method-assign]
    queue = PrintQueue(Replica.open(folder))
    queue.start()
    threading.Event().wait(30)


if __name__ == "__main__":
    main()
