"""What a command line reads and writes."""

import getpass
import io
import sys

from domain.base.errors import KnownError


def speak_utf8() -> None:
    """From here on the three streams are UTF-8, whatever the system's own encoding."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def read_password(example: str) -> str:
    """A password from the terminal, or the first line of standard input; never a wait on a closed one.

    example: a command that reads one, for who gave none.

    Raises:
        KnownError: there is none.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise KnownError("Falta la clave en la entrada estándar.")
    password = getpass.getpass("Clave: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise KnownError("Falta la clave en la entrada estándar.", f"Por ejemplo: echo CLAVE | {example} ...")
    return password
