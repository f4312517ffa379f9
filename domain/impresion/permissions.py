"""Who may change what labels look like."""

from domain.base.actor import Matriz

MATRIZ: Matriz = {
    "plantilla_etiqueta.crear": {"supervisor": "todo"},
    "plantilla_etiqueta.editar": {"supervisor": "todo"},
    "plantilla_etiqueta.borrar": {"supervisor": "todo"},
}
