"""Which template a label is made with: those shipped with the program, those of the business, what was chosen."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

from domain.base.errors import KnownError
from printing import printers
from printing.labels import kinds
from printing.labels.plantilla import Plantilla, leer


@dataclass(frozen=True, slots=True)
class Disponible:
    """A template to choose. clave: the name of a shipped one, or the row's id; propia: made by the business."""

    clave: str
    plantilla: Plantilla
    propia: bool


@cache
def _files() -> tuple[tuple[str, Plantilla], ...]:
    found = sorted(file for folder in kinds.__path__ for file in (Path(folder) / "shipped").glob("*.json"))
    return tuple((file.stem, leer(file.read_bytes())) for file in found)


def shipped() -> list[Plantilla]:
    """The templates that come with the program."""
    return [plantilla for _, plantilla in _files()]


def disponibles(connection: Connection, tipo: str | None = None) -> list[Disponible]:
    """The business's own templates, then the shipped ones."""
    rows = connection.execute(
        text(
            "SELECT id, cuerpo FROM plantilla_etiqueta "
            "WHERE activa AND borrado_en IS NULL AND (:tipo IS NULL OR tipo = :tipo) ORDER BY nombre, id"
        ),
        {"tipo": tipo},
    )
    own = []
    for key, body in rows:
        try:
            own.append(Disponible(key, leer(body), propia=True))
        except KnownError:
            continue  # made by a newer program: it can't be drawn here
    return own + [Disponible(name, p, propia=False) for name, p in _files() if tipo in (None, p.tipo)]


def elegir(connection: Connection, tipo: str, ancho_mm: float, alto_mm: float, clave: str | None = None) -> Plantilla:
    """The template for a label: `clave` (a key or a name), else the one chosen for its kind, else the shipped one
    that fits this paper best.

    Raises:
        KnownError: `clave` isn't there, or the business has none of this kind.
    """
    found = disponibles(connection, tipo)
    if clave is not None:
        for item in found:
            if clave in (item.clave, item.plantilla.nombre):
                return item.plantilla
        names = ", ".join(f"«{item.clave}»" for item in found if not item.propia)
        raise KnownError(f"No hay una plantilla «{clave}» de etiqueta de {tipo}.", f"Hay: {names}.")
    chosen = printers.por_tipo(connection)[tipo].plantilla
    for item in found:
        if chosen is not None and chosen == item.clave:
            return item.plantilla
    if not found:
        raise KnownError(f"No hay plantillas de etiqueta de {tipo}.")
    return min((item.plantilla for item in found if not item.propia), key=lambda p: _apart(p, ancho_mm, alto_mm))


def _apart(plantilla: Plantilla, ancho_mm: float, alto_mm: float) -> tuple[bool, float]:
    """How badly it suits a paper: larger than it is worst."""
    larger = plantilla.ancho_mm > ancho_mm + 0.5 or plantilla.alto_mm > alto_mm + 0.5
    return larger, abs(plantilla.ancho_mm - ancho_mm) + abs(plantilla.alto_mm - alto_mm)
