"""What keeps a central database well: the end of old sessions and feed entries.

Piece by piece, each a short write transaction: who wants to write meanwhile waits for no more than one.
"""

from datetime import timedelta
from time import sleep

from sqlalchemy import Connection, select, text

from domain.base.ambient import to_instant
from servitec_server import sessions
from servitec_server.central import Central
from servitec_server.tables import cambio, cambio_fila

KEEP_DAYS = 180
PIECE = 2000
"""Rows that one transaction deletes; of the feed also what else the last one's version has."""
PAUSE_S = 0.02
"""Between two pieces the turn to write is for others."""


def collect(central: Central) -> int:
    """Forget sessions long expired and the feed of more than KEEP_DAYS ago.

    Gives the floor, below which a station needs a snapshot. It rises before anything is deleted: what a stop in the
    middle left is deleted the next time, and was served to nobody.
    """
    central.mirror()
    before = to_instant(central.ambient.now() - timedelta(days=KEEP_DAYS))
    with central.store.reading() as connection:
        ended = sessions.expired(connection, central.ambient)
        old = select(cambio.c.version).where(cambio.c.aplicado_en < before)
        wanted = int(connection.execute(old.order_by(cambio.c.version.desc()).limit(1)).scalar() or 0)
        known = _floor(connection)
    for i in range(0, len(ended), PIECE):
        with central.store.writing() as connection:
            sessions.forget(connection, ended[i : i + PIECE])
        sleep(PAUSE_S)
    if wanted > known:
        with central.store.writing() as connection:
            known = max(_floor(connection), wanted)
            connection.execute(text("DELETE FROM servidor WHERE clave = 'piso'"))
            connection.execute(text("INSERT INTO servidor (clave, valor) VALUES ('piso', :v)"), {"v": str(known)})
    while _forget_feed(central, known):
        sleep(PAUSE_S)
    return known


def _forget_feed(central: Central, floor: int) -> bool:
    """Delete a piece of the feed up to the floor; is there more?"""
    version = cambio_fila.c.version
    with central.store.writing() as connection:
        under = select(version).where(version <= floor).order_by(version)
        last = connection.execute(under.offset(PIECE - 1).limit(1)).scalar()
        connection.execute(cambio_fila.delete().where(version <= (floor if last is None else last)))
    return last is not None


def _floor(connection: Connection) -> int:
    return int(connection.execute(text("SELECT valor FROM servidor WHERE clave = 'piso'")).scalar() or 0)
