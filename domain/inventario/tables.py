"""Products, the ledger of their movements, and the balances made of it."""

from domain.base.table import CENTURY_DAYS, MILLIARD, Col, TableSpec, number, ref
from domain.inventario.rules import MOVIMIENTOS, Existencia, Movimiento

SPECS = (
    TableSpec(
        "producto",
        (
            Col("sku", length=60, required=True),
            Col("codigo_barras", length=60, nombre="Código barras"),
            Col("nombre", length=200, required=True),
            Col("tipo", required=True, values=("repuesto", "accesorio", "servicio", "equipo"), default="repuesto"),
            Col("categoria", length=120, nombre="Categoría"),
            Col("marca", length=120),
            Col("modelos_compatibles"),
            Col("costo_centavos", "int", cost=True),
            Col("precio_centavos", "int"),
            number("stock_minimo", MILLIARD, default=0, nombre="Stock mínimo"),
            Col("serializado", "bool", required=True, default=False),
            number("garantia_dias", CENTURY_DAYS, nombre="Garantía días"),
            ref("ubicacion_id", "ubicacion", nombre="Ubicación"),
            Col("activo", "bool", required=True, default=True),
            Col("borrado_en", "instant", derived=True),
        ),
        "Producto",
        unique=("sku", "codigo_barras"),
        eventos=True,
    ),
    TableSpec(
        "existencia",
        (
            ref("producto_id", "producto", required=True, fixed=True),
            ref("sucursal_id", "sucursal", required=True, fixed=True),
            Col("stock", "int", required=True, derived=True, default=0),
            Col("reservado", "int", required=True, derived=True, default=0),
        ),
        "Existencia",
        "a",
        claves=("sucursal_id",),
        writers="servidor",
        regla=Existencia(),
        indexed=("producto_id",),
    ),
    TableSpec(
        "movimiento_stock",
        (
            ref("producto_id", "producto", required=True, fixed=True),
            ref("sucursal_id", "sucursal", required=True, fixed=True),
            Col("tipo", required=True, values=tuple(MOVIMIENTOS)),
            Col("cantidad", "int", required=True, bounds=(-MILLIARD, MILLIARD)),
            Col("costo_centavos", "int", cost=True),
            Col("ref_tipo", length=40, values=("orden", "movimiento_stock")),
            ref("ref_id", en="ref_tipo"),
            ref("motivo_id", "motivo"),
            Col("nota", length=200),
            Col("ocurrio_en", "instant", required=True, nombre="Ocurrió en"),
            Col("observado", length=40, derived=True),
        ),
        "Movimiento de stock",
        claves=("sucursal_id",),
        regla=Movimiento(),
        append_only=True,
        hecho=True,
        indexed=("producto_id",),
    ),
)
