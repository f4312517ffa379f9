"""The server's key, from which every proof and token comes (domain.proofs).

It lies in a file of the data folder that only its owner reads, or where SERVITEC_KEY_FILE says: hex, 32 bytes. It is
drawn only for a new database.
"""

import os
import secrets
from pathlib import Path

from domain.base.errors import KnownError
from domain.proofs import KEY_BYTES, fingerprint_of

NAME = "clave-servidor"


def key_file(data_dir: Path) -> Path:
    """Where the key of a data folder lies."""
    named = os.environ.get("SERVITEC_KEY_FILE")
    return Path(named) if named else data_dir / NAME


def read_key(path: Path) -> bytes | None:
    """The key in a file; None: there is no such file.

    Raises:
        KnownError: the file holds no key, or can't be read.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise KnownError(f"No se puede leer la clave del servidor en {path}.", "Revise el archivo.") from error
    if len(key) != KEY_BYTES:
        raise KnownError(f"{path} no contiene una clave de servidor.", "Recupérela de un respaldo.")
    return key


def write_key(path: Path, key: bytes) -> None:
    """Put a key into a file of mode 0600, in one step."""
    fresh = path.with_name(path.name + ".nuevo")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key.hex())
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(fresh, path)


def drawn_key(path: Path) -> bytes:
    """A fresh key, kept beside the present one until the database knows it and `fitting_key` takes it."""
    key = secrets.token_bytes(KEY_BYTES)
    stage_key(path, key)
    return key


def stage_key(path: Path, key: bytes) -> None:
    """Keep a key beside the present one, for a database that is about to take the present one's place."""
    write_key(_drawn(path), key)


def _drawn(path: Path) -> Path:
    return path.with_name(path.name + ".sorteada")


def fitting_key(path: Path, fingerprint: str) -> bytes:
    """The key that a database knows by its fingerprint; one just drawn for it takes its place.

    Raises:
        KnownError: it is missing, or another one.
    """
    key, drawn = read_key(path), read_key(_drawn(path))
    if drawn is not None and fingerprint_of(drawn) == fingerprint:
        os.replace(_drawn(path), path)
        key = drawn
    if key is None or fingerprint_of(key) != fingerprint:
        what = "falta" if key is None else "no es la de esta base"
        raise KnownError(
            f"La clave del servidor en {path} {what}.",
            "Póngala desde un respaldo o desde otro servidor de la misma base; si se perdió, use new-key.",
        )
    return key
