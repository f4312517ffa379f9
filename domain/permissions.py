"""Who may do what: the rights of the model, asked of a row, or as a condition on rows (`alcanzables`)."""

from functools import lru_cache

from domain.base.actor import HECHO_POR, Actor, Alcance
from domain.base.condition import ALWAYS, NEVER, AllOf, AnyOf, Condition, Is, Null, Of
from domain.base.errors import Rejection
from domain.base.own import propio
from domain.base.row import ReadRow, Row
from domain.base.table import TableSpec
from domain.model import MATRIZ, TABLES
from domain.sincronizacion.rules import es_autor

SIN_LIMITE = ("administrador", "sistema")
"""Who has every right, everywhere."""


def alcance(actor: Actor, permiso: str) -> Alcance | None:
    """How far `actor` holds `permiso`; None when he doesn't."""
    if actor.rol in SIN_LIMITE:
        return "todo"
    return MATRIZ[permiso].get(actor.rol)


@lru_cache(maxsize=4096)
def alcanzables(actor: Actor, permiso: str, tabla: str) -> Condition:
    """The rows of a table on which `actor` may use `permiso`."""
    reach = alcance(actor, permiso)
    if reach is None:
        return NEVER
    if reach == "todo":
        return ALWAYS
    parts: list[Condition] = []
    if actor.rol != "cliente" and (tabla not in TABLES or "sucursal_id" in TABLES[tabla].by_name):
        parts.append(AnyOf((Null("sucursal_id"), Is("sucursal_id", actor.sucursal_id))))
    if reach == "propio":
        parts.append(propio(actor, TABLES[tabla].propios if tabla in TABLES else HECHO_POR, permiso))
    return AllOf(tuple(parts))


@lru_cache(maxsize=4096)
def visibles(actor: Actor, tabla: str) -> Condition:
    """The rows of a table that `actor` may see: by its right to see; a child's are those whose root he sees.

    What nobody was given a right to see is the administrador's.
    """
    spec = TABLES[tabla]
    if actor.rol in SIN_LIMITE:
        return ALWAYS
    if f"{tabla}.ver" in MATRIZ:
        seen = alcanzables(actor, f"{tabla}.ver", tabla)
    elif spec.raiz is not None:
        seen = _con_raiz(actor, spec, spec.raiz)
    elif spec.writers == "catalogo":
        seen = alcanzables(actor, "catalogo.ver", tabla)
    else:
        return NEVER
    return AllOf((spec.vistas[actor.rol], seen)) if actor.rol in spec.vistas else seen


def _con_raiz(actor: Actor, spec: TableSpec, raiz: str) -> Condition:
    col = spec.by_name[raiz]
    if col.ref is not None:
        return Of(col.ref, raiz, visibles(actor, col.ref))
    kinds = [name for name in spec.by_name[str(col.ref_en)].values if name in TABLES]
    return AnyOf(tuple(AllOf((Is(str(col.ref_en), n), Of(n, raiz, visibles(actor, n)))) for n in kinds))


def puede(actor: Actor, permiso: str, tabla: str, fila: ReadRow) -> bool:
    """May `actor` use `permiso` on this row?"""
    return alcanzables(actor, permiso, tabla).holds(fila, _alone)


def exigir(actor: Actor, permiso: str, tabla: str, fila: ReadRow) -> None:
    """Raise Rejection `permiso` unless `actor` may use `permiso` on this row."""
    if not puede(actor, permiso, tabla, fila):
        raise Rejection(
            "permiso",
            f"El rol {actor.rol} no tiene el permiso «{permiso}» sobre este registro.",
            "Pida el cambio a un supervisor.",
        )


def ve_costos(actor: Actor) -> bool:
    """May he know what something cost the business?"""
    return alcance(actor, "costo.ver") is not None


def resuelve(actor: Actor, conflicto: ReadRow) -> bool:
    """May he resolve this conflict? Both its authors may, and a supervisor."""
    return es_autor(actor, conflicto) or puede(actor, "conflicto.resolver", "conflicto", conflicto)


def _alone(_tabla: str, _key: str) -> Row | None:
    """A right is asked of one row; what it hangs on is asked by its rule."""
    return None
