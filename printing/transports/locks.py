"""One owner a device on this computer: a lock that the system frees when its process dies."""

import hashlib
import tempfile
from pathlib import Path

from filelock import FileLock


def lock_for(device: str) -> FileLock:
    """The lock of a device, not yet taken; of this computer, whoever the user is."""
    name = hashlib.sha256(device.encode()).hexdigest()[:16]
    return FileLock(Path(tempfile.gettempdir()) / f"servitec-{name}.lock", mode=0o666, thread_local=False)
