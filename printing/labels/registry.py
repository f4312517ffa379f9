"""The kinds of label there are, gathered from their files, in the order in which they are told."""

from importlib import import_module

from domain.base.errors import KnownError
from domain.model import TABLES
from printing.labels import kinds
from printing.labels.kind import LabelKind


def _declared(name: str) -> LabelKind:
    """The kind that a file declares.

    Raises:
        LookupError: it is called otherwise than its file, or reads what isn't there.
    """
    kind: LabelKind = import_module(f"{kinds.__name__}.{name}").KIND
    if kind.name != name:
        raise LookupError(f"the kind of label in {name}.py is called «{kind.name}»")
    if kind.tabla not in TABLES or not set(kind.claves) <= set(TABLES[kind.tabla].by_name):
        raise LookupError(f"the kind of label «{name}» is made from what {kind.tabla} doesn't have")
    return kind


KINDS: dict[str, LabelKind] = {
    kind.name: kind for kind in sorted(map(_declared, kinds.names()), key=lambda kind: (kind.lugar, kind.nombre))
}


def kind_of(tipo: str) -> LabelKind:
    """The kind of this name.

    Raises:
        KnownError: there is none.
    """
    if tipo not in KINDS:
        raise KnownError(f"«{tipo}» no es un tipo de etiqueta.", f"Los tipos son: {', '.join(KINDS)}.")
    return KINDS[tipo]
