"""/productos."""

from servitec_server.resource import resource

PRODUCTOS = resource(
    "producto",
    "/productos",
    "productos",
    searched=("sku", "codigo_barras", "nombre", "marca", "categoria"),
    filters=("sku", "codigo_barras", "tipo", "activo"),
    sorts=("-id", "id", "sku", "-sku"),
)
ROUTERS = (PRODUCTOS,)
