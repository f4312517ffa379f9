"""Values of fields as a person reads them, in his language."""

from domain.base.row import Value
from local_db.reading import Reading
from servitec_desktop.i18n import tr
from servitec_desktop.palabras import en_palabras


def vacio() -> str:
    """What stands for no value."""
    return tr("(vacío)")


def si_no(value: bool) -> str:
    """A truth in a word."""
    return tr("sí") if value else tr("no")


def legible(connection: Reading, tabla: str, campo: str, value: Value) -> str:
    """A value in words: the name of what it refers to, a state's name, a local time."""
    if value is None or value == "":
        return vacio()
    return si_no(value) if isinstance(value, bool) else en_palabras(connection, tabla, campo, value)
