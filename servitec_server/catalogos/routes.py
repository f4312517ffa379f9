"""/catalogos/TABLE, for each list of choices."""

from domain.catalogos.tables import SPECS
from servitec_server.resource import resource

ROUTERS = tuple(
    resource(
        spec.name,
        f"/catalogos/{spec.name}",
        "catálogos",
        searched=("codigo", "nombre"),
        filters=("codigo", "activo"),
        sorts=("codigo", "-codigo", "id", "-id"),
    )
    for spec in SPECS
)
