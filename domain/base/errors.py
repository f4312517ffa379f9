"""The two kinds of error that are not bugs.

KnownError      something the world did; shown to a person with what to do about it
`-- Rejection   a rule of the business said no to a change; travels as the answer `rechazado`
"""

from typing import Self

from domain.base.causes import Cause


class KnownError(Exception):
    """An expected failure: `message` says what happened, `hint` what to do, both for a person, in Spanish.

    code: which of the causes in the list (domain.base.causes) it is; empty for what is said to who asked for something.
    """

    code = ""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @classmethod
    def of(cls, cause: Cause, **places: object) -> Self:
        """A cause of the list, in its sentences."""
        made = cls(cause.what.format(**places), cause.todo.format(**places))
        made.code = cause.code
        return made

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Rejection(KnownError):
    """A rule refuses a change. `motivo` is a stable code (docs/protocol.md lists them), `message` the sentence."""

    def __init__(self, motivo: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.motivo = motivo
