"""Who may print what: the right `imprimir`, asked of whoever is signed in and of the row that the paper is about."""

from sqlalchemy import Connection

from domain.base.actor import Actor
from domain.base.errors import KnownError, Rejection
from domain.base.row import ReadRow
from domain.model import TABLES
from domain.permissions import alcance, puede
from local_db import people, rows

IMPRIMIR = "imprimir"


def imprime(actor: Actor | None, tabla: str | None = None, fila: ReadRow | None = None) -> bool:
    """May he print labels and papers about this row? Without one: anything at all, a test label say.

    What no scope key divides (a device, a product) belongs to the whole company: whoever prints prints it.
    """
    if actor is None or alcance(actor, IMPRIMIR) is None:
        return False
    if fila is None or tabla not in TABLES or not TABLES[tabla].claves:
        return True
    return puede(actor, IMPRIMIR, tabla, fila)


def exigir(connection: Connection, tabla: str | None = None, registro_id: str | None = None) -> None:
    """The same of whoever is signed in, and of a row of this replica.

    Raises:
        KnownError: nobody is signed in, or the row isn't here.
        Rejection: his role doesn't print, or not this.
    """
    actor = people.current_actor(connection)
    if actor is None:
        raise KnownError("Nadie ha iniciado sesión en esta estación.", "Inicie sesión para imprimir.")
    reach = alcance(actor, IMPRIMIR)
    if reach is None:
        raise Rejection("permiso", f"El rol {actor.rol} no imprime etiquetas ni documentos.", "Pídalo en recepción.")
    if reach == "todo" or tabla is None or registro_id is None:
        return
    fila = rows.get(rows.raw(connection), tabla, registro_id) if tabla in TABLES else None
    if fila is None:
        raise KnownError("Lo que se quiere imprimir ya no está en esta estación.", "Sincronice e intente de nuevo.")
    if not imprime(actor, tabla, fila):
        what = "lo de su sucursal" if reach == "sucursal" else "lo que es suyo"
        raise Rejection("permiso", f"El rol {actor.rol} imprime sólo {what}.", "Pídalo a un supervisor.")


def imprimibles(connection: Connection, de: dict[str, tuple[str | None, str | None]]) -> frozenset[str]:
    """Of these jobs (by id: the table and the row that each is about), those that whoever is signed in may print."""
    found = set()
    for key, about in de.items():
        try:
            exigir(connection, *about)
        except KnownError:
            continue
        found.add(key)
    return frozenset(found)
