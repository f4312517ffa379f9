"""Who may do what with products and stock, and who knows what things cost."""

from domain.base.actor import Matriz

MATRIZ: Matriz = {
    "producto.ver": {"supervisor": "todo", "recepcionista": "todo", "tecnico": "todo"},
    "producto.crear": {"supervisor": "todo"},
    "producto.editar": {"supervisor": "todo"},
    "producto.borrar": {},
    "costo.ver": {"supervisor": "todo"},
    "stock.mover": {"supervisor": "sucursal"},
    "stock.usar": {"supervisor": "sucursal", "tecnico": "sucursal"},
    "stock.vender": {"supervisor": "sucursal", "recepcionista": "sucursal"},
}
