"""Conflicts."""

from domain.base.table import Col, TableSpec, ref
from domain.sincronizacion.rules import Conflicto

SPECS = (
    TableSpec(
        "conflicto",
        (
            Col("tabla", required=True),
            ref("registro_id", required=True, en="tabla"),
            ref("sucursal_id", "sucursal", derived=True),
            Col("campo", required=True),
            Col("valor_servidor", "json"),
            Col("valor_tardio", "json", nombre="Valor tardío"),
            ref("autor_servidor_id", "usuario"),
            ref("autor_tardio_id", "usuario", nombre="Autor tardío"),
            ref("estacion_tardia_id", "estacion"),
            ref("cambio_id"),
            Col("servidor_en", "instant"),
            Col("tardio_en", "instant"),
            ref("resuelto_por", "usuario"),
            Col("resuelto_en", "instant"),
        ),
        "Conflicto",
        claves=("sucursal_id",),
        raiz="registro_id",
        writers="servidor",
        regla=Conflicto(),
        indexed=("registro_id",),
        eventos=True,
    ),
)
