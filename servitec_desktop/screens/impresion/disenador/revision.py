"""What a template gives with the values at hand: picture, bytes, or what hinders. Made away from the window."""

from dataclasses import dataclass

from domain.base.errors import KnownError
from printing.labels.layout import NoCabe, Pagina, componer
from printing.labels.plantilla import Plantilla, escribir, leer
from printing.labels.preview import preview_png
from printing.labels.zpl import zpl
from servitec_desktop.i18n import QT_TR_NOOP

LARGO = QT_TR_NOOP("texto largo para ver dónde se corta ")


@dataclass(frozen=True, slots=True)
class Revision:
    """`problema` empty: it can be printed. `campo`: the field that hinders."""

    pagina: Pagina | None
    png: bytes
    zpl: bytes
    problema: str = ""
    campo: int | None = None


def revisar(plantilla: Plantilla, valores: dict[str, str], dpi: int) -> Revision:
    """Compose, draw, and write the label."""
    try:
        checked = leer(escribir(plantilla))
        pagina = componer(checked, valores, dpi)
        return Revision(pagina, preview_png(pagina), zpl(pagina))
    except NoCabe as hindrance:
        return Revision(None, b"", b"", str(hindrance), hindrance.campo)
    except KnownError as error:
        return Revision(None, b"", b"", str(error))
