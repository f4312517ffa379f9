"""What can go wrong at a printer.

KnownError
`-- PrinterError        says what, and what to do
    +-- PrinterUnreachable   no connection; nothing was sent
    +-- PrinterNotReady      it can't print now (paper, head, pause, language); nothing was printed
    |   +-- PrinterBusy      another sender is at work
    |   `-- PrinterSilent    it answers nothing: perhaps no Zebra
    `-- PrinterUncertain     the connection broke, or no proof came, after sending began
"""

from domain.base.errors import KnownError


class PrinterError(KnownError):
    """Something at the printer."""


class PrinterUnreachable(PrinterError):
    """No connection; nothing was sent."""


class PrinterNotReady(PrinterError):
    """It can't print now; nothing was printed."""


class PrinterBusy(PrinterNotReady):
    """Another sender is at work; nothing of ours was printed."""


class PrinterSilent(PrinterNotReady):
    """It answers nothing that a Zebra answers; nothing was printed."""


class PrinterUncertain(PrinterError):
    """Nobody knows whether the label came out."""
