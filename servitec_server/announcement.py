"""What is told to open sockets after a commit."""

from dataclasses import dataclass

from domain.base.row import ReadRow


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event to publish after the commit; `row`, whole, decides who may hear it."""

    event: str
    tabla: str
    row: ReadRow
    version: int
    estacion_id: str
    claves_antes: str | None = None
    """Its scope keys before (domain.scope.stored_keys)."""
