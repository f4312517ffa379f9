"""Who may do what with clients, companies and devices, and whose they are."""

from domain.base.actor import DE_LA_CASA, TALLER, Matriz, Propio

MATRIZ: Matriz = {
    "cliente.ver": {**TALLER, "gestor": "propio", "cliente": "propio"},
    "cliente.crear": {"supervisor": "sucursal", "recepcionista": "sucursal", "tecnico": "sucursal"},
    "cliente.editar": {**TALLER, "gestor": "propio", "cliente": "propio"},
    "cliente.borrar": {},
    "cliente.fusionar": {"supervisor": "sucursal"},
    "cliente.anonimizar": {},
    "empresa.ver": {"supervisor": "sucursal", "recepcionista": "sucursal", "tecnico": "sucursal"},
    "empresa.crear": {"supervisor": "sucursal", "recepcionista": "sucursal"},
    "empresa.editar": {"supervisor": "sucursal", "recepcionista": "sucursal"},
    "empresa.borrar": {},
    "equipo.ver": {**TALLER, "cliente": "propio"},
    "equipo.crear": {"supervisor": "sucursal", "recepcionista": "sucursal", "tecnico": "sucursal"},
    "equipo.editar": TALLER,
    "equipo.borrar": {},
}
CONTACTO = frozenset({"telefono", "telefono_alternativo", "email", "direccion", "ciudad", "canal_preferido"})
"""The columns of a client that a gestor may change."""
DE_CLIENTE = frozenset({"cliente"})
SI_MISMO = (Propio("creado_por", "usuario_id", DE_LA_CASA), Propio("id", "cliente_id", DE_CLIENTE))
DEL_CLIENTE = (Propio("creado_por", "usuario_id", DE_LA_CASA), Propio("cliente_id", "cliente_id", DE_CLIENTE))
"""To a client, what is about him is his own, whoever made it."""
