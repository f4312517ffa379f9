"""The kinds of label there are, in the order in which they are told."""

from domain.base.errors import KnownError
from printing.labels.kind import LabelKind
from printing.labels.kinds.accesorio import KIND as ACCESORIO
from printing.labels.kinds.cliente import KIND as CLIENTE
from printing.labels.kinds.equipo import KIND as EQUIPO
from printing.labels.kinds.orden import KIND as ORDEN
from printing.labels.kinds.producto import KIND as PRODUCTO
from printing.labels.kinds.ubicacion import KIND as UBICACION

KINDS: dict[str, LabelKind] = {kind.name: kind for kind in (ORDEN, ACCESORIO, EQUIPO, PRODUCTO, UBICACION, CLIENTE)}


def kind_of(tipo: str) -> LabelKind:
    """The kind of this name.

    Raises:
        KnownError: there is none.
    """
    if tipo not in KINDS:
        raise KnownError(f"«{tipo}» no es un tipo de etiqueta.", f"Los tipos son: {', '.join(KINDS)}.")
    return KINDS[tipo]
