"""Where a Cambio comes from."""

from dataclasses import dataclass

OWN_CODE = "00"
"""The server is a station itself, for what comes without one."""


@dataclass(frozen=True, slots=True)
class Station:
    """The station that a Cambio comes from. `codigos`: its folio code, and those of the stations that it was (`antes`).

    `revocada`: it may only hand what it holds to the supervisor.
    """

    id: str
    codigo: str
    sucursal_id: str | None = None
    codigos: frozenset[str] = frozenset()
    antes: frozenset[str] = frozenset()
    revocada: bool = False
