"""What can go wrong between a station and its server.

KnownError
+-- ServerUnreachable   no answer: try again later
|   +-- ServerFailing   it answers, with a failure of its own: try again later
+-- SignInNeeded        no credentials, or a session that ended: a person has to sign in
+-- StationRefused      the server refuses this station
|   +-- StationCloned   it knows a clone of it: enrol anew
|   +-- StationUnknown  it doesn't know it: enrol anew
|   +-- StationRevoked  it may only hand over what it holds
|   +-- OtherServer     it isn't the server that this station knows
+-- SchemaRefused       the program and the server are of different versions
+-- BootstrapNeeded     the cursor is of no use: pull everything anew (the engine handles it)
"""

from domain.base.causes import OTRO_SERVIDOR
from domain.base.errors import KnownError

ENROL_ANEW = "Cierre la sesión e inscriba la estación de nuevo: lo que no se envió se conserva."


class ServerUnreachable(KnownError):
    """No answer."""


class ServerFailing(ServerUnreachable):
    """The server answers, with a failure of its own."""


class SignInNeeded(KnownError):
    """A person has to sign in. `server_id`: where that is so, if it was told."""

    server_id: str | None = None


class StationRefused(KnownError):
    """The server refuses this station. `server_id`: who says so, where it was told."""

    server_id: str | None = None


class StationCloned(StationRefused):
    """The server knows Cambios of this station that weren't made here."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint or ENROL_ANEW)


class StationUnknown(StationRefused):
    """The server doesn't know this station's credential."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint or ENROL_ANEW)


class StationRevoked(StationRefused):
    """The server takes from this station only what it still holds."""


class OtherServer(StationRefused):
    """Another server than the one that this station knows answers."""

    def __init__(self) -> None:
        super().__init__(OTRO_SERVIDOR.what, OTRO_SERVIDOR.todo)
        self.code = OTRO_SERVIDOR.code


class SchemaRefused(KnownError):
    """Another version of the protocol or the schema."""


class TooLarge(KnownError):
    """The server wants a smaller request."""


class BootstrapNeeded(KnownError):
    """`error` says why: epoca, otra_historia, piso or alcance."""

    def __init__(self, error: str, message: str, server_id: str | None, epoch: str | None) -> None:
        super().__init__(message)
        self.error = error
        self.server_id = server_id
        self.epoch = epoch


class Cancelled(KnownError):
    """Somebody stopped the download of a snapshot."""
