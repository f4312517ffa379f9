"""A stopped server whose folder something happens to, and what is in it afterwards."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from servitec_server import recovery
from servitec_server.central import Central
from servitec_server.handler import SyncHandler
from tests.company import Desk, Office


def reopened(office: Office, between: Callable[[Path], object]) -> None:
    """The server is stopped, something happens to its folder, and it starts."""
    office.central.close()
    folder = office.central.data_dir
    between(folder)
    office.central = Central(folder)
    office.handler = SyncHandler(office.central)


def folios(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "servidor.db") as db:
        found = [folio for (folio,) in db.execute("SELECT folio FROM orden ORDER BY folio")]
    db.close()
    return found


def backed_up(office: Office, name: str = "respaldo.db") -> Path:
    target = office.root / name
    recovery.backup(office.central.data_dir, target)
    return target


def everybody(*desks: Desk) -> None:
    for _ in range(3):
        for desk in desks:
            desk.sync()


def titles(office: Office) -> list[str]:
    with office.central.store.reading() as connection:
        return sorted(connection.execute(text("SELECT titulo FROM orden WHERE titulo IS NOT NULL")).scalars())
