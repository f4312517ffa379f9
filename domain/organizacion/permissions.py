"""Rights of administration."""

from domain.base.actor import TALLER, Matriz

MATRIZ: Matriz = {
    "catalogo.ver": {"supervisor": "todo", "recepcionista": "todo", "tecnico": "todo", "gestor": "todo"},
    "catalogo.editar": {},
    "catalogo.importar": {"supervisor": "todo"},
    "importar": {"supervisor": "sucursal"},
    "estacion.revocar": {},
    "estacion.inscribir": {**TALLER, "gestor": "propio"},
    "usuario.administrar": {},
    "cambio.aprobar": {"supervisor": "sucursal"},
    "conflicto.resolver": {"supervisor": "sucursal"},
}
