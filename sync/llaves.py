"""`llaves`: what each person needs to work on this station without the server, sealed under his password.

A file of the data folder, mode 0600, one line of JSON a person, replaced as a whole. No swap, salvage or eviction
touches it. Opening one's line is the sign-in without the server; it also brings the station's credential back where
nothing else keeps it. A line that was changed, cut off or put under another name doesn't open.
"""

import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ValidationError

from domain.wire import Firmante, canonical
from local_db.failures import explained
from local_db.files import sync_folder

FILE = "llaves"
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class Llave(BaseModel):
    """What is sealed. `servidor_en`: the server's time at the sign-in; `alcance`: the hash of his scope then."""

    firmante: Firmante
    credencial: str
    alcance: str
    servidor_en: str


class _Line(BaseModel):
    """One person's line; the bytes in base64."""

    usuario_id: str
    username: str
    estacion_id: str
    salt: str
    nonce: str
    sealed: str

    def said(self) -> bytes:
        """What stands outside the seal, and is proved by it."""
        return canonical([FILE, self.usuario_id, self.username, self.estacion_id]).encode()


def keep(folder: Path, username: str, password: str, llave: Llave) -> None:
    """Seal this for a person, in the place of what he had; lines of another enrolment go."""
    firmante, salt, nonce = llave.firmante, secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    line = _Line(
        usuario_id=firmante.usuario_id,
        username=username.strip().lower(),
        estacion_id=firmante.estacion_id,
        salt=b64encode(salt).decode(),
        nonce=b64encode(nonce).decode(),
        sealed="",
    )
    sealed = AESGCM(_key(password, salt)).encrypt(nonce, llave.model_dump_json().encode(), line.said())
    line.sealed = b64encode(sealed).decode()
    others = [one for one in _lines(folder) if one.usuario_id != line.usuario_id and one.username != line.username]
    _write(folder, [*(one for one in others if one.estacion_id == line.estacion_id), line])


def unlock(folder: Path, username: str, password: str) -> Llave | None:
    """What is sealed for a person; None: nothing is, or it doesn't open with this password."""
    name = username.strip().lower()
    for line in _lines(folder):
        if line.username == name:
            return _opened(line, password)
    return None


def people(folder: Path) -> list[str]:
    """The user names of who has something here."""
    return [line.username for line in _lines(folder)]


def forget(folder: Path) -> None:
    """Nobody works here any more."""
    for name in (FILE, f"{FILE}.nuevo"):
        (folder / name).unlink(missing_ok=True)


def _opened(line: _Line, password: str) -> Llave | None:
    try:
        key = _key(password, b64decode(line.salt, validate=True))
        nonce, sealed = b64decode(line.nonce, validate=True), b64decode(line.sealed, validate=True)
        llave = Llave.model_validate_json(AESGCM(key).decrypt(nonce, sealed, line.said()))
    except (InvalidTag, ValueError):
        return None
    same = (llave.firmante.usuario_id, llave.firmante.estacion_id) == (line.usuario_id, line.estacion_id)
    return llave if same else None


def _key(password: str, salt: bytes) -> bytes:
    return hash_secret_raw(password.encode(), salt, PASSES, MEMORY_KIB, LANES, KEY_BYTES, Type.ID)


def _lines(folder: Path) -> list[_Line]:
    """What can be read."""
    with explained(folder / FILE, files_too=True):
        try:
            content = (folder / FILE).read_bytes()
        except FileNotFoundError:
            return []
    found = []
    for line in content.splitlines():
        try:
            found.append(_Line.model_validate_json(line))
        except ValidationError:
            continue
    return found


def _write(folder: Path, lines: list[_Line]) -> None:
    fresh = folder / f"{FILE}.nuevo"
    with explained(fresh, files_too=True):
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.writelines(f"{line.model_dump_json()}\n" for line in lines)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, folder / FILE)
        sync_folder(folder)
