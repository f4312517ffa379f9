"""Who acts, how far a right reaches, and whose a row is."""

from dataclasses import dataclass
from typing import Literal

Alcance = Literal["todo", "sucursal", "propio"]
"""How far a right reaches: anywhere, in one's own branch, to what is one's own."""
Matriz = dict[str, dict[str, Alcance]]
"""permission -> role -> reach. The administrador and the server itself have every one, everywhere."""

ROLES = ("administrador", "supervisor", "tecnico", "recepcionista", "gestor", "cliente", "consulta")
DE_LA_CASA = frozenset(ROLES) - {"cliente"}
TALLER: dict[str, Alcance] = {"supervisor": "sucursal", "recepcionista": "sucursal", "tecnico": "propio"}
"""What most rights of the workshop are like."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a change, as the deciding side knows him now."""

    usuario_id: str
    rol: str
    sucursal_id: str | None = None
    empleado_id: str | None = None
    cliente_id: str | None = None
    username: str = ""


SISTEMA = Actor("00000000-0000-7000-8000-000000000000", "sistema", username="sistema")
"""The server itself: scheduled jobs and administration commands."""


@dataclass(frozen=True, slots=True)
class Propio:
    """A row is somebody's own where `columna` holds what he has as `de`; null is nobody's.

    roles: whom this holds for (None: everybody). libres: the rights for which a row of his branch that is nobody's yet
    counts as his own.
    """

    columna: str
    de: Literal["usuario_id", "empleado_id", "cliente_id"]
    roles: frozenset[str] | None = None
    libres: frozenset[str] = frozenset()


HECHO_POR = (Propio("creado_por", "usuario_id"),)
"""What nothing else is declared for: whoever made a row owns it."""
