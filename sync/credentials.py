"""Where a station's secrets live: the system's keyring, memory, or (opt in) a file only its owner reads."""

import json
import logging
import os
import tempfile
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from domain.base import causes
from domain.base.errors import KnownError
from domain.base.later import later
from domain.wire import Firmante, TokenReply
from local_db.failures import DiskTrouble, explained
from storage.private import open_to_others

if TYPE_CHECKING:
    import keyring
    from keyring import errors
else:
    keyring = later("keyring")
    errors = later("keyring.errors")

log = logging.getLogger(__name__)

SERVICE = "servitec"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The station's credential, and the signed-in person's tokens and what he signs with.

    None of it is in its repr, nor so in any log.
    """

    estacion_id: str | None = None
    codigo: str | None = None
    credencial: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    firmante: Firmante | None = field(default=None, repr=False)

    def holding(self, tokens: TokenReply) -> "Credentials":
        """With a person's new tokens; he goes on signing with what he has, unless told otherwise."""
        kept = self.firmante
        own = kept if kept is not None and kept.usuario_id == tokens.usuario["id"] else None
        return replace(
            self,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            firmante=tokens.firmante or own,
        )

    def without_person(self) -> "Credentials":
        """The station's alone."""
        return Credentials(self.estacion_id, self.codigo, self.credencial)

    def dump(self) -> str:
        """As JSON."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return json.dumps(own | {"firmante": self.firmante.model_dump() if self.firmante is not None else None})

    @property
    def station(self) -> str | None:
        """The `X-Servitec-Estacion` header; None: this is no station."""
        if self.estacion_id is None or self.codigo is None or self.credencial is None:
            return None
        return f"{self.estacion_id}:{self.codigo}:{self.credencial}"


class CredentialStore(Protocol):
    """Keeps Credentials. `note` tells a person where, when that matters."""

    note: str

    def load(self) -> Credentials:
        """What is kept."""

    def save(self, credentials: Credentials) -> None:
        """Keep this instead."""


def _parse(text: str) -> Credentials:
    try:
        values = json.loads(text)
        if values.get("firmante") is not None:
            values["firmante"] = Firmante.model_validate(values["firmante"])
        return Credentials(**{f.name: values.get(f.name) for f in fields(Credentials)})
    except (ValueError, AttributeError):
        return Credentials()


class MemoryStore:
    """Until the program ends."""

    note = "Este equipo no tiene un llavero: la sesión dura hasta cerrar el programa."

    def __init__(self) -> None:
        self._kept = Credentials()

    def load(self) -> Credentials:
        """What is kept."""
        return self._kept

    def save(self, credentials: Credentials) -> None:
        """Keep this instead."""
        self._kept = credentials


class FileStore:
    """A file of mode 0600, replaced as a whole. For unattended machines and scripts."""

    note = ""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Credentials:
        """What is kept; nothing when the file isn't there or isn't one.

        Raises:
            KnownError: others may read or change it.
        """
        try:
            if open_to_others(self._path):
                raise KnownError.of(causes.CREDENCIALES_ABIERTAS, path=self._path)
            return _parse(self._path.read_text(encoding="utf-8"))
        except OSError:
            return Credentials()

    def save(self, credentials: Credentials) -> None:
        """Keep this instead.

        Raises:
            DiskTrouble: the disk refuses; what was kept before stays.
        """
        with explained(self._path, files_too=True):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    stream.write(credentials.dump())
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(name).replace(self._path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise


class KeyringStore:
    """The operating system's keyring, one entry a data folder."""

    note = ""

    def __init__(self, data_dir: Path) -> None:
        self._name = str(data_dir.resolve())

    def load(self) -> Credentials:
        """What is kept; nothing when the keyring refuses."""
        try:
            return _parse(keyring.get_password(SERVICE, self._name) or "{}")
        except errors.KeyringError as error:
            log.info("keyring: %s", error)
            return Credentials()

    def save(self, credentials: Credentials) -> None:
        """Keep this instead.

        Raises:
            DiskTrouble: the keyring is locked, or refuses.
        """
        try:
            keyring.set_password(SERVICE, self._name, credentials.dump())
        except errors.KeyringError as error:
            log.info("keyring: %s", error)
            raise DiskTrouble.of(causes.LLAVERO) from error


def open_store(data_dir: Path, credentials_file: Path | None) -> CredentialStore:
    """The file that was asked for, else the keyring, else memory."""
    if credentials_file is not None:
        return FileStore(credentials_file)
    if getattr(keyring.get_keyring(), "priority", 0) < 1:
        return MemoryStore()
    try:
        keyring.get_password(SERVICE, "probe")
    except errors.KeyringError:
        return MemoryStore()
    return KeyringStore(data_dir)
