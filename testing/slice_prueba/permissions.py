"""Who may do what with accounts, and whose one is."""

from domain.base.actor import Matriz, Propio

_OFICINA: Matriz = {
    f"prueba_{table}.{verb}": {"supervisor": "sucursal", "gestor": "propio"}
    for table in ("cuenta", "cargo", "renglon")
    for verb in ("ver", "crear", "editar")
}
_PAGO: Matriz = {
    f"prueba_pago.{verb}": {"supervisor": "sucursal", "recepcionista": "sucursal", "gestor": "propio"}
    for verb in ("ver", "crear", "editar")
}
MATRIZ: Matriz = _OFICINA | _PAGO | {f"prueba_{table}.borrar": {} for table in ("cuenta", "cargo", "renglon", "pago")}
PROPIOS = (Propio("gestor_id", "usuario_id", frozenset({"gestor"})),)
