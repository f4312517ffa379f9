"""/pruebas: accounts for integrators."""

from servitec_server.resource import resource

ROUTERS = (
    resource(
        "prueba_cuenta",
        "/pruebas",
        "pruebas",
        searched=("nombre",),
        filters=("estado", "gestor_id"),
        sorts=("-id", "id", "nro"),
    ),
)
