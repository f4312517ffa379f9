"""Who may do what: the permission matrix of the business, and the question asked of it.

Reach of a right: `todo` anywhere, `sucursal` in one's own branch, `propio` what is assigned to or made by
oneself, absent: not at all.
"""

from dataclasses import dataclass
from typing import Literal

from domain.errors import Rejection
from domain.tables import ReadRow

Alcance = Literal["todo", "sucursal", "propio"]


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

_TODOS_LOS_ROLES_DE_TALLER: dict[str, Alcance] = {
    "supervisor": "sucursal",
    "recepcionista": "sucursal",
    "tecnico": "propio",
}

MATRIZ: dict[str, dict[str, Alcance]] = {
    "cliente.ver": {**_TODOS_LOS_ROLES_DE_TALLER, "gestor": "propio", "cliente": "propio"},
    "cliente.crear": {"supervisor": "sucursal", "recepcionista": "sucursal", "tecnico": "sucursal"},
    "cliente.editar": {**_TODOS_LOS_ROLES_DE_TALLER, "gestor": "propio", "cliente": "propio"},
    "cliente.borrar": {},
    "cliente.fusionar": {"supervisor": "sucursal"},
    "cliente.anonimizar": {},
    "empresa.crear": {"supervisor": "sucursal", "recepcionista": "sucursal"},
    "empresa.editar": {"supervisor": "sucursal", "recepcionista": "sucursal"},
    "empresa.borrar": {},
    "equipo.crear": {"supervisor": "sucursal", "recepcionista": "sucursal", "tecnico": "sucursal"},
    "equipo.editar": _TODOS_LOS_ROLES_DE_TALLER,
    "equipo.borrar": {},
    "orden.ver": {**_TODOS_LOS_ROLES_DE_TALLER, "gestor": "propio", "cliente": "propio"},
    "orden.crear": {
        "supervisor": "sucursal",
        "recepcionista": "sucursal",
        "tecnico": "sucursal",
        "cliente": "propio",
    },
    "orden.editar": _TODOS_LOS_ROLES_DE_TALLER,
    "orden.asignar": _TODOS_LOS_ROLES_DE_TALLER,
    "orden.borrar": {},
    "orden.trasladar": {"supervisor": "sucursal"},
    "producto.crear": {"supervisor": "todo"},
    "producto.editar": {"supervisor": "todo"},
    "producto.borrar": {},
    "costo.ver": {"supervisor": "todo"},
    "stock.mover": {"supervisor": "sucursal"},
    "stock.usar": {"supervisor": "sucursal", "tecnico": "sucursal"},
    "stock.vender": {"supervisor": "sucursal", "recepcionista": "sucursal"},
    "plantilla_etiqueta.crear": {"supervisor": "todo"},
    "plantilla_etiqueta.editar": {"supervisor": "todo"},
    "plantilla_etiqueta.borrar": {"supervisor": "todo"},
    "comentario.crear": {**_TODOS_LOS_ROLES_DE_TALLER, "cliente": "propio"},
    "comentario.editar": _TODOS_LOS_ROLES_DE_TALLER,
    "comentario.borrar": {"supervisor": "sucursal"},
    "catalogo.editar": {},
    "catalogo.importar": {"supervisor": "todo"},
    "importar": {"supervisor": "sucursal"},
    "imprimir": {**_TODOS_LOS_ROLES_DE_TALLER, "gestor": "propio"},
    "conflicto.resolver": {"supervisor": "sucursal"},
    "estacion.revocar": {},
    "usuario.administrar": {},
    "cambio.aprobar": {"supervisor": "sucursal"},
    "estacion.inscribir": {**_TODOS_LOS_ROLES_DE_TALLER, "gestor": "propio"},
}
"""permission -> role -> reach. The administrador and the server itself have every one, everywhere."""

