"""How the people of this station read values: as its branch writes them, whatever this computer's clock says."""

from datetime import datetime

from domain.base.row import ReadRow
from domain.formatting import Formato
from domain.organizacion.formato import formato_de

_here = Formato()


def use(sucursal: ReadRow | None) -> None:
    """Write from now on as this branch does; a program is one station, and a station works for one branch."""
    global _here  # noqa: PLW0603
    _here = formato_de(sucursal)


def local(instant: object) -> str:
    """A stored instant as it is read here; empty for none, and for what isn't one."""
    return _here.momento(instant)


def read_local(text: str) -> datetime:
    """What `local` wrote, read again. Raises ValueError."""
    return _here.read_momento(text)


def telefono(typed: object) -> str:
    """A phone as it is dialled here."""
    return _here.telefono(typed)
