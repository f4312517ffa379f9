"""One owner a device on this computer: a lock that the system frees when its process dies."""

import hashlib
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from domain.base import causes
from printing.errors import PrinterUnreachable


def own(device: str, name: str, timeout_s: float) -> FileLock:
    """The lock of a device, taken; of this computer, whoever the user is.

    Raises:
        PrinterUnreachable: another program has it; `name` is what a person calls the device.
    """
    digest = hashlib.sha256(device.encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"servitec-{digest}.lock"
    lock = FileLock(path, mode=0o666, thread_local=False)
    try:
        lock.acquire(timeout=timeout_s)
    except Timeout:
        raise PrinterUnreachable.of(causes.IMPRESORA_EN_USO, name=name) from None
    return lock
