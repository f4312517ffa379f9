"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "bitacora",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("cambio_id", sa.String(length=36), nullable=False),
        sa.Column("ocurrio_en", sa.String(length=24), nullable=False),
        sa.Column("usuario_id", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.Column("accion", sa.String(length=10), nullable=False),
        sa.Column("entidad", sa.String(length=40), nullable=False),
        sa.Column("entidad_id", sa.String(length=36), nullable=False),
        sa.Column("antes", sa.Text(), nullable=True),
        sa.Column("despues", sa.Text(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bitacora")),
    )
    op.create_index("ix_bitacora_entidad_id", "bitacora", ["entidad_id"], unique=False)
    op.create_table(
        "cambio",
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("cambio_id", sa.String(length=36), nullable=False),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.Column("usuario_id", sa.String(length=36), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("aplicado_en", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_cambio")),
    )
    op.create_table(
        "categoria_problema",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categoria_problema")),
    )
    op.create_index("ix_categoria_problema_version", "categoria_problema", ["version"], unique=False)
    op.create_index("ux_categoria_problema_codigo", "categoria_problema", ["codigo"], unique=True)
    op.create_table(
        "categoria_servicio",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categoria_servicio")),
    )
    op.create_index("ix_categoria_servicio_version", "categoria_servicio", ["version"], unique=False)
    op.create_index("ux_categoria_servicio_codigo", "categoria_servicio", ["codigo"], unique=True)
    op.create_table(
        "criticidad",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("nivel", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criticidad")),
    )
    op.create_index("ix_criticidad_version", "criticidad", ["version"], unique=False)
    op.create_index("ux_criticidad_codigo", "criticidad", ["codigo"], unique=True)
    op.create_table(
        "empresa",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("razon_social", sa.String(length=200), nullable=False),
        sa.Column("nombre_fantasia", sa.String(length=200), nullable=True),
        sa.Column("tipo_doc", sa.String(length=20), nullable=True),
        sa.Column("documento", sa.String(length=40), nullable=True),
        sa.Column("giro", sa.String(length=120), nullable=True),
        sa.Column("direccion", sa.String(length=200), nullable=True),
        sa.Column("ciudad", sa.String(length=120), nullable=True),
        sa.Column("pais", sa.String(length=2), nullable=True),
        sa.Column("telefono_e164", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("contacto_principal_id", sa.String(length=36), nullable=True),
        sa.Column("notas", sa.Text(), nullable=True),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_empresa")),
    )
    op.create_index("ix_empresa_documento", "empresa", ["documento"], unique=False)
    op.create_index("ix_empresa_version", "empresa", ["version"], unique=False)
    op.create_table(
        "estado_orden",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("clase", sa.Text(), nullable=False),
        sa.Column("nombre_ticket", sa.String(length=120), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estado_orden")),
    )
    op.create_index("ix_estado_orden_version", "estado_orden", ["version"], unique=False)
    op.create_index("ux_estado_orden_codigo", "estado_orden", ["codigo"], unique=True)
    op.create_table(
        "lapida",
        sa.Column("tabla", sa.String(length=40), nullable=False),
        sa.Column("registro_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("tabla", "registro_id", name=op.f("pk_lapida")),
    )
    op.create_index("ix_lapida_version", "lapida", ["version"], unique=False)
    op.create_table(
        "marca",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marca")),
    )
    op.create_index("ix_marca_version", "marca", ["version"], unique=False)
    op.create_index("ux_marca_codigo", "marca", ["codigo"], unique=True)
    op.create_table(
        "motivo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("ambito", sa.String(length=40), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motivo")),
    )
    op.create_index("ix_motivo_version", "motivo", ["version"], unique=False)
    op.create_index("ux_motivo_codigo", "motivo", ["codigo"], unique=True)
    op.create_table(
        "prioridad",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("peso", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sla_respuesta_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sla_solucion_min", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prioridad")),
    )
    op.create_index("ix_prioridad_version", "prioridad", ["version"], unique=False)
    op.create_index("ux_prioridad_codigo", "prioridad", ["codigo"], unique=True)
    op.create_table(
        "respuesta",
        sa.Column("cambio_id", sa.String(length=36), nullable=False),
        sa.Column("estacion_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("huella", sa.String(length=64), nullable=False),
        sa.Column("resultado", sa.String(length=20), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("epoca", sa.String(length=40), nullable=False),
        sa.Column("arranque", sa.String(length=40), nullable=False),
        sa.Column("perdidos", sa.Text(), nullable=True),
        sa.Column("motivo", sa.String(length=40), nullable=True),
        sa.Column("mensaje", sa.Text(), nullable=True),
        sa.Column("cuerpo", sa.Text(), nullable=True),
        sa.Column("respondido_en", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("cambio_id", name=op.f("pk_respuesta")),
        sa.UniqueConstraint("estacion_id", "n", name=op.f("uq_respuesta_estacion_id")),
    )
    op.create_table(
        "serie",
        sa.Column("nombre", sa.String(length=20), nullable=False),
        sa.Column("ultimo", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nombre", name=op.f("pk_serie")),
    )
    op.create_table(
        "permanente",
        sa.Column("tipo", sa.String(length=20), nullable=False),
        sa.Column("clave", sa.String(length=80), nullable=False),
        sa.Column("valor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tipo", "clave", name=op.f("pk_permanente")),
    )
    op.create_table(
        "visita",
        sa.Column("estacion_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("en", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("estacion_id", "n", name=op.f("pk_visita")),
    )
    op.create_table(
        "servidor",
        sa.Column("clave", sa.String(length=20), nullable=False),
        sa.Column("valor", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("clave", name=op.f("pk_servidor")),
    )
    op.create_table(
        "sesion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("usuario_id", sa.String(length=36), nullable=False),
        sa.Column("familia", sa.String(length=36), nullable=False),
        sa.Column("padre_id", sa.String(length=36), nullable=True),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("expira_en", sa.String(length=24), nullable=False),
        sa.Column("usado", sa.Boolean(), nullable=False),
        sa.Column("revocada_en", sa.String(length=24), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sesion")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_sesion_refresh_hash")),
    )
    op.create_index(op.f("ix_sesion_familia"), "sesion", ["familia"], unique=False)
    op.create_index(op.f("ix_sesion_padre_id"), "sesion", ["padre_id"], unique=False)
    op.create_index(op.f("ix_sesion_usuario_id"), "sesion", ["usuario_id"], unique=False)
    op.create_table(
        "sucursal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=12), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("direccion", sa.String(length=200), nullable=True),
        sa.Column("telefono", sa.String(length=40), nullable=True),
        sa.Column("zona_horaria", sa.String(length=60), nullable=False),
        sa.Column("moneda", sa.String(length=3), nullable=False),
        sa.Column("pais", sa.String(length=2), nullable=False),
        sa.Column("logo_claro", sa.String(length=900000), nullable=True),
        sa.Column("logo_oscuro", sa.String(length=900000), nullable=True),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sucursal")),
    )
    op.create_index("ix_sucursal_version", "sucursal", ["version"], unique=False)
    op.create_index("ux_sucursal_codigo", "sucursal", ["codigo"], unique=True)
    op.create_table(
        "tipo_equipo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tipo_equipo")),
    )
    op.create_index("ix_tipo_equipo_version", "tipo_equipo", ["version"], unique=False)
    op.create_index("ux_tipo_equipo_codigo", "tipo_equipo", ["codigo"], unique=True)
    op.create_table(
        "cliente",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nro_cliente", sa.String(length=20), nullable=True),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("apellido", sa.String(length=120), nullable=True),
        sa.Column("empresa_id", sa.String(length=36), nullable=True),
        sa.Column("telefono", sa.String(length=40), nullable=True),
        sa.Column("telefono_alternativo", sa.String(length=40), nullable=True),
        sa.Column("telefono_e164", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("pais", sa.String(length=2), nullable=True),
        sa.Column("tipo_doc", sa.String(length=20), nullable=True),
        sa.Column("dni", sa.String(length=40), nullable=True),
        sa.Column("direccion", sa.String(length=200), nullable=True),
        sa.Column("ciudad", sa.String(length=120), nullable=True),
        sa.Column("canal_preferido", sa.Text(), nullable=True),
        sa.Column("consentimiento_mensajes_en", sa.String(length=24), nullable=True),
        sa.Column("consentimiento_baja_en", sa.String(length=24), nullable=True),
        sa.Column("notas", sa.Text(), nullable=True),
        sa.Column("fusionado_en_id", sa.String(length=36), nullable=True),
        sa.Column("anonimizado_en", sa.String(length=24), nullable=True),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["empresa_id"], ["empresa.id"], name=op.f("fk_cliente_empresa_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cliente")),
    )
    op.create_index("ix_cliente_dni", "cliente", ["dni"], unique=False)
    op.create_index("ix_cliente_empresa_id", "cliente", ["empresa_id"], unique=False)
    op.create_index("ix_cliente_telefono_e164", "cliente", ["telefono_e164"], unique=False)
    op.create_index("ix_cliente_version", "cliente", ["version"], unique=False)
    op.create_index("ux_cliente_nro_cliente", "cliente", ["nro_cliente"], unique=True)
    op.create_table(
        "comentario",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entidad", sa.Text(), nullable=False),
        sa.Column("entidad_id", sa.String(length=36), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("visibilidad", sa.Text(), nullable=False),
        sa.Column("fijado", sa.Boolean(), nullable=False),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_comentario_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comentario")),
    )
    op.create_index("ix_comentario_entidad_id", "comentario", ["entidad_id"], unique=False)
    op.create_index("ix_comentario_version", "comentario", ["version"], unique=False)
    op.create_table(
        "empleado",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("apellido", sa.String(length=120), nullable=True),
        sa.Column("tipo_doc", sa.String(length=20), nullable=True),
        sa.Column("dni", sa.String(length=40), nullable=True),
        sa.Column("telefono_e164", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("cargo", sa.String(length=80), nullable=True),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.Column("fecha_alta", sa.String(length=10), nullable=True),
        sa.Column("fecha_baja", sa.String(length=10), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_empleado_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_empleado")),
    )
    op.create_index("ix_empleado_version", "empleado", ["version"], unique=False)
    op.create_table(
        "ubicacion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("codigo", sa.String(length=40), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("orden", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("color", sa.String(length=20), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.Column("padre_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["padre_id"], ["ubicacion.id"], name=op.f("fk_ubicacion_padre_id")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_ubicacion_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ubicacion")),
    )
    op.create_index("ix_ubicacion_version", "ubicacion", ["version"], unique=False)
    op.create_index("ux_ubicacion_codigo", "ubicacion", ["codigo"], unique=True)
    op.create_table(
        "equipo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cliente_id", sa.String(length=36), nullable=False),
        sa.Column("tipo_equipo_id", sa.String(length=36), nullable=True),
        sa.Column("marca", sa.String(length=120), nullable=True),
        sa.Column("modelo", sa.String(length=120), nullable=True),
        sa.Column("serie", sa.String(length=120), nullable=True),
        sa.Column("imei", sa.String(length=40), nullable=True),
        sa.Column("color", sa.String(length=40), nullable=True),
        sa.Column("descripcion", sa.Text(), nullable=True),
        sa.Column("ubicacion_id", sa.String(length=36), nullable=True),
        sa.Column("garantia_hasta", sa.String(length=10), nullable=True),
        sa.Column("codigo_etiqueta", sa.String(length=40), nullable=True),
        sa.Column("referencia_externa", sa.String(length=120), nullable=True),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["cliente_id"], ["cliente.id"], name=op.f("fk_equipo_cliente_id")),
        sa.ForeignKeyConstraint(["tipo_equipo_id"], ["tipo_equipo.id"], name=op.f("fk_equipo_tipo_equipo_id")),
        sa.ForeignKeyConstraint(["ubicacion_id"], ["ubicacion.id"], name=op.f("fk_equipo_ubicacion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipo")),
    )
    op.create_index("ix_equipo_cliente_id", "equipo", ["cliente_id"], unique=False)
    op.create_index("ix_equipo_codigo_etiqueta", "equipo", ["codigo_etiqueta"], unique=False)
    op.create_index("ix_equipo_imei", "equipo", ["imei"], unique=False)
    op.create_index("ix_equipo_serie", "equipo", ["serie"], unique=False)
    op.create_index("ix_equipo_version", "equipo", ["version"], unique=False)
    op.create_index("ux_equipo_referencia_externa", "equipo", ["referencia_externa"], unique=True)
    op.create_table(
        "usuario",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("nombre", sa.String(length=120), nullable=True),
        sa.Column("apellido", sa.String(length=120), nullable=True),
        sa.Column("telefono_e164", sa.String(length=20), nullable=True),
        sa.Column("clave_hash", sa.String(length=255), nullable=True),
        sa.Column("clave_algoritmo", sa.String(length=20), nullable=True),
        sa.Column("rol", sa.Text(), nullable=False),
        sa.Column("empleado_id", sa.String(length=36), nullable=True),
        sa.Column("cliente_id", sa.String(length=36), nullable=True),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("debe_cambiar_clave", sa.Boolean(), nullable=False),
        sa.Column("idioma", sa.Text(), nullable=True),
        sa.Column("tema", sa.Text(), nullable=True),
        sa.Column("ultimo_acceso", sa.String(length=24), nullable=True),
        sa.Column("generacion", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["cliente_id"], ["cliente.id"], name=op.f("fk_usuario_cliente_id")),
        sa.ForeignKeyConstraint(["empleado_id"], ["empleado.id"], name=op.f("fk_usuario_empleado_id")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_usuario_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usuario")),
    )
    op.create_index("ix_usuario_version", "usuario", ["version"], unique=False)
    op.create_index("ux_usuario_username", "usuario", ["username"], unique=True)
    op.create_table(
        "estacion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nombre", sa.String(length=80), nullable=False),
        sa.Column("usuario_id", sa.String(length=36), nullable=True),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.Column("codigo", sa.String(length=3), nullable=False),
        sa.Column("estado", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_estacion_sucursal_id")),
        sa.ForeignKeyConstraint(["usuario_id"], ["usuario.id"], name=op.f("fk_estacion_usuario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estacion")),
    )
    op.create_index("ix_estacion_version", "estacion", ["version"], unique=False)
    op.create_table(
        "orden",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("folio", sa.String(length=20), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=False),
        sa.Column("cliente_id", sa.String(length=36), nullable=True),
        sa.Column("empresa_id", sa.String(length=36), nullable=True),
        sa.Column("equipo_id", sa.String(length=36), nullable=True),
        sa.Column("titulo", sa.String(length=200), nullable=True),
        sa.Column("descripcion", sa.Text(), nullable=True),
        sa.Column("falla_reportada", sa.Text(), nullable=True),
        sa.Column("diagnostico", sa.Text(), nullable=True),
        sa.Column("trabajo_realizado", sa.Text(), nullable=True),
        sa.Column("categoria_id", sa.String(length=36), nullable=True),
        sa.Column("categoria_problema_id", sa.String(length=36), nullable=True),
        sa.Column("prioridad_id", sa.String(length=36), nullable=True),
        sa.Column("criticidad_id", sa.String(length=36), nullable=True),
        sa.Column("ubicacion_id", sa.String(length=36), nullable=True),
        sa.Column("ubicacion_fisica", sa.String(length=80), nullable=True),
        sa.Column("estado", sa.Text(), nullable=False),
        sa.Column("motivo_id", sa.String(length=36), nullable=True),
        sa.Column("tecnico_id", sa.String(length=36), nullable=True),
        sa.Column("recibido_por_id", sa.String(length=36), nullable=True),
        sa.Column("recepcion_en", sa.String(length=24), nullable=True),
        sa.Column("prometida_en", sa.String(length=24), nullable=True),
        sa.Column("inicio_en", sa.String(length=24), nullable=True),
        sa.Column("fin_en", sa.String(length=24), nullable=True),
        sa.Column("entrega_en", sa.String(length=24), nullable=True),
        sa.Column("sla_vence_en", sa.String(length=24), nullable=True),
        sa.Column("en_garantia", sa.Boolean(), nullable=False),
        sa.Column("garantia_dias", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("garantia_vence_en", sa.String(length=24), nullable=True),
        sa.Column("orden_origen_id", sa.String(length=36), nullable=True),
        sa.Column("plan_id", sa.String(length=36), nullable=True),
        sa.Column("total_centavos", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("abonado_centavos", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moneda", sa.String(length=3), nullable=True),
        sa.Column("accesorios", sa.Text(), nullable=True),
        sa.Column("clave_equipo_cifrada", sa.Text(), nullable=True),
        sa.Column("codigo_publico", sa.String(length=22), nullable=False),
        sa.Column("canal_origen", sa.String(length=40), nullable=True),
        sa.Column("referencia_externa", sa.String(length=120), nullable=True),
        sa.Column("datos_externos", sa.Text(), nullable=True),
        sa.Column("folio_impreso", sa.String(length=20), nullable=True),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["categoria_id"], ["categoria_servicio.id"], name=op.f("fk_orden_categoria_id")),
        sa.ForeignKeyConstraint(
            ["categoria_problema_id"], ["categoria_problema.id"], name=op.f("fk_orden_categoria_problema_id")
        ),
        sa.ForeignKeyConstraint(["cliente_id"], ["cliente.id"], name=op.f("fk_orden_cliente_id")),
        sa.ForeignKeyConstraint(["criticidad_id"], ["criticidad.id"], name=op.f("fk_orden_criticidad_id")),
        sa.ForeignKeyConstraint(["empresa_id"], ["empresa.id"], name=op.f("fk_orden_empresa_id")),
        sa.ForeignKeyConstraint(["equipo_id"], ["equipo.id"], name=op.f("fk_orden_equipo_id")),
        sa.ForeignKeyConstraint(["motivo_id"], ["motivo.id"], name=op.f("fk_orden_motivo_id")),
        sa.ForeignKeyConstraint(["orden_origen_id"], ["orden.id"], name=op.f("fk_orden_orden_origen_id")),
        sa.ForeignKeyConstraint(["prioridad_id"], ["prioridad.id"], name=op.f("fk_orden_prioridad_id")),
        sa.ForeignKeyConstraint(["recibido_por_id"], ["usuario.id"], name=op.f("fk_orden_recibido_por_id")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_orden_sucursal_id")),
        sa.ForeignKeyConstraint(["tecnico_id"], ["empleado.id"], name=op.f("fk_orden_tecnico_id")),
        sa.ForeignKeyConstraint(["ubicacion_id"], ["ubicacion.id"], name=op.f("fk_orden_ubicacion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orden")),
    )
    op.create_index("ix_orden_cliente_id", "orden", ["cliente_id"], unique=False)
    op.create_index("ix_orden_equipo_id", "orden", ["equipo_id"], unique=False)
    op.create_index("ix_orden_estado", "orden", ["estado"], unique=False)
    op.create_index("ix_orden_recepcion_en", "orden", ["recepcion_en"], unique=False)
    op.create_index("ix_orden_version", "orden", ["version"], unique=False)
    op.create_index("ux_orden_codigo_publico", "orden", ["codigo_publico"], unique=True)
    op.create_index("ux_orden_folio", "orden", ["folio"], unique=True)
    op.create_index("ux_orden_referencia_externa", "orden", ["referencia_externa"], unique=True)
    op.create_table(
        "conflicto",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tabla", sa.Text(), nullable=False),
        sa.Column("registro_id", sa.String(length=36), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=True),
        sa.Column("campo", sa.Text(), nullable=False),
        sa.Column("valor_servidor", sa.Text(), nullable=True),
        sa.Column("valor_tardio", sa.Text(), nullable=True),
        sa.Column("autor_servidor_id", sa.String(length=36), nullable=True),
        sa.Column("autor_tardio_id", sa.String(length=36), nullable=True),
        sa.Column("estacion_tardia_id", sa.String(length=36), nullable=True),
        sa.Column("cambio_id", sa.String(length=36), nullable=True),
        sa.Column("servidor_en", sa.String(length=24), nullable=True),
        sa.Column("tardio_en", sa.String(length=24), nullable=True),
        sa.Column("resuelto_por", sa.String(length=36), nullable=True),
        sa.Column("resuelto_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["autor_servidor_id"], ["usuario.id"], name=op.f("fk_conflicto_autor_servidor_id")),
        sa.ForeignKeyConstraint(["autor_tardio_id"], ["usuario.id"], name=op.f("fk_conflicto_autor_tardio_id")),
        sa.ForeignKeyConstraint(["estacion_tardia_id"], ["estacion.id"], name=op.f("fk_conflicto_estacion_tardia_id")),
        sa.ForeignKeyConstraint(["resuelto_por"], ["usuario.id"], name=op.f("fk_conflicto_resuelto_por")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_conflicto_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicto")),
    )
    op.create_index("ix_conflicto_registro_id", "conflicto", ["registro_id"], unique=False)
    op.create_index("ix_conflicto_version", "conflicto", ["version"], unique=False)
    op.create_table(
        "historial_orden",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("orden_id", sa.String(length=36), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=False),
        sa.Column("de_estado", sa.Text(), nullable=True),
        sa.Column("a_estado", sa.Text(), nullable=True),
        sa.Column("de_tecnico_id", sa.String(length=36), nullable=True),
        sa.Column("a_tecnico_id", sa.String(length=36), nullable=True),
        sa.Column("motivo_id", sa.String(length=36), nullable=True),
        sa.Column("nota", sa.Text(), nullable=True),
        sa.Column("ocurrio_en", sa.String(length=24), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["a_tecnico_id"], ["empleado.id"], name=op.f("fk_historial_orden_a_tecnico_id")),
        sa.ForeignKeyConstraint(["de_tecnico_id"], ["empleado.id"], name=op.f("fk_historial_orden_de_tecnico_id")),
        sa.ForeignKeyConstraint(["motivo_id"], ["motivo.id"], name=op.f("fk_historial_orden_motivo_id")),
        sa.ForeignKeyConstraint(["orden_id"], ["orden.id"], name=op.f("fk_historial_orden_orden_id")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_historial_orden_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_historial_orden")),
    )
    op.create_index("ix_historial_orden_orden_id", "historial_orden", ["orden_id"], unique=False)
    op.create_index("ix_historial_orden_version", "historial_orden", ["version"], unique=False)
