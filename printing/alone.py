"""Does a printer on the network serve one connection at a time, as port 9100 is meant to, or several at once?"""

from printing.errors import PrinterUncertain, PrinterUnreachable
from printing.transports import open_transport
from printing.zebra import STATUS, ZebraPrinter

ROUNDS = 5
LISTEN_S = 0.2


def serves_only_us(destino: str, printer: ZebraPrinter) -> bool | None:
    """Ask on a second connection while the first is open: who answers there serves others beside us.

    None: nobody knows, because the printer doesn't answer on the first one either. Only for a printer that speaks
    ZPL, and not in the middle of a format of ours.

    Raises:
        PrinterUncertain: the first connection broke.
    """
    if not destino.startswith("tcp:"):
        return True  # a device is opened by one program
    witness = open_transport(destino)
    try:
        try:
            witness.open(1.0)
            witness.send(STATUS)
        except (PrinterUnreachable, PrinterUncertain):
            return _answers(printer)
        for _ in range(ROUNDS):
            if not _answers(printer):
                return None
            try:
                if witness.receive(LISTEN_S):
                    return False
            except PrinterUncertain:
                break  # turned away
        return _answers(printer)
    finally:
        witness.close()


def _answers(printer: ZebraPrinter) -> bool | None:
    return printer.poll() is not None or None
