"""Refusals of identity, as HTTP answers them."""

from domain.base.errors import KnownError


class AuthError(KnownError):
    """Sign-in, token or credential refused; `status` and `error` are what HTTP answers.

    `retry_s`: when it is worth trying again, where that is known.
    """

    def __init__(
        self, message: str, hint: str = "", *, status: int = 401, error: str = "token", retry_s: int | None = None
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.error = error
        self.retry_s = retry_s
