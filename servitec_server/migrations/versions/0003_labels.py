"""Label templates."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Stations of schema 2 don't hold the table; those of schema 3 begin with a snapshot."""
    op.create_table(
        "plantilla_etiqueta",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nombre", sa.String(length=120), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("cuerpo", sa.Text(), nullable=False),
        sa.Column("activa", sa.Boolean(), nullable=False),
        sa.Column("borrado_en", sa.String(length=24), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("creado_en", sa.String(length=24), nullable=True),
        sa.Column("actualizado_en", sa.String(length=24), nullable=True),
        sa.Column("creado_por", sa.String(length=36), nullable=True),
        sa.Column("actualizado_por", sa.String(length=36), nullable=True),
        sa.Column("estacion_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plantilla_etiqueta")),
    )
