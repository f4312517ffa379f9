"""Stock, the feed, epochs of Cambios, former stations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Every station of schema 1 takes a snapshot: the feed begins here."""
    op.create_table(
        "cambio_fila",
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("tabla", sa.String(length=40), nullable=False),
        sa.Column("registro_id", sa.String(length=36), nullable=False),
        sa.Column("tipo", sa.String(length=10), nullable=False),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("clave_antes", sa.Text(), nullable=True),
        sa.Column("clave", sa.Text(), nullable=True),
        sa.Column("campos", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("version", "tabla", "registro_id", name=op.f("pk_cambio_fila")),
    )
    op.create_table(
        "producto",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sku", sa.String(length=60), nullable=False),
        sa.Column("codigo_barras", sa.String(length=60), nullable=True),
        sa.Column("nombre", sa.String(length=200), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("categoria", sa.String(length=120), nullable=True),
        sa.Column("marca", sa.String(length=120), nullable=True),
        sa.Column("modelos_compatibles", sa.Text(), nullable=True),
        sa.Column("costo_centavos", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("precio_centavos", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stock_minimo", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("serializado", sa.Boolean(), nullable=False),
        sa.Column("garantia_dias", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ubicacion_id", sa.String(length=36), nullable=True),
        sa.Column("activo", sa.Boolean(), nullable=False),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["ubicacion_id"], ["ubicacion.id"], name=op.f("fk_producto_ubicacion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producto")),
    )
    op.create_index("ux_producto_codigo_barras", "producto", ["codigo_barras"], unique=True)
    op.create_index("ux_producto_sku", "producto", ["sku"], unique=True)
    op.create_table(
        "existencia",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("producto_id", sa.String(length=36), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=False),
        sa.Column("stock", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reservado", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["producto_id"], ["producto.id"], name=op.f("fk_existencia_producto_id")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_existencia_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_existencia")),
    )
    op.create_index("ix_existencia_producto_id", "existencia", ["producto_id"], unique=False)
    op.create_table(
        "movimiento_stock",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("producto_id", sa.String(length=36), nullable=False),
        sa.Column("sucursal_id", sa.String(length=36), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("cantidad", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("costo_centavos", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ref_tipo", sa.String(length=40), nullable=True),
        sa.Column("ref_id", sa.String(length=36), nullable=True),
        sa.Column("motivo_id", sa.String(length=36), nullable=True),
        sa.Column("nota", sa.String(length=200), nullable=True),
        sa.Column("ocurrio_en", sa.String(length=24), nullable=False),
        sa.Column("observado", sa.String(length=40), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["motivo_id"], ["motivo.id"], name=op.f("fk_movimiento_stock_motivo_id")),
        sa.ForeignKeyConstraint(["producto_id"], ["producto.id"], name=op.f("fk_movimiento_stock_producto_id")),
        sa.ForeignKeyConstraint(["sucursal_id"], ["sucursal.id"], name=op.f("fk_movimiento_stock_sucursal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movimiento_stock")),
    )
    op.create_index("ix_movimiento_stock_producto_id", "movimiento_stock", ["producto_id"], unique=False)
    op.drop_index("ix_lapida_version", table_name="lapida")
    op.drop_table("lapida")
    op.add_column("cambio", sa.Column("epoca", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("cambio", sa.Column("origen", sa.Text(), nullable=True))
    op.add_column("cambio", sa.Column("aprobado_por", sa.String(length=36), nullable=True))
    op.create_index("ix_cambio_cambio_id", "cambio", ["cambio_id"], unique=False)
    op.drop_index("ix_categoria_problema_version", table_name="categoria_problema")
    op.drop_index("ix_categoria_servicio_version", table_name="categoria_servicio")
    op.drop_index("ix_cliente_version", table_name="cliente")
    op.drop_index("ix_comentario_version", table_name="comentario")
    op.drop_index("ix_conflicto_version", table_name="conflicto")
    op.drop_index("ix_criticidad_version", table_name="criticidad")
    op.drop_index("ix_empleado_version", table_name="empleado")
    op.drop_index("ix_empresa_version", table_name="empresa")
    op.drop_index("ix_equipo_version", table_name="equipo")
    op.add_column("estacion", sa.Column("anterior_id", sa.String(length=36), nullable=True))
    op.drop_index("ix_estacion_version", table_name="estacion")
    op.drop_index("ix_estado_orden_version", table_name="estado_orden")
    op.drop_index("ix_historial_orden_version", table_name="historial_orden")
    op.drop_index("ix_marca_version", table_name="marca")
    op.drop_index("ix_motivo_version", table_name="motivo")
    op.drop_index("ix_orden_version", table_name="orden")
    op.drop_index("ix_prioridad_version", table_name="prioridad")
    op.drop_index("ix_sucursal_version", table_name="sucursal")
    op.drop_index("ix_tipo_equipo_version", table_name="tipo_equipo")
    op.drop_index("ix_ubicacion_version", table_name="ubicacion")
    op.drop_index("ix_usuario_version", table_name="usuario")
    op.execute("UPDATE cambio SET epoca = (SELECT valor FROM servidor WHERE clave = 'epoch')")
    op.execute(
        "INSERT INTO servidor (clave, valor) SELECT 'piso', CAST(max(version) AS VARCHAR(20)) FROM cambio "
        "HAVING max(version) IS NOT NULL"
    )
