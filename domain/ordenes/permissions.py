"""Who may do what with orders and comments, and whose an order is."""

from domain.base.actor import DE_LA_CASA, TALLER, Matriz, Propio
from domain.base.condition import Condition, Is

MATRIZ: Matriz = {
    "orden.ver": {**TALLER, "gestor": "propio", "cliente": "propio"},
    "orden.crear": {
        "supervisor": "sucursal",
        "recepcionista": "sucursal",
        "tecnico": "sucursal",
        "cliente": "propio",
    },
    "orden.editar": TALLER,
    "orden.asignar": TALLER,
    "orden.borrar": {},
    "orden.trasladar": {"supervisor": "sucursal"},
    "comentario.crear": {**TALLER, "cliente": "propio"},
    "comentario.editar": TALLER,
    "comentario.borrar": {"supervisor": "sucursal"},
}
PROPIOS = (
    Propio("creado_por", "usuario_id", DE_LA_CASA),
    Propio("tecnico_id", "empleado_id", frozenset({"tecnico"}), libres=frozenset({"orden.ver", "orden.asignar"})),
    Propio("cliente_id", "cliente_id", frozenset({"cliente"})),
)
"""An order is its author's, its technician's, and to a client what is about him."""
VISTAS: dict[str, Condition] = {"cliente": Is("visibilidad", "cliente")}
"""A client reads the comments that are for him."""
CABECERA = frozenset(
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
