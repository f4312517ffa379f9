"""Passwords: which are refused, and Argon2id, two at a time."""

import secrets
import string
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from domain.base.errors import KnownError
from domain.base.row import ReadRow, Value

MIN_PASSWORD = 8
MAX_PASSWORD = 1000
MIN_NAME = 4
MIN_DIFFERENT = 4
AT_ONCE = 2
_ORNAMENT = string.digits + string.punctuation + string.whitespace


class Passwords:
    """Argon2id, two at a time: each takes 64 MiB."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = threading.Semaphore(AT_ONCE)
        self._nobody = _nobodys()

    def hash(self, password: str, names: Iterable[Value] = ()) -> str:
        """The stored form of a password; `names`: what its owner is called.

        Raises:
            KnownError: it is too easily guessed.
        """
        check(password, names)
        with self._turn:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Is it the password? An unknown user costs as much time as a known one."""
        with self._turn:
            try:
                return self._hasher.verify(stored or self._nobody, password) and stored is not None
            except (VerifyMismatchError, InvalidHashError):
                return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """What the password of an unknown user is compared with; it costs as much as making one, once in a process."""
    return PasswordHasher().hash(secrets.token_urlsafe(16))


def names_of(usuario: ReadRow) -> list[Value]:
    """What a person is called: none of it belongs into his password."""
    email = usuario.get("email")
    return [usuario.get(name) for name in ("username", "nombre", "apellido")] + [str(email or "").partition("@")[0]]


def check(password: str, names: Iterable[Value] = ()) -> None:
    """Refuse what is guessed first.

    Raises:
        KnownError: too short or too long, among the common ones (also with digits and signs around it), hardly more
            than a name of its owner, or of few characters.
    """
    hint = "Por ejemplo, tres o cuatro palabras que no vayan juntas."
    if len(password) < MIN_PASSWORD:
        raise KnownError(f"La clave necesita al menos {MIN_PASSWORD} caracteres.", hint)
    if len(password) > MAX_PASSWORD:
        raise KnownError(f"La clave pasa de {MAX_PASSWORD} caracteres.")
    folded = _folded(password)
    if folded in _common() or folded.strip(_ORNAMENT) in _common() or len(set(folded)) < MIN_DIFFERENT:
        raise KnownError("Esa clave es de las que se prueban primero.", hint)
    for name in (part for text in names if text for part in _folded(str(text)).split() if len(part) > 2):
        if (len(name) >= MIN_NAME and name in folded) or len(folded.replace(name, "")) < MIN_PASSWORD - 2:
            raise KnownError("La clave no puede llevar el nombre de su dueño.", hint)


def _folded(text: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = (files("servitec_server") / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
