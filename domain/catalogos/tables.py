"""Categories, priorities, places, makes and reasons."""

from domain.base.table import DECADE_MIN, MILLIARD, Col, catalogo, number, ref

SPECS = (
    catalogo("categoria_servicio", "Categoría de servicio", "a"),
    catalogo("categoria_problema", "Categoría de problema", "a"),
    catalogo(
        "prioridad",
        "Prioridad",
        "a",
        number("peso", MILLIARD, default=0),
        number("sla_respuesta_min", DECADE_MIN),
        number("sla_solucion_min", DECADE_MIN),
    ),
    catalogo("criticidad", "Criticidad", "a", Col("nivel", "int")),
    catalogo(
        "ubicacion",
        "Ubicación",
        "a",
        ref("sucursal_id", "sucursal"),
        ref("padre_id", "ubicacion"),
    ),
    catalogo(
        "estado_orden",
        "Estado de orden",
        "o",
        Col("clase", required=True, values=("abierta", "espera", "terminada", "cerrada", "cancelada")),
        Col("nombre_ticket", length=120),
    ),
    catalogo("tipo_equipo", "Tipo de equipo", "o", importable=True),
    catalogo("marca", "Marca", "a", importable=True),
    catalogo("motivo", "Motivo", "o", Col("ambito", length=40)),
)
