"""Branches and employees."""

from domain.base.table import Col, TableSpec, ref

SPECS = (
    TableSpec(
        "sucursal",
        (
            Col("codigo", length=12, required=True, nombre="Código"),
            Col("nombre", length=120, required=True),
            Col("direccion", length=200, nombre="Dirección"),
            Col("telefono", length=40, nombre="Teléfono"),
            Col("zona_horaria", length=60, required=True, default="America/Santiago"),
            Col("moneda", length=3, required=True, default="CLP"),
            Col("pais", length=2, required=True, default="CL", nombre="País"),
            Col("logo_claro", length=900_000),
            Col("logo_oscuro", length=900_000),
            Col("activa", "bool", required=True, default=True),
        ),
        "Sucursal",
        "a",
        writers="catalogo",
        unique=("codigo",),
    ),
    TableSpec(
        "empleado",
        (
            Col("nombre", length=120, required=True),
            Col("apellido", length=120),
            Col("tipo_doc", length=20, personal=True),
            Col("dni", length=40, personal=True),
            Col("telefono_e164", length=20, personal=True, nombre="Teléfono e164"),
            Col("email", length=200, personal=True),
            Col("cargo", length=80),
            ref("sucursal_id", "sucursal"),
            Col("fecha_alta", "date", personal=True),
            Col("fecha_baja", "date", personal=True),
            Col("activo", "bool", required=True, default=True),
        ),
        "Empleado",
        writers="catalogo",
    ),
)
