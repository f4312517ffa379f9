"""The program that prints, to be killed: `python -m tests.printing.sender FOLDER`; answers come on standard input."""

import sys
from pathlib import Path

from local_db.replica import Replica
from printing.queue import PrintQueue


def obey(queue: PrintQueue, line: str) -> None:
    """`cancelar ID`, or `salieron ID N`."""
    word, job_id, *number = line.split()
    if word == "cancelar":
        queue.cancelar(job_id)
    else:
        queue.responder_incierto(job_id, salio=False, salidas=int(number[0]))


def main() -> None:
    replica = Replica.open(Path(sys.argv[1]))
    queue = PrintQueue(replica)
    queue.start()
    print("ready", flush=True)
    for line in sys.stdin:
        obey(queue, line)
    queue.close()
    replica.close()


if __name__ == "__main__":
    main()
