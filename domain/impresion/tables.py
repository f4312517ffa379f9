"""Templates of labels."""

from domain.base.table import Col, TableSpec

TIPOS_ETIQUETA = ("orden", "accesorio", "equipo", "producto", "ubicacion", "cliente")
"""What a label speaks of."""

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "plantilla_etiqueta",
        (
            Col("nombre", length=120, required=True),
            Col("tipo", required=True, values=TIPOS_ETIQUETA),
            Col("cuerpo", "json", required=True),
            Col("activa", "bool", required=True, default=True),
            Col("borrado_en", "instant", derived=True),
        ),
        "Plantilla de etiqueta",
        "a",
    ),
)
