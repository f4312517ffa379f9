"""What keeps a central database well: the end of old sessions and feed entries."""

from datetime import timedelta

from sqlalchemy import func, select, text

from domain.ambient import to_instant
from servitec_server.central import Central
from servitec_server.sessions import forget_expired
from servitec_server.tables import cambio, cambio_fila

KEEP_DAYS = 180


def collect(central: Central) -> int:
    """Forget sessions long expired and the feed of more than KEEP_DAYS ago.

    Gives the floor, below which a station needs a snapshot.
    """
    central.mirror()
    before = to_instant(central.ambient.now() - timedelta(days=KEEP_DAYS))
    with central.store.writing() as connection:
        forget_expired(connection, central.ambient)
        floor = connection.execute(select(func.max(cambio.c.version)).where(cambio.c.aplicado_en < before)).scalar()
        known = connection.execute(text("SELECT valor FROM servidor WHERE clave = 'piso'")).scalar()
        if floor is None or (known is not None and int(known) >= floor):
            return int(known or 0)
        connection.execute(cambio_fila.delete().where(cambio_fila.c.version <= floor))
        sql = "UPDATE servidor SET valor = :v WHERE clave = 'piso'"
        if known is None:
            sql = "INSERT INTO servidor (clave, valor) VALUES ('piso', :v)"
        connection.execute(text(sql), {"v": str(floor)})
        return int(floor)