CABECERA_ORDEN = frozenset(
    {
        "cliente_id",
        "empresa_id",
        "equipo_id",
        "titulo",
        "descripcion",
        "falla_reportada",
        "categoria_id",
        "categoria_problema_id",
        "prioridad_id",
        "criticidad_id",
        "ubicacion_id",
        "ubicacion_fisica",
        "motivo_id",
        "estado",
        "tecnico_id",
        "prometida_en",
        "en_garantia",
        "garantia_dias",
        "accesorios",
        "clave_equipo_cifrada",
        "folio_impreso",
    }
)
"""The columns of an order that a recepcionista may change: the header, not the technician's findings."""


SOLICITUD = frozenset(
    {
        "folio",
        "tipo",
        "sucursal_id",
        "cliente_id",
        "equipo_id",
        "titulo",
        "descripcion",
        "falla_reportada",
        "categoria_id",
        "categoria_problema_id",
        "estado",
        "recibido_por_id",
        "recepcion_en",
        "moneda",
        "accesorios",
        "codigo_publico",
        "canal_origen",
    }
)
"""The columns of a client's own request."""
CONTACTO = frozenset({"telefono", "telefono_alternativo", "email", "direccion", "ciudad", "canal_preferido"})
"""The columns of a client that a gestor may change."""


def alcance(actor: Actor, permiso: str) -> Alcance | None:
    """How far `actor` holds `permiso`; None when he doesn't."""
    if actor.rol in ("administrador", "sistema"):
        return "todo"
    return MATRIZ[permiso].get(actor.rol)


def es_propio(actor: Actor, tabla: str, fila: ReadRow, *, sin_asignar: bool = False) -> bool:
    """Is the row his own: assigned to him or made by him? What nobody made is nobody's.

    sin_asignar: a technician also counts an order of his branch that nobody has yet.
    """
    if actor.rol == "cliente" and tabla in _DE_UN_CLIENTE:
        return actor.cliente_id is not None and fila.get(_DE_UN_CLIENTE[tabla]) == actor.cliente_id
    if fila.get("creado_por") == actor.usuario_id:
        return True
    if tabla != "orden" or actor.rol != "tecnico":
        return False
    tecnico_id = fila.get("tecnico_id")
    if tecnico_id is None:
        return sin_asignar and actor.sucursal_id is not None and fila.get("sucursal_id") == actor.sucursal_id
    return tecnico_id == actor.empleado_id


_DE_UN_CLIENTE = {"cliente": "id", "orden": "cliente_id", "equipo": "cliente_id"}
"""Whose a row is for a client: the column that names him."""
_SIN_ASIGNAR = frozenset({"orden.ver", "orden.asignar"})
"""What a technician may do with an order that nobody has yet."""


def puede(actor: Actor, permiso: str, tabla: str, fila: ReadRow) -> bool:
    """May `actor` use `permiso` on this row?"""
    reach = alcance(actor, permiso)
    if reach is None:
        return False
    if reach == "todo":
        return True
    sucursal_id = fila.get("sucursal_id")
    if sucursal_id is not None and sucursal_id != actor.sucursal_id and actor.rol != "cliente":
        return False
    return reach == "sucursal" or es_propio(actor, tabla, fila, sin_asignar=permiso in _SIN_ASIGNAR)


def ve_costos(actor: Actor) -> bool:
    """May he know what something cost the business?"""
    return alcance(actor, "costo.ver") is not None


def resuelve(actor: Actor, conflicto: ReadRow) -> bool:
    """May he resolve this conflict? Both its authors may, and a supervisor."""
    if actor.usuario_id in (conflicto["autor_servidor_id"], conflicto["autor_tardio_id"]):
        return True
    return puede(actor, "conflicto.resolver", "conflicto", conflicto)


def exigir(actor: Actor, permiso: str, tabla: str, fila: ReadRow) -> None:
    """Raise Rejection `permiso` unless `actor` may use `permiso` on this row."""
    if not puede(actor, permiso, tabla, fila):
        raise Rejection(
            "permiso",
            f"El rol {actor.rol} no tiene el permiso «{permiso}» sobre este registro.",
            "Pida el cambio a un supervisor.",
        )
