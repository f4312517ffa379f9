"""The resources of REST, gathered from the slices."""

from servitec_server.catalogos import routes as catalogos
from servitec_server.clientes import routes as clientes
from servitec_server.inventario import routes as inventario
from servitec_server.ordenes import routes as ordenes

ROUTERS = (*clientes.ROUTERS, *ordenes.ROUTERS, *inventario.ROUTERS, *catalogos.ROUTERS)
