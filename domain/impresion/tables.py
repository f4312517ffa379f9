"""Templates of labels."""

from domain.base.table import Col, TableSpec

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "plantilla_etiqueta",
        (
            Col("nombre", length=120, required=True),
            Col("tipo", required=True),
            Col("cuerpo", "json", required=True),
            Col("activa", "bool", required=True, default=True),
            Col("borrado_en", "instant", derived=True),
        ),
        "Plantilla de etiqueta",
        "a",
    ),
)
