"""Who prints labels and papers, and who changes what labels look like."""

from domain.base.actor import TALLER, Matriz

MATRIZ: Matriz = {
    "imprimir": {**TALLER, "gestor": "propio"},
    "plantilla_etiqueta.crear": {"supervisor": "todo"},
    "plantilla_etiqueta.editar": {"supervisor": "todo"},
    "plantilla_etiqueta.borrar": {"supervisor": "todo"},
}
IMPRIMEN = frozenset({*MATRIZ["imprimir"], "administrador"})
"""The roles that print anything at all."""
