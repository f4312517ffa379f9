"""Accounts and stations."""

from domain.base.actor import ROLES
from domain.base.table import Col, TableSpec, ref

SPECS = (
    TableSpec(
        "usuario",
        (
            Col("username", length=80, required=True),
            Col("email", length=200, personal=True),
            Col("nombre", length=120),
            Col("apellido", length=120),
            Col("telefono_e164", length=20, personal=True, nombre="Teléfono e164"),
            Col("clave_hash", length=255, server_only=True),
            Col("clave_algoritmo", length=20, server_only=True),
            Col("rol", required=True, values=ROLES),
            ref("empleado_id", "empleado"),
            ref("cliente_id", "cliente"),
            ref("sucursal_id", "sucursal"),
            Col("activo", "bool", required=True, default=True),
            Col("debe_cambiar_clave", "bool", required=True, default=False),
            Col("idioma", values=("es", "en"), default="es"),
            Col("tema", values=("sistema", "claro", "oscuro"), default="sistema"),
            Col("ultimo_acceso", "instant", server_only=True),
            Col("generacion", "int", server_only=True, required=True, default=1),
        ),
        "Usuario",
        writers="catalogo",
        unique=("username",),
    ),
    TableSpec(
        "estacion",
        (
            Col("nombre", length=80, required=True),
            ref("usuario_id", "usuario"),
            ref("sucursal_id", "sucursal"),
            Col("codigo", length=3, required=True, fixed=True, nombre="Código"),
            Col("estado", required=True, values=("activo", "cerrada", "revocado"), default="activo"),
            Col("anterior_id", "id", fixed=True),
        ),
        "Estación",
        "a",
        de_estacion=True,
        writers="servidor",
    ),
)
