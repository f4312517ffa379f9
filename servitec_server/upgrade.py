"""Brings the central database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from domain.base.ambient import Ambient

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, folder: Path = MIGRATIONS) -> None:
    """Run the migrations that it lacks."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def raise_floor(connection: Connection) -> None:
    """Of a migration that fills columns of rows which are there: their versions stay, so nobody would hear of it.

    It gets a version of its own, and whoever stands before that takes a snapshot.
    """
    last = connection.execute(text("SELECT max(version) FROM cambio")).scalar()
    if last is None:
        return
    ambient = Ambient()
    values = {"v": last + 1, "id": ambient.new_id(), "en": ambient.instant()}
    epoch = "(SELECT valor FROM servidor WHERE clave = 'epoch')"
    columns = "version, cambio_id, aplicado_en, epoca"
    connection.execute(text(f"INSERT INTO cambio ({columns}) VALUES (:v, :id, :en, {epoch})"), values)  # noqa: S608
    connection.execute(text("DELETE FROM servidor WHERE clave = 'piso'"))
    connection.execute(text("INSERT INTO servidor (clave, valor) VALUES ('piso', :v)"), {"v": str(last + 1)})
