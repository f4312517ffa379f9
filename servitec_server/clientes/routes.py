"""/clientes, /empresas, /equipos."""

from servitec_server.resource import resource

CLIENTES = resource(
    "cliente",
    "/clientes",
    "clientes",
    searched=("nombre", "apellido", "telefono", "telefono_e164", "dni", "email"),
    filters=("dni", "telefono_e164", "email", "empresa_id", "nro_cliente", "fusionado_en_id"),
    sorts=("-id", "id", "nro_cliente", "-nro_cliente"),
)
EMPRESAS = resource(
    "empresa",
    "/empresas",
    "empresas",
    searched=("razon_social", "nombre_fantasia", "documento", "email"),
    filters=("documento", "activa"),
)
EQUIPOS = resource(
    "equipo",
    "/equipos",
    "equipos",
    searched=("marca", "modelo", "serie", "imei", "codigo_etiqueta"),
    filters=("cliente_id", "serie", "imei", "codigo_etiqueta", "tipo_equipo_id", "referencia_externa"),
)
ROUTERS = (CLIENTES, EMPRESAS, EQUIPOS)
